//! Signing in, joining, and being signed out.

use crate::house::{House, Line, PASSWORD, Reply, accepted};
use axum::body::Body;
use fieldline_model::api::{Invited, SignedIn};
use fieldline_model::{Code, Conversation, Person, Role, State};
use fieldline_server::Run;
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;

const DEVICE: &str = "01939aaa-0000-7000-8000-000000000001";

async fn sign_in(line: &Line, login: &str, password: &str, hold: &str) -> Reply {
    let device = json!({ "id": DEVICE, "name": "Phone", "hold": hold });
    let body = json!({ "login": login, "password": password, "device": device }).to_string();
    line.call(Method::POST, "/v1/sign-in", &[], body).await
}

async fn join(line: &Line, secret: &str, password: &str) -> Reply {
    let device = json!({ "id": DEVICE, "name": "Phone", "hold": "token" });
    let body = json!({ "secret": secret, "password": password, "device": device }).to_string();
    line.call(Method::POST, "/v1/join", &[], body).await
}

async fn me(line: &Line, header: (&str, &str)) -> Reply {
    line.call(Method::GET, "/v1/snapshot", &[header], Body::empty()).await
}

#[tokio::test(start_paused = true)]
async fn an_invite_works_once_and_sets_ones_own_password() {
    let house = House::open();
    let line = house.line();
    let ana = house.person("Ana", Role::Agent).await;
    let secret = house.server.invite(ana.id).await.unwrap();
    let body = json!({ "secret": secret }).to_string();
    let invited: Invited = line.call(Method::POST, "/v1/invite", &[], body.clone()).await.json();
    assert_eq!((invited.name.as_str(), invited.login.as_str()), ("Ana", "ana"));
    for weak in ["short", "password123", "aaaaaaaaaaaaaa", &"long".repeat(300)] {
        assert_eq!(join(&line, &secret, weak).await.code(), Code::WeakPassword);
    }
    let (one, two) = tokio::join!(join(&line, &secret, PASSWORD), join(&line, &secret, PASSWORD));
    let worked = [&one, &two].into_iter().filter(|reply| reply.status.is_success()).count();
    assert_eq!(worked, 1);
    assert_eq!(join(&line, &secret, PASSWORD).await.code(), Code::LinkInvalid);
    assert_eq!(line.call(Method::POST, "/v1/invite", &[], body).await.code(), Code::LinkInvalid);
    let me = sign_in(&line, " ANA ", PASSWORD, "token").await.json::<SignedIn>().me;
    assert_eq!(me.person, Person { signed_up: true, ..ana });
}

