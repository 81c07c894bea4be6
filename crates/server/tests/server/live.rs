//! The live streams.

use crate::house::{Device, House, Line, Page, Uploads, accepted, refused};
use axum::body::{Body, BodyDataStream};
use fieldline_model::{Ask, Code, GroupId, History, Module, STAMP_HEADER, Shown, Stamp, Start};
use fieldline_server::{Config, Run, Server};
use futures_util::StreamExt;
use http::{Method, StatusCode};
use serde_json::Value;
use std::time::Duration;

/// An open stream.
pub struct Ear(BodyDataStream, String);

impl Ear {
    pub async fn open(line: &Line, path: &str, header: (&str, &str)) -> Self {
        let answer = line.open(Method::GET, path, &[header], Body::empty()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self(answer.into_body().into_data_stream(), String::new())
    }

    pub async fn of(device: &Device, after: i64) -> Self {
        let epoch = device.snapshot().await.epoch;
        let bearer = format!("Bearer {}", device.token);
        let path = format!("{}/live?after={after}&epoch={epoch}", device.own());
        Self::open(&device.line, &path, ("authorization", &bearer)).await
    }

    pub async fn of_customer(page: &Page, after: i64) -> Self {
        let path = format!("/v1/customer/live?after={after}");
        Self::open(&page.line, &path, ("cookie", &page.cookie)).await
    }

    /// The next event's name and body; `None` when the stream has ended.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.1.split_once("\n\n") {
                let field =
                    |name: &str| event.lines().find_map(|l| l.strip_prefix(name)).unwrap().trim().to_owned();
                let found = (field("event:"), serde_json::from_str(&field("data:")).unwrap());
                self.1 = rest.to_owned();
                return Some(found);
            }
            let bytes = self.0.next().await?.unwrap();
            self.1.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// All that was said until now, as it came.
    pub async fn bytes(mut self) -> String {
        while let Ok(Some(bytes)) = tokio::time::timeout(SOON, self.0.next()).await {
            self.1.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
        self.1
    }

    /// Whether the stream is over, within `time`.
    pub async fn ends(&mut self, time: Duration) -> bool {
        let end = async { while self.next().await.is_some() {} };
        tokio::time::timeout(time, end).await.is_ok()
    }

    /// The next event that is no tick, within `time`.
    pub async fn hears(&mut self, time: Duration) -> Option<Value> {
        let heard = async {
            loop {
                match self.next().await {
                    Some((name, _)) if name == "tick" => {}
                    Some((_, body)) => return Some(body),
                    None => return None,
                }
            }
        };
        tokio::time::timeout(time, heard).await.ok().flatten()
    }
}

const SOON: Duration = Duration::from_millis(1);

#[tokio::test(start_paused = true)]
async fn a_stream_begins_with_what_was_missed_and_goes_on_at_once() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let cursor = house.server.head().await.unwrap();
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let mut anas = Ear::of(&ana, cursor).await;
    let mut bos = Ear::of(&bo, house.server.head().await.unwrap()).await;
    let missed = anas.hears(SOON).await.unwrap();
    assert_eq!(missed["changes"].as_array().unwrap().len(), 2);
    assert_eq!(bos.next().await.unwrap().0, "tick");
    accepted(&ana.picks(ana.only().await).await);
    let anas_pick = anas.hears(SOON).await.unwrap();
    assert_eq!(anas_pick["changes"][0]["put"]["state"], "open");
    let left = bos.hears(SOON).await.unwrap();
    assert!(left["changes"][0]["left"].is_object() && left["changes"].as_array().unwrap().len() == 1);
}

#[tokio::test(start_paused = true)]
async fn a_silent_stream_ticks_every_fifteen_seconds() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let mut ear = Ear::of(&ana, house.server.head().await.unwrap()).await;
    let first = ear.next().await.unwrap().1["at_ms"].as_i64().unwrap();
    let second = ear.next().await.unwrap().1["at_ms"].as_i64().unwrap();
    assert_eq!(second - first, 15_000);
}

