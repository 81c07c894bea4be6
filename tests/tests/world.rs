//! Scenarios of the first journey: real cores, the real server, a paused clock,
//! and a network that loses, doubles, delays and cuts.

use fieldline_core::failpoint::POINTS;
use fieldline_core::view::{BubbleBody, Mark, OutboxKind, OutboxRow, Section};
use fieldline_model::{Code, Location, State};
use fieldline_tests::world::{Fate, World, golden, hours, minutes, photo, public_transcript, transcript};
use std::time::Duration;

fn oslo() -> Location {
    let label = Some("By the gate".into());
    Location { latitude: 59.9139, longitude: 10.7522, accuracy_m: Some(12.0), fixed_at_ms: Some(1), label }
}

#[tokio::test(start_paused = true)]
async fn a_customers_photo_reaches_an_agent_and_the_answer_comes_back() {
    let world = World::new().await;
    let ana = world.agent("Ana").await;
    let anas_browser = world.device_of("Ana").await;
    let bo = world.agent("Bo").await;
    let rosa = world.customer(None, Some("+47 900 12 345")).await;
    rosa.says("The heater is cold", &[photo(1, 400)], Some(oslo())).await.unwrap();
    world.settles(&[&ana, &anas_browser, &bo]).await;
    for device in [&ana, &anas_browser, &bo] {
        assert_eq!(device.names(Section::Picklist).await, ["+4790012345"]);
    }

    ana.picks("+4790012345").await.unwrap();
    world.settles(&[&ana, &anas_browser, &bo]).await;
    assert_eq!(anas_browser.names(Section::Conversations).await, ["+4790012345"]);
    assert!(bo.names(Section::Picklist).await.is_empty());
    assert!(bo.names(Section::Conversations).await.is_empty());

    ana.sends("+4790012345", "I see it").await.unwrap();
    ana.sends_photo("+4790012345", "Turn this valve", photo(2, 300)).await.unwrap();
    world.settles(&[&ana, &anas_browser]).await;
    assert_eq!(rosa.texts().await, ["The heater is cold", "I see it", "Turn this valve"]);
    let page = rosa.page().await;
    let picture = rosa.picture(page.messages.last().unwrap(), 0).await.unwrap();
    assert_eq!(image::guess_format(&picture).unwrap(), image::ImageFormat::Jpeg);

    ana.ends("+4790012345").await.unwrap();
    world.settles(&[&ana, &anas_browser]).await;
    for device in [&ana, &anas_browser] {
        assert_eq!(device.names(Section::History).await, ["+4790012345"]);
    }
    anas_browser.reopens("+4790012345").await.unwrap();
    world.settles(&[&ana, &anas_browser]).await;
    assert_eq!(ana.names(Section::Conversations).await, ["+4790012345"]);

    let seen = transcript(&ana.thread("+4790012345").await);
    assert_eq!(seen, transcript(&anas_browser.thread("+4790012345").await));
    golden("journey-agent", &seen);
    golden("journey-customer", &public_transcript(&rosa.page().await));
}

