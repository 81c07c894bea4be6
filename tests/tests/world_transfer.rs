//! Handing a conversation on: both devices, the note, the lane, and the races.

use fieldline_core::view::{BubbleBody, Mark, OutboxKind, Section};
use fieldline_model::{Code, Event};
use fieldline_tests::world::{Customer, Device, World};

/// Ana has Rosa's conversation; Bo is there.
async fn ana_has_rosa(world: &World) -> (Device, Device, Customer) {
    let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    ana.picks("Rosa").await.unwrap();
    ana.sends("Rosa", "Hi, one moment").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    (ana, bo, rosa)
}

#[tokio::test(start_paused = true)]
async fn who_takes_over_has_the_conversation_with_all_of_it_and_the_note_and_goes_on_offline() {
    let world = World::new().await;
    let (ana, bo, rosa) = ana_has_rosa(&world).await;
    ana.transfers("Rosa", Some("Bo"), "Wants a refund").await.unwrap();
    assert!(ana.names(Section::Conversations).await.is_empty(), "it leaves at once");
    world.settles(&[&ana, &bo]).await;
    bo.offline();
    assert_eq!(bo.names(Section::Conversations).await, ["Rosa"]);
    let thread = bo.thread("Rosa").await;
    let said: Vec<_> = thread
        .bubbles
        .iter()
        .filter_map(|b| if let BubbleBody::Said { text, .. } = &b.body { Some(text.as_str()) } else { None })
        .collect();
    assert_eq!(said, ["Hello?", "Hi, one moment"]);
    assert!(thread.bubbles.iter().any(|b| b.body == BubbleBody::Happened { event: Event::Transferred }));
    assert_eq!((thread.note_count, thread.notes[0].text.as_str()), (1, "Wants a refund"));
    bo.sends("Rosa", "I go on for Ana").await.unwrap();
    bo.online().await;
    world.settles(&[&ana, &bo]).await;
    assert_eq!(rosa.texts().await, ["Hello?", "Hi, one moment", "I go on for Ana"]);
    let left = ana.engine().thread(thread.place, 5).await.unwrap_err();
    assert_eq!(left.code, Code::NotFound);
}

#[tokio::test(start_paused = true)]
async fn back_to_the_picklist_everybody_sees_it_wait() {
    let world = World::new().await;
    let (ana, bo, _rosa) = ana_has_rosa(&world).await;
    ana.transfers("Rosa", None, "").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    for device in [&ana, &bo] {
        assert_eq!(device.names(Section::Picklist).await, ["Rosa"]);
    }
    bo.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert!(ana.names(Section::Picklist).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_transfer_waits_behind_a_message_of_its_lane_and_goes_after_it() {
    let world = World::new().await;
    let (ana, bo, rosa) = ana_has_rosa(&world).await;
    ana.offline();
    ana.sends("Rosa", "Bo will help you").await.unwrap();
    ana.transfers("Rosa", Some("Bo"), "").await.unwrap();
    ana.online().await;
    world.settles(&[&ana, &bo]).await;
    assert_eq!(rosa.texts().await.last().unwrap(), "Bo will help you");
    assert_eq!(bo.names(Section::Conversations).await, ["Rosa"]);
}

#[tokio::test(start_paused = true)]
async fn a_transfer_of_what_was_ended_on_another_device_is_stuck_and_its_note_is_safe() {
    let world = World::new().await;
    let (ana, bo, _rosa) = ana_has_rosa(&world).await;
    let second = world.device_of("Ana").await;
    world.settles(&[&second]).await;
    ana.offline();
    ana.transfers("Rosa", Some("Bo"), "Wants a refund").await.unwrap();
    second.ends("Rosa").await.unwrap();
    world.settles(&[&second]).await;
    ana.online().await;
    world.settles(&[&ana, &second, &bo]).await;
    let stuck = ana.engine().outbox().await.unwrap();
    assert_eq!(
        (stuck[0].kind, stuck[0].mark, stuck[0].text.as_str()),
        (OutboxKind::Transfer, Mark::Stuck, "Wants a refund")
    );
    assert_eq!(stuck[0].problem.as_ref().unwrap().code, Code::ConversationEnded);
    let place = ana.with("Rosa").await;
    ana.engine().discard(stuck[0].intent, true).await.unwrap();
    assert_eq!(ana.engine().notes(place).await.unwrap().draft, "Wants a refund");
    assert!(bo.names(Section::Conversations).await.is_empty());
}
