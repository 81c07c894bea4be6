//! A network that flaps, goes silent, repeats and forgets.

use fieldline_core::view::{BubbleBody, Link, Mark, Section};
use fieldline_model::{Code, State};
use fieldline_tests::world::{Customer, Device, Fate, World, hours, minutes, photo, transcript};
use std::time::Duration;

async fn ana_serves(world: &World) -> (Device, Customer) {
    let ana = world.agent("Ana").await;
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    (ana, rosa)
}

async fn link(device: &Device) -> Link {
    device.engine().status().await.unwrap().link
}

/// FN5: a second of signal and three without, for ten minutes, with somebody writing on both
/// ends all the time, and the signal going while a request is on its way.
#[tokio::test(start_paused = true)]
async fn a_network_that_flaps_for_ten_minutes_loses_and_doubles_nothing() {
    let world = World::new().await;
    let (ana, rosa) = ana_serves(&world).await;
    let (mut asked, mut answered) = (vec!["Hello?".to_owned()], Vec::new());
    for n in 0..150 {
        ana.net.heal();
        if n % 5 == 0 {
            rosa.writes(&format!("Question {n}")).await.unwrap();
            asked.push(format!("Question {n}"));
        }
        if n % 7 == 0 {
            // The signal goes before the answer comes, or the request never gets through.
            let fates = [Fate::AnswerLate(Duration::from_millis(1500)), Fate::RequestLost];
            ana.net.next("POST /v1/intents", fates[n % 2]);
            ana.sends("Rosa", &format!("Answer {n}")).await.unwrap();
            answered.push(format!("Answer {n}"));
        }
        world.after(Duration::from_secs(1)).await;
        ana.offline();
        world.after(Duration::from_secs(3)).await;
    }
    ana.net.heal();
    world.settles(&[&ana]).await;
    assert!(ana.unsent().await.is_empty());
    let texts = rosa.texts().await;
    let of = |begins: &str| texts.iter().filter(|text| text.starts_with(begins)).cloned().collect::<Vec<_>>();
    assert_eq!(of("Answer"), answered);
    assert_eq!(texts.len(), asked.len() + answered.len());
    let second = world.device_of("Ana").await;
    world.settles(&[&second]).await;
    while second.engine().older(second.with("Rosa").await).await.unwrap() {}
    assert_eq!(transcript(&ana.thread("Rosa").await), transcript(&second.thread("Rosa").await));
}

/// FN5: a connection that is half open says nothing and does not end.
#[tokio::test(start_paused = true)]
async fn a_stream_that_went_silent_is_given_up_within_a_minute() {
    let world = World::new().await;
    let (ana, rosa) = ana_serves(&world).await;
    ana.net.next("GET /v1/live", Fate::BodySilent(Duration::from_secs(20)));
    ana.offline();
    ana.online().await;
    world.after(Duration::from_secs(21)).await;
    assert_eq!(link(&ana).await, Link::Live, "nobody can know yet");
    rosa.writes("Is anybody there?").await.unwrap();
    world.after(Duration::from_secs(60)).await;
    assert_eq!(ana.thread("Rosa").await.bubbles.len(), 3);
}

/// FN4: what comes twice, breaks off or is late tells nothing new: a device ends where one
/// ends that heard each thing once.
#[tokio::test(start_paused = true)]
async fn a_stream_that_repeats_breaks_off_and_is_late_ends_where_a_good_one_does() {
    let world = World::new().await;
    let (ana, rosa) = ana_serves(&world).await;
    let second = world.device_of("Ana").await;
    world.settles(&[&ana, &second]).await;
    for fate in [
        Fate::BodyDoubled,
        Fate::BodyCut(Duration::from_secs(30)),
        Fate::RequestLate(minutes(60)),
        Fate::DoubledLate(minutes(60)),
        Fate::AnswerLate(Duration::from_secs(25)),
        Fate::BodySilent(Duration::from_secs(5)),
    ] {
        ana.net.next("GET /v1/live", fate);
        ana.offline();
        ana.online().await;
        for n in 0..6 {
            rosa.writes(&format!("Question {n}")).await.unwrap();
            second.sends("Rosa", &format!("Answer {n}")).await.unwrap();
            world.after(Duration::from_secs(10)).await;
        }
        world.settles(&[&ana, &second]).await;
        let told = transcript(&ana.thread("Rosa").await);
        assert_eq!(told, transcript(&second.thread("Rosa").await), "{fate:?}");
    }
}

/// FN8: the photo is on the server, and for two hours nothing gets through that names it.
#[tokio::test(start_paused = true)]
async fn a_photo_that_is_there_is_not_sent_again_for_a_message_that_did_not_get_through() {
    let world = World::new().await;
    let (mut ana, rosa) = ana_serves(&world).await;
    let before = ana.net.asked().len();
    for _ in 0..1000 {
        ana.net.next("POST /v1/intents", Fate::RequestLost);
    }
    ana.sends_photo("Rosa", "Is it this one?", photo(1, 700)).await.unwrap();
    world.after(hours(2)).await;
    ana.crashes();
    ana.starts().await;
    world.after(minutes(10)).await;
    assert_eq!(rosa.texts().await, ["Hello?"]);
    ana.net.forget();
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await, ["Hello?", "Is it this one?"]);
    let asked = ana.net.asked().split_off(before);
    let parts: Vec<_> = asked.iter().filter(|what| what.starts_with("PUT /v1/blobs")).collect();
    let whole = photo(1, 700).len().div_ceil(fieldline_model::api::PART_MAX_BYTES);
    assert_eq!(parts.len(), whole, "{parts:?}");
}

