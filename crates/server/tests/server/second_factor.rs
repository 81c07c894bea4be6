//! A second factor: a code is asked after the password, and each serves once.

use crate::house::{Device, House, PASSWORD, Reply};
use fieldline_model::admin::people::PeopleSearch;
use fieldline_model::api::SignedIn;
use fieldline_model::second_factor::{RECOVERY_CODES, SecondFactor, SecondFactorBegun};
use fieldline_model::{AdminAnswer, AdminAsk, Code, DeviceId, PersonId, Role};
use fieldline_server::totp;
use http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const STEP: Duration = Duration::from_secs(30);
const WINDOW: Duration = Duration::from_secs(301);

/// What an authenticator app was told, reading the server's clock.
struct Phone<'h> {
    house: &'h House,
    secret: String,
    recovery: Vec<String>,
}

impl Phone<'_> {
    /// As it shows it when its clock is so many steps ahead.
    fn code(&self, ahead: i64) -> String {
        totp::shown(&self.secret, self.house.clock.now_ms() + ahead * totp::STEP_MS).unwrap()
    }

    /// Six digits that are no code now.
    fn no_code(&self) -> String {
        let held = [-1, 0, 1].map(|ahead| self.code(ahead));
        (0..).map(|code| format!("{code:06}")).find(|code| !held.contains(code)).unwrap()
    }
}

async fn asks(by: &Device, what: &str, body: Value) -> Reply {
    by.call(Method::POST, &format!("{}/second-factor{what}", by.own()), body.to_string()).await
}

async fn stands(of: &Device) -> SecondFactor {
    of.get(&format!("{}/second-factor", of.own())).await.json()
}

async fn begins<'h>(house: &'h House, by: &Device) -> Phone<'h> {
    let begun: SecondFactorBegun = asks(by, "", json!({ "password": PASSWORD })).await.json();
    Phone { house, secret: begun.secret, recovery: begun.recovery }
}

/// Has it turned on, and waits until its first code is no code any more.
async fn turns_on<'h>(house: &'h House, by: &Device) -> Phone<'h> {
    let phone = begins(house, by).await;
    assert_eq!(asks(by, "/on", json!({ "code": phone.code(0) })).await.status, StatusCode::NO_CONTENT);
    house.clock.sleep(2 * STEP).await;
    phone
}

async fn agent(house: &House, name: &str) -> Device {
    let device = house.agent(name).await;
    house.server.set_password(device.person.id, PASSWORD).await.unwrap();
    device
}

/// Comes to a door with a password, and a code where there is one.
async fn comes(house: &House, door: &str, mut body: Value, code: Option<&str>) -> Reply {
    body["device"] = json!({ "id": Uuid::from_u128(9), "name": "Phone", "hold": "token" });
    if let Some(code) = code {
        body["code"] = code.into();
    }
    house.line().call(Method::POST, door, &[], body.to_string()).await
}

async fn signs_in(house: &House, login: &str, password: &str, code: Option<&str>) -> Reply {
    comes(house, "/v1/sign-in", json!({ "login": login, "password": password }), code).await
}

async fn joins(house: &House, secret: &str, code: Option<&str>) -> Reply {
    comes(house, "/v1/join", json!({ "secret": secret, "password": PASSWORD }), code).await
}

fn lines(house: &House, act: &str, code: Option<&str>) -> i64 {
    let audit = Connection::open(house.folder.path().join("fieldline.db")).unwrap();
    let sql = "SELECT count(*) FROM audit WHERE act = ?1 AND code IS ?2";
    audit.query_row(sql, rusqlite::params![act, code], |row| row.get(0)).unwrap()
}

