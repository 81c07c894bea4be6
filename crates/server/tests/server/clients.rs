//! Clients with a login: how they come in, what they may do, and what they see.

use crate::house::{Device, House, PASSWORD, Uploads, accepted, refused};
use crate::live::Ear;
use crate::told::{entries, texts};
use fieldline_model::admin::people::OneTimeLink;
use fieldline_model::api::{Invited, SignedIn};
use fieldline_model::change::{Change, What};
use fieldline_model::message::FileRef;
use fieldline_model::{
    AdminAnswer, AdminAsk, Ask, BlobHash, Body, Code, ConversationId, GroupId, History, Location, MessageId,
    Module, PersonId, PlaceId, Record, RecordKind, Role, Send, SoundLevel, Start,
};
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Ana, who may begin threads, Bo, and Kim, a client.
pub async fn house() -> (House, Device, Device, Device) {
    let house = House::open();
    let (ana, bo, kim) = (house.agent("Ana").await, house.agent("Bo").await, house.client("Kim").await);
    house.server.grant(ana.person.id, Module::MessagingCompany, true).await.unwrap();
    (house, ana, bo, kim)
}

pub fn group() -> GroupId {
    GroupId(Uuid::from_u128(1))
}

fn send(text: &str) -> Send {
    Send::text(group().into(), text)
}

pub fn say(text: &str) -> Ask {
    Ask::Send(send(text))
}

pub fn start(people: &[&Device], text: &str) -> Ask {
    let people = people.iter().map(|d| d.person.id).collect();
    Ask::Start(Start { group: group(), people, name: None, first: Some(send(text)) })
}

pub fn save(add: &[&Device], remove: &[&Device], history: History) -> Ask {
    let ids = |of: &[&Device]| of.iter().map(|d| d.person.id).collect();
    Ask::Members { group: group(), add: ids(add), remove: ids(remove), history }
}

async fn invite(by: &Device, who: PersonId) -> Result<OneTimeLink, Code> {
    match by.configures(AdminAsk::Reset { person: who }).await? {
        AdminAnswer::Link(link) => Ok(link),
        other => panic!("a link, not {other:?}"),
    }
}

