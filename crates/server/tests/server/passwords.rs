//! Changing one's own password.

use crate::house::{Device, House, PASSWORD, Reply};
use fieldline_model::Code;
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;

const NEW: &str = "a green kettle in a valley";

async fn change(by: &Device, old: &str, new: &str) -> Reply {
    let body = json!({ "old": old, "new": new }).to_string();
    by.call(Method::POST, &format!("{}/password", by.own()), body).await
}

async fn signs_in(house: &House, login: &str, password: &str) -> StatusCode {
    let device = json!({ "id": uuid::Uuid::from_u128(9), "name": "Phone", "hold": "token" });
    let body = json!({ "login": login, "password": password, "device": device }).to_string();
    house.line().call(Method::POST, "/v1/sign-in", &[], body).await.status
}

async fn holds(device: &Device) -> bool {
    device.get(&format!("{}/snapshot", device.own())).await.status.is_success()
}

#[tokio::test(start_paused = true)]
async fn one_changes_ones_own_password_by_the_old_one_and_every_other_device_is_signed_out() {
    let house = House::open();
    let (ana, kim, bo) = (house.agent("Ana").await, house.client("Kim").await, house.agent("Bo").await);
    house.server.set_password(ana.person.id, PASSWORD).await.unwrap();
    for by in [&ana, &kim] {
        let other = house.device_of(&by.person).await;
        assert_eq!(change(by, PASSWORD, NEW).await.status, StatusCode::NO_CONTENT);
        assert_eq!((holds(by).await, holds(&other).await, holds(&bo).await), (true, false, true));
        let login = by.person.name.to_lowercase();
        assert_eq!(signs_in(&house, &login, PASSWORD).await, StatusCode::FORBIDDEN);
        assert_eq!(signs_in(&house, &login, NEW).await, StatusCode::OK);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_old_password_or_a_weak_new_one_changes_nothing_and_guesses_are_counted() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    house.server.set_password(ana.person.id, PASSWORD).await.unwrap();
    let other = house.device_of(&ana.person).await;
    for weak in ["short", "anaana12", "password1", &"long".repeat(300)] {
        assert_eq!(change(&ana, PASSWORD, weak).await.code(), Code::WeakPassword);
    }
    for wrong in ["not this one", "", &"x".repeat(50_000)] {
        assert_eq!(change(&ana, wrong, NEW).await.code(), Code::WrongPassword);
    }
    for _ in 0..3 {
        change(&ana, "not this one", NEW).await;
    }
    assert_eq!(change(&ana, PASSWORD, NEW).await.code(), Code::TooManyTries);
    assert!(holds(&other).await);
    assert_eq!(signs_in(&house, "ana", PASSWORD).await, StatusCode::OK, "the door counts for itself");
    house.clock.sleep(Duration::from_secs(301)).await;
    assert_eq!(change(&ana, PASSWORD, NEW).await.status, StatusCode::NO_CONTENT);
}

/// No audit line of it holds a password, and each try leaves one.
#[tokio::test(start_paused = true)]
async fn each_change_and_each_wrong_try_is_written_down_without_a_word_of_it() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    house.server.set_password(ana.person.id, PASSWORD).await.unwrap();
    change(&ana, "not this one", NEW).await;
    change(&ana, PASSWORD, NEW).await;
    let db = rusqlite::Connection::open(house.folder.path().join("fieldline.db")).unwrap();
    let mut rows =
        db.prepare("SELECT act || ' ' || coalesce(code, 'done') FROM audit ORDER BY line").unwrap();
    let lines: Vec<String> = rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(lines.ends_with(&["change_password wrong_password".into(), "change_password done".into()]));
}