/// FD4: ended on another device while an answer is composed, and while one waits to go.
#[tokio::test(start_paused = true)]
async fn what_is_composed_while_somebody_else_ends_the_chat_is_kept_and_goes_after_a_reopening() {
    let world = World::new().await;
    let (ana, rosa) = ana_serves(&world).await;
    let second = world.device_of("Ana").await;
    world.settles(&[&ana, &second]).await;
    let place = ana.with("Rosa").await;
    ana.offline();
    ana.sends("Rosa", "It waits").await.unwrap();
    ana.engine().save_draft(place, "Half a sen".into()).await.unwrap();
    second.ends("Rosa").await.unwrap();
    world.settles(&[&second]).await;
    ana.online().await;
    world.settles(&[&ana]).await;
    let thread = ana.thread("Rosa").await;
    assert_eq!(thread.draft.text, "Half a sen");
    let stuck = ana.engine().outbox().await.unwrap();
    let why = stuck[0].problem.as_ref().map(|problem| problem.code);
    assert_eq!((stuck.len(), why), (1, Some(Code::ConversationEnded)));
    assert_eq!(
        ana.engine().send(intent(&ana), place, "Now".into()).await.unwrap_err().code,
        Code::ConversationEnded
    );
    assert_eq!(ana.thread("Rosa").await.draft.text, "Half a sen", "nothing typed is lost");
    assert_eq!(rosa.page().await.chat.state, Some(State::Ended));
    assert_eq!(rosa.texts().await, ["Hello?"]);
    // Its person reopens, and says that it is to go.
    ana.reopens("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    ana.engine().retry(None).await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await, ["Hello?", "It waits"]);
}

fn intent(device: &Device) -> fieldline_model::IntentId {
    fieldline_model::IntentId::mint(1, device.engine().profile().unwrap().clock.random())
}

/// FD6: another person signs in on the same device: no row, no file, no hit of a search and
/// nothing in the outbox is theirs.
#[tokio::test(start_paused = true)]
async fn whoever_signs_in_next_on_a_device_finds_nothing_of_who_was_there_before() {
    let world = World::new().await;
    let (ana, rosa) = ana_serves(&world).await;
    world.agent("Bo").await;
    rosa.says("The code is 4711", &[photo(1, 200)], None).await.unwrap();
    world.settles(&[&ana]).await;
    world.after(minutes(1)).await;
    ana.offline();
    ana.sends_photo("Rosa", "It waits", photo(2, 200)).await.unwrap();
    ana.engine().save_draft(ana.with("Rosa").await, "Half a sen".into()).await.unwrap();
    let anas = ana.engine().profile().unwrap();
    ana.net.heal();
    ana.net.next("POST /v1/intents", Fate::RequestLost);
    let it = ana.engine();
    it.sign_in("https://desk.test".into(), "bo".into(), fieldline_tests::world::PASSWORD.into(), None)
        .await
        .unwrap();
    world.settles(&[&ana]).await;
    for section in [Section::Conversations, Section::History, Section::Picklist] {
        for typed in ["", "4711", "Rosa"] {
            let found = it
                .rows(
                    section,
                    fieldline_core::view::Sort::Newest,
                    typed.into(),
                    fieldline_core::view::Page::first(9),
                )
                .await
                .unwrap();
            assert!(found.rows.is_empty(), "{typed}");
        }
    }
    assert!(it.outbox().await.unwrap().is_empty());
    for word in ["4711", "It waits", "Half a sen"] {
        assert!(!ana.mentions(word).await, "{word}");
    }
    let bos = it.profile().unwrap();
    assert_ne!((&bos.name, bos.blobs.names().await.unwrap().len()), (&anas.name, 1));
    assert!(bos.blobs.names().await.unwrap().is_empty());
    assert_eq!(rosa.texts().await.len(), 2, "and nothing of hers goes by his session");
    drop((anas, bos));
    ana.signs_in().await;
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await.last().unwrap(), "It waits");
    assert_eq!(ana.thread("Rosa").await.draft.text, "Half a sen");
}

/// FS9: a photo whose file is gone on the server: a placeholder here, and everything else.
#[tokio::test(start_paused = true)]
async fn a_photo_that_the_server_lost_takes_no_message_with_it() {
    let world = World::new().await;
    let (ana, rosa) = ana_serves(&world).await;
    ana.offline();
    rosa.says("Look", &[photo(1, 200)], None).await.unwrap();
    std::fs::remove_dir_all(world.folder().join("blobs")).unwrap();
    ana.online().await;
    world.settles(&[&ana]).await;
    world.after(minutes(5)).await;
    assert_eq!(link(&ana).await, Link::Live);
    let thread = ana.thread("Rosa").await;
    let BubbleBody::Said { text, files, .. } = &thread.bubbles.last().unwrap().body else { panic!() };
    assert_eq!(text, "Look");
    assert_eq!(ana.engine().picture(files[0].thumb.clone()).await.unwrap_err().code, Code::FileMissing);
    ana.sends("Rosa", "I cannot see it").await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(ana.marks("Rosa").await, [Mark::Sent; 2]);
}