#[tokio::test(start_paused = true)]
async fn who_turned_it_on_is_asked_for_a_code_after_the_password_staff_and_clients_alike() {
    let house = House::open();
    let (ana, kim) = (agent(&house, "Ana").await, house.client("Kim").await);
    for (by, login) in [(&ana, "ana"), (&kim, "kim")] {
        assert_eq!(stands(by).await, SecondFactor::default());
        let begun = begins(&house, by).await;
        assert_eq!(stands(by).await, SecondFactor::default(), "what is begun asks nothing");
        assert_eq!(signs_in(&house, login, PASSWORD, None).await.status, StatusCode::OK);
        assert_eq!(asks(by, "/on", json!({ "code": begun.no_code() })).await.code(), Code::WrongCode);
        let phone = turns_on(&house, by).await;
        let on = stands(by).await;
        assert_eq!(on.on_since_ms, Some(house.clock.now_ms() - 60_000));
        assert_eq!(on.recovery_left, RECOVERY_CODES as u32);
        let needed = signs_in(&house, login, PASSWORD, None).await;
        assert_eq!((needed.code(), needed.headers.contains_key("set-cookie")), (Code::CodeNeeded, false));
        let me = signs_in(&house, login, PASSWORD, Some(&phone.code(0))).await;
        assert_eq!(me.json::<Value>()["me"]["person"]["name"], by.person.name);
    }
    assert_eq!(lines(&house, "turn_second_factor_on", None), 2);
    assert_eq!(lines(&house, "sign_in", Some("code_needed")), 2);
}

#[tokio::test(start_paused = true)]
async fn a_code_serves_once_and_only_around_its_time() {
    let house = House::open();
    let ana = agent(&house, "Ana").await;
    let begun = begins(&house, &ana).await;
    let first = begun.code(0);
    assert_eq!(asks(&ana, "/on", json!({ "code": first })).await.status, StatusCode::NO_CONTENT);
    let comes = async |code: String| {
        let reply = signs_in(&house, "ana", PASSWORD, Some(&code)).await;
        if reply.status.is_success() { Ok(()) } else { Err(reply.code()) }
    };
    assert_eq!(comes(first).await, Err(Code::WrongCode), "what turned it on is used");
    house.clock.sleep(4 * STEP).await;
    assert_eq!(comes(begun.no_code()).await, Err(Code::WrongCode));
    assert_eq!(comes(begun.code(-2)).await, Err(Code::WrongCode), "it is too old");
    assert_eq!(comes(begun.code(2)).await, Err(Code::WrongCode), "it is too early");
    let slow = begun.code(-1);
    assert_eq!(comes(slow.clone()).await, Ok(()));
    assert_eq!(comes(slow).await, Err(Code::WrongCode), "it is used");
    let (one, two) = tokio::join!(comes(begun.code(0)), comes(begun.code(0)));
    assert_eq!([one, two].iter().filter(|it| it.is_ok()).count(), 1, "of two at once, one is refused");
    assert_eq!(comes(begun.code(1)).await, Ok(()));
    assert_eq!(comes(begun.code(0)).await, Err(Code::WrongCode), "a newer one was used");
}

