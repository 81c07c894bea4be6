//! Availability, and offers that go from one agent to the next by the server's clock.

use crate::house::{Device, House, accepted, refused};
use fieldline_model::change::What;
use fieldline_model::{Ask, Code, ConversationId, Offer, Outcome, PersonId, QueueMode, Ready, Record, State};
use std::time::Duration;

async fn ready(device: &Device, ready: Ready) -> Outcome {
    device.asks(Ask::Availability { ready }).await
}

async fn offers(device: &Device) -> Vec<Offer> {
    let put = |what| if let What::Put(Record::Offer(it)) = what { Some(it) } else { None };
    device.snapshot().await.records.into_iter().filter_map(|change| put(change.what)).collect()
}

async fn known(device: &Device, of: PersonId) -> Option<Ready> {
    device.snapshot().await.records.into_iter().find_map(|change| match change.what {
        What::Put(Record::Availability(it)) if it.person == of => Some(it.ready),
        _ => None,
    })
}

async fn seconds(house: &House, n: u64) {
    house.clock.sleep(Duration::from_secs(n)).await;
}

/// Ana and Bo in a house that offers, each offer for 30 seconds; nobody available.
async fn offering() -> (House, Device, Device) {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    house.server.set_queue(QueueMode::Offer, 30_000).await.unwrap();
    (house, ana, bo)
}

/// Rosa waits, and is offered to Ana.
async fn offered_to_ana() -> (House, Device, Device, ConversationId) {
    let (house, ana, bo) = offering().await;
    accepted(&ready(&ana, Ready::Available).await);
    seconds(&house, 1).await;
    accepted(&ready(&bo, Ready::Available).await);
    house.customer("Rosa").await.says("Hello?").await;
    seconds(&house, 1).await;
    let it = ana.only().await;
    assert_eq!(offers(&ana).await.iter().map(|o| o.conversation).collect::<Vec<_>>(), [it]);
    assert!(offers(&bo).await.is_empty());
    (house, ana, bo, it)
}

#[tokio::test(start_paused = true)]
async fn availability_is_what_its_person_set_also_after_a_restart_and_a_night() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    assert_eq!(known(&bo, ana.person.id).await, None);
    accepted(&ready(&ana, Ready::Available).await);
    assert_eq!(known(&bo, ana.person.id).await, Some(Ready::Available));
    seconds(&house, 12 * 3600).await;
    let (person, house) = (ana.person.clone(), house);
    drop((ana, bo));
    let house = house.reopen();
    assert_eq!(known(&house.device_of(&person).await, person.id).await, Some(Ready::Available));
}

#[tokio::test(start_paused = true)]
async fn an_offer_that_runs_out_goes_to_the_next_longest_idle_agent_and_then_rests() {
    let (house, ana, bo, it) = offered_to_ana().await;
    seconds(&house, 30).await;
    assert!(offers(&ana).await.is_empty());
    assert_eq!(offers(&bo).await.len(), 1);
    assert_eq!(refused(&ana.asks(Ask::Accept { conversation: it }).await), Code::OfferOver);
    seconds(&house, 30).await;
    assert!(offers(&bo).await.is_empty());
    assert_eq!(bo.conversations().await[0].state, State::Waiting);
    // Who becomes available again is offered it again.
    accepted(&ready(&ana, Ready::Busy).await);
    seconds(&house, 60).await;
    assert!(offers(&ana).await.is_empty());
    accepted(&ready(&ana, Ready::Available).await);
    seconds(&house, 1).await;
    assert_eq!(offers(&ana).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_offer_that_is_passed_goes_on_at_once_and_is_no_longer_its_first_agents() {
    let (house, ana, bo, it) = offered_to_ana().await;
    let cursor = house.server.head().await.unwrap();
    accepted(&ana.asks(Ask::Pass { conversation: it }).await);
    accepted(&ana.asks(Ask::Pass { conversation: it }).await);
    seconds(&house, 1).await;
    assert!(offers(&ana).await.is_empty());
    assert_eq!(offers(&bo).await[0].agent, bo.person.id);
    let left = ana.changes(cursor).await;
    assert!(left.iter().any(|c| matches!(&c.what, What::Left(name) if name.id == it.0)), "{left:?}");
    assert!(left.iter().all(|c| !matches!(&c.what, What::Put(Record::Offer(_)))), "{left:?}");
}

#[tokio::test(start_paused = true)]
async fn an_accepted_offer_is_picked_and_only_once() {
    let (house, ana, bo, it) = offered_to_ana().await;
    assert_eq!(refused(&bo.asks(Ask::Accept { conversation: it }).await), Code::OfferOver);
    accepted(&ana.asks(Ask::Accept { conversation: it }).await);
    accepted(&ana.asks(Ask::Accept { conversation: it }).await);
    assert_eq!(refused(&bo.asks(Ask::Accept { conversation: it }).await), Code::AlreadyPicked);
    seconds(&house, 60).await;
    assert!(offers(&ana).await.is_empty() && offers(&bo).await.is_empty());
    assert_eq!(ana.conversations().await[0].agent.as_ref().map(|a| a.id), Some(ana.person.id));
}

#[tokio::test(start_paused = true)]
async fn what_a_restored_server_forgot_it_offered_is_accepted_as_a_pick() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.asks(Ask::Accept { conversation: it }).await);
    assert_eq!(ana.conversations().await[0].state, State::Open);
}

