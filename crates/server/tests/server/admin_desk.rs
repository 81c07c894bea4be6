//! The Configurator: queues, what may be sent, and what the chat page says.

use crate::house::{Device, House, Uploads, accepted, refused};
use crate::live::Ear;
use crate::pictures::jpeg;
use fieldline_model::admin::desk::{
    AdminCanned, AdminQueue, ChatPage, LineFault, MapSource, OpenSpan, OpeningHours, PolicyRules, RefusedLine,
};
use fieldline_model::change::What;
use fieldline_model::public::{PublicDesk, PublicPage};
use fieldline_model::{
    AdminAnswer, AdminAsk, Ask, Code, Conversation, DeviceId, FileType, PersonId, QueueId, QueueMode, Ready,
    Record, RecordKind, Role, State,
};
use http::Method;
use std::time::Duration;
use uuid::Uuid;

const SECOND: Duration = Duration::from_secs(1);

async fn root(house: &House) -> Device {
    house.device_of(&house.person("Root", Role::Admin).await).await
}

fn roof(members: Option<Vec<PersonId>>, mode: QueueMode) -> AdminAsk {
    let id = QueueId(Uuid::from_u128(50));
    AdminAsk::PutQueue { id, name: "Roof".into(), mode, offer_ms: 20_000, members }
}

async fn queues(by: &Device, ask: AdminAsk) -> Vec<AdminQueue> {
    match by.configures(ask).await.unwrap() {
        AdminAnswer::Queues { queues } => queues,
        other => panic!("queues, not {other:?}"),
    }
}

/// A customer who comes by the address of a queue.
async fn comes_by(house: &House, queue: Uuid) -> crate::house::Page {
    let begin = serde_json::json!({ "name": "Rosa", "queue": queue }).to_string();
    let reply = house.line().call(Method::POST, "/v1/customer/start", &[], begin).await;
    let cookie = reply.cookie();
    let secret = reply.json::<fieldline_model::public::LinkSecret>().secret;
    crate::house::Page { cookie, secret, line: house.line(), clock: house.clock.clone() }
}

async fn waiting(of: &Device) -> Vec<Conversation> {
    let mut all = of.conversations().await;
    all.retain(|it| it.state == State::Waiting);
    all
}

