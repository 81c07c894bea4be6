//! FD8: every route by every role. Made of the router's own table: a route without a
//! row here fails, and so does a row without a route, or an ask of staff's without one.

mod roles;

use crate::house::says;
use fieldline_model::{Ask, Code, GroupId, History, MessageId, Outcome, Ready, Send, Start};
use fieldline_server::http::{document, routes};
use http::StatusCode;
use roles::{ROLES, World};
use std::collections::BTreeSet;

// What each gets, in that order: `ok`, or the code of the refusal; `-` is `signed_out`.
// `not_found` leaves a line of audit; `nowhere` is a thing that nobody has.
const ANYBODY: &str = "ok ok ok ok ok ok ok ok ok ok ok ok";
const STAFF: &str = "- - - not_permitted not_permitted ok ok ok blocked - - -";
const STAFF_NOWHERE: &str = "- - - not_permitted not_permitted nowhere nowhere nowhere blocked - - -";
const ADMINS: &str = "- - - not_permitted not_permitted not_permitted not_permitted ok blocked - - -";
const HOLDER_AND_ADMINS: &str = "- - - not_permitted not_permitted not_found ok ok blocked - - -";
const HOLDER: &str = "- - - not_permitted not_permitted not_found ok not_found blocked - - -";
const CLIENTS: &str = "- - - ok ok not_permitted not_permitted not_permitted blocked - - -";
const CLIENTS_NOWHERE: &str = "- - - nowhere nowhere not_permitted not_permitted not_permitted blocked - - -";
const CLIENTS_NOT_THEIRS: &str =
    "- - - not_found not_found not_permitted not_permitted not_permitted blocked - - -";
// Of them the holder alone has a password, and nobody a second factor.
const OWN_PASSWORD: &str = "- - - not_permitted not_permitted wrong_password ok wrong_password blocked - - -";
const CLIENTS_WRONG_PASSWORD: &str =
    "- - - wrong_password wrong_password not_permitted not_permitted not_permitted blocked - - -";
const STAFF_WRONG_CODE: &str =
    "- - - not_permitted not_permitted wrong_code wrong_code wrong_code blocked - - -";
const CLIENTS_WRONG_CODE: &str =
    "- - - wrong_code wrong_code not_permitted not_permitted not_permitted blocked - - -";
const RIGHT: &str = r#"{"password":"blue kettle on a hill"}"#;
const CLIENT: &str = "- - - ok not_found not_permitted not_permitted not_permitted blocked - - -";
const CUSTOMERS: &str = "- ok ok - - - - - - - - -";
const CUSTOMER: &str = "- ok not_found - - - - - - - - -";

/// A route: what is sent, and what each role gets.
struct Row {
    route: &'static str,
    query: &'static str,
    body: &'static str,
    cells: String,
    /// Whether asking it ends sessions: the next row begins in a new world.
    ends: bool,
}

fn row(route: &'static str, cells: impl Into<String>) -> Row {
    Row { route, query: "", body: "", cells: cells.into(), ends: false }
}

