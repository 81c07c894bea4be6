//! Deleting a message across devices: online and not, on its way, and what is left on
//! a device.

use fieldline_core::view::{BubbleBody, Mark, OutboxKind, Section};
use fieldline_model::{Code, PlaceId};
use fieldline_tests::world::{Customer, Device, Fate, World, photo, public_transcript, transcript};

/// Ana has Rosa's conversation, on two devices.
async fn ana_serves_rosa(world: &World) -> (Device, Device, Customer) {
    let (ana, second) = (world.agent("Ana").await, world.device_of("Ana").await);
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana, &second]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &second]).await;
    (ana, second, rosa)
}

async fn texts(device: &Device) -> Vec<String> {
    let bubbles = device.thread("Rosa").await.bubbles.into_iter();
    let text = |b: fieldline_core::view::Bubble| match b.body {
        BubbleBody::Said { text, .. } => Some(text),
        BubbleBody::Deleted => Some("(deleted)".into()),
        _ => None,
    };
    bubbles.filter_map(text).collect()
}

async fn rows_found(device: &Device, word: &str) -> usize {
    let found = device.engine().rows(
        Section::Conversations,
        fieldline_core::view::Sort::Newest,
        word.into(),
        fieldline_core::view::Page::first(9),
    );
    found.await.unwrap().rows.len()
}

#[tokio::test(start_paused = true)]
async fn a_message_deleted_offline_is_gone_here_at_once_and_everywhere_once_there_is_signal() {
    let world = World::new().await;
    let (mut ana, second, rosa) = ana_serves_rosa(&world).await;
    ana.sends_photo("Rosa", "The code is 4711", photo(1, 60)).await.unwrap();
    world.settles(&[&ana, &second]).await;
    assert_eq!((rows_found(&second, "4711").await, second.mentions("4711").await), (1, true));
    assert!(!second.pictures().is_empty(), "the photo was fetched ahead");

    ana.offline();
    ana.deletes("Rosa", "The code is 4711").await.unwrap();
    ana.crashes();
    ana.starts().await;
    assert_eq!(texts(&ana).await, ["Hello?", "(deleted)"]);
    assert_eq!(ana.thread("Rosa").await.bubbles.last().unwrap().mark, Mark::Waiting);
    let row = &ana.list(Section::Conversations).await.rows[0];
    assert!(row.preview.as_ref().unwrap().deleted && row.unsent == 1, "{row:?}");
    assert_eq!(ana.engine().outbox().await.unwrap()[0].kind, OutboxKind::Delete);
    assert_eq!(rosa.texts().await.len(), 2, "nobody else knows yet");

    ana.online().await;
    world.settles(&[&ana, &second]).await;
    for device in [&ana, &second] {
        assert_eq!(texts(device).await, ["Hello?", "(deleted)"]);
        assert!(!device.mentions("4711").await, "{} still has the text", device.name);
        assert_eq!(rows_found(device, "4711").await, 0);
        assert!(device.pictures().is_empty(), "{} still has the photo", device.name);
    }
    assert_eq!(transcript(&ana.thread("Rosa").await), transcript(&second.thread("Rosa").await));
    let page = rosa.page().await;
    assert!(public_transcript(&page).ends_with("Ana: (deleted)\n"), "{}", public_transcript(&page));
    assert!(rosa.picture(page.messages.last().unwrap(), 0).await.is_err());
}

/// FD10.
#[tokio::test(start_paused = true)]
async fn deleting_what_was_never_sent_is_discarding_it() {
    let world = World::new().await;
    let (ana, _second, rosa) = ana_serves_rosa(&world).await;
    ana.offline();
    ana.sends("Rosa", "Wrong window").await.unwrap();
    ana.deletes("Rosa", "Wrong window").await.unwrap();
    assert!(ana.engine().outbox().await.unwrap().is_empty());
    ana.online().await;
    world.settles(&[&ana]).await;
    assert_eq!(
        (rosa.texts().await, texts(&ana).await),
        (vec!["Hello?".to_owned()], vec!["Hello?".to_owned()])
    );
}

