//! Every verb of the Configurator by every role. Made of the document's own list: a verb without
//! a row here fails.

use crate::house::{Device, House, PASSWORD, Reply};
use fieldline_model::admin::desk::{AdminCanned, ChatPage, MapSource, PolicyRules};
use fieldline_model::admin::people::{AddPerson, EditPerson, PeopleSearch};
use fieldline_model::admin::trail::{AuditSearch, CustomersSearch, Erase};
use fieldline_model::{
    AdminAsk, ConversationId, CustomerId, DeviceId, FileType, PersonId, QueueId, QueueMode, Role,
};
use fieldline_server::Clock;
use fieldline_server::Server;
use fieldline_server::http::document;
use http::Method;
use rusqlite::Connection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// One of each verb, about what an admin of this workspace may name.
struct Named {
    person: PersonId,
    device: DeviceId,
    customer: CustomerId,
    first: QueueId,
}

fn asks(of: &Named) -> Vec<AdminAsk> {
    let Named { person, device, customer, first } = *of;
    let rules = PolicyRules { types: FileType::ALL.into(), file_max_bytes: 1 << 20, devices_max: None };
    let add = AddPerson {
        id: PersonId(Uuid::from_u128(900)),
        name: "Mia".into(),
        role: Role::Agent,
        login: Some("mia".into()),
        phone: None,
        email: None,
        modules: vec![],
    };
    let canned = AdminCanned { shortcut: "hours".into(), text: "9 to 5".into() };
    vec![
        AdminAsk::People(PeopleSearch::default()),
        AdminAsk::AddPerson(add),
        AdminAsk::EditPerson(EditPerson { name: Some("Ana B".into()), ..EditPerson::of(person) }),
        AdminAsk::Devices { person },
        AdminAsk::BlockDevice { person, device, blocked: true },
        AdminAsk::SignOut { person, device: None },
        AdminAsk::Reset { person },
        AdminAsk::RemoveSecondFactor { person },
        AdminAsk::Queues,
        AdminAsk::PutQueue {
            id: first,
            name: String::new(),
            mode: QueueMode::Pick,
            offer_ms: 30_000,
            members: None,
        },
        AdminAsk::Policy,
        AdminAsk::SetPolicy(rules.clone()),
        AdminAsk::PreviewPolicy(rules),
        AdminAsk::Map,
        AdminAsk::SetMap(MapSource::default()),
        AdminAsk::ChatPage,
        AdminAsk::SetChatPage(ChatPage::default()),
        AdminAsk::ImportContacts { csv: "name\nKim\n".into() },
        AdminAsk::Canned,
        AdminAsk::PutCanned(canned),
        AdminAsk::RemoveCanned { shortcut: "hours".into() },
        AdminAsk::Audit(AuditSearch::default()),
        AdminAsk::Customers(CustomersSearch::default()),
        AdminAsk::Erase(Erase { customer, name: "Rosa".into() }),
    ]
}

/// Those that name something that may be another workspace's.
fn about_others(of: &Named) -> Vec<AdminAsk> {
    let named = |ask: &AdminAsk| {
        use AdminAsk::*;
        matches!(
            ask,
            EditPerson(_)
                | Devices { .. }
                | BlockDevice { .. }
                | SignOut { .. }
                | Reset { .. }
                | RemoveSecondFactor { .. }
                | Erase(_)
        )
    };
    asks(of).into_iter().filter(named).collect()
}

fn word(ask: &AdminAsk) -> String {
    serde_json::to_value(ask).unwrap()["ask"].as_str().unwrap().to_owned()
}

async fn named(house: &House) -> (Named, Device) {
    let ana = house.agent("Ana").await;
    house.server.set_password(ana.person.id, PASSWORD).await.unwrap();
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.conversations().await.remove(0);
    let first = house.server.first_queue().await.unwrap();
    (Named { person: ana.person.id, device: ana.id, customer: it.customer.id, first }, ana)
}