impl Row {
    fn query(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    fn body(self, body: &'static str) -> Self {
        Self { body, ..self }
    }

    fn ends(self) -> Self {
        Self { ends: true, ..self }
    }
}

/// The same for every role.
fn all(cell: &str) -> String {
    [cell; ROLES.len()].join(" ")
}

fn rows() -> Vec<Row> {
    let mut rows = anybodys();
    rows.extend(staffs());
    rows.extend(admins());
    rows.extend(clients());
    rows.extend(customers());
    rows
}

fn anybodys() -> Vec<Row> {
    let unknown = r#"{"secret":"unknown"}"#;
    vec![
        row("GET /v1/hello", ANYBODY),
        row("GET /v1/openapi.json", ANYBODY),
        row("GET /v1/customer/desk", ANYBODY),
        row("POST /v1/sign-in", ANYBODY)
            .body(r#"{"login":"holder","password":"blue kettle on a hill","device":{device}}"#),
        row("POST /v1/invite", all("link_invalid")).body(unknown),
        row("POST /v1/join", all("link_invalid"))
            .body(r#"{"secret":"unknown","password":"blue kettle on a hill","device":{device}}"#),
        row("POST /v1/customer/start", ANYBODY).body(r#"{"name":"Lena"}"#),
        row("POST /v1/customer/session", all("link_invalid")).body(unknown),
        row("GET /healthz", ANYBODY),
        row("GET /readyz", ANYBODY),
        row("GET /metrics", all("not_permitted")),
    ]
}

fn staffs() -> Vec<Row> {
    vec![
        row("POST /v1/sign-out", STAFF).ends(),
        row("GET /v1/devices", STAFF),
        row("DELETE /v1/devices", STAFF).ends(),
        row("DELETE /v1/devices/{id}", HOLDER).ends(),
        row("POST /v1/password", OWN_PASSWORD)
            .body(r#"{"old":"blue kettle on a hill","new":"a green kettle in a valley"}"#)
            .ends(),
        row("GET /v1/second-factor", STAFF),
        row("POST /v1/second-factor", OWN_PASSWORD).body(RIGHT),
        row("POST /v1/second-factor/on", STAFF_WRONG_CODE).body(r#"{"code":"no code"}"#),
        row("POST /v1/second-factor/off", OWN_PASSWORD)
            .body(r#"{"password":"blue kettle on a hill","code":"no code"}"#),
        row("GET /v1/snapshot", STAFF),
        row("POST /v1/intents", STAFF).body(r#"{"intents":[]}"#),
        row("GET /v1/changes", STAFF).query("?after=0&epoch=x"),
        row("GET /v1/live", STAFF).query("?after=0&epoch=x"),
        row("POST /v1/signals", HOLDER_AND_ADMINS)
            .body(r#"{"place":"{conversation}","typing":true,"viewing":true}"#),
        row("GET /v1/conversations/{id}/messages", HOLDER_AND_ADMINS),
        row("GET /v1/conversations/{id}/previous", HOLDER_AND_ADMINS),
        row("GET /v1/groups/{id}/messages", HOLDER),
        row("GET /v1/contacts", STAFF),
        row("GET /v1/tiles/{z}/{x}/{y}", STAFF_NOWHERE),
        row("GET /v1/blobs/{hash}", STAFF),
        row("PUT /v1/blobs/{hash}", STAFF).query("?offset=0&size=2").body("a"),
        row("GET /v1/messages/{id}/files/{i}/{rendition}", HOLDER_AND_ADMINS),
    ]
}

/// Each of its verbs: `rights_admin`.
fn admins() -> Vec<Row> {
    vec![row("POST /v1/admin", ADMINS).body(r#"{"ask":"people"}"#), row("GET /v1/admin/exports/{id}", ADMINS)]
}

fn clients() -> Vec<Row> {
    vec![
        row("POST /v1/client/sign-out", CLIENTS).ends(),
        row("GET /v1/client/devices", CLIENTS),
        row("DELETE /v1/client/devices", CLIENTS).ends(),
        row("DELETE /v1/client/devices/{id}", CLIENTS_NOT_THEIRS),
        row("POST /v1/client/password", CLIENTS_WRONG_PASSWORD)
            .body(r#"{"old":"not this one","new":"a green kettle in a valley"}"#),
        row("GET /v1/client/second-factor", CLIENTS),
        row("POST /v1/client/second-factor", CLIENTS_WRONG_PASSWORD).body(RIGHT),
        row("POST /v1/client/second-factor/on", CLIENTS_WRONG_CODE).body(r#"{"code":"no code"}"#),
        row("POST /v1/client/second-factor/off", CLIENTS_WRONG_PASSWORD)
            .body(r#"{"password":"blue kettle on a hill","code":"no code"}"#),
        row("GET /v1/client/snapshot", CLIENTS),
        row("POST /v1/client/intents", CLIENTS).body(r#"{"intents":[]}"#),
        row("GET /v1/client/changes", CLIENTS).query("?after=0&epoch=x"),
        row("GET /v1/client/live", CLIENTS).query("?after=0&epoch=x"),
        row("POST /v1/client/signals", CLIENT).body(r#"{"place":"{group}","typing":true,"viewing":true}"#),
        row("GET /v1/client/groups/{id}/messages", CLIENT),
        row("GET /v1/client/tiles/{z}/{x}/{y}", CLIENTS_NOWHERE),
        row("GET /v1/client/blobs/{hash}", CLIENTS),
        row("PUT /v1/client/blobs/{hash}", CLIENTS).query("?offset=0&size=2").body("a"),
        row("GET /v1/client/messages/{id}/files/{i}/{rendition}", CLIENT),
    ]
}

fn customers() -> Vec<Row> {
    vec![
        row("POST /v1/customer/link", CUSTOMERS).ends(),
        row("DELETE /v1/customer/link", CUSTOMERS).ends(),
        row("GET /v1/customer/chat", CUSTOMERS),
        row("GET /v1/customer/live", CUSTOMERS),
        row("POST /v1/customer/signals", CUSTOMERS).body(r#"{"typing":true}"#),
        row("POST /v1/customer/read", CUSTOMERS).body(r#"{"public_seq":0}"#),
        row("POST /v1/customer/messages", CUSTOMERS)
            .body(r#"{"id":"{fresh}","written_at_ms":1,"text":"Hello?","files":[],"location":null}"#),
        row("GET /v1/customer/blobs/{hash}", CUSTOMERS),
        row("PUT /v1/customer/blobs/{hash}", CUSTOMERS).query("?offset=0&size=2").body("a"),
        row("GET /v1/customer/messages/{id}/files/{i}/{rendition}", CUSTOMER),
    ]
}

fn word(code: Code) -> String {
    serde_json::to_value(code).unwrap().as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn every_route_answers_every_role_as_its_row_says() {
    let rows = rows();
    let named: BTreeSet<_> = rows.iter().map(|row| row.route.to_owned()).collect();
    let there: BTreeSet<_> = routes::table().iter().map(|r| format!("{} {}", r.method, r.path)).collect();
    assert_eq!(named, there, "a route has no row here, or a row no route");
    let (mut world, mut wrong) = (World::build().await, Vec::new());
    for row in &rows {
        let cells: Vec<_> = row.cells.split_whitespace().collect();
        assert_eq!(cells.len(), ROLES.len(), "{}", row.route);
        for ((role, cell), token) in ROLES.iter().zip(cells).zip(&world.tokens) {
            let before = world.denied("not_found");
            let reply = world.asks(row, token).await;
            let got = if reply.status.is_success() { "ok".into() } else { word(reply.code()) };
            let expected = match cell {
                "nowhere" => "not_found",
                "-" => "signed_out",
                code => code,
            };
            let lines = world.denied("not_found") - before;
            let right = got == expected
                && lines == i64::from(cell == "not_found")
                && (expected == "not_found") == (reply.status == StatusCode::NOT_FOUND);
            if !right {
                wrong.push(format!("{} by {role}: {got}, not {cell}; {lines} lines of audit", row.route));
            }
        }
        if row.ends {
            world = World::build().await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What an agent without a part in anything gets for each ask about others' things.
fn foreign(world: &World) -> Vec<(Ask, Option<Code>)> {
    let World { conversation, group, message, .. } = world;
    let (conversation, group) = (*conversation, *group);
    let place = conversation.into();
    let none = Some(Code::NotFound);
    let start = Start { group: GroupId(uuid::Uuid::from_u128(9)), people: vec![], name: None, first: None };
    let people = vec![world.holder.person.id];
    vec![
        // Who saw it wait is told who was faster.
        (Ask::Pick { conversation }, Some(Code::AlreadyPicked)),
        (Ask::Accept { conversation }, Some(Code::AlreadyPicked)),
        (Ask::Pass { conversation }, none),
        (says(conversation, "Hi"), none),
        (Ask::End { conversation }, none),
        (Ask::Reopen { conversation }, none),
        (Ask::Read { place, n: 1 }, none),
        (Ask::Sound { place, sound: None }, none),
        (Ask::Note { conversation, text: "Mine?".into() }, none),
        (Ask::Transfer { conversation, to: None, note: String::new() }, none),
        (Ask::Delete { place, message: MessageId(message.0) }, none),
        (Ask::Availability { ready: Ready::Away }, None),
        (Ask::Start(Start { people: people.clone(), ..start }), Some(Code::ModuleNeeded)),
        // Before it is looked whether there is such a group: this says nothing of it.
        (
            Ask::Members { group, add: people, remove: vec![], history: History::default() },
            Some(Code::ModuleNeeded),
        ),
        (Ask::Leave { group }, none),
        (Ask::Rename { group, name: "Mine".into() }, none),
    ]
}

fn kind(ask: &Ask) -> String {
    serde_json::to_value(ask).unwrap()["kind"].as_str().unwrap().to_owned()
}

/// The kinds of an ask, as the document describes it.
fn kinds(schema: &str) -> BTreeSet<String> {
    let described = document()["components"]["schemas"][schema]["oneOf"].clone();
    let kind = |it: &serde_json::Value| it["properties"]["kind"]["const"].as_str().unwrap().to_owned();
    described.as_array().unwrap().iter().map(kind).collect()
}

fn answer(outcome: &Outcome) -> Result<Option<Code>, &Outcome> {
    match outcome {
        Outcome::Accepted { .. } => Ok(None),
        Outcome::Refused { problem } => Ok(Some(problem.code)),
        other => Err(other),
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_done_with_what_is_others_and_each_try_is_written_down() {
    let world = World::build().await;
    let rows = foreign(&world);
    let asked: BTreeSet<_> = rows.iter().map(|(ask, _)| kind(ask)).collect();
    assert_eq!(asked, kinds("Ask"), "an ask has no row here");
    let mut wrong = Vec::new();
    for (ask, expected) in rows {
        let kind = kind(&ask);
        let lines = |code: Option<Code>| code.map(|code| world.denied(&word(code)));
        let before = lines(expected);
        let outcome = world.agent.asks(ask).await;
        let got = answer(&outcome);
        if got != Ok(expected) || lines(expected) != before.map(|count| count + 1) {
            wrong.push(format!("{kind}: {got:?}, not {expected:?}; lines of audit {:?}", lines(expected)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn a_client_is_refused_what_is_staffs_and_finds_no_thread_of_others() {
    let world = World::build().await;
    let (group, place) = (world.group, world.group.into());
    let said = Send::text(place, "Hi");
    let mut asks: Vec<Ask> = foreign(&world).into_iter().map(|(ask, _)| ask).collect();
    asks.extend([
        Ask::Send(said),
        Ask::Read { place, n: 1 },
        Ask::Sound { place, sound: None },
        Ask::Delete { place, message: MessageId(world.in_group.0) },
        Ask::Leave { group },
    ]);
    let theirs = kinds("ClientAsk");
    let mut wrong = Vec::new();
    for ask in asks {
        let (kind, before) = (kind(&ask), world.denied("not_found"));
        let expected = if theirs.contains(&kind) { Code::NotFound } else { Code::NotPermitted };
        let outcome = world.other_client.asks(ask).await;
        let (got, lines) = (answer(&outcome), world.denied("not_found") - before);
        if got != Ok(Some(expected)) || lines != i64::from(expected == Code::NotFound) {
            wrong.push(format!("{kind}: {got:?}, not {expected:?}; {lines} lines of audit"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