#[tokio::test(start_paused = true)]
async fn a_recovery_code_serves_once_in_place_of_a_code_and_is_no_text_on_the_disk() {
    let house = House::open();
    let ana = agent(&house, "Ana").await;
    let phone = turns_on(&house, &ana).await;
    assert_eq!(phone.recovery.len(), RECOVERY_CODES);
    let typed = phone.recovery[3].to_uppercase().replace('-', " ");
    assert_eq!(signs_in(&house, "ana", PASSWORD, Some(&typed)).await.status, StatusCode::OK);
    assert_eq!(signs_in(&house, "ana", PASSWORD, Some(&phone.recovery[3])).await.code(), Code::WrongCode);
    assert_eq!(stands(&ana).await.recovery_left, RECOVERY_CODES as u32 - 1);
    assert_eq!(lines(&house, "use_recovery_code", None), 1);
    for entry in std::fs::read_dir(house.folder.path()).unwrap() {
        let held = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        for code in &phone.recovery {
            assert!(!held.windows(code.len()).any(|part| part == code.as_bytes()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_tells_whether_there_is_one_to_who_has_not_the_password() {
    let house = House::open();
    let (ana, _bo) = (agent(&house, "Ana").await, agent(&house, "Bo").await);
    let phone = turns_on(&house, &ana).await;
    let code = phone.code(0);
    for code in [None, Some(code.as_str()), Some("000000")] {
        let with = signs_in(&house, "ana", "not this one", code).await;
        let without = signs_in(&house, "bo", "not this one", code).await;
        let nobody = signs_in(&house, "nobody", "not this one", code).await;
        assert_eq!(with.code(), Code::WrongPassword);
        assert!(with.bytes == without.bytes && with.bytes == nobody.bytes);
    }
    assert_eq!(
        signs_in(&house, "ana", PASSWORD, Some(&code)).await.status,
        StatusCode::OK,
        "it is not used up"
    );
    assert_eq!(signs_in(&house, "bo", PASSWORD, Some("000000")).await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn who_has_the_password_guesses_codes_no_more_often_than_passwords() {
    let house = House::open();
    let ana = agent(&house, "Ana").await;
    let phone = turns_on(&house, &ana).await;
    // A right password without a code begins no new count.
    for _ in 0..5 {
        assert_eq!(signs_in(&house, "ana", PASSWORD, Some(&phone.no_code())).await.code(), Code::WrongCode);
        assert_eq!(signs_in(&house, "ana", PASSWORD, None).await.code(), Code::CodeNeeded);
    }
    assert_eq!(signs_in(&house, "ana", PASSWORD, Some(&phone.code(0))).await.code(), Code::TooManyTries);
    house.clock.sleep(WINDOW).await;
    assert_eq!(signs_in(&house, "ana", PASSWORD, Some(&phone.code(0))).await.status, StatusCode::OK);
    // Nor does who found a device that is signed in.
    for _ in 0..10 {
        let off = json!({ "password": PASSWORD, "code": phone.no_code() });
        assert_eq!(asks(&ana, "/off", off).await.code(), Code::WrongCode);
    }
    let off = json!({ "password": PASSWORD, "code": phone.recovery[0] });
    assert_eq!(asks(&ana, "/off", off).await.code(), Code::TooManyTries);
    assert_eq!(asks(&ana, "", json!({ "password": PASSWORD })).await.code(), Code::TooManyTries);
}

#[tokio::test(start_paused = true)]
async fn it_is_begun_by_the_password_alone_and_off_by_password_and_code() {
    let house = House::open();
    let ana = agent(&house, "Ana").await;
    assert_eq!(asks(&ana, "", json!({ "password": "not this one" })).await.code(), Code::WrongPassword);
    assert_eq!(
        asks(&ana, "/on", json!({ "code": "000000" })).await.code(),
        Code::WrongCode,
        "nothing is begun"
    );
    let before = begins(&house, &ana).await;
    let phone = turns_on(&house, &ana).await;
    assert_eq!(signs_in(&house, "ana", PASSWORD, Some(&before.code(0))).await.code(), Code::WrongCode);
    assert_eq!(asks(&ana, "", json!({ "password": PASSWORD })).await.code(), Code::NotPermitted);
    // The answer was lost on its way: by the next code it is as done.
    assert_eq!(asks(&ana, "/on", json!({ "code": phone.code(0) })).await.status, StatusCode::NO_CONTENT);
    house.clock.sleep(2 * STEP).await;
    let off = async |password: &str, code: &str| {
        asks(&ana, "/off", json!({ "password": password, "code": code })).await
    };
    assert_eq!(off("not this one", &phone.code(0)).await.code(), Code::WrongPassword);
    assert_eq!(off(PASSWORD, &phone.no_code()).await.code(), Code::WrongCode);
    assert!(stands(&ana).await.on_since_ms.is_some());
    assert_eq!(off(PASSWORD, &phone.recovery[0]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(stands(&ana).await, SecondFactor::default());
    assert_eq!(signs_in(&house, "ana", PASSWORD, None).await.status, StatusCode::OK);
    let again = turns_on(&house, &ana).await;
    assert_eq!(signs_in(&house, "ana", PASSWORD, Some(&phone.recovery[1])).await.code(), Code::WrongCode);
    assert_eq!(off(PASSWORD, &again.code(0)).await.status, StatusCode::NO_CONTENT);
}

async fn since(by: &Device, who: PersonId) -> Option<i64> {
    let search = PeopleSearch { search: who.to_string(), ..PeopleSearch::default() };
    let answer = by.configures(AdminAsk::People(search)).await.unwrap();
    let AdminAnswer::People(mut page) = answer else { panic!("people, not {answer:?}") };
    page.people.remove(0).second_factor_since_ms
}

#[tokio::test(start_paused = true)]
async fn an_admin_sees_it_and_takes_it_away_and_nobody_their_own() {
    let house = House::open();
    let ana = agent(&house, "Ana").await;
    let root = house.device_of(&house.person("Root", Role::Admin).await).await;
    house.server.set_password(root.person.id, PASSWORD).await.unwrap();
    let who = ana.person.id;
    assert_eq!(since(&root, who).await, None);
    turns_on(&house, &ana).await;
    turns_on(&house, &root).await;
    assert_eq!(since(&root, who).await, stands(&ana).await.on_since_ms);
    let take = |person| AdminAsk::RemoveSecondFactor { person };
    assert_eq!(root.configures(take(root.person.id)).await, Err(Code::Yourself));
    assert_eq!(ana.configures(take(who)).await, Err(Code::NotPermitted));
    assert_eq!(root.configures(take(who)).await, Ok(AdminAnswer::Done));
    assert_eq!(root.configures(take(who)).await, Ok(AdminAnswer::Done), "asked again it is the same");
    assert_eq!((since(&root, who).await, lines(&house, "remove_second_factor", None)), (None, 1));
    assert_eq!(signs_in(&house, "ana", PASSWORD, None).await.status, StatusCode::OK);
    house.server.admin(take(root.person.id)).await.unwrap();
    assert_eq!(signs_in(&house, "root", PASSWORD, None).await.status, StatusCode::OK, "the operator may");
}

#[tokio::test(start_paused = true)]
async fn a_link_for_a_new_password_takes_no_second_factor_away() {
    let house = House::open();
    let ana = agent(&house, "Ana").await;
    let phone = turns_on(&house, &ana).await;
    let link = house.server.invite(ana.person.id).await.unwrap();
    assert_eq!(joins(&house, &link, None).await.code(), Code::CodeNeeded);
    for _ in 0..8 {
        assert_eq!(joins(&house, &link, Some(&phone.no_code())).await.code(), Code::WrongCode);
    }
    assert_eq!(joins(&house, &link, Some(&phone.code(0))).await.status, StatusCode::OK, "it was not spent");
    let again = house.server.invite(ana.person.id).await.unwrap();
    for _ in 0..10 {
        joins(&house, &again, Some(&phone.no_code())).await;
    }
    assert_eq!(joins(&house, &again, Some(&phone.recovery[0])).await.code(), Code::TooManyTries);
    house.server.admin(AdminAsk::RemoveSecondFactor { person: ana.person.id }).await.unwrap();
    house.clock.sleep(WINDOW).await;
    let me = joins(&house, &again, None).await.json::<SignedIn>().me;
    assert_eq!(me.person.id, ana.person.id);
    let token = signs_in(&house, "ana", PASSWORD, None).await.json::<SignedIn>().token.unwrap();
    let ana = Device { token, id: DeviceId(Uuid::from_u128(9)), ..ana };
    assert_eq!(stands(&ana).await, SecondFactor::default());
}
