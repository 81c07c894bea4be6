//! The Configurator: people, what they may, and their devices.

use crate::house::{Device, House, Line, PASSWORD, Reply, accepted};
use crate::live::Ear;
use fieldline_model::admin::people::{
    AddPerson, AdminPerson, DeviceState, EditPerson, OneTimeLink, PeopleSearch,
};
use fieldline_model::api::SignedIn;
use fieldline_model::{
    AdminAnswer, AdminAsk, Ask, Code, DeviceId, GroupId, Module, PersonId, Role, Send, Start, State,
};
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

const SECOND: Duration = Duration::from_secs(1);

async fn root(house: &House) -> Device {
    house.device_of(&house.person("Root", Role::Admin).await).await
}

fn add(n: u128, name: &str, role: Role) -> AddPerson {
    let login = role.is_staff().then(|| name.to_lowercase());
    let (phone, email) = (None, None);
    AddPerson {
        id: PersonId(Uuid::from_u128(n)),
        name: name.into(),
        role,
        login,
        phone,
        email,
        modules: vec![],
    }
}

async fn link(by: &Device, ask: AdminAsk) -> OneTimeLink {
    match by.configures(ask).await.unwrap() {
        AdminAnswer::Link(link) => link,
        other => panic!("a link, not {other:?}"),
    }
}

async fn edits(by: &Device, edit: EditPerson) -> Result<(), Code> {
    by.configures(AdminAsk::EditPerson(edit)).await.map(|done| assert_eq!(done, AdminAnswer::Done))
}

async fn enable(by: &Device, who: &Device, on: bool) -> Result<(), Code> {
    edits(by, EditPerson { enabled: Some(on), ..EditPerson::of(who.person.id) }).await
}

async fn people(by: &Device, search: &str) -> (Vec<AdminPerson>, u32) {
    let search = PeopleSearch { search: search.into(), ..PeopleSearch::default() };
    match by.configures(AdminAsk::People(search)).await.unwrap() {
        AdminAnswer::People(page) => (page.people, page.total),
        other => panic!("people, not {other:?}"),
    }
}

async fn sign_in(line: &Line, login: &str, device: DeviceId) -> Reply {
    let device = json!({ "id": device, "name": "Phone", "hold": "token" });
    let body = json!({ "login": login, "password": PASSWORD, "device": device }).to_string();
    line.call(Method::POST, "/v1/sign-in", &[], body).await
}

async fn join(line: &Line, secret: &str) -> Reply {
    let device = json!({ "id": Uuid::from_u128(77), "name": "Phone", "hold": "token" });
    let body = json!({ "secret": secret, "password": PASSWORD, "device": device }).to_string();
    line.call(Method::POST, "/v1/join", &[], body).await
}

#[tokio::test(start_paused = true)]
async fn who_is_added_sets_a_password_by_the_link_and_may_what_was_granted() {
    let house = House::open();
    let root = root(&house).await;
    let mia = AddPerson { modules: vec![Module::MessagingCompany], ..add(9, "Mia", Role::Agent) };
    let first = link(&root, AdminAsk::AddPerson(mia.clone())).await;
    assert_eq!(first.login, "mia");
    assert_eq!(first.until_ms, house.clock.now_ms() + 72 * 3_600_000);
    let (there, _) = people(&root, "").await;
    let shown = there.iter().find(|it| it.id == mia.id).unwrap();
    assert!(shown.enabled && !shown.signed_up && shown.link_until_ms == Some(first.until_ms));
    // The answer was lost on its way: asked again, it is the same person and a new link.
    let second = link(&root, AdminAsk::AddPerson(mia.clone())).await;
    assert_eq!(join(&house.line(), &first.secret).await.code(), Code::LinkInvalid);
    let me = join(&house.line(), &second.secret).await.json::<SignedIn>().me;
    assert_eq!((me.person.name.as_str(), me.modules), ("Mia", vec![Module::MessagingCompany]));
    let (there, total) = people(&root, "MI").await;
    assert_eq!((there.len(), total, there[0].signed_up, there[0].link_until_ms), (1, 1, true, None));
    let again = AddPerson { login: Some("other".into()), ..add(9, "Somebody", Role::Agent) };
    assert_eq!(root.configures(AdminAsk::AddPerson(again)).await, Err(Code::IdReused));
    let taken = AddPerson { login: Some(" MIA ".into()), ..add(10, "Mia", Role::Agent) };
    assert_eq!(root.configures(AdminAsk::AddPerson(taken)).await, Err(Code::LoginTaken));
    for bad in [
        AddPerson { login: None, ..add(11, "Eva", Role::Agent) },
        AddPerson { login: Some("  ".into()), ..add(11, "Eva", Role::Agent) },
        AddPerson { name: "\u{7}".into(), ..add(11, "Eva", Role::Agent) },
        AddPerson { phone: Some("call me".into()), ..add(11, "Eva", Role::Client) },
        AddPerson { email: Some("nowhere".into()), ..add(11, "Eva", Role::Client) },
    ] {
        assert_eq!(root.configures(AdminAsk::AddPerson(bad)).await, Err(Code::BadName));
    }
    let module = AddPerson { modules: vec![Module::MessagingCompany], ..add(11, "Eva", Role::Client) };
    assert_eq!(root.configures(AdminAsk::AddPerson(module)).await, Err(Code::BadRequest));
    assert_eq!(people(&root, "eva").await.1, 0, "nothing of it was done");
    let client = AddPerson { email: Some("Eva@Example.org".into()), ..add(11, "Eva", Role::Client) };
    assert_eq!(link(&root, AdminAsk::AddPerson(client)).await.login, "eva@example.org");
}