/// Ana's own typing wakes her stream and tells it nothing.
#[tokio::test(start_paused = true)]
async fn a_stream_that_is_woken_for_nothing_ticks_all_the_same() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    let mut ear = Ear::of(&ana, house.server.head().await.unwrap()).await;
    let first = ear.next().await.unwrap().1["at_ms"].as_i64().unwrap();
    let typing = async {
        for _ in 0..14 {
            let typing = serde_json::json!({ "place": it, "typing": true, "viewing": true }).to_string();
            assert_eq!(ana.call(Method::POST, "/v1/signals", typing).await.status, StatusCode::NO_CONTENT);
            house.clock.sleep(Duration::from_secs(3)).await;
        }
    };
    let ((), second) = tokio::join!(typing, ear.next());
    assert_eq!(second.unwrap().1["at_ms"].as_i64().unwrap() - first, 15_000);
}

#[tokio::test(start_paused = true)]
async fn who_is_not_concerned_is_not_woken() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    let kim = house.customer("Kim").await;
    let mut bos = Ear::of(&bo, house.server.head().await.unwrap()).await;
    let mut kims = Ear::of_customer(&kim, 0).await;
    accepted(&ana.says(it, "Hi Rosa").await);
    assert_eq!(bos.hears(Duration::from_secs(60)).await, None);
    assert_eq!(kims.hears(Duration::from_secs(60)).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_over_ends_its_streams_at_once() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let rosa = house.customer("Rosa").await;
    let mut anas = Ear::of(&ana, 0).await;
    let mut bos = Ear::of(&bo, 0).await;
    let mut rosas = Ear::of_customer(&rosa, 0).await;
    assert_eq!(house.server.streams(), 3);
    for ear in [&mut anas, &mut bos, &mut rosas] {
        ear.next().await.unwrap();
    }
    assert_eq!(ana.call(Method::POST, "/v1/sign-out", Body::empty()).await.status, StatusCode::NO_CONTENT);
    house.server.block(bo.person.id).await.unwrap();
    rosa.call(Method::DELETE, "/v1/customer/link", Body::empty()).await;
    for ear in [&mut anas, &mut bos, &mut rosas] {
        assert_eq!(tokio::time::timeout(SOON, ear.next()).await, Ok(None));
    }
    assert_eq!(bo.get("/v1/snapshot").await.code(), Code::Blocked);
    drop((anas, bos, rosas));
    assert_eq!(house.server.streams(), 0);
}

/// FD3, FD5: the operator's command line wakes nobody here; the session is looked at
/// before every page all the same.
#[tokio::test(start_paused = true)]
async fn who_was_blocked_beside_the_running_server_hears_nothing_more() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    let mut anas = Ear::of(&ana, 0).await;
    anas.next().await.unwrap();
    let config = Config { run: Run::Inline, clock: house.clock.clone(), ..Config::new(house.folder.path()) };
    Server::open_beside(config).unwrap().block(ana.person.id).await.unwrap();
    rosa.says("Hello?").await;
    assert_eq!(anas.hears(Duration::from_secs(60)).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_stream_from_another_epoch_says_resync_and_ends() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let bearer = format!("Bearer {}", ana.token);
    let mut ear = Ear::open(&ana.line, "/v1/live?after=0&epoch=x", ("authorization", &bearer)).await;
    assert_eq!(ear.next().await.unwrap().1["resync"], true);
    assert_eq!(ear.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_customer_hears_the_answer_at_once() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let mut ear = Ear::of_customer(&rosa, 1).await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    assert_eq!(ear.hears(SOON).await.unwrap()["messages"][0]["body"]["event"], "picked");
    accepted(&ana.says(it, "Hi Rosa").await);
    let page = ear.hears(SOON).await.unwrap();
    assert_eq!((&page["cursor"], &page["messages"][0]["body"]["text"]), (&3.into(), &"Hi Rosa".into()));
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_gets_everything_in_pages_when_it_reads_on() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let mut ear = Ear::of(&ana, house.server.head().await.unwrap()).await;
    let rosa = house.customer("Rosa").await;
    for i in 0..240 {
        rosa.says(&format!("line {i}")).await;
        house.clock.sleep(Duration::from_secs(5)).await;
    }
    let mut heard = 0;
    while heard < 241 {
        let page = ear.hears(SOON).await.expect("more");
        heard += page["changes"].as_array().unwrap().iter().filter(|c| c["put"].is_object()).count();
    }
    // The conversation once a page, each message once.
    assert_eq!(heard, 242);
}

#[tokio::test(start_paused = true)]
async fn one_session_has_a_bounded_number_of_streams() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let mut ears = Vec::new();
    for _ in 0..16 {
        ears.push(Ear::of(&ana, 0).await);
    }
    assert_eq!(ana.get("/v1/live?after=0&epoch=x").await.code(), Code::Busy);
    ears.pop();
    Ear::of(&ana, 0).await;
}