#[tokio::test(start_paused = true)]
async fn who_picks_by_hand_ends_the_offer() {
    let (_house, ana, bo, it) = offered_to_ana().await;
    accepted(&bo.picks(it).await);
    assert!(offers(&ana).await.is_empty());
    assert_eq!(refused(&ana.asks(Ask::Accept { conversation: it }).await), Code::AlreadyPicked);
}

#[tokio::test(start_paused = true)]
async fn an_agent_has_one_offer_at_a_time_and_the_longest_waiting_goes_first() {
    let (house, ana, bo) = offering().await;
    for name in ["Rosa", "Mateo", "Ingrid"] {
        house.customer(name).await.says("Hello?").await;
        seconds(&house, 1).await;
    }
    let ids: Vec<_> = ana.conversations().await.iter().map(|c| c.id).collect();
    accepted(&ready(&ana, Ready::Available).await);
    seconds(&house, 1).await;
    accepted(&ready(&bo, Ready::Available).await);
    seconds(&house, 1).await;
    let which = |offers: Vec<Offer>| offers.iter().map(|o| o.conversation).collect::<Vec<_>>();
    assert_eq!(which(offers(&ana).await), [ids[0]]);
    assert_eq!(which(offers(&bo).await), [ids[1]]);
    accepted(&ana.asks(Ask::Accept { conversation: ids[0] }).await);
    seconds(&house, 1).await;
    assert_eq!(which(offers(&ana).await), [ids[2]]);
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_is_offered_nothing_and_what_they_had_goes_on() {
    let (house, ana, bo, _) = offered_to_ana().await;
    accepted(&ready(&ana, Ready::Away).await);
    seconds(&house, 1).await;
    assert!(offers(&ana).await.is_empty());
    assert_eq!(offers(&bo).await.len(), 1);
    house.server.block(bo.person.id).await.unwrap();
    seconds(&house, 1).await;
    let ana = house.device_of(&ana.person).await;
    assert!(offers(&ana).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_goes_back_to_picking_withdraws_its_offers() {
    let (house, ana, bo, _) = offered_to_ana().await;
    house.server.set_queue(QueueMode::Pick, 30_000).await.unwrap();
    seconds(&house, 60).await;
    assert!(offers(&ana).await.is_empty() && offers(&bo).await.is_empty());
    assert!(house.server.set_queue(QueueMode::Offer, 1).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_offer_is_kept_over_a_restart_and_runs_out_by_the_clock() {
    let (house, ana, bo, it) = offered_to_ana().await;
    let (anas, bos) = (ana.person.clone(), bo.person.clone());
    drop((ana, bo));
    let house = house.reopen();
    let (ana, bo) = (house.device_of(&anas).await, house.device_of(&bos).await);
    assert_eq!(offers(&ana).await[0].conversation, it);
    seconds(&house, 31).await;
    assert!(offers(&ana).await.is_empty());
    assert_eq!(offers(&bo).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_offer_is_not_there_for_who_does_not_see_its_conversation() {
    let (_house, ana, bo, it) = offered_to_ana().await;
    accepted(&ana.asks(Ask::Accept { conversation: it }).await);
    assert_eq!(refused(&bo.asks(Ask::Pass { conversation: it }).await), Code::NotFound);
}