#[tokio::test(start_paused = true)]
async fn everybody_is_found_by_any_word_of_theirs_page_by_page() {
    let house = House::open();
    let root = root(&house).await;
    let csv: String = (0..120).map(|n| format!("Client {n:03},+47900{n:05}\n")).collect();
    house.server.import_contacts(&format!("name,phone\n{csv}")).await.unwrap();
    house.agent("Ángel").await;
    let (first, total) = people(&root, "").await;
    assert_eq!((first.len(), total), (50, 122));
    assert!(first[0].role.is_staff() && first[1].role.is_staff() && first[2].name == "Client 000");
    let from = PeopleSearch { role: Some(Role::Client), from: 100, ..PeopleSearch::default() };
    let AdminAnswer::People(last) = root.configures(AdminAsk::People(from)).await.unwrap() else { panic!() };
    assert_eq!((last.people.len(), last.total, last.people[19].name.as_str()), (20, 120, "Client 119"));
    assert_eq!(people(&root, "ángel").await.0[0].name, "Ángel");
    let (found, _) = people(&root, "90000017").await;
    assert_eq!(found[0].name, "Client 017");
    assert_eq!(people(&root, &found[0].id.to_string()).await, (found, 1), "by a whole id too");
}

#[tokio::test(start_paused = true)]
async fn who_is_disabled_is_out_within_a_second_and_comes_back_only_by_signing_in() {
    let house = House::open();
    let (root, ana, bo) = (root(&house).await, house.agent("Ana").await, house.agent("Bo").await);
    house.server.set_password(ana.person.id, PASSWORD).await.unwrap();
    house.server.grant(bo.person.id, Module::MessagingCompany, true).await.unwrap();
    let group = GroupId(Uuid::from_u128(3));
    let first = Send::text(group.into(), "Hi");
    let others = vec![ana.person.id, root.person.id];
    let start = Ask::Start(Start { group, people: others, name: None, first: Some(first) });
    accepted(&bo.asks(start).await);
    house.customer("Rosa").await.says("Hello?").await;
    let conversation = ana.only().await;
    accepted(&ana.picks(conversation).await);
    assert_eq!(people(&root, "ana").await.0[0].open, 1);
    let mut stream = Ear::of(&ana, house.server.head().await.unwrap()).await;
    assert!(stream.next().await.is_some());
    enable(&root, &ana, false).await.unwrap();
    assert!(stream.ends(SECOND).await);
    assert_eq!(ana.get("/v1/snapshot").await.code(), Code::Blocked);
    assert_eq!(sign_in(&house.line(), "ana", ana.id).await.code(), Code::Blocked);
    assert_eq!(bo.conversations().await[0].state, State::Waiting);
    let shown = people(&root, "ana").await.0.remove(0);
    assert!(!shown.enabled && shown.open == 0);
    let reset = AdminAsk::Reset { person: ana.person.id };
    assert_eq!(root.configures(reset).await, Err(Code::PersonGone));
    enable(&root, &ana, true).await.unwrap();
    assert_eq!(ana.get("/v1/snapshot").await.code(), Code::SignedOut, "the old session stays over");
    let token = sign_in(&house.line(), "ana", ana.id).await.json::<SignedIn>().token.unwrap();
    let ana = Device { token, ..ana };
    let sent = Send::text(group.into(), "Back");
    accepted(&ana.asks(Ask::Send(sent)).await);
}

