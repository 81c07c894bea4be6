//! Availability, offers, typing and what was seen, on real devices: also when there is no
//! signal, and what every device of an agent knows.

use fieldline_core::view::{Mark, OfferRow, Section, Status};
use fieldline_model::{Code, QueueMode, Ready};
use fieldline_tests::world::{Customer, Device, World, minutes};
use std::time::Duration;

async fn status(device: &Device) -> Status {
    device.engine().status().await.unwrap()
}

async fn offers(device: &Device) -> Vec<OfferRow> {
    status(device).await.offers
}

/// Those that still stand.
async fn standing(device: &Device) -> Vec<String> {
    let status = status(device).await;
    let stand = status.offers.into_iter().filter(|it| status.now_ms < it.expires_at_ms);
    stand.map(|it| it.name.unwrap_or_default()).collect()
}

/// Ana, with a phone and a desktop, and Bo; the queue offers.
async fn desk() -> (World, Device, Device, Device) {
    let world = World::new().await;
    let (ana, desktop, bo) =
        (world.agent("Ana").await, world.device_of("Ana").await, world.agent("Bo").await);
    world.server.set_queue(QueueMode::Offer, 30_000).await.unwrap();
    world.settles(&[&ana, &desktop, &bo]).await;
    (world, ana, desktop, bo)
}

async fn rosa_waits(world: &World) -> Customer {
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Is this the part?").await.unwrap();
    world.after(Duration::from_secs(1)).await;
    rosa
}

#[tokio::test(start_paused = true)]
async fn availability_is_the_same_on_all_devices_within_a_second_and_after_a_restart() {
    let (world, mut ana, desktop, _bo) = desk().await;
    assert_eq!(status(&ana).await.ready, Ready::Away);
    ana.is_ready(Ready::Available).await;
    assert_eq!(status(&ana).await.ready, Ready::Available);
    world.after(Duration::from_secs(1)).await;
    assert_eq!(status(&desktop).await.ready, Ready::Available);
    ana.offline();
    world.after(minutes(90)).await;
    assert_eq!(status(&desktop).await.ready, Ready::Available);
    ana.crashes();
    ana.starts().await;
    assert_eq!(status(&ana).await.ready, Ready::Available);
}

#[tokio::test(start_paused = true)]
async fn of_what_was_set_offline_only_the_newest_is_sent() {
    let (world, ana, desktop, _bo) = desk().await;
    ana.offline();
    for ready in [Ready::Available, Ready::Busy, Ready::Away, Ready::Busy] {
        ana.is_ready(ready).await;
    }
    assert_eq!(status(&ana).await.ready, Ready::Busy);
    assert_eq!(status(&ana).await.counts.unsent, 0);
    let before = world.server.head().await.unwrap();
    ana.online().await;
    world.settles(&[&ana, &desktop]).await;
    assert_eq!(world.server.head().await.unwrap(), before + 1);
    assert_eq!(status(&desktop).await.ready, Ready::Busy);
}

