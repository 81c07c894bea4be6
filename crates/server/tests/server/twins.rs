//! Twin worlds: the same script, with and without what staff keep to themselves. Every
//! byte a client gets must be the same: numbers, counts, times, order, files and errors.

use crate::house::{Device, House, Page, Uploads, accepted, refused};
use crate::live::Ear;
use fieldline_model::message::FileRef;
use fieldline_model::{
    Ask, BlobHash, ConversationId, GroupId, History, IntentId, Mention, Module, PlaceId, QueueMode, Ready,
    Role, Send, SoundLevel, Start,
};
use http::Method;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;

const GROUP: GroupId = GroupId(Uuid::from_u128(1));
const PRIVATE: GroupId = GroupId(Uuid::from_u128(2));

fn send(place: GroupId, text: &str) -> Send {
    Send::text(place.into(), text)
}

/// A message that calls somebody by name.
fn calls(place: GroupId, who: &Device, text: &str) -> Send {
    let call = format!("@{}", who.person.name);
    let mention = Mention { person: who.person.id, at: 0, chars: call.chars().count() as u32 };
    Send { mentions: vec![mention], ..send(place, &format!("{call} {text}")) }
}

/// Everybody in one world, and whether its staff are busy among themselves.
struct World {
    house: House,
    ana: Device,
    bo: Device,
    kim: Device,
    lin: Device,
    rosa: Page,
    busy: bool,
    step: u32,
    got: String,
}

impl World {
    async fn open(busy: bool) -> Self {
        let house = House::open();
        let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
        let (kim, lin) = (house.client("Kim").await, house.client("Lin").await);
        house.server.grant(ana.person.id, Module::MessagingCompany, true).await.unwrap();
        let rosa = house.customer("Rosa").await;
        Self { house, ana, bo, kim, lin, rosa, busy, step: 0, got: String::new() }
    }

    /// What staff keep to themselves, between any two steps.
    async fn staff_do_something(&mut self) {
        self.step += 1;
        if !self.busy {
            return;
        }
        let (ana, bo) = (&self.ana, &self.bo);
        let note = format!("Kim is difficult, {}", self.step);
        self.rosa.says(&note).await;
        let it = ana.only().await;
        if self.step == 1 {
            accepted(&ana.picks(it).await);
            let people = vec![bo.person.id, self.lin.person.id];
            let first = Some(send(PRIVATE, "Without Kim"));
            accepted(&ana.asks(Ask::Start(Start { group: PRIVATE, people, name: None, first })).await);
            self.house.server.set_queue(QueueMode::Offer, 60_000).await.unwrap();
        }
        accepted(&ana.asks(Ask::Note { conversation: it, text: note.clone() }).await);
        accepted(&ana.asks(Ask::Send(send(PRIVATE, &note))).await);
        accepted(&self.lin.asks(Ask::Send(calls(PRIVATE, bo, "Mine"))).await);
        accepted(&ana.asks(Ask::Send(calls(PRIVATE, &self.lin, &note))).await);
        accepted(&ana.asks(Ask::Send(calls(PRIVATE, bo, &note))).await);
        bo.picks(it).await;
        accepted(&bo.asks(Ask::Availability { ready: Ready::Busy }).await);
        for place in [GROUP, PRIVATE] {
            bo.asks(Ask::Read { place: place.into(), n: 1 }).await;
            let sound = self.step.is_multiple_of(2).then_some(SoundLevel::None);
            bo.asks(Ask::Sound { place: place.into(), sound }).await;
        }
        // What is refused changes nothing, also in the client's own thread.
        refused(&ana.asks(Ask::Send(calls(GROUP, &self.lin, "Look"))).await);
        bo.asks(Ask::Members {
            group: GROUP,
            add: vec![ana.person.id],
            remove: vec![],
            history: History::Everything,
        })
        .await;
        ana.asks(Ask::Rename { group: GROUP, name: "x".repeat(10_000) }).await;
        let looks = |place: PlaceId| json!({ "place": place, "typing": false, "viewing": true }).to_string();
        ana.call(Method::POST, "/v1/signals", looks(GROUP.into())).await;
        let types = json!({ "place": it, "typing": true, "viewing": true }).to_string();
        ana.call(Method::POST, "/v1/signals", types).await;
        let types = json!({ "place": PRIVATE, "typing": true, "viewing": true }).to_string();
        ana.call(Method::POST, "/v1/signals", types).await;
        let csv = format!("name,phone\nNew {0},+47900{0:05}\n", self.step);
        self.house.server.import_contacts(&csv).await.unwrap();
        self.house.server.set_canned("note", &note).await.unwrap();
        self.house
            .server
            .grant(bo.person.id, Module::MessagingCompany, self.step.is_multiple_of(2))
            .await
            .unwrap();
        let dan = self.house.person(&format!("Dan {}", self.step), Role::Agent).await;
        self.house.server.block(dan.id).await.unwrap();
        self.house.server.compact(0).await.unwrap();
    }