#[tokio::test(start_paused = true)]
async fn what_waits_in_a_queue_is_its_members_alone_and_moves_with_them_within_a_second() {
    let house = House::open();
    let (root, ana, bo) = (root(&house).await, house.agent("Ana").await, house.agent("Bo").await);
    let made = queues(&root, roof(Some(vec![ana.person.id]), QueueMode::Pick)).await;
    assert_eq!(made.len(), 2);
    assert_eq!(made[1].chat_path, format!("/chat?queue={}", Uuid::from_u128(50)));
    assert_eq!(made[1].members.as_ref().unwrap()[0].name, "Ana");
    let rosa = comes_by(&house, Uuid::from_u128(50)).await;
    rosa.says("The roof leaks").await;
    assert_eq!(queues(&root, AdminAsk::Queues).await[1].waiting, 1);
    let roofs = waiting(&ana).await.remove(0).id;
    assert!(waiting(&bo).await.is_empty());
    assert_eq!(refused(&bo.picks(roofs).await), Code::NotFound);
    assert_eq!(waiting(&root).await.len(), 1, "admins see all that waits");
    // Bo comes in and Ana goes out: both streams say so.
    let mut anas = Ear::of(&ana, house.server.head().await.unwrap()).await;
    let mut bos = Ear::of(&bo, house.server.head().await.unwrap()).await;
    assert!(anas.next().await.is_some() && bos.next().await.is_some());
    queues(&root, roof(Some(vec![bo.person.id]), QueueMode::Pick)).await;
    let left = anas.hears(SECOND).await.unwrap().to_string();
    assert!(left.contains(r#""left":{"id":"#) || left.contains(&format!("{roofs}")), "{left}");
    assert!(waiting(&ana).await.is_empty());
    let came = bos.hears(SECOND).await.unwrap().to_string();
    assert!(came.contains("The roof leaks"), "with what was said: {came}");
    accepted(&bo.picks(roofs).await);
    assert_eq!(refused(&ana.picks(roofs).await), Code::NotFound, "who does not see it wait hears nothing");
    // Handed back it waits for who is a member now, and a next one begins in the same queue.
    queues(&root, roof(Some(vec![ana.person.id]), QueueMode::Pick)).await;
    accepted(&bo.asks(Ask::Transfer { conversation: roofs, to: None, note: String::new() }).await);
    assert_eq!((waiting(&ana).await.len(), waiting(&bo).await.len()), (1, 0));
    accepted(&ana.picks(roofs).await);
    accepted(&ana.ends(roofs).await);
    rosa.says("Again").await;
    assert_eq!((waiting(&ana).await.len(), waiting(&bo).await.len()), (1, 0));
    queues(&root, roof(None, QueueMode::Pick)).await;
    assert_eq!((waiting(&ana).await.len(), waiting(&bo).await.len()), (1, 1));
    let lost = comes_by(&house, Uuid::from_u128(51)).await;
    lost.says("Hello?").await;
    assert_eq!(queues(&root, AdminAsk::Queues).await[0].waiting, 1, "one that is not there is the first");
}

#[tokio::test(start_paused = true)]
async fn a_queue_offers_to_its_own_members_and_is_told_to_them() {
    let house = House::open();
    let (root, ana, bo) = (root(&house).await, house.agent("Ana").await, house.agent("Bo").await);
    for agent in [&bo, &ana] {
        accepted(&agent.asks(Ask::Availability { ready: Ready::Available }).await);
    }
    queues(&root, roof(Some(vec![ana.person.id]), QueueMode::Offer)).await;
    let told = async |of: &Device, kind| {
        let all = of.snapshot().await.records;
        all.iter().filter(|it| matches!(&it.what, What::Put(r) if r.name().kind == kind)).count()
    };
    assert_eq!((told(&ana, RecordKind::Queue).await, told(&bo, RecordKind::Queue).await), (1, 0));
    comes_by(&house, Uuid::from_u128(50)).await.says("The roof leaks").await;
    house.customer("Per").await.says("Hello?").await;
    house.clock.sleep(SECOND).await;
    assert_eq!((told(&ana, RecordKind::Offer).await, told(&bo, RecordKind::Offer).await), (1, 0));
    queues(&root, roof(Some(vec![bo.person.id]), QueueMode::Offer)).await;
    house.clock.sleep(SECOND).await;
    assert_eq!((told(&ana, RecordKind::Offer).await, told(&bo, RecordKind::Offer).await), (0, 1));
    let client = house.client("Kim").await;
    let gone = roof(Some(vec![client.person.id]), QueueMode::Pick);
    assert_eq!(root.configures(gone).await, Err(Code::PersonGone));
    for (name, offer_ms, expected) in [("", 20_000, Code::BadName), ("Roof", 1, Code::BadRequest)] {
        let id = QueueId(Uuid::from_u128(50));
        let ask =
            AdminAsk::PutQueue { id, name: name.into(), mode: QueueMode::Pick, offer_ms, members: None };
        assert_eq!(root.configures(ask).await, Err(expected));
    }
}

fn rules(types: &[FileType], devices_max: Option<u32>) -> PolicyRules {
    PolicyRules { types: types.into(), file_max_bytes: 1024 * 1024, devices_max }
}

async fn desk(house: &House) -> PublicDesk {
    house.line().call(Method::GET, "/v1/customer/desk", &[], "").await.json()
}

#[tokio::test(start_paused = true)]
async fn file_types_reach_devices_chat_page_and_server_within_a_second() {
    let house = House::open();
    let (root, ana, rosa) = (root(&house).await, house.agent("Ana").await, house.customer("Rosa").await);
    let photo = jpeg(16, 16);
    assert!(rosa.upload(&photo).await.status.is_success());
    let mut anas = Ear::of(&ana, house.server.head().await.unwrap()).await;
    let mut rosas = Ear::of_customer(&rosa, 0).await;
    assert!(anas.next().await.is_some() && rosas.next().await.is_some());
    let asked = rules(&[FileType::Png, FileType::Gif, FileType::Png], None);
    let AdminAnswer::PolicyEffect(effect) =
        root.configures(AdminAsk::PreviewPolicy(asked.clone())).await.unwrap()
    else {
        panic!("an effect")
    };
    assert_eq!((effect.refused, effect.kept[0].kind, effect.kept[0].files), (1, FileType::Jpeg, 1));
    assert!(anas.hears(SECOND).await.is_none(), "looking changes nothing");
    let set = root.configures(AdminAsk::SetPolicy(asked)).await.unwrap();
    assert_eq!(set, AdminAnswer::Policy(rules(&[FileType::Gif, FileType::Png], None)));
    let told = anas.hears(SECOND).await.unwrap();
    assert_eq!(told["changes"][0]["put"]["types"], serde_json::json!(["gif", "png"]));
    let page = rosas.hears(SECOND).await.unwrap();
    assert_eq!(page["chat"]["policy"]["types"], serde_json::json!(["gif", "png"]));
    for reply in [rosa.upload(&jpeg(20, 16)).await, ana.upload(&jpeg(24, 16)).await] {
        assert_eq!(reply.code(), Code::FileTypeForbidden);
    }
    for wrong in [
        rules(&[], None),
        rules(&[FileType::Png], Some(0)),
        PolicyRules { file_max_bytes: 1, ..rules(&[FileType::Png], None) },
    ] {
        assert_eq!(root.configures(AdminAsk::SetPolicy(wrong)).await, Err(Code::BadRequest));
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_signed_in_on_more_devices_than_are_let() {
    let house = House::open();
    let (root, ana) = (root(&house).await, house.agent("Ana").await);
    house.clock.sleep(SECOND).await;
    let second = house.device_of(&ana.person).await;
    house.clock.sleep(SECOND).await;
    let third = house.device_of(&ana.person).await;
    let asked = rules(&FileType::ALL, Some(2));
    let AdminAnswer::PolicyEffect(effect) =
        root.configures(AdminAsk::PreviewPolicy(asked.clone())).await.unwrap()
    else {
        panic!("an effect")
    };
    assert_eq!(effect.people_over, 1);
    root.configures(AdminAsk::SetPolicy(asked)).await.unwrap();
    assert_eq!(ana.get("/v1/snapshot").await.code(), Code::SignedOut, "the one used least lately");
    assert!(second.get("/v1/snapshot").await.status.is_success());
    house.clock.sleep(SECOND).await;
    let fourth = house.device_of(&ana.person).await;
    assert_eq!(second.get("/v1/snapshot").await.code(), Code::SignedOut);
    for device in [&third, &fourth] {
        assert!(device.get("/v1/snapshot").await.status.is_success());
    }
    let AdminAnswer::Devices { devices, devices_max } =
        root.configures(AdminAsk::Devices { person: ana.person.id }).await.unwrap()
    else {
        panic!("devices")
    };
    let ids: Vec<DeviceId> = devices.iter().map(|it| it.id).collect();
    assert_eq!((ids.len(), ids[0], devices_max), (4, fourth.id, Some(2)));
}

fn office() -> ChatPage {
    let day = vec![OpenSpan { from_min: 9 * 60, to_min: 17 * 60 }];
    let days = vec![day.clone(), day.clone(), day.clone(), day.clone(), day, vec![], vec![]];
    ChatPage {
        greeting: " Welcome to Nordlys ".into(),
        hours: Some(OpeningHours { zone: "UTC".into(), days }),
    }
}

#[tokio::test(start_paused = true)]
async fn the_chat_page_greets_and_says_when_somebody_answers_and_takes_messages_at_all_times() {
    let house = House::open();
    let (root, rosa) = (root(&house).await, house.customer("Rosa").await);
    assert_eq!(desk(&house).await, PublicDesk { open: true, ..PublicDesk::default() });
    let mut stream = Ear::of_customer(&rosa, 0).await;
    assert!(stream.next().await.is_some());
    root.configures(AdminAsk::SetChatPage(office())).await.unwrap();
    // House's morning is a Monday, 2 March 2026, 06:40 in UTC.
    let page: PublicPage = serde_json::from_value(stream.hears(SECOND).await.unwrap()).unwrap();
    let nine = crate::house::MORNING_MS - crate::house::MORNING_MS % 86_400_000 + 9 * 3_600_000;
    let said = PublicDesk { greeting: "Welcome to Nordlys".into(), open: false, until_ms: Some(nine) };
    assert_eq!((page.chat.desk, desk(&house).await), (said.clone(), said));
    assert!(rosa.says("Hello?").await.status.is_success());
    assert!(stream.hears(SECOND).await.is_some());
    // At nine it says so by itself.
    house.clock.sleep(Duration::from_millis((nine - house.clock.now_ms()) as u64)).await;
    let page: PublicPage =
        serde_json::from_value(stream.hears(Duration::from_secs(16)).await.unwrap()).unwrap();
    assert_eq!((page.chat.desk.open, page.chat.desk.until_ms), (true, Some(nine + 8 * 3_600_000)));
    let wrong = ChatPage { greeting: "x".repeat(501), hours: None };
    assert_eq!(root.configures(AdminAsk::SetChatPage(wrong)).await, Err(Code::TextTooLong));
    let mut wrong = office();
    wrong.hours.as_mut().unwrap().zone = "Europe/Atlantis".into();
    assert_eq!(root.configures(AdminAsk::SetChatPage(wrong)).await, Err(Code::BadHours));
    assert!(
        matches!(root.configures(AdminAsk::ChatPage).await, Ok(AdminAnswer::ChatPage(it)) if it.hours.is_some())
    );
}

#[tokio::test(start_paused = true)]
async fn map_canned_replies_and_contacts_are_set_as_asked_and_bad_lines_are_told_of() {
    let house = House::open();
    let (root, ana) = (root(&house).await, house.agent("Ana").await);
    let source =
        MapSource { tiles: Some("https://tiles.example/{z}/{x}/{y}.png".into()), credit: "© X".into() };
    let set = root.configures(AdminAsk::SetMap(source.clone())).await;
    assert_eq!(set, Ok(AdminAnswer::Map(source.clone())));
    let http = MapSource { tiles: Some("http://tiles.example/{z}/{x}/{y}.png".into()), ..source };
    assert_eq!(root.configures(AdminAsk::SetMap(http)).await, Err(Code::BadAddress));
    let off = root.configures(AdminAsk::SetMap(MapSource::default())).await;
    assert_eq!(off, Ok(AdminAnswer::Map(MapSource::default())));
    let hours = AdminCanned { shortcut: "hours".into(), text: "We are open 9 to 5".into() };
    let put = root.configures(AdminAsk::PutCanned(hours.clone())).await;
    assert_eq!(put, Ok(AdminAnswer::Canned { canned: vec![hours] }));
    let gone = root.configures(AdminAsk::RemoveCanned { shortcut: "/Hours".into() }).await;
    assert_eq!(gone, Ok(AdminAnswer::Canned { canned: vec![] }));
    let csv = "name,phone\nMia,+4790000001\nEva,call me\nMia,+4790000001\n".to_owned();
    let import = AdminAsk::ImportContacts { csv };
    assert_eq!(ana.configures(import.clone()).await, Err(Code::NotPermitted));
    let AdminAnswer::Imported(done) = root.configures(import).await.unwrap() else { panic!("a report") };
    let line = |line, why| RefusedLine { line, why };
    assert_eq!((done.added, done.changed, done.same), (1, 0, 0));
    assert_eq!(done.refused, [line(3, LineFault::Phone), line(4, LineFault::Twice)]);
    let told =
        |it: &fieldline_model::Change| matches!(&it.what, What::Put(Record::Person(p)) if p.name == "Mia");
    assert!(ana.changes(0).await.iter().any(told));
}