#[tokio::test(start_paused = true)]
async fn an_invite_is_over_after_three_days() {
    let house = House::open();
    let ana = house.person("Ana", Role::Agent).await;
    let secret = house.server.invite(ana.id).await.unwrap();
    house.clock.sleep(Duration::from_secs(72 * 3600 + 1)).await;
    assert_eq!(join(&house.line(), &secret, PASSWORD).await.code(), Code::LinkInvalid);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_and_an_unknown_login_read_the_same_and_are_limited() {
    let house = House::open();
    let line = house.line();
    let ana = house.person("Ana", Role::Agent).await;
    house.server.set_password(ana.id, PASSWORD).await.unwrap();
    let wrong = sign_in(&line, "ana", "not this one", "token").await;
    let unknown = sign_in(&line, "nobody", "not this one", "token").await;
    assert_eq!((wrong.code(), &wrong.bytes), (Code::WrongPassword, &unknown.bytes));
    assert_eq!(sign_in(&line, "ana", &"x".repeat(50_000), "token").await.code(), Code::WrongPassword);
    for _ in 0..8 {
        sign_in(&line, "ana", "not this one", "token").await;
    }
    let limited = sign_in(&line, "ana", PASSWORD, "token").await;
    assert_eq!((limited.code(), limited.status), (Code::TooManyTries, StatusCode::TOO_MANY_REQUESTS));
    assert!(limited.headers.contains_key("retry-after"));
    house.clock.sleep(Duration::from_secs(301)).await;
    assert!(sign_in(&line, "ana", PASSWORD, "token").await.status.is_success());
}

#[tokio::test(start_paused = true)]
async fn a_browser_holds_its_session_in_a_cookie_no_script_reads() {
    let house = House::open();
    let line = house.line();
    let ana = house.person("Ana", Role::Agent).await;
    house.server.set_password(ana.id, PASSWORD).await.unwrap();
    let reply = sign_in(&line, "ana", PASSWORD, "cookie").await;
    assert_eq!(reply.json::<SignedIn>().token, None);
    let set = reply.headers["set-cookie"].to_str().unwrap();
    for part in ["__Host-fieldline=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    let cookie = reply.cookie();
    assert!(me(&line, ("cookie", &cookie)).await.status.is_success());
    let cookies = [("cookie", cookie.as_str())];
    let forged = line.call(Method::POST, "/v1/sign-out", &cookies, Body::empty()).await;
    assert_eq!(forged.code(), Code::NotPermitted);
    let ours = [("cookie", cookie.as_str()), ("x-fieldline", "1")];
    let elsewhere = [ours[0], ours[1], ("host", "desk.example"), ("origin", "https://evil.example")];
    let forged = line.call(Method::POST, "/v1/sign-out", &elsewhere, Body::empty()).await;
    assert_eq!(forged.code(), Code::NotPermitted);
    let out = line.call(Method::POST, "/v1/sign-out", &ours, Body::empty()).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert_eq!(me(&line, ("cookie", &cookie)).await.code(), Code::SignedOut);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_signs_in_again_ends_its_former_session_and_no_other() {
    let house = House::open();
    let line = house.line();
    let ana = house.person("Ana", Role::Agent).await;
    house.server.set_password(ana.id, PASSWORD).await.unwrap();
    let other = house.device_of(&ana).await;
    let token = async || sign_in(&line, "ana", PASSWORD, "token").await.json::<SignedIn>().token.unwrap();
    let (first, second) = (token().await, token().await);
    let bearer = |token: &str| format!("Bearer {token}");
    assert_eq!(me(&line, ("authorization", &bearer(&first))).await.code(), Code::SignedOut);
    assert!(me(&line, ("authorization", &bearer(&second))).await.status.is_success());
    assert!(other.get("/v1/snapshot").await.status.is_success());
}

#[tokio::test(start_paused = true)]
async fn a_blocked_person_is_out_at_once_and_cannot_come_back() {
    let house = House::open();
    let line = house.line();
    let ana = house.agent("Ana").await;
    house.server.set_password(ana.person.id, PASSWORD).await.unwrap();
    house.server.block(ana.person.id).await.unwrap();
    let body = r#"{"intents":[]}"#;
    assert_eq!(ana.call(Method::POST, "/v1/intents", body).await.code(), Code::Blocked);
    assert_eq!(sign_in(&line, "ana", PASSWORD, "token").await.code(), Code::Blocked);
    assert_eq!(sign_in(&line, "ana", "not this one", "token").await.code(), Code::WrongPassword);
}

#[tokio::test(start_paused = true)]
async fn what_a_blocked_agent_had_open_waits_in_the_picklist_again_and_nothing_else_does() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let (rosa, tom) = (house.customer("Rosa").await, house.customer("Tom").await);
    rosa.says("Hello?").await;
    let anas = ana.only().await;
    accepted(&ana.picks(anas).await);
    tom.says("Hei").await;
    let bos = bo.only().await;
    accepted(&bo.picks(bos).await);
    accepted(&ana.says(anas, "Hello Rosa").await);
    let (heard, cursor) = (rosa.chat(0).await.cursor, house.server.head().await.unwrap());
    house.server.block(ana.person.id).await.unwrap();
    let state_of = |all: Vec<Conversation>, id| all.iter().find(|it| it.id == id).map(|it| it.state);
    assert_eq!(state_of(bo.conversations().await, anas), Some(State::Waiting));
    assert_eq!(state_of(bo.conversations().await, bos), Some(State::Open));
    // The conversation, with it its three entries, and that Ana is in no list any more.
    assert_eq!(bo.changes(cursor).await.len(), 5);
    let chat = rosa.chat(heard).await;
    assert!(chat.cursor > heard && chat.messages.is_empty());
    assert_eq!((chat.chat.state, chat.chat.agent), (Some(State::Waiting), None));
    accepted(&bo.picks(anas).await);
    accepted(&bo.says(anas, "I go on for Ana").await);
    // Blocking once more takes nothing from who has it now.
    house.server.block(ana.person.id).await.unwrap();
    assert_eq!(state_of(bo.conversations().await, anas), Some(State::Open));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_rested_ninety_days_is_over() {
    let house = House::idle(Run::Inline);
    let ana = house.agent("Ana").await;
    house.clock.sleep(Duration::from_secs(89 * 24 * 3600)).await;
    assert!(ana.call(Method::POST, "/v1/intents", r#"{"intents":[]}"#).await.status.is_success());
    house.clock.sleep(Duration::from_secs(89 * 24 * 3600)).await;
    assert!(ana.get("/v1/snapshot").await.status.is_success());
    house.clock.sleep(Duration::from_secs(2 * 24 * 3600)).await;
    assert_eq!(ana.get("/v1/snapshot").await.code(), Code::SignedOut);
}

#[tokio::test(start_paused = true)]
async fn two_people_cannot_have_one_login() {
    let house = House::open();
    house.person("Ana", Role::Agent).await;
    let again =
        fieldline_server::NewPerson { name: "Other".into(), login: Some("ANA".into()), role: Role::Agent };
    assert!(house.server.add_person(again).await.is_err());
}