async fn join(house: &House, secret: &str) -> Result<SignedIn, Code> {
    let card = json!({ "id": Uuid::from_u128(5), "name": "Phone", "hold": "token" });
    let body = json!({ "secret": secret, "password": PASSWORD, "device": card }).to_string();
    let reply = house.line().call(Method::POST, "/v1/join", &[], body).await;
    if reply.status == StatusCode::OK { Ok(reply.json()) } else { Err(reply.code()) }
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn an_admin_invites_a_client_by_a_link_that_works_once_and_for_three_days() {
    let (house, ana, _, _) = house().await;
    let root = house.device_of(&house.person("Root", Role::Admin).await).await;
    house.server.import_contacts("name,phone\nLin Roth,+4790000001\n").await.unwrap();
    let lin = house.server.clients_called("Lin Roth").await.unwrap().remove(0);
    assert_eq!(invite(&ana, lin.id).await.unwrap_err(), Code::NotPermitted);
    let old = invite(&root, lin.id).await.unwrap();
    house.clock.sleep(71 * HOUR).await;
    let body = json!({ "secret": old.secret }).to_string();
    let whom: Invited = house.line().call(Method::POST, "/v1/invite", &[], body).await.json();
    assert_eq!((whom.name.as_str(), whom.login.as_str()), ("Lin Roth", "+4790000001"));
    let new = invite(&root, lin.id).await.unwrap();
    assert_eq!(join(&house, &old.secret).await.unwrap_err(), Code::LinkInvalid, "a newer one is out");
    house.clock.sleep(73 * HOUR).await;
    assert_eq!(join(&house, &new.secret).await.unwrap_err(), Code::LinkInvalid, "too old");
    let cursor = house.server.head().await.unwrap();
    let secret = house.server.invite(lin.id).await.unwrap();
    let SignedIn { token, me } = join(&house, &secret).await.unwrap();
    assert_eq!((me.person.id, me.person.role, me.person.phone), (lin.id, Role::Client, None));
    assert_eq!(join(&house, &secret).await.unwrap_err(), Code::LinkInvalid, "once");
    // Staff read it within their feed: the row is a plain one from now on.
    let told = ana.changes(cursor).await;
    let signed_up = |c: &Change| matches!(&c.what, What::Put(Record::Person(it)) if it.signed_up);
    assert!(told.iter().any(signed_up), "{told:?}");
    let bearer = format!("Bearer {}", token.unwrap());
    let headers = [("authorization", bearer.as_str())];
    let reply = house.line().call(Method::GET, "/v1/client/snapshot", &headers, "").await;
    assert_eq!(reply.status, StatusCode::OK);
    let card = json!({ "id": Uuid::from_u128(6), "name": "Laptop", "hold": "token" });
    let body = json!({ "login": "+4790000001", "password": PASSWORD, "device": card }).to_string();
    let reply = house.line().call(Method::POST, "/v1/sign-in", &[], body).await;
    let laptop: SignedIn = reply.json();
    assert_eq!(laptop.me.person.name, "Lin Roth");
    // A new link ends what was signed in before: a device or the password may be lost.
    let again = house.server.invite(lin.id).await.unwrap();
    let bearer = format!("Bearer {}", laptop.token.unwrap());
    let headers = [("authorization", bearer.as_str())];
    let reply = house.line().call(Method::GET, "/v1/client/snapshot", &headers, "").await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "at once, whether it is used or not");
    join(&house, &again).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_a_client_signs_in_with_is_nobody_elses() {
    let (house, _, _, _) = house().await;
    let csv = "name,phone,email\nAna,,\nAna,+4790000002,\nMia,,ana@example.org\n";
    house.server.import_contacts(csv).await.unwrap();
    let mut logins = Vec::new();
    for named in ["Ana", "Mia"] {
        for who in house.server.clients_called(named).await.unwrap() {
            let secret = house.server.invite(who.id).await.unwrap();
            let body = json!({ "secret": secret }).to_string();
            let reply = house.line().call(Method::POST, "/v1/invite", &[], body).await;
            logins.push(reply.json::<Invited>().login);
        }
    }
    logins.sort();
    assert_eq!(logins, ["+4790000002", "ana 2", "ana@example.org"], "ana is a colleague's");
}

#[tokio::test(start_paused = true)]
async fn a_client_reads_their_threads_from_where_they_came_and_nothing_else() {
    let (house, ana, bo, kim) = house().await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let eva = house.agent("Eva").await;
    accepted(&ana.asks(start(&[&bo, &eva], "The gate code is 4711")).await);
    let other = GroupId(Uuid::from_u128(2));
    let to_other = Send { place: other.into(), ..send("Not for Kim") };
    let people = vec![bo.person.id, eva.person.id];
    let begin = Start { group: other, people, name: None, first: Some(to_other.clone()) };
    accepted(&ana.asks(Ask::Start(begin)).await);
    assert_eq!(kim.snapshot().await.records.len(), 2, "me and what may be sent");
    accepted(&ana.asks(save(&[&kim], &[], History::FromNow)).await);
    accepted(&bo.asks(say("Welcome")).await);
    let older = format!("/v1/client/groups/{}/messages", group());
    let page: fieldline_model::api::OlderPage = kim.get(&older).await.json();
    for changes in [kim.snapshot().await.records, kim.changes(0).await, page.messages] {
        assert_eq!(texts(&changes), ["Welcome"]);
        let kinds = changes.iter().map(|c| match &c.what {
            What::Put(record) => record.name().kind,
            What::Left(name) => name.kind,
        });
        use RecordKind::{Group, Me, Message, Policy, Read};
        assert!(kinds.into_iter().all(|kind| [Me, Policy, Group, Message, Read].contains(&kind)));
    }
    let whole = format!("{:?}", kim.get("/v1/client/snapshot").await.bytes);
    for hidden in ["4711", "Not for Kim", "Rosa", "Hello?", &other.to_string()] {
        assert!(!whole.contains(hidden), "{hidden} in {whole}");
    }
    for place in [other.into(), PlaceId(ana.only().await.0), PlaceId(Uuid::from_u128(77))] {
        let to = Send { place, ..send("Hi") };
        assert_eq!(refused(&kim.asks(Ask::Send(to)).await), Code::NotFound);
        assert_eq!(refused(&kim.asks(Ask::Read { place, n: 1 }).await), Code::NotFound);
        assert_eq!(
            refused(&kim.asks(Ask::Sound { place, sound: Some(SoundLevel::None) }).await),
            Code::NotFound
        );
        let older = format!("/v1/client/groups/{}/messages", place.0);
        assert_eq!(kim.get(&older).await.code(), Code::NotFound);
        let body = json!({ "place": place, "typing": true, "viewing": true }).to_string();
        assert_eq!(kim.call(Method::POST, "/v1/client/signals", body).await.code(), Code::NotFound);
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_writes_into_their_threads_and_changes_nobody_in_them() {
    let (house, ana, bo, kim) = house().await;
    let told = ana.asks(start(&[&bo, &kim], "Which part is it?")).await;
    let question = entries(accepted(&told)).iter().find(|m| m.n == 2).unwrap().id;
    let picture = crate::pictures::png(20, 10);
    assert_eq!(kim.upload(&picture).await.status, StatusCode::OK);
    let files = vec![FileRef { hash: BlobHash::of(&picture), name: "part.png".into() }];
    let location =
        Location { latitude: 59.9, longitude: 10.7, accuracy_m: Some(8.0), fixed_at_ms: None, label: None };
    let answer = Send { files, location: Some(location), reply_to: Some(question), ..send("This one") };
    let outcome = kim.asks(Ask::Send(answer)).await;
    let mine = entries(accepted(&outcome)).remove(0);
    let bos = entries(&bo.changes(0).await);
    let there = bos.iter().find(|m| m.id == mine.id).unwrap();
    assert!(matches!(&there.body, Body::Said { files, location: Some(_), .. } if files.len() == 1));
    assert_eq!(there.reply_to().unwrap().message, question);
    let file = |form: &str| format!("/v1/client/messages/{}/files/0/{form}", mine.id);
    assert_eq!(kim.get(&file("thumb")).await.headers["content-type"], "image/jpeg");
    assert_eq!(kim.get(&file("display")).await.status, StatusCode::OK);
    assert_eq!(kim.get(&file("original")).await.code(), Code::NotFound, "not even their own");
    let place = group().into();
    accepted(&kim.asks(Ask::Read { place, n: 2 }).await);
    accepted(&kim.asks(Ask::Sound { place, sound: Some(SoundLevel::None) }).await);
    assert_eq!(refused(&kim.asks(Ask::Delete { place, message: question }).await), Code::NotPermitted);
    accepted(&kim.asks(Ask::Delete { place, message: mine.id }).await);
    assert_eq!(kim.get(&file("thumb")).await.code(), Code::NotFound);
    let conversation = ConversationId(group().0);
    for staffs in [
        Ask::Pick { conversation },
        Ask::Note { conversation, text: "Hm".into() },
        start(&[&bo], "Hi"),
        save(&[&bo], &[], History::Everything),
        save(&[], &[&bo], History::FromNow),
        Ask::Rename { group: group(), name: "Mine".into() },
    ] {
        assert_eq!(refused(&kim.asks(staffs).await), Code::NotPermitted);
    }
    accepted(&kim.asks(Ask::Leave { group: group() }).await);
    assert_eq!(kim.snapshot().await.records.len(), 2);
    assert_eq!(refused(&kim.asks(say("Bye")).await), Code::NotPermitted);
    let _ = house;
}

#[tokio::test(start_paused = true)]
async fn what_others_do_elsewhere_moves_no_number_of_a_client() {
    let (house, ana, bo, kim) = house().await;
    accepted(&ana.asks(start(&[&bo, &kim], "1")).await);
    let snapshot = kim.snapshot().await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    accepted(&ana.asks(Ask::Note { conversation: it, text: "Careful".into() }).await);
    accepted(&ana.says(it, "Hi").await);
    accepted(&bo.asks(Ask::Read { place: group().into(), n: 2 }).await);
    let lin = house.client("Lin").await;
    let told = ana.asks(Ask::Members {
        group: group(),
        add: vec![],
        remove: vec![lin.person.id],
        history: History::FromNow,
    });
    accepted(&told.await);
    assert_eq!(kim.snapshot().await, snapshot);
    let page = kim.feed(snapshot.cursor).await;
    assert!(page.changes.is_empty() && page.cursor == snapshot.cursor && !page.more);
    accepted(&bo.asks(say("2")).await);
    let changes = kim.changes(snapshot.cursor).await;
    assert_eq!(changes.iter().map(|c| c.seq).collect::<Vec<_>>(), [snapshot.cursor + 1]);
    // From the beginning: the group, its two entries, then the third.
    let all: Vec<_> = kim.changes(0).await.iter().map(|c| c.seq).collect();
    assert_eq!(all, (1..=snapshot.cursor + 1).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_means_nothing_takes_a_client_back_to_a_snapshot() {
    let (_house, ana, bo, kim) = house().await;
    accepted(&ana.asks(start(&[&bo, &kim], "1")).await);
    assert!(kim.feed(99).await.resync && kim.feed(-1).await.resync);
    let page: fieldline_model::api::ChangesPage =
        kim.get("/v1/client/changes?after=0&epoch=other").await.json();
    assert!(page.resync && page.changes.is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_gets_what_they_may_read_and_the_rest_is_gone() {
    let (house, ana, bo, kim) = house().await;
    accepted(&ana.asks(start(&[&bo, &kim], "1")).await);
    let cursor = kim.snapshot().await.cursor;
    let mut kims = Ear::of(&kim, cursor).await;
    while kims.hears(Duration::from_millis(1)).await.is_some() {}
    accepted(&ana.asks(save(&[], &[&kim], History::FromNow)).await);
    let heard = kims.hears(Duration::from_secs(1)).await.expect("at once");
    assert_eq!(heard["changes"].as_array().unwrap().len(), 1);
    assert_eq!(heard["changes"][0]["left"]["kind"], "group");
    accepted(&ana.asks(say("2")).await);
    assert!(texts(&kim.changes(cursor).await).is_empty());
    accepted(&ana.asks(save(&[&kim], &[], History::Everything)).await);
    for changes in [kim.changes(cursor).await, kim.changes(0).await, kim.snapshot().await.records] {
        assert_eq!(texts(&changes), ["1", "2"]);
    }
    let _ = house;
}

#[tokio::test(start_paused = true)]
async fn a_client_hears_who_types_in_their_threads_and_nobody_who_looks() {
    let (_house, ana, bo, kim) = house().await;
    accepted(&ana.asks(start(&[&bo, &kim], "1")).await);
    let mut kims = Ear::of(&kim, kim.snapshot().await.cursor).await;
    let soon = Duration::from_millis(1);
    while kims.hears(soon).await.is_some() {}
    let does = |typing| json!({ "place": group(), "typing": typing, "viewing": true }).to_string();
    ana.call(Method::POST, "/v1/signals", does(true)).await;
    let heard = kims.hears(soon).await.unwrap();
    assert_eq!(heard["doing"][0]["who"]["name"], "Ana");
    bo.call(Method::POST, "/v1/signals", does(false)).await;
    assert!(kims.hears(soon).await.is_none(), "Bo only looks, while Ana types");
    let mut bos = Ear::of(&bo, 0).await;
    while bos.hears(soon).await.is_some() {}
    assert_eq!(kim.call(Method::POST, "/v1/client/signals", does(true)).await.status, StatusCode::NO_CONTENT);
    let heard = bos.hears(soon).await.unwrap();
    let kims_typing = |d: &serde_json::Value| d["who"]["name"] == "Kim" && d["typing"] == true;
    assert!(heard["doing"].as_array().unwrap().iter().any(kims_typing));
}

/// A message of somebody who was never told of it is nobody's: neither its files.
#[tokio::test(start_paused = true)]
async fn a_file_is_read_as_its_message_is() {
    let (_house, ana, bo, kim) = house().await;
    let picture = crate::pictures::png(20, 10);
    ana.upload(&picture).await;
    let files = vec![FileRef { hash: BlobHash::of(&picture), name: "plan.png".into() }];
    accepted(&ana.asks(start(&[&bo, &kim], "1")).await);
    accepted(&ana.asks(save(&[], &[&kim], History::FromNow)).await);
    let told = ana.asks(Ask::Send(Send { files, ..send("Plan") })).await;
    let photo = entries(accepted(&told))[0].id;
    accepted(&ana.asks(save(&[&kim], &[], History::FromNow)).await);
    for message in [photo, MessageId(Uuid::from_u128(404))] {
        let reply = kim.get(&format!("/v1/client/messages/{message}/files/0/thumb")).await;
        assert_eq!(reply.code(), Code::NotFound);
    }
    let hash = BlobHash::of(&picture);
    assert_eq!(kim.progress(&hash).await.offset, 0, "others' bytes are not there");
}
