//! Customers: their chat, their private link, and what they never get.

use crate::house::{House, Page, accepted};
use axum::body::Body;
use fieldline_model::public::{LinkSecret, PublicAuthor, PublicBody};
use fieldline_model::{Ask, Code, Event, Location, State};
use http::{Method, StatusCode};

#[tokio::test(start_paused = true)]
async fn a_customer_reads_their_own_chat_and_who_answered() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    assert_eq!(rosa.chat(0).await.chat.state, None);
    let mut send = rosa.mints("Hello?", vec![]);
    let accuracy_m = Some(9.0);
    send.location =
        Some(Location { latitude: 59.9, longitude: 10.7, accuracy_m, fixed_at_ms: Some(7), label: None });
    assert_eq!(rosa.sends(&send).await.status, StatusCode::OK);
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    accepted(&ana.says(it, "Hi Rosa").await);
    accepted(&ana.ends(it).await);
    let page = rosa.chat(0).await;
    assert_eq!((page.cursor, page.more, page.chat.state), (4, false, Some(State::Ended)));
    assert_eq!(page.chat.agent.as_deref(), Some("Ana"));
    let numbers: Vec<_> = page.messages.iter().map(|m| m.public_seq).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let PublicBody::Said { location, .. } = &page.messages[0].body else { panic!() };
    assert_eq!(location, &send.location);
    assert_eq!(page.messages[3].body, PublicBody::Happened { event: Event::Ended });
    assert_eq!(page.messages[2].author, PublicAuthor::Staff { name: "Ana".into() });
    assert_eq!(rosa.chat(3).await.messages.len(), 1);
    // A cursor from before a restore counts as none.
    assert_eq!(rosa.chat(99).await.messages.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_message_sent_twice_is_there_once() {
    let house = House::open();
    let rosa = house.customer("Rosa").await;
    let send = rosa.mints("Hello?", vec![]);
    let (one, two) = tokio::join!(rosa.sends(&send), rosa.sends(&send));
    assert_eq!(one.bytes, two.bytes);
    assert_eq!(rosa.chat(0).await.messages.len(), 1);
    let mut other = send.clone();
    other.text = "Hello!".into();
    assert_eq!(rosa.sends(&other).await.code(), Code::IdReused);
}

#[tokio::test(start_paused = true)]
async fn writing_to_an_ended_conversation_begins_a_new_waiting_one() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let first = ana.only().await;
    accepted(&ana.picks(first).await);
    // The one crosses the other: whichever comes first, nothing is refused.
    let crossing = rosa.mints("Wait!", vec![]);
    let (ended, said) = tokio::join!(ana.ends(first), rosa.sends(&crossing));
    accepted(&ended);
    assert_eq!(said.status, StatusCode::OK);
    rosa.says("One more thing").await;
    let all = ana.conversations().await;
    let waiting: Vec<_> = all.iter().filter(|it| it.state == State::Waiting).collect();
    assert_eq!((all.len(), waiting.len()), (2, 1));
    assert_eq!(waiting[0].customer.name.as_deref(), Some("Rosa"));
    assert_eq!(rosa.chat(0).await.chat.state, Some(State::Waiting));
    assert_eq!(rosa.chat(0).await.chat.agent, None);
}

#[tokio::test(start_paused = true)]
async fn after_a_reopen_the_customer_writes_into_the_open_one() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    accepted(&ana.ends(it).await);
    accepted(&ana.asks(Ask::Reopen { conversation: it }).await);
    rosa.says("Thanks").await;
    assert_eq!(ana.conversations().await.len(), 1);
}

async fn exchange(house: &House, secret: &str) -> crate::house::Reply {
    let body = serde_json::json!({ "secret": secret }).to_string();
    house.line().call(Method::POST, "/v1/customer/session", &[], body).await
}

async fn status_of(page: &Page) -> StatusCode {
    page.call(Method::GET, "/v1/customer/chat", Body::empty()).await.status
}