/// FC1: a kill at every step, while offline and on the way; then everything is
/// there, and goes out once, in order.
#[tokio::test(start_paused = true)]
async fn a_kill_at_any_step_loses_and_doubles_nothing() {
    for point in POINTS {
        let world = World::new().await;
        let (mut ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
        ana.offline();
        ana.sends("Rosa", "One").await.unwrap();
        ana.engine().profile().unwrap().failpoints.arm(point);
        let profile = ana.engine().profile().unwrap();
        let two = ana.sends_photo("Rosa", "Two", photo(3, 900));
        if point.ends_with("_mint") {
            tokio::select! {
                () = profile.failpoints.reached() => {}
                sent = two => panic!("{point} was not passed: {sent:?}"),
            }
        } else {
            two.await.unwrap();
            ana.online().await;
            profile.failpoints.reached().await;
        }
        drop(profile);
        ana.crashes();

        ana.offline();
        ana.starts().await;
        let thread = ana.thread("Rosa").await;
        let texts = said(&thread.bubbles);
        let drafted = thread.draft.files.len();
        assert!(texts.contains(&"Is this the part?".to_owned()), "{point}: old messages are there");
        assert_eq!(texts.iter().filter(|t| *t == "One").count(), 1, "{point}");
        let kept = texts.iter().filter(|t| *t == "Two").count();
        assert_eq!(kept + drafted, 1, "{point}: the photo is in the outbox or in the draft");

        ana.online().await;
        if drafted == 1 {
            ana.sends("Rosa", "Two").await.unwrap();
        }
        world.settles(&[&ana]).await;
        assert_eq!(rosa.texts().await, ["Is this the part?", "One", "Two"], "{point}");
        let marks = ana.marks("Rosa").await;
        assert!(marks.iter().all(|m| *m == Mark::Sent), "{point}: {marks:?}");
    }
}

fn said(bubbles: &[fieldline_core::view::Bubble]) -> Vec<String> {
    let text = |b: &fieldline_core::view::Bubble| match &b.body {
        BubbleBody::Said { text, .. } => Some(text.clone()),
        _ => None,
    };
    bubbles.iter().filter_map(text).collect()
}

/// FN1, FN2, FN5: whatever becomes of the answer, the message is there once.
#[tokio::test(start_paused = true)]
async fn a_lost_a_doubled_and_a_late_answer_end_the_same() {
    let fates =
        [Fate::RequestLost, Fate::AnswerLost, Fate::Doubled, Fate::AnswerLate(minutes(5)), Fate::Portal];
    let mut seen = String::new();
    for fate in fates {
        let world = World::new().await;
        let (ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
        ana.net.next("POST /v1/intents", fate);
        ana.sends("Rosa", "One").await.unwrap();
        ana.sends("Rosa", "Two").await.unwrap();
        world.settles(&[&ana]).await;
        assert_eq!(rosa.texts().await, ["Is this the part?", "One", "Two"], "{fate:?}");
        let now = transcript(&ana.thread("Rosa").await);
        assert!(seen.is_empty() || seen == now, "{fate:?}: {now}");
        seen = now;
    }
    golden("bad-answers-agent", &seen);
}

/// FC2, FN8: a photo's upload goes on where it was cut, and nothing is sent twice.
#[tokio::test(start_paused = true)]
async fn an_upload_goes_on_where_it_was_cut() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    let large = photo(4, 1100);
    assert!(large.len() > 2 * fieldline_model::api::PART_MAX_BYTES);
    let before = ana.net.asked().len();
    ana.net.next("PUT /v1/blobs", Fate::AnswerLost);
    ana.sends_photo("Rosa", "Large", large.clone()).await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await, ["Is this the part?", "Large"]);
    let asked = ana.net.asked().split_off(before);
    let parts = asked.iter().filter(|a| a.starts_with("PUT /v1/blobs")).count();
    // The part after the lost answer is half a one; none is sent twice.
    let whole = large.len().div_ceil(fieldline_model::api::PART_MAX_BYTES);
    assert!(parts <= whole + 1, "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn everything_asked_without_signal_goes_out_in_order_hours_later() {
    let world = World::new().await;
    let (mut ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    ana.offline();
    ana.sends("Rosa", "First").await.unwrap();
    ana.sends_photo("Rosa", "Second", photo(5, 500)).await.unwrap();
    ana.sends("Rosa", "Third").await.unwrap();
    ana.ends("Rosa").await.unwrap();
    assert_eq!(ana.names(Section::History).await, ["Rosa"]);
    world.after(hours(3)).await;
    assert_eq!(ana.marks("Rosa").await.iter().filter(|m| **m == Mark::Waiting).count(), 4);
    ana.crashes();
    ana.starts().await;
    golden("offline-agent", &transcript(&ana.thread("Rosa").await));
    ana.online().await;
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await, ["Is this the part?", "First", "Second", "Third"]);
    golden("offline-agent-settled", &transcript(&ana.thread("Rosa").await));
    golden("offline-customer", &public_transcript(&rosa.page().await));
}

/// FD1, with the loser offline: the verdict says who was faster, and what hung on
/// the pick comes back with the same reason.
#[tokio::test(start_paused = true)]
async fn of_two_who_pick_one_has_it_and_the_other_reads_who() {
    let world = World::new().await;
    let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    bo.offline();
    bo.picks("Rosa").await.unwrap();
    bo.sends("Rosa", "I am on my way").await.unwrap();
    assert_eq!(bo.names(Section::Conversations).await, ["Rosa"]);
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    bo.online().await;
    world.settles(&[&bo]).await;
    assert!(bo.names(Section::Conversations).await.is_empty());
    let stuck = bo.engine().outbox().await.unwrap();
    let why: Vec<_> = stuck.iter().map(|row| row.problem.clone().unwrap()).collect();
    assert_eq!(stuck.len(), 2);
    assert!(why.iter().all(|p| p.code == Code::AlreadyPicked && p.who.as_deref() == Some("Ana")));
    assert_eq!(stuck[1].text, "I am on my way");
    assert_eq!(rosa.texts().await, ["Hello?"]);
    // Nothing typed is lost: there is no draft any more it could go back to, so it
    // stays in the outbox, in sight, until its person discards it.
    let refused = bo.engine().discard(stuck[0].intent, true).await.unwrap_err();
    assert_eq!(refused.code, Code::NotFound);
    assert_eq!(bo.engine().outbox().await.unwrap()[1].text, "I am on my way");
    bo.engine().discard(stuck[0].intent, false).await.unwrap();
    assert!(bo.engine().outbox().await.unwrap().is_empty());
}

/// What the loser was only composing is kept too, in sight, until they discard it.
#[tokio::test(start_paused = true)]
async fn who_loses_a_pick_reads_who_has_it_and_keeps_what_they_were_composing() {
    let world = World::new().await;
    let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    let place = bo.with("Rosa").await;
    bo.offline();
    bo.picks("Rosa").await.unwrap();
    bo.engine().save_draft(place, "I am on my".into()).await.unwrap();
    bo.engine().attach(place, "van.png".into(), photo(1, 8).into()).await.unwrap();
    bo.engine().save_note_draft(place, "Rings twi".into()).await.unwrap();
    assert_eq!(bo.engine().outbox().await.unwrap().len(), 1, "it can be opened where it is composed");
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    bo.online().await;
    world.settles(&[&bo]).await;
    let gone = bo.engine().thread(place, 50).await.unwrap_err();
    assert_eq!((gone.code, gone.who.as_deref()), (Code::AlreadyPicked, Some("Ana")));
    let kept: Vec<_> = bo.engine().outbox().await.unwrap().into_iter().skip(1).collect();
    let shown = |row: &OutboxRow| (row.kind, row.text.clone(), row.photos, row.title.clone());
    let wanted = [
        (OutboxKind::Draft, "I am on my".to_owned(), 1, "Rosa".to_owned()),
        (OutboxKind::NoteDraft, "Rings twi".to_owned(), 0, "Rosa".to_owned()),
    ];
    assert_eq!(kept.iter().map(shown).collect::<Vec<_>>(), wanted);
    assert_eq!(kept[0].files[0].name, "van.png");
    assert!(kept.iter().all(|row| row.problem.as_ref().is_some_and(|p| p.code == Code::AlreadyPicked)));
    let counts = bo.engine().status().await.unwrap().counts;
    assert_eq!((counts.unsent, counts.stuck), (3, 3));
    assert_eq!(rosa.texts().await, ["Hello?"]);
    bo.engine().discard(bo.engine().outbox().await.unwrap()[0].intent, false).await.unwrap();
    assert_eq!(bo.engine().thread(place, 50).await.unwrap_err().code, Code::NotFound);
    // Nothing else knows any more whom it was with.
    assert!(bo.engine().outbox().await.unwrap().iter().all(|row| row.title == "Rosa"));
    // Handed on to them after all: it is composed on where it was begun.
    ana.transfers("Rosa", Some("Bo"), "").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert_eq!(bo.thread("Rosa").await.draft.text, "I am on my");
    assert!(bo.engine().outbox().await.unwrap().is_empty());
    bo.transfers("Rosa", None, "").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert_eq!(bo.engine().outbox().await.unwrap().len(), 2);
    for note in [false, true] {
        bo.engine().discard_draft(place, note).await.unwrap();
    }
    assert!(bo.engine().outbox().await.unwrap().is_empty());
    assert_eq!(bo.engine().status().await.unwrap().counts.stuck, 0);
}

/// FD4 and the crossing: a customer who writes while the chat is being ended is
/// never refused; they wait anew.
#[tokio::test(start_paused = true)]
async fn a_customer_who_writes_to_an_ended_chat_waits_anew() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    ana.ends("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(rosa.page().await.chat.state, Some(State::Ended));
    let refused = ana.sends("Rosa", "One more thing").await.unwrap_err();
    assert_eq!(refused.code, Code::ConversationEnded);
    rosa.writes("It leaks again").await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(ana.names(Section::Picklist).await, ["Rosa"]);
    assert_eq!(ana.names(Section::History).await, ["Rosa"]);
    let back = rosa.comes_back().await.unwrap();
    assert_eq!(back.texts().await, ["Is this the part?", "It leaks again"]);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_no_picture_is_refused_where_it_is_chosen_and_on_the_server() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    let page = b"<html><script>alert(1)</script>".to_vec();
    let refused = ana.sends_photo("Rosa", "Look", page.clone()).await.unwrap_err();
    assert_eq!(refused.code, Code::FileNotPicture);
    assert!(ana.thread("Rosa").await.draft.files.is_empty());
    assert_eq!(rosa.says("Look", &[page], None).await.unwrap_err().code, Code::FileNotPicture);
    let whole = photo(6, 300);
    let cut = whole[..whole.len() / 2].to_vec();
    let mut garbled = whole.clone();
    garbled[whole.len() / 2] ^= 0x55;
    for torn in [cut.clone(), garbled] {
        assert_eq!(ana.sends_photo("Rosa", "Look", torn).await.unwrap_err().code, Code::FileDamaged);
        assert!(ana.thread("Rosa").await.draft.files.is_empty());
    }
    assert!(ana.pictures().is_empty(), "half of one was kept");
    assert_eq!(rosa.says("Look", &[cut], None).await.unwrap_err().code, Code::FileDamaged);
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    assert_eq!(rosa.says("Look", &[heic], None).await.unwrap_err().code, Code::FileDamaged);
    assert_eq!(rosa.texts().await, ["Is this the part?"]);
}

#[tokio::test(start_paused = true)]
async fn old_messages_and_pictures_are_there_after_a_kill_without_signal() {
    let world = World::new().await;
    let mut ana = world.agent("Ana").await;
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.says("Look", &[photo(7, 400)], None).await.unwrap();
    world.settles(&[&ana]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    // The pictures loop has had the time a phone in a pocket has.
    world.after(minutes(1)).await;
    ana.offline();
    ana.crashes();
    ana.starts().await;
    let thread = ana.thread("Rosa").await;
    let BubbleBody::Said { files, .. } = &thread.bubbles[0].body else { panic!("a message") };
    for picture in [&files[0].thumb, &files[0].display] {
        let bytes = ana.engine().picture(picture.clone()).await.unwrap();
        assert_eq!(image::guess_format(&bytes).unwrap(), image::ImageFormat::Jpeg);
    }
}

/// FN4: a device that heard nothing for hours ends where a fresh one begins.
#[tokio::test(start_paused = true)]
async fn a_device_that_was_away_ends_where_a_fresh_one_begins() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    let away = world.device_of("Ana").await;
    world.settles(&[&away]).await;
    away.offline();
    for n in 0..60 {
        rosa.writes(&format!("Question {n}")).await.unwrap();
        ana.sends("Rosa", &format!("Answer {n}")).await.unwrap();
        world.after(Duration::from_secs(20)).await;
    }
    away.online().await;
    world.settles(&[&ana, &away]).await;
    let fresh = world.device_of("Ana").await;
    world.settles(&[&fresh]).await;
    while fresh.engine().older(fresh.with("Rosa").await).await.unwrap() {}
    let seen = transcript(&away.thread("Rosa").await);
    assert_eq!(seen, transcript(&fresh.thread("Rosa").await));
    assert_eq!(seen, transcript(&ana.thread("Rosa").await));
}