async fn elsewhere() -> House {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::simulated(crate::house::MORNING_MS, 2));
    Server::found(folder.path(), "Elsewhere", &clock).unwrap();
    House::of(folder, clock)
}

async fn asked(house: &House, token: &str, ask: &AdminAsk) -> String {
    let bearer = format!("Bearer {token}");
    let cookies = format!("__Host-fieldline-chat={token}; __Host-fieldline={token}");
    let mut headers = vec![("x-fieldline", "1"), ("cookie", cookies.as_str())];
    if !token.is_empty() {
        headers.push(("authorization", &bearer));
    }
    let body = serde_json::to_string(ask).unwrap();
    got(&house.line().call(Method::POST, "/v1/admin", &headers, body).await)
}

fn got(reply: &Reply) -> String {
    if reply.status.is_success() {
        return "ok".into();
    }
    serde_json::to_value(reply.code()).unwrap().as_str().unwrap().to_owned()
}

fn denials(audit: &Connection, code: &str) -> i64 {
    let sql = "SELECT count(*) FROM audit WHERE code = ?1 AND actor <> 'nobody'";
    audit.query_row(sql, [code], |row| row.get(0)).unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_verb_is_an_admins_of_this_workspace_alone_and_each_try_is_written_down() {
    let (house, other) = (House::open(), elsewhere().await);
    let (of, _ana) = named(&house).await;
    let (agent, blocked) = (house.agent("Bo").await, house.agent("Out").await);
    let client = house.client("Kim").await;
    let customer = house.customer("Per").await;
    let admin = house.device_of(&house.person("Root", Role::Admin).await).await;
    house.server.block(blocked.person.id).await.unwrap();
    let away = other.device_of(&other.person("Away", Role::Admin).await).await;
    let audit = Connection::open(house.folder.path().join("fieldline.db")).unwrap();
    let customers = customer.cookie.split_once('=').unwrap().1.to_owned();
    let roles = [
        ("nobody", String::new(), "signed_out"),
        ("customer", customers, "signed_out"),
        ("client", client.token.clone(), "not_permitted"),
        ("agent", agent.token.clone(), "not_permitted"),
        ("blocked agent", blocked.token.clone(), "blocked"),
        ("admin elsewhere", away.token.clone(), "signed_out"),
        ("admin", admin.token.clone(), "ok"),
    ];
    let (asks, mut wrong) = (asks(&of), Vec::new());
    for (role, token, expected) in roles {
        for ask in &asks {
            let before = denials(&audit, "not_permitted");
            let got = asked(&house, &token, ask).await;
            let lines = denials(&audit, "not_permitted") - before;
            // A client is turned away at the door, as on every route that is staff's.
            if got != expected || lines != i64::from(role == "agent") {
                wrong.push(format!("{} by {role}: {got}, not {expected}; {lines} lines", word(ask)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let described = document()["components"]["schemas"]["AdminAsk"]["oneOf"].clone();
    let verb = |it: &serde_json::Value| it["properties"]["ask"]["const"].as_str().unwrap().to_owned();
    let there: BTreeSet<_> = described.as_array().unwrap().iter().map(verb).collect();
    assert_eq!(asks.iter().map(word).collect::<BTreeSet<_>>(), there, "a verb has no row here");
}

#[tokio::test(start_paused = true)]
async fn what_is_another_workspaces_is_not_there() {
    let (house, other) = (House::open(), elsewhere().await);
    let (theirs, _) = named(&other).await;
    let admin = house.device_of(&house.person("Root", Role::Admin).await).await;
    let audit = Connection::open(house.folder.path().join("fieldline.db")).unwrap();
    for ask in about_others(&theirs) {
        let before = denials(&audit, "not_found");
        assert_eq!(asked(&house, &admin.token, &ask).await, "not_found", "{}", word(&ask));
        assert_eq!(denials(&audit, "not_found") - before, 1, "{}", word(&ask));
    }
    let conversation = ConversationId(Uuid::from_u128(1));
    let reply = admin.get(&format!("/v1/admin/exports/{conversation}")).await;
    assert_eq!(got(&reply), "not_found");
}