    /// Something public: the same in both worlds, under the same id.
    async fn does(&mut self, who: fn(&Self) -> &Device, ask: Ask) {
        self.staff_do_something().await;
        let mut intent = who(self).mints(ask);
        intent.id = IntentId(Uuid::from_u128(1_000 + u128::from(self.step)));
        let reply = self.submit(who(self), &serde_json::to_string(&intent).unwrap()).await;
        if who(self).person.role == Role::Client {
            self.got += &reply;
        }
        self.staff_do_something().await;
        self.reads_all().await;
    }

    async fn submit(&self, by: &Device, intent: &str) -> String {
        let body = format!("{{\"intents\":[{intent}]}}");
        let reply = by.call(Method::POST, &format!("{}/intents", by.own()), body).await;
        format!("{} {:?}\n", reply.status, reply.bytes)
    }

    /// Every route that reads, by everything a client knows.
    async fn reads_all(&mut self) {
        let epoch = self.kim.snapshot().await.epoch;
        let mut paths = vec![
            "/v1/client/snapshot".to_owned(),
            format!("/v1/client/changes?after=0&epoch={epoch}"),
            format!("/v1/client/changes?after=3&epoch={epoch}"),
            format!("/v1/client/changes?after=9999&epoch={epoch}"),
            "/v1/client/changes?after=0&epoch=other".to_owned(),
            format!("/v1/client/groups/{GROUP}/messages"),
            format!("/v1/client/groups/{GROUP}/messages?before=3"),
            format!("/v1/client/groups/{PRIVATE}/messages"),
            format!("/v1/client/blobs/{}", BlobHash::of(b"others'")),
            "/v1/client/tiles/1/0/0".to_owned(),
            "/v1/snapshot".to_owned(),
            format!("/v1/groups/{GROUP}/messages"),
            "/v1/contacts".to_owned(),
            "/v1/customer/chat?after=0".to_owned(),
            "/v1/hello".to_owned(),
        ];
        for step in 1..=self.step {
            for form in ["thumb", "display", "original"] {
                let id = Uuid::from_u128(1_000 + u128::from(step));
                paths.push(format!("/v1/client/messages/{id}/files/0/{form}"));
            }
        }
        for path in paths {
            let reply = self.kim.get(&path).await;
            let headers: BTreeMap<_, _> = reply.headers.iter().map(|(k, v)| (k.as_str(), v)).collect();
            self.got += &format!("{path} {} {headers:?} {:?}\n", reply.status, reply.bytes);
        }
        let mut stream = Ear::of(&self.kim, 0).await;
        let _ = stream.hears(Duration::from_millis(1)).await;
        self.got += &stream.bytes().await;
    }