#[tokio::test(start_paused = true)]
async fn the_private_link_brings_back_and_is_renewed_and_revoked() {
    let house = House::open();
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let back = exchange(&house, &rosa.secret).await;
    assert_eq!(back.status, StatusCode::NO_CONTENT);
    assert_ne!(back.cookie(), rosa.cookie);
    let LinkSecret { secret } = rosa.call(Method::POST, "/v1/customer/link", Body::empty()).await.json();
    assert_eq!(exchange(&house, &rosa.secret).await.code(), Code::LinkInvalid);
    let second = exchange(&house, &secret).await.cookie();
    let gone = rosa.call(Method::DELETE, "/v1/customer/link", Body::empty()).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(exchange(&house, &secret).await.code(), Code::LinkInvalid);
    for cookie in [rosa.cookie.clone(), back.cookie(), second] {
        let headers = [("cookie", cookie.as_str())];
        let reply = house.line().call(Method::GET, "/v1/customer/chat", &headers, Body::empty()).await;
        assert_eq!(reply.code(), Code::SignedOut);
    }
    assert_eq!(exchange(&house, "").await.code(), Code::LinkInvalid);
}

#[tokio::test(start_paused = true)]
async fn a_customers_cookie_is_over_after_thirty_days() {
    let house = House::open();
    let rosa = house.customer("Rosa").await;
    house.clock.sleep(std::time::Duration::from_secs(29 * 24 * 3600)).await;
    assert_eq!(status_of(&rosa).await, StatusCode::OK);
    house.clock.sleep(std::time::Duration::from_secs(2 * 24 * 3600)).await;
    assert_eq!(status_of(&rosa).await, StatusCode::UNAUTHORIZED);
    assert_eq!(exchange(&house, &rosa.secret).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test(start_paused = true)]
async fn who_begins_gives_a_name_or_a_number() {
    let house = House::open();
    let start =
        async |body: &str| house.line().call(Method::POST, "/v1/customer/start", &[], body.to_owned()).await;
    for bad in [r#"{}"#, r#"{"name":" "}"#, r#"{"phone":"call me"}"#] {
        assert_eq!(start(bad).await.code(), Code::BadName, "{bad}");
    }
    assert_eq!(start(r#"{"name":"R","role":"admin"}"#).await.code(), Code::BadRequest);
    let reply = start(r#"{"phone":"+47 900 12 345"}"#).await;
    let set = reply.headers["set-cookie"].to_str().unwrap();
    for part in ["__Host-fieldline-chat=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
}

/// Every byte a customer can get is a function of public records: the same script
/// with and without what staff keep to themselves gives the same bytes.
#[tokio::test(start_paused = true)]
async fn two_worlds_that_differ_in_what_staff_do_among_themselves_read_the_same() {
    async fn bytes(staff_busy: bool) -> Vec<u8> {
        let house = House::open();
        let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
        let rosa = house.customer("Rosa").await;
        rosa.says("Hello?").await;
        let it = ana.only().await;
        if staff_busy {
            // Reads, lost races and refusals are staff's own.
            accepted(&bo.asks(Ask::Read { place: it.into(), n: 1 }).await);
            bo.ends(it).await;
        }
        accepted(&ana.picks(it).await);
        if staff_busy {
            bo.picks(it).await;
            ana.says(it, "").await;
        }
        accepted(&ana.says(it, "Hi Rosa").await);
        let page = rosa.call(Method::GET, "/v1/customer/chat?after=0", Body::empty()).await;
        let text = String::from_utf8(page.bytes.to_vec()).unwrap();
        // Ids are minted by devices, whose random bytes this script shares with the
        // server's; what they are says nothing.
        let mut plain: serde_json::Value = serde_json::from_str(&text).unwrap();
        for message in plain["messages"].as_array_mut().unwrap() {
            message["id"] = "id".into();
        }
        plain.to_string().into_bytes()
    }
    assert_eq!(bytes(false).await, bytes(true).await);
}

#[tokio::test(start_paused = true)]
async fn nothing_of_staff_stands_in_a_customers_bytes() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    accepted(&ana.says(it, "Hi").await);
    let reply = rosa.call(Method::GET, "/v1/customer/chat?after=0", Body::empty()).await;
    let text = String::from_utf8(reply.bytes.to_vec()).unwrap();
    for staffs in [
        it.to_string(),
        ana.person.id.to_string(),
        ana.id.to_string(),
        "\"n\"".into(),
        "\"seq\"".into(),
        "written_at".into(),
        "took_part".into(),
        "size_bytes".into(),
        "hash".into(),
    ] {
        assert!(!text.contains(&staffs), "{staffs} in {text}");
    }
    assert_eq!(reply.headers["cache-control"], "no-store");
}
