//! What is taken from nobody, and how much from one.

use crate::house::{House, Uploads};
use axum::body::{Body, Bytes};
use fieldline_model::{BlobHash, Code};
use futures_util::stream;
use http::{Method, StatusCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A body that says whether anybody took of it.
fn watched() -> (Body, Arc<AtomicBool>) {
    let taken = Arc::new(AtomicBool::new(false));
    let flag = taken.clone();
    let part = stream::once(async move {
        flag.store(true, Ordering::Relaxed);
        Ok::<_, std::io::Error>(Bytes::from_static(b"{\"intents\":[]}"))
    });
    (Body::from_stream(part), taken)
}

#[tokio::test(start_paused = true)]
async fn nothing_is_taken_from_who_is_not_known_by_their_headers() {
    let house = House::open();
    let hash = BlobHash::of(b"x");
    let paths = [
        (Method::POST, "/v1/intents".to_owned()),
        (Method::POST, "/v1/client/intents".into()),
        (Method::POST, "/v1/signals".into()),
        (Method::POST, "/v1/client/signals".into()),
        (Method::POST, "/v1/customer/signals".into()),
        (Method::POST, "/v1/customer/read".into()),
        (Method::POST, "/v1/customer/messages".into()),
        (Method::PUT, format!("/v1/blobs/{hash}?offset=0&size=1")),
        (Method::PUT, format!("/v1/client/blobs/{hash}?offset=0&size=1")),
        (Method::PUT, format!("/v1/customer/blobs/{hash}?offset=0&size=1")),
    ];
    for (method, path) in paths {
        for header in [("authorization", "Bearer unknown"), ("x-nothing", "1")] {
            let (body, taken) = watched();
            let reply = house.line().call(method.clone(), &path, &[header], body).await;
            assert_eq!(reply.code(), Code::SignedOut, "{path}");
            assert!(!taken.load(Ordering::Relaxed), "{path} was read");
        }
    }
    let (body, taken) = watched();
    let ana = house.agent("Ana").await;
    assert_eq!(ana.call(Method::POST, "/v1/intents", body).await.status, StatusCode::OK);
    assert!(taken.load(Ordering::Relaxed), "the test can see a body that is read");
}

#[tokio::test(start_paused = true)]
async fn a_client_who_asks_too_much_waits_and_nobody_else_does() {
    let house = House::open();
    let (kim, lin) = (house.client("Kim").await, house.client("Lin").await);
    let batch = format!("{{\"intents\":[{}]}}", ["{}"; 100].join(","));
    for _ in 0..10 {
        let reply = kim.call(Method::POST, "/v1/client/intents", batch.clone()).await;
        assert_eq!(reply.status, StatusCode::OK);
    }
    let reply = kim.call(Method::POST, "/v1/client/intents", "{\"intents\":[{}]}").await;
    assert_eq!(reply.code(), Code::TooManyTries);
    assert!(reply.headers.contains_key("retry-after"));
    assert_eq!(lin.call(Method::POST, "/v1/client/intents", batch).await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_client_who_begins_too_many_uploads_waits_as_a_customer_does() {
    let house = House::open();
    let (kim, ana) = (house.client("Kim").await, house.agent("Ana").await);
    let begin = async |by: &crate::house::Device| {
        let mut codes = Vec::new();
        for n in 0..151u32 {
            let reply = by.part(&BlobHash::of(&n.to_be_bytes()), (0, 10), &[0xff]).await;
            codes.push(if reply.status.is_success() { None } else { Some(reply.code()) });
        }
        codes
    };
    let (kims, anas) = (begin(&kim).await, begin(&ana).await);
    assert!(kims[..150].iter().all(|code| *code != Some(Code::TooManyTries)));
    assert_eq!(kims[150], Some(Code::TooManyTries));
    assert!(anas.iter().all(|code| *code != Some(Code::TooManyTries)), "staff are not limited");
}

#[tokio::test(start_paused = true)]
async fn who_is_denied_without_end_hears_so_and_fills_no_audit() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let db = rusqlite::Connection::open(house.folder.path().join("fieldline.db")).unwrap();
    let lines = || {
        let sql = "SELECT count(*) FROM audit WHERE code IS NOT NULL";
        db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let path = format!("/v1/conversations/{}/messages", uuid::Uuid::from_u128(404));
    for _ in 0..300 {
        assert_eq!(ana.get(&path).await.code(), Code::NotFound);
    }
    assert_eq!(lines(), 300);
    assert_eq!(ana.get(&path).await.code(), Code::TooManyTries);
    assert_eq!(lines(), 300);
    assert_eq!(ana.get("/v1/snapshot").await.status, StatusCode::OK, "what is theirs they may read on");
    house.clock.sleep(std::time::Duration::from_secs(301)).await;
    assert_eq!(ana.get(&path).await.code(), Code::NotFound);
}