    /// All that Kim got, ids called by the order they came in: what they are is chance,
    /// which this script shares with the server.
    fn got(self) -> String {
        let (mut names, mut plain, mut rest) = (BTreeMap::new(), String::new(), self.got.as_str());
        while let Some(c) = rest.chars().next() {
            let id = rest.get(..36).filter(|text| Uuid::try_parse(text).is_ok());
            match id {
                Some(id) => {
                    let next = names.len();
                    plain += &format!("id-{}", names.entry(id.to_owned()).or_insert(next));
                    rest = &rest[36..];
                }
                None => {
                    plain.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        plain
    }
}

async fn world(busy: bool) -> String {
    let mut it = World::open(busy).await;
    let picture = crate::pictures::png(20, 10);
    let files = || vec![FileRef { hash: BlobHash::of(&picture), name: "part.png".into() }];
    it.ana.upload(&picture).await;
    it.reads_all().await;
    let mut live = Ear::of(&it.kim, 0).await;
    let people = vec![it.bo.person.id, it.kim.person.id];
    let first = Some(send(GROUP, "Which part is it?"));
    it.does(|w| &w.ana, Ask::Start(Start { group: GROUP, people, name: Some("Roof".into()), first })).await;
    it.does(|w| &w.ana, Ask::Send(Send { files: files(), ..send(GROUP, "Like this?") })).await;
    // Bytes somebody else sent are not there for Kim, until they are Kim's too.
    it.does(|w| &w.kim, Ask::Send(Send { files: files(), ..send(GROUP, "Stolen") })).await;
    let reply = it.kim.upload(&picture).await;
    it.got += &format!("{:?}", reply.bytes);
    it.does(|w| &w.kim, Ask::Send(Send { files: files(), ..send(GROUP, "This one") })).await;
    it.does(|w| &w.kim, Ask::Read { place: GROUP.into(), n: 99 }).await;
    let (bo, kim, lin) =
        (calls(GROUP, &it.bo, "Is it?"), calls(GROUP, &it.kim, "It is"), calls(GROUP, &it.lin, "Hi"));
    it.does(|w| &w.kim, Ask::Send(bo)).await;
    it.does(|w| &w.bo, Ask::Send(kim)).await;
    it.does(|w| &w.kim, Ask::Send(lin)).await;
    it.does(|w| &w.kim, Ask::Send(send(PRIVATE, "Let me in"))).await;
    let conversation = if busy { it.ana.only().await.0 } else { Uuid::from_u128(9) };
    it.does(|w| &w.kim, Ask::Send(send(GroupId(conversation), "Let me in"))).await;
    it.does(|w| &w.kim, Ask::Note { conversation: ConversationId(conversation), text: "Hm".into() }).await;
    it.does(|w| &w.kim, Ask::Sound { place: PRIVATE.into(), sound: None }).await;
    let typing = json!({ "place": GROUP, "typing": true, "viewing": false }).to_string();
    it.bo.call(Method::POST, "/v1/signals", typing).await;
    it.staff_do_something().await;
    it.reads_all().await;
    it.house.clock.sleep(Duration::from_secs(20)).await;
    let members =
        |add: Vec<_>, remove: Vec<_>| Ask::Members { group: GROUP, add, remove, history: History::FromNow };
    let kim = it.kim.person.id;
    it.does(|w| &w.ana, members(vec![], vec![kim])).await;
    it.does(|w| &w.kim, Ask::Send(send(GROUP, "Wait"))).await;
    it.does(|w| &w.ana, members(vec![kim], vec![])).await;
    it.does(|w| &w.bo, Ask::Send(send(GROUP, "Back"))).await;
    it.does(|w| &w.kim, Ask::Leave { group: GROUP }).await;
    let _ = live.hears(Duration::from_millis(1)).await;
    it.got += &live.bytes().await;
    it.house.server.block(kim).await.unwrap();
    let reply = it.kim.get("/v1/client/snapshot").await;
    it.got += &format!("{:?}", reply.bytes);
    it.got()
}

#[tokio::test(start_paused = true)]
async fn every_byte_a_client_gets_is_a_function_of_what_they_may_read() {
    let (calm, busy) = (world(false).await, world(true).await);
    for got in ["This one", "@Bo Is it?", "@Kim It is", "not_permitted", "not_in_thread"] {
        assert!(calm.contains(got), "{got}");
    }
    assert!(calm.len() > 50_000);
    for (calm, busy) in calm.lines().zip(busy.lines()) {
        assert_eq!(calm, busy);
    }
    assert_eq!(calm.len(), busy.len());
}