/// FD10: a message is deleted while it is on its way.
#[tokio::test(start_paused = true)]
async fn deleting_what_is_on_its_way_deletes_it_after_it_came() {
    let world = World::new().await;
    let (ana, second, rosa) = ana_serves_rosa(&world).await;
    let slow = std::time::Duration::from_secs(5);
    ana.net.next("POST /v1/intents", Fate::AnswerLate(slow));
    ana.sends("Rosa", "Wrong window").await.unwrap();
    world.after(slow / 2).await;
    ana.deletes("Rosa", "Wrong window").await.unwrap();
    world.settles(&[&ana, &second]).await;
    for device in [&ana, &second] {
        assert_eq!(texts(device).await, ["Hello?", "(deleted)"]);
    }
    assert!(public_transcript(&rosa.page().await).ends_with("Ana: (deleted)\n"));
}

/// FD10: whether it came there nobody knows. (Simulation: seeds 508, 961, 1225.)
#[tokio::test(start_paused = true)]
async fn deleting_what_was_sent_and_never_answered_deletes_it_there_too() {
    for killed in [false, true] {
        let world = World::new().await;
        let (mut ana, second, rosa) = ana_serves_rosa(&world).await;
        // Nor does the stream tell.
        let soon = std::time::Duration::from_secs(1);
        ana.offline();
        ana.net.next("GET /v1/live", Fate::BodySilent(soon));
        ana.online().await;
        world.after(2 * soon).await;
        ana.net.next("POST /v1/intents", Fate::AnswerLost);
        ana.sends("Rosa", "Wrong window").await.unwrap();
        world.after(std::time::Duration::from_millis(10)).await;
        if killed {
            ana.crashes();
            ana.offline();
            ana.starts().await;
        }
        let mark = ana.thread("Rosa").await.bubbles.last().unwrap().mark;
        assert_eq!(mark, Mark::Waiting, "no answer was heard");
        ana.deletes("Rosa", "Wrong window").await.unwrap();
        ana.online().await;
        world.settles(&[&ana, &second]).await;
        for device in [&ana, &second] {
            assert_eq!(texts(device).await, ["Hello?", "(deleted)"]);
        }
        assert!(public_transcript(&rosa.page().await).ends_with("Ana: (deleted)\n"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_wrote_is_not_deleted_and_two_devices_delete_once() {
    let world = World::new().await;
    let (ana, second, rosa) = ana_serves_rosa(&world).await;
    ana.sends("Rosa", "Wrong window").await.unwrap();
    world.settles(&[&ana, &second]).await;
    assert_eq!(ana.deletes("Rosa", "Hello?").await.unwrap_err().code, Code::NotPermitted);
    for device in [&ana, &second] {
        device.offline();
        device.deletes("Rosa", "Wrong window").await.unwrap();
    }
    for device in [&ana, &second] {
        device.online().await;
    }
    world.settles(&[&ana, &second]).await;
    assert!(
        ana.engine().outbox().await.unwrap().is_empty() && second.engine().outbox().await.unwrap().is_empty()
    );
    assert_eq!(rosa.page().await.deleted.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_tombstone_of_what_was_never_here_leaves_no_trace() {
    let world = World::new().await;
    let (ana, _second, rosa) = ana_serves_rosa(&world).await;
    let bo = world.agent("Bo").await;
    ana.sends("Rosa", "Wrong window").await.unwrap();
    ana.ends("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    rosa.writes("Hello again").await.unwrap();
    world.settles(&[&bo]).await;
    bo.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    let ended: PlaceId = ana.with("Rosa").await;
    ana.deletes("Rosa", "Wrong window").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    let profile = bo.engine().profile().unwrap();
    let strays = profile
        .run(move |c| {
            c.query_row("SELECT count(*) FROM message WHERE place = ?1", [ended.0], |r| r.get::<_, u32>(0))
                .map_err(fieldline_core::store::problem)
        })
        .await
        .unwrap();
    assert_eq!(strays, 0);
    bo.fetches_previous("Rosa").await.unwrap();
    let (past, _) = bo.previous("Rosa").await;
    assert_eq!(past[0].1, ["Hello?"]);
    assert!(!bo.mentions("Wrong window").await);
}