/// FD3, I14: who is removed hears of it at once on the stream they have open, and of nothing
/// that was said after; whichever of two at once comes first.
#[tokio::test(start_paused = true)]
async fn a_right_that_ends_ends_on_an_open_stream_at_once() {
    for says_first in [true, false] {
        let house = House::open();
        let (ana, bo, cy) = (house.agent("Ana").await, house.agent("Bo").await, house.agent("Cy").await);
        house.server.grant(ana.person.id, Module::MessagingCompany, true).await.unwrap();
        let group = GroupId(uuid::Uuid::from_u128(1));
        let people = vec![bo.person.id, cy.person.id];
        let begun = Start { group, people, name: Some("Shift".into()), first: None };
        accepted(&ana.asks(Ask::Start(begun)).await);
        let send = |text: &str| Ask::Send(fieldline_model::Send::text(group.into(), text));
        let mut bos = Ear::of(&bo, house.server.head().await.unwrap()).await;
        bos.next().await.unwrap();
        let remove = vec![bo.person.id];
        let remove = Ask::Members { group, add: vec![], remove, history: History::FromNow };
        let said = if says_first {
            let (said, removed) = tokio::join!(bo.asks(send("On my way")), ana.asks(remove));
            accepted(&removed);
            accepted(&said).len()
        } else {
            let (removed, said) = tokio::join!(ana.asks(remove), bo.asks(send("On my way")));
            accepted(&removed);
            assert_eq!(refused(&said), Code::NotPermitted);
            0
        };
        accepted(&ana.asks(send("The code is 4711")).await);
        let mut left = false;
        while let Some(page) = bos.hears(Duration::from_secs(1)).await {
            left |= page["changes"].as_array().unwrap().iter().any(|change| change["left"].is_object());
            assert!(!page.to_string().contains("4711"));
        }
        assert!(left && (said > 0) == says_first);
        assert!(!format!("{:?}", bo.changes(0).await).contains("4711"));
        let mut cys = Ear::of(&cy, 0).await;
        assert!(cys.hears(SOON).await.unwrap().to_string().contains("4711"));
    }
}

/// FD3: a photo is read by the right there is when its bytes are: no later request rests on
/// an earlier one.
#[tokio::test(start_paused = true)]
async fn a_photo_is_not_given_any_more_once_its_conversation_is_somebody_elses() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let rosa = house.customer("Rosa").await;
    let bytes = crate::pictures::jpeg(64, 48);
    rosa.upload(&bytes).await.json::<fieldline_model::api::BlobProgress>().ready.expect("ready");
    let file = fieldline_model::message::FileRef {
        hash: fieldline_model::BlobHash::of(&bytes),
        name: "part.jpg".into(),
    };
    let send = rosa.mints("Look", vec![file]);
    assert_eq!(rosa.sends(&send).await.status, StatusCode::OK);
    let it = ana.only().await;
    let photo = format!("/v1/messages/{}/files/0/display", send.id);
    let (seen, picked) = tokio::join!(bo.get(&photo), ana.picks(it));
    accepted(&picked);
    assert_eq!((seen.status, bo.get(&photo).await.code()), (StatusCode::OK, Code::NotFound));
    house.server.block(ana.person.id).await.unwrap();
    assert_eq!(ana.get(&photo).await.code(), Code::Blocked);
}

/// What a device shows when it connects, and what it is answered.
async fn shows(device: &Device, shown: &str) -> (StatusCode, Option<String>) {
    let epoch = device.snapshot().await.epoch;
    let bearer = format!("Bearer {}", device.token);
    let headers = [("authorization", bearer.as_str()), (STAMP_HEADER, shown)];
    let path = format!("/v1/live?after=0&epoch={epoch}");
    let answer = device.line.open(Method::GET, &path, &headers, Body::empty()).await;
    let taken = answer.headers().get(STAMP_HEADER).map(|stamp| stamp.to_str().unwrap().to_owned());
    (answer.status(), taken)
}