#[tokio::test(start_paused = true)]
async fn an_offer_is_on_every_device_of_its_agent_and_accepting_on_one_ends_it_on_the_other() {
    let (world, ana, desktop, bo) = desk().await;
    ana.is_ready(Ready::Available).await;
    world.settles(&[&ana, &desktop]).await;
    let _rosa = rosa_waits(&world).await;
    assert_eq!(standing(&ana).await, ["Rosa"]);
    assert_eq!(offers(&ana).await[0].text, "Is this the part?");
    assert_eq!(standing(&desktop).await, ["Rosa"]);
    assert!(standing(&bo).await.is_empty());
    assert_eq!(bo.names(Section::Picklist).await, ["Rosa"]);
    ana.accepts("Rosa").await.unwrap();
    assert!(standing(&ana).await.is_empty());
    assert_eq!(ana.names(Section::Conversations).await, ["Rosa"]);
    world.settles(&[&ana, &desktop, &bo]).await;
    assert!(offers(&desktop).await.is_empty());
    assert_eq!(desktop.names(Section::Conversations).await, ["Rosa"]);
    assert!(bo.names(Section::Picklist).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_offer_that_is_passed_or_runs_out_is_the_next_agents() {
    let (world, ana, desktop, bo) = desk().await;
    ana.is_ready(Ready::Available).await;
    world.after(Duration::from_secs(2)).await;
    bo.is_ready(Ready::Available).await;
    world.settles(&[&ana, &bo]).await;
    let _rosa = rosa_waits(&world).await;
    assert_eq!((standing(&ana).await.len(), standing(&bo).await.len()), (1, 0));
    ana.passes("Rosa").await.unwrap();
    assert!(offers(&ana).await.is_empty());
    world.after(Duration::from_secs(1)).await;
    assert_eq!((standing(&desktop).await.len(), standing(&bo).await.len()), (0, 1));
    world.after(Duration::from_secs(31)).await;
    assert!(standing(&bo).await.is_empty() && standing(&ana).await.is_empty());
    assert_eq!(bo.names(Section::Picklist).await, ["Rosa"]);
}

#[tokio::test(start_paused = true)]
async fn without_a_signal_an_offer_is_seen_to_run_out_and_is_not_accepted() {
    let (world, ana, _desktop, bo) = desk().await;
    ana.is_ready(Ready::Available).await;
    world.settles(&[&ana]).await;
    let _rosa = rosa_waits(&world).await;
    ana.offline();
    world.after(minutes(1)).await;
    let over = offers(&ana).await;
    assert!(over.len() == 1 && standing(&ana).await.is_empty());
    assert_eq!(ana.accepts("Rosa").await.unwrap_err().code, Code::OfferOver);
    world.after(minutes(15)).await;
    assert!(offers(&ana).await.is_empty());
    bo.picks("Rosa").await.unwrap();
    ana.online().await;
    world.settles(&[&ana, &bo]).await;
    assert!(ana.names(Section::Picklist).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_acceptance_that_arrives_late_is_refused_in_words_and_kept() {
    let (world, ana, _desktop, bo) = desk().await;
    ana.is_ready(Ready::Available).await;
    world.after(Duration::from_secs(2)).await;
    bo.is_ready(Ready::Available).await;
    world.settles(&[&ana, &bo]).await;
    let _rosa = rosa_waits(&world).await;
    ana.offline();
    ana.accepts("Rosa").await.unwrap();
    assert_eq!(ana.names(Section::Conversations).await, ["Rosa"]);
    world.after(Duration::from_secs(35)).await;
    assert_eq!(standing(&bo).await, ["Rosa"]);
    ana.online().await;
    world.settles(&[&ana, &bo]).await;
    let outbox = ana.engine().outbox().await.unwrap();
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0].problem.as_ref().map(|p| p.code), Some(Code::OfferOver));
    assert_eq!(ana.names(Section::Picklist).await, ["Rosa"]);
    bo.accepts("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert_eq!(bo.names(Section::Conversations).await, ["Rosa"]);
}

/// Ana has Rosa's conversation open on two devices.
async fn ana_serves_rosa() -> (World, Device, Device, Customer) {
    let (world, ana, desktop, _bo) = desk().await;
    let rosa = rosa_waits(&world).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &desktop]).await;
    (world, ana, desktop, rosa)
}

#[tokio::test(start_paused = true)]
async fn typing_is_seen_both_ways_for_seconds_and_goes_with_the_signal() {
    let (world, ana, desktop, rosa) = ana_serves_rosa().await;
    rosa.types(true).await;
    world.after(Duration::from_secs(1)).await;
    assert!(ana.thread("Rosa").await.customer_typing && desktop.thread("Rosa").await.customer_typing);
    world.after(Duration::from_secs(6)).await;
    assert!(!ana.thread("Rosa").await.customer_typing);
    rosa.types(true).await;
    world.after(Duration::from_secs(1)).await;
    assert!(ana.thread("Rosa").await.customer_typing);
    rosa.types(false).await;
    world.after(Duration::from_secs(1)).await;
    assert!(!ana.thread("Rosa").await.customer_typing);
    // One's own other device is nobody who types.
    let place = ana.with("Rosa").await;
    ana.engine().signal(place, true, true).await.unwrap();
    world.after(Duration::from_secs(1)).await;
    assert!(desktop.thread("Rosa").await.typing.is_empty());
    assert!(desktop.thread("Rosa").await.viewing.is_empty());
    // Without a signal nobody hears it, and it is no fault.
    ana.offline();
    ana.engine().signal(place, true, true).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_colleague_who_looks_at_a_waiting_conversation_is_seen_by_who_also_looks() {
    let (world, ana, _desktop, bo) = desk().await;
    let _rosa = rosa_waits(&world).await;
    let place = bo.with("Rosa").await;
    bo.engine().signal(place, false, true).await.unwrap();
    world.after(Duration::from_secs(1)).await;
    assert_eq!(ana.thread("Rosa").await.viewing, ["Bo"]);
    bo.engine().signal(place, false, false).await.unwrap();
    world.after(Duration::from_secs(1)).await;
    assert!(ana.thread("Rosa").await.viewing.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_one_device_read_is_read_on_the_other_and_the_customer_sees_it() {
    let (world, ana, desktop, rosa) = ana_serves_rosa().await;
    assert_eq!(desktop.list(Section::Conversations).await.rows[0].unread, 1);
    let place = ana.with("Rosa").await;
    ana.engine().read(place, 2).await.unwrap();
    world.settles(&[&ana, &desktop]).await;
    assert_eq!(desktop.list(Section::Conversations).await.rows[0].unread, 0);
    assert!(rosa.page().await.chat.seen >= 1);
    rosa.writes("And this?").await.unwrap();
    world.settles(&[&ana, &desktop]).await;
    assert_eq!(desktop.list(Section::Conversations).await.rows[0].unread, 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_is_seen_once_the_customers_page_has_shown_it() {
    let (world, ana, desktop, rosa) = ana_serves_rosa().await;
    ana.sends("Rosa", "It is").await.unwrap();
    world.settles(&[&ana, &desktop]).await;
    assert_eq!(ana.marks("Rosa").await.last(), Some(&Mark::Sent));
    rosa.reads(rosa.page().await.cursor).await;
    world.settles(&[&ana, &desktop]).await;
    assert_eq!(ana.marks("Rosa").await.last(), Some(&Mark::Seen));
    assert_eq!(desktop.marks("Rosa").await.last(), Some(&Mark::Seen));
    ana.sends("Rosa", "Bye").await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(ana.marks("Rosa").await.last(), Some(&Mark::Sent));
}
