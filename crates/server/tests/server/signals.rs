//! Typing, looking, and what was seen: told to those who may see, to nobody else.

use crate::house::{Device, House, Page, accepted};
use crate::live::Ear;
use fieldline_model::{Ask, Code, ConversationId, PlaceId};
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;

const SOON: Duration = Duration::from_millis(1);

/// Ana has Rosa's conversation.
async fn desk() -> (House, Device, Device, Page, ConversationId) {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    (house, ana, bo, rosa, it)
}

async fn signals(
    device: &Device,
    place: ConversationId,
    (typing, viewing): (bool, bool),
) -> crate::house::Reply {
    let body = json!({ "place": place, "typing": typing, "viewing": viewing }).to_string();
    device.call(Method::POST, "/v1/signals", body).await
}

async fn posts(page: &Page, path: &str, body: serde_json::Value) -> crate::house::Reply {
    let headers = [("cookie", page.cookie.as_str()), ("x-fieldline", "1")];
    page.line.call(Method::POST, path, &headers, body.to_string()).await
}

#[tokio::test(start_paused = true)]
async fn an_agents_typing_is_heard_by_the_customer_and_by_nobody_it_is_not_for() {
    let (house, ana, bo, rosa, it) = desk().await;
    let mut rosas = Ear::of_customer(&rosa, 99).await;
    while rosas.hears(SOON).await.is_some() {}
    let (mut anas, mut bos) = (
        Ear::of(&ana, house.server.head().await.unwrap()).await,
        Ear::of(&bo, house.server.head().await.unwrap()).await,
    );
    assert!(anas.hears(SOON).await.is_none() && bos.hears(SOON).await.is_none());
    assert_eq!(signals(&ana, it, (true, true)).await.status, StatusCode::NO_CONTENT);
    let heard = rosas.hears(SOON).await.unwrap();
    assert_eq!((&heard["typing"], &heard["left_ms"]), (&"Ana".into(), &6_000.into()));
    assert!(anas.hears(SOON).await.is_none() && bos.hears(SOON).await.is_none());
    signals(&ana, it, (false, true)).await;
    assert!(rosas.hears(SOON).await.unwrap()["typing"].is_null());
    assert_eq!(signals(&bo, it, (true, true)).await.code(), Code::NotFound);
    assert!(rosas.hears(SOON).await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_customers_typing_and_a_colleagues_look_are_heard_by_who_has_the_conversation() {
    let (house, ana, bo, rosa, it) = desk().await;
    let root = house.device_of(&house.person("Root", fieldline_model::Role::Admin).await).await;
    let mut anas = Ear::of(&ana, house.server.head().await.unwrap()).await;
    let mut bos = Ear::of(&bo, house.server.head().await.unwrap()).await;
    assert!(anas.hears(SOON).await.is_none());
    posts(&rosa, "/v1/customer/signals", json!({ "typing": true })).await;
    let heard = anas.hears(SOON).await.unwrap();
    assert_eq!(
        (&heard["doing"][0]["who"]["by"], &heard["doing"][0]["typing"]),
        (&"customer".into(), &true.into())
    );
    // An admin looks on: seen by Ana, but types to nobody.
    signals(&root, it, (true, true)).await;
    let heard = anas.hears(SOON).await.unwrap();
    let looks = heard["doing"].as_array().unwrap().iter().find(|d| d["who"]["name"] == "Root").unwrap();
    assert_eq!(looks["typing"], false);
    assert!(bos.hears(SOON).await.is_none());
    // A stream that begins later hears what is done already.
    house.clock.sleep(Duration::from_secs(10)).await;
    let mut later = Ear::of(&ana, house.server.head().await.unwrap()).await;
    assert_eq!(later.hears(SOON).await.unwrap()["doing"].as_array().unwrap().len(), 1);
}

/// I15: what a customer hears, and how often, does not depend on who looks.
#[tokio::test(start_paused = true)]
async fn a_colleagues_look_repeats_nothing_to_the_customer() {
    let (house, ana, _bo, rosa, it) = desk().await;
    let root = house.device_of(&house.person("Root", fieldline_model::Role::Admin).await).await;
    let mut rosas = Ear::of_customer(&rosa, 99).await;
    while rosas.hears(SOON).await.is_some() {}
    signals(&ana, it, (true, true)).await;
    assert_eq!(rosas.hears(SOON).await.unwrap()["typing"], "Ana");
    signals(&root, it, (false, true)).await;
    signals(&root, it, (true, true)).await;
    assert_eq!(rosas.hears(SOON).await, None);
}

#[tokio::test(start_paused = true)]
async fn who_hands_a_conversation_on_types_to_its_customer_no_more() {
    let (_house, ana, bo, rosa, it) = desk().await;
    let mut rosas = Ear::of_customer(&rosa, 99).await;
    while rosas.hears(SOON).await.is_some() {}
    signals(&ana, it, (true, true)).await;
    assert_eq!(rosas.hears(SOON).await.unwrap()["typing"], "Ana");
    let to = Some(bo.person.id);
    accepted(&ana.asks(Ask::Transfer { conversation: it, to, note: String::new() }).await);
    let mut typing = None;
    while let Some(heard) = rosas.hears(SOON).await {
        typing = heard.get("typing").cloned().or(typing);
    }
    assert_eq!(typing, Some(serde_json::Value::Null));
}

#[tokio::test(start_paused = true)]
async fn nobody_says_more_than_a_bounded_number_of_times_what_they_do_or_have_read() {
    let (_house, ana, _bo, rosa, it) = desk().await;
    for _ in 0..900 {
        assert_eq!(signals(&ana, it, (true, true)).await.status, StatusCode::NO_CONTENT);
        let read = posts(&rosa, "/v1/customer/read", json!({ "public_seq": 1 })).await;
        assert_eq!(read.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(signals(&ana, it, (true, true)).await.code(), Code::TooManyTries);
    let read = posts(&rosa, "/v1/customer/read", json!({ "public_seq": 1 })).await;
    assert_eq!(read.code(), Code::TooManyTries);
}

#[tokio::test(start_paused = true)]
async fn nothing_of_it_is_stored() {
    let (house, ana, _bo, rosa, it) = desk().await;
    let head = house.server.head().await.unwrap();
    signals(&ana, it, (true, true)).await;
    posts(&rosa, "/v1/customer/signals", json!({ "typing": true })).await;
    assert_eq!(house.server.head().await.unwrap(), head);
}

#[tokio::test(start_paused = true)]
async fn what_a_customer_has_seen_is_told_to_who_has_the_conversation_and_never_goes_back() {
    let (_house, ana, _bo, rosa, it) = desk().await;
    accepted(&ana.says(it, "Hi Rosa").await);
    let seen = async || ana.conversations().await[0].seen_n;
    assert_eq!(seen().await, 0);
    let page = rosa.chat(0).await;
    posts(&rosa, "/v1/customer/read", json!({ "public_seq": page.cursor })).await;
    assert_eq!(seen().await, 3);
    posts(&rosa, "/v1/customer/read", json!({ "public_seq": 1 })).await;
    assert_eq!(seen().await, 3);
    posts(&rosa, "/v1/customer/read", json!({ "public_seq": i64::MAX })).await;
    assert_eq!(seen().await, 3);
}

#[tokio::test(start_paused = true)]
async fn what_who_has_it_has_read_is_a_fact_of_the_customers_and_a_colleagues_look_is_not() {
    let (house, ana, _bo, rosa, it) = desk().await;
    let root = house.device_of(&house.person("Root", fieldline_model::Role::Admin).await).await;
    let before = rosa.chat(0).await;
    assert_eq!(before.chat.seen, 0);
    let place = PlaceId::from(it);
    accepted(&root.asks(Ask::Read { place, n: 1 }).await);
    assert_eq!(rosa.chat(0).await, before);
    let mut rosas = Ear::of_customer(&rosa, before.cursor).await;
    assert!(rosas.hears(SOON).await.is_none());
    accepted(&ana.asks(Ask::Read { place, n: 1 }).await);
    let heard = rosas.hears(SOON).await.unwrap();
    assert_eq!((&heard["chat"]["seen"], heard["messages"].as_array().unwrap().len()), (&1.into(), 0));
    assert_eq!(heard["cursor"], before.cursor + 1);
    // What comes after the end is a new conversation, not read yet; the old one stays so.
    accepted(&ana.ends(it).await);
    rosa.says("One more thing").await;
    let page = rosa.chat(0).await;
    let last = page.messages.last().unwrap().public_seq;
    assert!(page.chat.seen < last && page.chat.seen >= 1, "{page:?}");
}

#[tokio::test(start_paused = true)]
async fn what_a_customer_was_told_is_read_stays_read_whoever_has_the_conversation_next() {
    let (_house, ana, bo, rosa, it) = desk().await;
    rosa.says("Are you there?").await;
    let place = PlaceId::from(it);
    accepted(&ana.asks(Ask::Read { place, n: 3 }).await);
    let seen = async || rosa.chat(0).await.chat.seen;
    let told = seen().await;
    assert_eq!(rosa.chat(told - 1).await.messages.len(), 1);
    let on = |to| Ask::Transfer { conversation: it, to, note: String::new() };
    accepted(&ana.asks(on(Some(bo.person.id))).await);
    assert_eq!(seen().await, told);
    accepted(&bo.asks(on(None)).await);
    assert_eq!(seen().await, told);
    accepted(&bo.picks(it).await);
    accepted(&bo.asks(Ask::Read { place, n: 4 }).await);
    assert!(seen().await > told);
    // One that is reopened beside a newer one takes nothing back.
    accepted(&bo.ends(it).await);
    rosa.says("One more thing").await;
    let told = seen().await;
    let newer = ana.conversations().await.into_iter().find(|one| one.id != it).unwrap().id;
    accepted(&ana.picks(newer).await);
    accepted(&ana.ends(newer).await);
    accepted(&bo.asks(Ask::Reopen { conversation: it }).await);
    assert!(seen().await >= told);
}
