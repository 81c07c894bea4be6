//! The map's tiles: of the admin's one host, through the server, kept and bounded.

use crate::house::House;
use crate::pictures;
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use axum::routing::get;
use fieldline_model::policy::Map;
use fieldline_model::{Code, Role};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

/// What the host does from now on.
const GIVES: u8 = 0;
const FAILS: u8 = 1;
const LIES: u8 = 2;
const LEADS_AWAY: u8 = 3;

/// A host of tiles on this machine: how often it was asked, and what it does.
struct Host {
    address: String,
    asked: Arc<AtomicU32>,
    mood: Arc<AtomicU8>,
}

impl Host {
    async fn open() -> Self {
        let (asked, mood) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU8::new(GIVES)));
        let (count, feels) = (asked.clone(), mood.clone());
        let tile = move || async move {
            count.fetch_add(1, Ordering::Relaxed);
            match feels.load(Ordering::Relaxed) {
                GIVES => pictures::png(8, 8).into_response(),
                LIES => "<html>Please sign in to the hotel</html>".into_response(),
                LEADS_AWAY => (StatusCode::FOUND, [(LOCATION, "/elsewhere")]).into_response(),
                _ => StatusCode::BAD_GATEWAY.into_response(),
            }
        };
        let router = Router::new()
            .route("/{z}/{x}/{y}", get(tile))
            .route("/elsewhere", get(|| async { pictures::png(8, 8).into_response() }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/{{z}}/{{x}}/{{y}}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, asked, mood }
    }

    fn does(&self, mood: u8) {
        self.mood.store(mood, Ordering::Relaxed);
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }
}

async fn with_map(house: &House, host: &Host) {
    let map = Map { credit: "Made for this test".into() };
    house.server.set_map(Some((host.address.clone(), map))).await.unwrap();
}

#[tokio::test]
async fn a_tile_is_fetched_once_and_given_from_what_is_kept_when_the_host_is_silent() {
    let (house, host) = (House::open(), Host::open().await);
    let ana = house.agent("Ana").await;
    assert_eq!(ana.get("/v1/tiles/1/0/0").await.code(), Code::NotFound);
    with_map(&house, &host).await;
    let tile = ana.get("/v1/tiles/1/0/0").await;
    assert_eq!((tile.status, &tile.headers["content-type"]), (StatusCode::OK, &"image/png".parse().unwrap()));
    assert_eq!(tile.bytes, pictures::png(8, 8));
    host.does(FAILS);
    assert_eq!(ana.get("/v1/tiles/1/0/0").await.bytes, pictures::png(8, 8));
    assert_eq!(host.asked(), 1);
    assert_eq!(ana.get("/v1/tiles/1/1/0").await.code(), Code::Busy);
}

#[tokio::test]
async fn what_is_no_tile_is_given_to_nobody_and_no_redirection_is_followed() {
    let (house, host) = (House::open(), Host::open().await);
    let ana = house.agent("Ana").await;
    with_map(&house, &host).await;
    for mood in [LIES, LEADS_AWAY] {
        host.does(mood);
        assert_eq!(ana.get("/v1/tiles/2/3/3").await.code(), Code::Busy);
    }
    let asked = host.asked();
    for none in ["2/4/0", "20/0/0", "300/0/0", "a/0/0", "1/-1/0"] {
        assert_eq!(ana.get(&format!("/v1/tiles/{none}")).await.code(), Code::NotFound, "{none}");
    }
    assert_eq!(host.asked(), asked);
}

#[tokio::test]
async fn a_device_learns_of_the_map_and_not_of_where_its_tiles_are() {
    let (house, host) = (House::open(), Host::open().await);
    let ana = house.agent("Ana").await;
    with_map(&house, &host).await;
    let snapshot = String::from_utf8(ana.get("/v1/snapshot").await.bytes.to_vec()).unwrap();
    assert!(snapshot.contains("Made for this test"));
    assert!(!snapshot.contains(host.address.trim_start_matches("http://").split('/').next().unwrap()));
    house.server.set_map(None).await.unwrap();
    let snapshot = String::from_utf8(ana.get("/v1/snapshot").await.bytes.to_vec()).unwrap();
    assert!(!snapshot.contains("Made for this test"));
}

#[tokio::test]
async fn who_is_not_signed_in_sees_no_tile() {
    let (house, host) = (House::open(), Host::open().await);
    with_map(&house, &host).await;
    house.person("Root", Role::Admin).await;
    let nobody = house.line().call(http::Method::GET, "/v1/tiles/1/0/0", &[], "").await;
    assert_eq!(nobody.code(), Code::SignedOut);
    assert_eq!(host.asked(), 0);
}