fn stamps(last: u64, next: u64) -> String {
    let last = (last > 0).then_some(Stamp(last));
    Shown { last, next: Stamp(next) }.to_string()
}

/// FC10: the server knows how each device goes on, and ends a session that goes on twice.
#[tokio::test(start_paused = true)]
async fn a_device_that_goes_on_from_what_is_not_the_last_ends_its_session() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let taken = |next| (StatusCode::OK, Some(Stamp(next).to_string()));
    // Before it shows anything: afterwards none is opened without.
    let mut ear = Ear::of(&ana, house.server.head().await.unwrap()).await;
    ear.next().await.unwrap();
    assert_eq!(shows(&ana, &stamps(0, 1)).await, taken(1));
    assert_eq!(shows(&ana, &stamps(1, 2)).await, taken(2));
    assert_eq!(shows(&ana, &stamps(2, 3)).await, taken(3));
    // From before a restore: it says nothing, and is told to begin anew.
    let bearer = format!("Bearer {}", ana.token);
    let (shown, path) = (stamps(1, 8), "/v1/live?after=0&epoch=x");
    let headers = [("authorization", bearer.as_str()), (STAMP_HEADER, shown.as_str())];
    let answer = ana.line.open(Method::GET, path, &headers, Body::empty()).await;
    assert_eq!((answer.status(), answer.headers().get(STAMP_HEADER)), (StatusCode::OK, None));
    // Asked again, or on its way for long: nothing new.
    for (last, next) in [(2, 3), (1, 2), (0, 1)] {
        assert_eq!(shows(&ana, &stamps(last, next)).await, taken(next));
    }
    assert_eq!(shows(&ana, "nonsense").await, (StatusCode::BAD_REQUEST, None));
    // One that was copied before the third, or whose backup was put back.
    assert_eq!(refused_to(&ana, &stamps(2, 9)).await, Code::Copied);
    assert_eq!(tokio::time::timeout(SOON, ear.next()).await, Ok(None), "and the other's stream ends");
    for path in ["/v1/snapshot", "/v1/changes?after=0&epoch=x"] {
        assert_eq!(ana.get(path).await.code(), Code::Copied);
    }
    // Its person signs in again, and it goes on from wherever it was.
    let token = house.server.mint_session(ana.person.id, ana.id).await.unwrap();
    let mut again = ana.clone();
    again.token = token;
    assert_eq!(shows(&again, &stamps(2, 9)).await, taken(9));
    assert_eq!(ana.get("/v1/snapshot").await.code(), Code::SignedOut);
}

/// FC10: whoever has a token alone shows nothing; an app that is too old to show anything never did.
#[tokio::test(start_paused = true)]
async fn a_session_that_showed_something_once_is_over_when_it_shows_nothing() {
    let house = House::open();
    let (ana, old) = (house.agent("Ana").await, house.agent("Bo").await);
    for _ in 0..2 {
        let epoch = old.snapshot().await.epoch;
        let bearer = format!("Bearer {}", old.token);
        let path = format!("/v1/live?after=0&epoch={epoch}");
        let answer = old.line.open(Method::GET, &path, &[("authorization", &bearer)], Body::empty()).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
    assert_eq!(shows(&ana, &stamps(0, 1)).await.0, StatusCode::OK);
    let epoch = ana.snapshot().await.epoch;
    let path = format!("/v1/live?after=0&epoch={epoch}");
    assert_eq!(ana.get(&path).await.code(), Code::Copied);
    assert_eq!(ana.get("/v1/snapshot").await.code(), Code::Copied);
}

async fn refused_to(device: &Device, shown: &str) -> Code {
    let epoch = device.snapshot().await.epoch;
    let bearer = format!("Bearer {}", device.token);
    let headers = [("authorization", bearer.as_str()), (STAMP_HEADER, shown)];
    let path = format!("/v1/live?after=0&epoch={epoch}");
    // A stream that opens after all has no end.
    let answer = device.line.call(Method::GET, &path, &headers, Body::empty());
    let reply = tokio::time::timeout(SOON, answer).await.expect("an answer that ends");
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    reply.code()
}
