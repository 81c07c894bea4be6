//! Message threads: who may begin one, who is in it, and what they read.

use crate::house::{Device, House, Uploads, accepted, refused};
use crate::live::Ear;
use crate::told::{entries, groups, texts};
use fieldline_model::api::OlderPage;
use fieldline_model::change::{Change, What};
use fieldline_model::message::FileRef;
use fieldline_model::{
    Ask, BlobHash, Body, Code, GroupChange, GroupId, History, Module, Outcome, PersonId, PlaceId, Record,
    RecordKind, Role, Send, SoundLevel, Start,
};
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;

/// Ana, who may begin threads, Bo and Cy.
async fn house() -> (House, Device, Device, Device) {
    let house = House::open();
    let (ana, bo, cy) = (house.agent("Ana").await, house.agent("Bo").await, house.agent("Cy").await);
    house.server.grant(ana.person.id, Module::MessagingCompany, true).await.unwrap();
    (house, ana, bo, cy)
}

fn fresh(n: u128) -> GroupId {
    GroupId(uuid::Uuid::from_u128(n))
}

fn send(group: GroupId, text: &str) -> Send {
    Send::text(group.into(), text)
}

fn start(group: GroupId, people: &[&Device], text: &str) -> Ask {
    let people = people.iter().map(|d| d.person.id).collect();
    let first = (!text.is_empty()).then(|| send(group, text));
    Ask::Start(Start { group, people, name: None, first })
}

fn members(group: GroupId, (add, remove): (&[&Device], &[&Device]), history: History) -> Ask {
    let ids = |of: &[&Device]| of.iter().map(|d| d.person.id).collect();
    Ask::Members { group, add: ids(add), remove: ids(remove), history }
}

async fn older(device: &Device, group: GroupId) -> Result<Vec<Change>, Code> {
    let reply = device.get(&format!("/v1/groups/{group}/messages")).await;
    if reply.status == StatusCode::OK { Ok(reply.json::<OlderPage>().messages) } else { Err(reply.code()) }
}

#[tokio::test(start_paused = true)]
async fn a_thread_and_its_first_message_are_made_in_one_step_for_its_members_alone() {
    let (house, ana, bo, cy) = house().await;
    let root = house.device_of(&house.person("Root", Role::Admin).await).await;
    let cursor = house.server.head().await.unwrap();
    let group = fresh(1);
    let intent = ana.mints(start(group, &[&bo], ""));
    let direct = refused(&ana.submit(&intent).await);
    assert_eq!(direct, Code::BadRequest, "with one person it is the direct thread of both");
    let eva = house.agent("Eva").await;
    let outcome = ana.asks(start(group, &[&bo, &eva], "Who is on call?")).await;
    let told = accepted(&outcome);
    assert_eq!((groups(told).len(), texts(told)), (1, vec!["Who is on call?".to_owned()]));
    let bos = bo.changes(cursor).await;
    assert_eq!((groups(&bos).len(), texts(&bos)), (1, vec!["Who is on call?".to_owned()]));
    assert_eq!(entries(&bos)[0].body, Body::Changed { change: GroupChange::Started });
    assert_eq!(entries(&bos).iter().map(|m| m.n).collect::<Vec<_>>(), [1, 2]);
    for other in [&cy, &root] {
        assert!(groups(&other.changes(0).await).is_empty() && entries(&other.changes(0).await).is_empty());
        assert!(groups(&other.snapshot().await.records).is_empty());
        assert_eq!(older(other, group).await, Err(Code::NotFound));
        assert_eq!(refused(&other.asks(Ask::Send(send(group, "Hi"))).await), Code::NotFound);
        assert_eq!(refused(&other.asks(Ask::Leave { group }).await), Code::NotFound);
    }
    let told = bo.asks(Ask::Send(send(group, "I am"))).await;
    let kinds =
        accepted(&told).iter().map(|c| if let What::Put(it) = &c.what { Some(it.name().kind) } else { None });
    let all = [RecordKind::Group, RecordKind::Message, RecordKind::Read].map(Some);
    assert_eq!(kinds.collect::<Vec<_>>(), all, "and nothing left");
    assert_eq!(texts(&eva.snapshot().await.records), ["Who is on call?", "I am"]);
    assert_eq!(texts(&older(&eva, group).await.unwrap()), ["I am", "Who is on call?"]);
}

