//! The live streams.

use crate::house::{Device, House, Line, Page, accepted};
use axum::body::{Body, BodyDataStream};
use fieldline_model::Code;
use fieldline_server::{Config, Run, Server};
use futures_util::StreamExt;
use http::{Method, StatusCode};
use serde_json::Value;
use std::time::Duration;

/// An open stream.
pub struct Ear(BodyDataStream, String);

impl Ear {
    async fn open(line: &Line, path: &str, header: (&str, &str)) -> Self {
        let answer = line.open(Method::GET, path, &[header], Body::empty()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self(answer.into_body().into_data_stream(), String::new())
    }

    pub async fn of(device: &Device, after: i64) -> Self {
        let epoch = device.snapshot().await.epoch;
        let bearer = format!("Bearer {}", device.token);
        let path = format!("/v1/live?after={after}&epoch={epoch}");
        Self::open(&device.line, &path, ("authorization", &bearer)).await
    }

    pub async fn of_customer(page: &Page, after: i64) -> Self {
        let path = format!("/v1/customer/live?after={after}");
        Self::open(&page.line, &path, ("cookie", &page.cookie)).await
    }

    /// The next event's name and body; `None` when the stream has ended.
    async fn next(&mut self) -> Option<(String, Value)> {
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