#[tokio::test(start_paused = true)]
async fn who_is_an_admin_no_more_or_now_sees_by_that_within_a_second() {
    let house = House::open();
    let (root, ana) = (root(&house).await, house.agent("Ana").await);
    let eva = house.device_of(&house.person("Eva", Role::Admin).await).await;
    house.customer("Rosa").await.says("Hello?").await;
    accepted(&ana.picks(ana.only().await).await);
    assert_eq!(eva.conversations().await.len(), 1);
    let cursor = house.server.head().await.unwrap();
    let mut stream = Ear::of(&eva, cursor).await;
    assert!(stream.next().await.is_some());
    let role = |role| EditPerson { role: Some(role), ..EditPerson::of(eva.person.id) };
    edits(&root, role(Role::Agent)).await.unwrap();
    assert_eq!(stream.hears(SECOND).await.unwrap()["resync"], true);
    assert!(stream.ends(SECOND).await);
    assert!(eva.conversations().await.is_empty());
    assert_eq!(eva.configures(AdminAsk::Queues).await, Err(Code::NotPermitted));
    // A device that was away is told so as well; one that took its snapshot since is not.
    let epoch = eva.snapshot().await.epoch;
    let page = async |after| {
        let reply = eva.get(&format!("/v1/changes?after={after}&epoch={epoch}")).await;
        reply.json::<fieldline_model::api::ChangesPage>().resync
    };
    assert!(page(cursor).await);
    assert!(!page(eva.snapshot().await.cursor).await);
    let mut stream = Ear::of(&eva, eva.snapshot().await.cursor).await;
    assert!(stream.next().await.is_some());
    edits(&root, role(Role::Admin)).await.unwrap();
    assert_eq!(stream.hears(SECOND).await.unwrap()["resync"], true);
    assert_eq!(eva.conversations().await.len(), 1);
    for wrong in [
        EditPerson { role: Some(Role::Client), ..EditPerson::of(ana.person.id) },
        EditPerson { role: Some(Role::Agent), ..EditPerson::of(house.client("Kim").await.person.id) },
    ] {
        assert_eq!(edits(&root, wrong).await, Err(Code::BadRequest));
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_can_always_configure() {
    let house = House::open();
    let root = root(&house).await;
    let eva = house.device_of(&house.person("Eva", Role::Admin).await).await;
    let demote = |who: &Device| EditPerson { role: Some(Role::Agent), ..EditPerson::of(who.person.id) };
    assert_eq!(edits(&root, demote(&root)).await, Err(Code::Yourself));
    assert_eq!(enable(&root, &root, false).await, Err(Code::Yourself));
    let mine = AdminAsk::BlockDevice { person: root.person.id, device: root.id, blocked: true };
    assert_eq!(root.configures(mine).await, Err(Code::Yourself));
    // At once: whoever is second is no admin any more.
    let (one, two) = tokio::join!(edits(&root, demote(&eva)), edits(&eva, demote(&root)));
    assert_eq!((one, two), (Ok(()), Err(Code::NotPermitted)));
    // The operator, who may do anything else, leaves one who can sign in.
    let operator = async |edit| house.server.admin(AdminAsk::EditPerson(edit)).await;
    let refused = |code: Code| Err(fieldline_server::store::Stop::from(code));
    assert_eq!(operator(demote(&root)).await, refused(Code::LastAdmin));
    house.server.set_password(root.person.id, PASSWORD).await.unwrap();
    assert_eq!(operator(demote(&root)).await, refused(Code::LastAdmin));
    let off = EditPerson { enabled: Some(false), ..EditPerson::of(root.person.id) };
    assert_eq!(operator(off.clone()).await, refused(Code::LastAdmin));
    let promote = EditPerson { role: Some(Role::Admin), ..EditPerson::of(eva.person.id) };
    operator(promote).await.unwrap();
    assert_eq!(operator(off.clone()).await, refused(Code::LastAdmin), "she has no password");
    house.server.set_password(eva.person.id, PASSWORD).await.unwrap();
    operator(off).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_reset_ends_the_sessions_and_a_blocked_device_is_wiped_and_stays_out() {
    let house = House::open();
    let (root, ana) = (root(&house).await, house.agent("Ana").await);
    house.server.set_password(ana.person.id, PASSWORD).await.unwrap();
    let who = ana.person.id;
    link(&root, AdminAsk::Reset { person: who }).await;
    assert_eq!(ana.get("/v1/snapshot").await.code(), Code::SignedOut);
    let phone = sign_in(&house.line(), "ana", ana.id).await.json::<SignedIn>().token.unwrap();
    let phone = Device { token: phone, ..ana.clone() };
    let laptop = house.device_of(&ana.person).await;
    let mut stream = Ear::of(&phone, house.server.head().await.unwrap()).await;
    assert!(stream.next().await.is_some());
    let block = |blocked| AdminAsk::BlockDevice { person: who, device: phone.id, blocked };
    assert_eq!(root.configures(block(true)).await, Ok(AdminAnswer::Done));
    assert!(stream.ends(SECOND).await);
    assert_eq!(phone.get("/v1/snapshot").await.code(), Code::Blocked);
    assert_eq!(sign_in(&house.line(), "ana", phone.id).await.code(), Code::Blocked);
    assert_eq!(laptop.get("/v1/snapshot").await.status, StatusCode::OK);
    let states = async || {
        let AdminAnswer::Devices { devices, .. } =
            root.configures(AdminAsk::Devices { person: who }).await.unwrap()
        else {
            panic!("devices")
        };
        let state = |id| devices.iter().find(|it| it.id == id).unwrap().state;
        (state(phone.id), state(laptop.id))
    };
    assert_eq!(states().await, (DeviceState::Blocked, DeviceState::SignedIn));
    assert_eq!(people(&root, "ana").await.0[0].devices, 1);
    let out = AdminAsk::SignOut { person: who, device: Some(laptop.id) };
    assert_eq!(root.configures(out.clone()).await, Ok(AdminAnswer::Done));
    assert_eq!(root.configures(out).await, Err(Code::NotFound));
    assert_eq!(laptop.get("/v1/snapshot").await.code(), Code::SignedOut);
    assert_eq!(states().await, (DeviceState::Blocked, DeviceState::SignedOut));
    assert_eq!(root.configures(block(false)).await, Ok(AdminAnswer::Done));
    assert_eq!(phone.get("/v1/snapshot").await.code(), Code::SignedOut);
    assert!(sign_in(&house.line(), "ana", phone.id).await.status.is_success());
    assert_eq!(root.configures(block(false)).await, Ok(AdminAnswer::Done));
    assert_eq!(states().await.0, DeviceState::SignedIn, "that it is not blocked says nothing to it");
}

#[tokio::test(start_paused = true)]
async fn a_new_name_is_everybodys_and_each_ask_leaves_its_line_and_no_name() {
    let house = House::open();
    let (root, ana, bo) = (root(&house).await, house.agent("Ana").await, house.agent("Bo").await);
    house.customer("Rosa").await.says("Hello?").await;
    accepted(&ana.picks(ana.only().await).await);
    let cursor = house.server.head().await.unwrap();
    let name = Some("Anouk Secret".into());
    let modules = Some(vec![Module::MessagingCompany]);
    edits(&root, EditPerson { name, modules, ..EditPerson::of(ana.person.id) }).await.unwrap();
    let told = serde_json::to_string(&bo.changes(cursor).await).unwrap();
    assert!(told.contains("Anouk Secret"), "{told}");
    let had = ana.conversations().await.remove(0);
    assert_eq!(had.agent.unwrap().name, "Anouk Secret");
    assert_eq!(edits(&bo, EditPerson::of(ana.person.id)).await, Err(Code::NotPermitted));
    let audit = rusqlite::Connection::open(house.folder.path().join("fieldline.db")).unwrap();
    let lines = |actor: &Device, act: &str| -> i64 {
        let sql = "SELECT count(*) FROM audit WHERE actor = ?1 AND act = ?2 AND about = ?3";
        let about = ana.person.id.0.into_bytes();
        let actor = format!("person {}", actor.person.id);
        audit.query_row(sql, rusqlite::params![actor, act, about], |row| row.get(0)).unwrap()
    };
    assert_eq!((lines(&root, "set_modules"), lines(&root, "rename_person")), (1, 1));
    assert_eq!(lines(&bo, "rename_person"), 1, "a denial is written down too");
    let whole: String = audit
        .prepare("SELECT actor || act || hex(coalesce(about, '')) FROM audit")
        .unwrap()
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(!whole.contains("Anouk"));
}