/// FD9.
#[tokio::test(start_paused = true)]
async fn only_who_has_the_module_begins_threads_and_taking_it_away_is_told_to_them_alone() {
    let (house, ana, bo, cy) = house().await;
    assert_eq!(refused(&bo.asks(start(fresh(1), &[&ana, &cy], "Hi")).await), Code::ModuleNeeded);
    accepted(&ana.asks(start(fresh(1), &[&bo, &cy], "Hi")).await);
    let cursor = house.server.head().await.unwrap();
    let mut anas = Ear::of(&ana, cursor).await;
    house.server.grant(ana.person.id, Module::MessagingCompany, false).await.unwrap();
    assert!(anas.hears(Duration::from_millis(1)).await.is_some(), "at once");
    let modules = |changes: Vec<Change>| {
        let me = |change: Change| match change.what {
            What::Put(Record::Me(me)) => Some(me.modules),
            _ => None,
        };
        changes.into_iter().filter_map(me).collect::<Vec<_>>()
    };
    assert_eq!(modules(ana.changes(cursor).await), [vec![]]);
    assert!(bo.changes(cursor).await.is_empty());
    assert_eq!(refused(&ana.asks(start(fresh(2), &[&bo, &cy], "Hi")).await), Code::ModuleNeeded);
    let more = members(fresh(1), (&[], &[&cy]), History::FromNow);
    assert_eq!(refused(&ana.asks(more).await), Code::ModuleNeeded);
    accepted(&ana.asks(Ask::Send(send(fresh(1), "I can still answer"))).await);
    assert_eq!(groups(&ana.snapshot().await.records).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn two_who_begin_their_direct_thread_at_once_have_one_with_both_messages() {
    let (house, ana, bo, _cy) = house().await;
    house.server.grant(bo.person.id, Module::MessagingCompany, true).await.unwrap();
    let snapshot = ana.snapshot().await;
    let me =
        |change: &Change| if let What::Put(Record::Me(me)) = &change.what { Some(me.clone()) } else { None };
    let workspace = snapshot.records.iter().find_map(me).unwrap().workspace_id.unwrap();
    let group = GroupId::direct(workspace, ana.person.id, bo.person.id);
    let anas = ana.mints(start(group, &[&bo], "Lunch?"));
    accepted(&ana.submit(&anas).await);
    accepted(&bo.asks(start(group, &[&ana], "Are you in?")).await);
    accepted(&ana.submit(&anas).await);
    for device in [&ana, &bo] {
        let records = device.snapshot().await.records;
        assert_eq!(
            (groups(&records).len(), texts(&records)),
            (1, vec!["Lunch?".into(), "Are you in?".into()])
        );
    }
    let again = members(group, (&[], &[&bo]), History::FromNow);
    assert_eq!(refused(&ana.asks(again).await), Code::DirectThread);
}

#[tokio::test(start_paused = true)]
async fn who_is_added_from_now_gets_nothing_older_by_any_route() {
    let (house, ana, bo, cy) = house().await;
    let (dan, eva, group) = (house.agent("Dan").await, house.agent("Eva").await, fresh(1));
    let picture = crate::pictures::png(20, 10);
    accepted(&ana.asks(start(group, &[&bo, &dan], "First")).await);
    ana.upload(&picture).await;
    let files = vec![FileRef { hash: BlobHash::of(&picture), name: "gate.png".into() }];
    let with_photo = Ask::Send(Send { files, ..send(group, "The gate code is 4711") });
    let told = ana.asks(with_photo).await;
    let photo = entries(accepted(&told))[0].id;
    let cursor = house.server.head().await.unwrap();
    accepted(&ana.asks(members(group, (&[&cy], &[]), History::FromNow)).await);
    accepted(&ana.asks(members(group, (&[&eva], &[]), History::Everything)).await);
    accepted(&ana.asks(Ask::Send(send(group, "Welcome"))).await);
    let file = format!("/v1/messages/{photo}/files/0/thumb");
    for changes in [cy.snapshot().await.records, cy.changes(0).await, cy.changes(cursor).await] {
        assert_eq!(texts(&changes), ["Welcome"]);
        let from = groups(&changes)[0].member(cy.person.id).unwrap().from_n;
        assert_eq!(entries(&changes).iter().map(|m| m.n).min(), Some(from));
    }
    assert_eq!(texts(&older(&cy, group).await.unwrap()), ["Welcome"]);
    assert_eq!(cy.get(&file).await.code(), Code::NotFound);
    assert_eq!(eva.get(&file).await.status, StatusCode::OK);
    for changes in [eva.snapshot().await.records, eva.changes(cursor).await] {
        assert_eq!(texts(&changes).last().unwrap(), "Welcome");
        assert!(texts(&changes).contains(&"The gate code is 4711".to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_removed_loses_it_at_once_and_hears_that_they_may_not() {
    let (house, ana, bo, cy) = house().await;
    let group = fresh(1);
    accepted(&ana.asks(start(group, &[&bo, &cy], "Hi")).await);
    let cursor = house.server.head().await.unwrap();
    let save = ana.mints(members(group, (&[], &[&bo]), History::FromNow));
    accepted(&ana.submit(&save).await);
    accepted(&ana.submit(&save).await);
    let again = ana.asks(members(group, (&[], &[&bo]), History::FromNow)).await;
    assert_eq!(entries(accepted(&again)).len(), 0, "so already: no line");
    accepted(&ana.asks(Ask::Send(send(group, "Now we are two"))).await);
    let bos = bo.changes(cursor).await;
    let left = |c: &Change| matches!(c.what, What::Left(name) if name.kind == RecordKind::Group);
    assert!(bos.len() == 1 && left(&bos[0]), "{bos:?}");
    assert_eq!(refused(&bo.asks(Ask::Send(send(group, "Wait"))).await), Code::NotPermitted);
    assert_eq!(older(&bo, group).await, Err(Code::NotFound));
    assert!(matches!(bo.asks(Ask::Leave { group }).await, Outcome::Accepted { .. }), "gone already");
    let cys = entries(&cy.changes(cursor).await);
    let removed = vec![bo.person.card()];
    assert_eq!(cys[0].body, Body::Changed { change: GroupChange::Members { added: vec![], removed } });
    accepted(&ana.asks(members(group, (&[&bo], &[]), History::FromNow)).await);
    accepted(&bo.asks(Ask::Send(send(group, "Back"))).await);
    assert_eq!(texts(&bo.snapshot().await.records), ["Back"]);
}

#[tokio::test(start_paused = true)]
async fn bad_choices_make_nothing_and_say_what_is_wrong() {
    let (house, ana, bo, cy) = house().await;
    let group = fresh(1);
    let begin = |people: Vec<PersonId>, name: Option<&str>| {
        Ask::Start(Start { group, people, name: name.map(str::to_owned), first: None })
    };
    house.server.block(cy.person.id).await.unwrap();
    assert_eq!(refused(&ana.asks(begin(vec![], None)).await), Code::NoPeople);
    assert_eq!(refused(&ana.asks(begin(vec![ana.person.id], None)).await), Code::NoPeople);
    let many = (0..5_000u128).map(|n| PersonId(uuid::Uuid::from_u128(n))).collect();
    assert_eq!(refused(&ana.asks(begin(many, None)).await), Code::TooManyPeople);
    let Outcome::Refused { problem } = ana.asks(begin(vec![bo.person.id, cy.person.id], None)).await else {
        panic!("a person who was disabled")
    };
    assert_eq!((problem.code, problem.who.as_deref()), (Code::PersonGone, Some("Cy")));
    let eva = house.agent("Eva").await;
    let both = vec![bo.person.id, eva.person.id];
    assert_eq!(refused(&ana.asks(begin(both.clone(), Some(&"x".repeat(10_000)))).await), Code::BadName);
    let mut elsewhere = Start { group, people: both.clone(), name: None, first: None };
    elsewhere.first = Some(send(fresh(2), "Hi"));
    assert_eq!(refused(&ana.asks(Ask::Start(elsewhere)).await), Code::BadRequest);
    assert!(groups(&ana.snapshot().await.records).is_empty(), "nothing half-made");
    accepted(&ana.asks(begin(both, Some("Roof \u{202e}team"))).await);
    assert_eq!(groups(&bo.snapshot().await.records)[0].name.as_deref(), Some("Roof team"));
    let other = begin(vec![bo.person.id, eva.person.id], None);
    assert_eq!(refused(&ana.asks(other).await), Code::IdReused);
    let batch = members(group, (&[&cy], &[&eva]), History::FromNow);
    assert_eq!(refused(&ana.asks(batch).await), Code::PersonGone);
    assert_eq!(groups(&ana.snapshot().await.records)[0].members.len(), 3, "whole or not at all");
    let owner = members(group, (&[], &[&ana]), History::FromNow);
    house.server.grant(bo.person.id, Module::MessagingCompany, true).await.unwrap();
    assert_eq!(refused(&bo.asks(owner).await), Code::OwnerStays);
}

#[tokio::test(start_paused = true)]
async fn what_somebody_read_and_muted_is_their_own() {
    let (house, ana, bo, cy) = house().await;
    let (group, place) = (fresh(1), PlaceId::from(fresh(1)));
    accepted(&ana.asks(start(group, &[&bo, &cy], "Hi")).await);
    let cursor = house.server.head().await.unwrap();
    accepted(&bo.asks(Ask::Sound { place, sound: Some(SoundLevel::None) }).await);
    accepted(&bo.asks(Ask::Read { place, n: 99 }).await);
    let marks = |changes: Vec<Change>| {
        let mark =
            |c: Change| if let What::Put(Record::Read(it)) = c.what { Some((it.n, it.sound)) } else { None };
        changes.into_iter().filter_map(mark).collect::<Vec<_>>()
    };
    assert_eq!(marks(bo.changes(cursor).await), [(2, Some(SoundLevel::None))]);
    assert!(marks(ana.changes(cursor).await).is_empty());
    accepted(&bo.asks(Ask::Sound { place, sound: None }).await);
    assert_eq!(marks(bo.snapshot().await.records), [(2, None)]);
}

#[tokio::test(start_paused = true)]
async fn typing_in_a_group_is_heard_by_its_members_alone() {
    let (house, ana, bo, cy) = house().await;
    let eva = house.agent("Eva").await;
    let group = fresh(1);
    accepted(&ana.asks(start(group, &[&bo, &eva], "Hi")).await);
    let head = house.server.head().await.unwrap();
    let (mut bos, mut cys) = (Ear::of(&bo, head).await, Ear::of(&cy, head).await);
    let soon = Duration::from_millis(1);
    while bos.hears(soon).await.is_some() {}
    while cys.hears(soon).await.is_some() {}
    let body = json!({ "place": group, "typing": true, "viewing": true }).to_string();
    assert_eq!(ana.call(Method::POST, "/v1/signals", body.clone()).await.status, StatusCode::NO_CONTENT);
    let heard = bos.hears(soon).await.unwrap();
    assert_eq!(heard["doing"].as_array().unwrap().len(), 1, "nobody is watched while they read");
    assert_eq!(heard["doing"][0]["typing"], true);
    assert!(cys.hears(soon).await.is_none());
    assert_eq!(cy.call(Method::POST, "/v1/signals", body).await.code(), Code::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_feed_kept_short_still_tells_of_groups_what_the_snapshot_tells() {
    let (house, ana, bo, cy) = house().await;
    let group = fresh(1);
    accepted(&ana.asks(start(group, &[&bo, &cy], "1")).await);
    for n in 2..6 {
        accepted(&ana.asks(Ask::Send(send(group, &n.to_string()))).await);
        accepted(&ana.asks(members(group, (&[], &[&bo]), History::FromNow)).await);
        accepted(&ana.asks(members(group, (&[&bo], &[]), History::Everything)).await);
    }
    house.server.compact(0).await.unwrap();
    for device in [&bo, &cy] {
        let changes = device.changes(0).await;
        let mut from_feed = texts(&changes);
        from_feed.sort();
        assert_eq!(from_feed, ["1", "2", "3", "4", "5"]);
        assert_eq!(groups(&changes), groups(&device.snapshot().await.records));
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_command_line_grants_beside_the_running_server_is_told_within_a_second() {
    let (house, _ana, bo, _cy) = house().await;
    house.server.keep_watching();
    let mut bos = Ear::of(&bo, house.server.head().await.unwrap()).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    while bos.hears(Duration::from_millis(1)).await.is_some() {}
    let config = fieldline_server::Config {
        clock: house.clock.clone(),
        run: fieldline_server::Run::Inline,
        ..fieldline_server::Config::new(house.folder.path())
    };
    let beside = fieldline_server::Server::open_beside(config).unwrap();
    beside.grant(bo.person.id, Module::MessagingCompany, true).await.unwrap();
    let heard = bos.hears(Duration::from_secs(1)).await.expect("a page");
    assert_eq!(heard["changes"][0]["put"]["modules"], json!(["messaging.company"]));
}

#[tokio::test(start_paused = true)]
async fn a_message_is_deleted_in_a_group_by_who_wrote_it_alone() {
    let (house, ana, bo, cy) = house().await;
    let (group, place) = (fresh(1), PlaceId::from(fresh(1)));
    let told = ana.asks(start(group, &[&bo, &cy], "Oops")).await;
    let message = entries(accepted(&told)).iter().find(|m| m.n == 2).unwrap().id;
    let cursor = house.server.head().await.unwrap();
    assert_eq!(refused(&bo.asks(Ask::Delete { place, message }).await), Code::NotPermitted);
    accepted(&ana.asks(Ask::Delete { place, message }).await);
    let bos = entries(&bo.changes(cursor).await);
    assert!(bos.len() == 1 && bos[0].deleted && bos[0].n == 2, "{bos:?}");
    assert_eq!(texts(&cy.snapshot().await.records), [""]);
    accepted(&ana.asks(members(group, (&[], &[&cy]), History::FromNow)).await);
    assert_eq!(refused(&cy.asks(Ask::Delete { place, message }).await), Code::NotPermitted);
}

/// The line that says a thread was started has an id of the server's own.
#[tokio::test(start_paused = true)]
async fn the_id_of_a_line_the_server_made_is_nobodys_to_use_and_holds_up_nothing() {
    let (house, ana, bo, cy) = house().await;
    let group = fresh(1);
    accepted(&ana.asks(start(group, &[&bo, &cy], "Hi")).await);
    let line = entries(&bo.changes(0).await).into_iter().find(|m| m.n == 1).unwrap().id;
    let mut taken = bo.mints(Ask::Send(send(group, "Mine")));
    taken.id = fieldline_model::IntentId(line.0);
    let fine = bo.mints(Ask::Send(send(group, "Also mine")));
    let batch = [&taken, &fine].map(|intent| serde_json::to_string(intent).unwrap());
    for _ in 0..2 {
        let outcomes = bo.submits(&batch).await;
        assert_eq!(refused(&outcomes[0]), Code::IdReused);
        accepted(&outcomes[1]);
    }
    let rosa = house.customer("Rosa").await;
    let mut hers = rosa.mints("Mine", vec![]);
    hers.id = taken.id;
    assert_eq!(rosa.sends(&hers).await.code(), Code::IdReused);
    assert_eq!(texts(&cy.snapshot().await.records), ["Hi", "Also mine"]);
}

/// What a message answers goes with it, but not to who may not read so far back.
#[tokio::test(start_paused = true)]
async fn an_answer_carries_nothing_older_to_who_was_added_from_now() {
    let (house, ana, bo, cy) = house().await;
    let (dan, group) = (house.agent("Dan").await, fresh(1));
    let told = ana.asks(start(group, &[&bo, &dan], "The gate code is 4711")).await;
    let first = entries(accepted(&told)).iter().find(|m| m.n == 2).unwrap().id;
    accepted(&ana.asks(members(group, (&[&cy], &[]), History::FromNow)).await);
    let answer = |text: &str| Ask::Send(Send { reply_to: Some(first), ..send(group, text) });
    accepted(&bo.asks(answer("Thanks")).await);
    assert_eq!(refused(&cy.asks(answer("What was it?")).await), Code::NotFound);
    let quotes = |changes: Vec<Change>| entries(&changes).iter().filter(|m| m.reply_to().is_some()).count();
    assert_eq!(quotes(dan.changes(0).await), 1);
    for changes in [cy.changes(0).await, cy.snapshot().await.records, older(&cy, group).await.unwrap()] {
        assert_eq!((texts(&changes), quotes(changes)), (vec!["Thanks".to_owned()], 0));
    }
    accepted(&ana.asks(Ask::Delete { place: group.into(), message: first }).await);
    assert!(!format!("{:?}", dan.snapshot().await.records).contains("4711"), "nor is it in an answer");
}
