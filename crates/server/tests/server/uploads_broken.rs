//! Uploads that somebody or something breaks off: a right that ends, a kill, a disk that
//! takes nothing.

use crate::blobs::{files, names, nothing_kept, sends};
use crate::house::{House, Uploads, accepted, refused};
use crate::pictures::jpeg;
use axum::body::{Body, Bytes};
use fieldline_model::api::BlobProgress;
use fieldline_model::{BlobHash, Code};
use fieldline_server::failpoint;
use futures_util::StreamExt;
use http::{Method, StatusCode};
use std::io::ErrorKind;
use std::time::Duration;

/// A photo on its way whose last bytes are still to come: gives what sends them.
fn on_its_way(bytes: &[u8]) -> (tokio::sync::oneshot::Sender<()>, Body) {
    let (go, gate) = tokio::sync::oneshot::channel();
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    let (first, rest) = (Bytes::copy_from_slice(first), Bytes::copy_from_slice(rest));
    let late = async move {
        gate.await.expect("it goes on");
        Ok::<_, std::io::Error>(rest)
    };
    let parts = futures_util::stream::iter([Ok(first)]).chain(futures_util::stream::once(late));
    (go, Body::from_stream(parts))
}

/// FD3, FD5, I14: the right is looked at in the transaction that gives the claim.
#[tokio::test(start_paused = true)]
async fn whose_right_ends_while_their_photo_comes_in_gets_no_claim_and_leaves_no_bytes() {
    let house = House::open();
    let (ana, bo, cy) = (house.agent("Ana").await, house.agent("Bo").await, house.agent("Cy").await);
    let rosa = house.customer("Rosa").await;
    let bytes = jpeg(64, 48);
    let path = format!("blobs/{}?offset=0&size={}", BlobHash::of(&bytes), bytes.len());
    let (staffs, customers) = (format!("/v1/{path}"), format!("/v1/customer/{path}"));
    // Blocked, signed out, and a private link that was withdrawn.
    let (go, body) = on_its_way(&bytes);
    let blocked = tokio::join!(ana.call(Method::PUT, &staffs, body), async {
        house.server.block(ana.person.id).await.unwrap();
        go.send(()).unwrap();
    });
    let (go, body) = on_its_way(&bytes);
    let signed_out = tokio::join!(bo.call(Method::PUT, &staffs, body), async {
        bo.call(Method::POST, "/v1/sign-out", Body::empty()).await;
        go.send(()).unwrap();
    });
    let (go, body) = on_its_way(&bytes);
    let withdrawn = tokio::join!(rosa.call(Method::PUT, &customers, body), async {
        rosa.call(Method::DELETE, "/v1/customer/link", Body::empty()).await;
        go.send(()).unwrap();
    });
    let codes = [blocked, signed_out, withdrawn].map(|(reply, ())| (reply.status, reply.code()));
    let unauthorized = (StatusCode::UNAUTHORIZED, Code::SignedOut);
    assert_eq!(codes, [(StatusCode::FORBIDDEN, Code::Blocked), unauthorized, unauthorized]);
    assert!(nothing_kept(&house));
    // What somebody else named meanwhile stays theirs.
    cy.upload(&bytes).await.json::<BlobProgress>().ready.expect("ready");
    let dee = house.agent("Dee").await;
    let (go, body) = on_its_way(&bytes);
    let _ = tokio::join!(dee.call(Method::PUT, &staffs, body), async {
        house.server.block(dee.person.id).await.unwrap();
        go.send(()).unwrap();
    });
    assert_eq!(files(&house.folder.path().join("blobs")).len(), 3);
    assert!(files(&house.folder.path().join("parts")).is_empty());
    assert!(cy.progress(&BlobHash::of(&bytes)).await.ready.is_some());
}

/// FC2, FS1: a kill between a photo's files and the row that names them, and its owner never
/// comes back.
#[tokio::test(start_paused = true)]
async fn files_that_a_kill_left_without_a_row_are_found_and_removed() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let (left, named) = (jpeg(64, 48), jpeg(48, 64));
    bo.upload(&named).await.json::<BlobProgress>().ready.expect("ready");
    failpoint::arm(Some("blob_ready_before_row"));
    let killed = tokio::spawn(async move { drop(ana.upload(&left).await) });
    assert!(killed.await.unwrap_err().is_panic());
    assert_eq!(files(&house.folder.path().join("blobs")).len(), 6);
    house.server.keep_collecting();
    house.clock.sleep(Duration::from_secs(60 * 257)).await;
    let mut there = files(&house.folder.path().join("blobs"));
    there.retain(|name| !name.starts_with(BlobHash::of(&named).as_str()));
    assert_eq!((there, bo.upload(&named).await.status), (vec![], StatusCode::OK));
}

/// FS3: the disk of the photos takes half of what it is given: while a part comes in, and
/// while the files of one that is all here are made.
#[tokio::test(start_paused = true)]
async fn a_disk_that_takes_no_photo_costs_its_sender_time_alone() {
    for (ails, status, code) in [
        (ErrorKind::StorageFull, StatusCode::INSUFFICIENT_STORAGE, Code::StorageFull),
        (ErrorKind::QuotaExceeded, StatusCode::INSUFFICIENT_STORAGE, Code::StorageFull),
        (ErrorKind::Other, StatusCode::SERVICE_UNAVAILABLE, Code::Busy),
    ] {
        let house = House::open();
        let ana = house.agent("Ana").await;
        let rosa = house.customer("Rosa").await;
        rosa.says("Hello?").await;
        let it = ana.only().await;
        accepted(&ana.picks(it).await);
        let (there, bytes) = (jpeg(48, 64), jpeg(640, 480));
        ana.upload(&there).await.json::<BlobProgress>().ready.expect("ready");
        let (first, _) = sends(&ana, it, vec![names(&there, "a.jpg")]).await;
        let (hash, size, half) = (BlobHash::of(&bytes), bytes.len(), bytes.len() / 2);
        // While a part comes in: what was acknowledged stays so, and no more is.
        ana.part(&hash, (0, size), &bytes[..half]).await.json::<BlobProgress>();
        failpoint::fail_disk(Some(ails));
        let reply = ana.part(&hash, (half, size), &bytes[half..size - 1]).await;
        assert_eq!((reply.status, reply.code()), (status, code));
        assert_eq!(ana.progress(&hash).await.offset, half as u64);
        // Everything else goes on, and what names the photo is not there.
        assert_eq!(refused(&sends(&ana, it, vec![names(&bytes, "b.jpg")]).await.1), Code::FileMissing);
        accepted(&ana.says(it, "The photo comes later").await);
        let shown = ana.get(&format!("/v1/messages/{first}/files/0/display")).await;
        assert_eq!(shown.status, StatusCode::OK);
        failpoint::fail_disk(None);
        ana.part(&hash, (half, size), &bytes[half..size - 1]).await.json::<BlobProgress>();
        // While the last byte makes it whole.
        failpoint::fail_disk(Some(ails));
        let reply = ana.part(&hash, (size - 1, size), &bytes[size - 1..]).await;
        assert_eq!((reply.status, reply.code()), (status, code));
        assert_eq!(ana.progress(&hash).await.ready, None);
        failpoint::fail_disk(None);
        let last = ana.part(&hash, (size - 1, size), &bytes[size - 1..]).await.json::<BlobProgress>();
        last.ready.expect("ready, by itself");
        accepted(&sends(&ana, it, vec![names(&bytes, "b.jpg")]).await.1);
        assert!(files(&house.folder.path().join("parts")).is_empty());
        assert_eq!(files(&house.folder.path().join("blobs")).len(), 6);
    }
}

/// FS3: the disk fails while the files of a photo that is all here are made.
#[tokio::test(start_paused = true)]
async fn a_disk_that_fails_while_a_photo_is_made_leaves_nothing_half_made() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let bytes = jpeg(64, 48);
    let (hash, size) = (BlobHash::of(&bytes), bytes.len());
    failpoint::arm(Some("blob_ready_before_row"));
    let device = ana.clone();
    let (sent, named) = (bytes.clone(), hash.clone());
    let killed = tokio::spawn(async move { drop(device.part(&named, (0, size), &sent).await) });
    assert!(killed.await.unwrap_err().is_panic());
    // All of it is here, so that only its files are written now.
    failpoint::fail_disk(Some(ErrorKind::StorageFull));
    assert_eq!(ana.part(&hash, (size - 1, size), &bytes[size - 1..]).await.code(), Code::StorageFull);
    failpoint::fail_disk(None);
    assert!(files(&house.folder.path().join("blobs")).iter().all(|name| !name.ends_with(".new")));
    ana.part(&hash, (size - 1, size), &bytes[size - 1..]).await.json::<BlobProgress>().ready.expect("ready");
}

/// FS9: each form of a photo, gone, cut off and changed on the disk.
#[tokio::test(start_paused = true)]
async fn a_photo_that_is_damaged_on_the_disk_is_said_to_be_missing_and_its_message_is_read() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    let photo = jpeg(64, 48);
    ana.upload(&photo).await.json::<BlobProgress>().ready.expect("ready");
    let (message, _) = sends(&ana, it, vec![names(&photo, "part.jpg")]).await;
    let hash = BlobHash::of(&photo);
    for form in ["original", "display", "thumb"] {
        let file = house.folder.path().join("blobs").join(&hash.as_str()[..2]).join(format!("{hash}.{form}"));
        let whole = std::fs::read(&file).unwrap();
        let path = format!("/v1/messages/{message}/files/0/{form}");
        let mut flipped = whole.clone();
        flipped[1] ^= 0xff;
        for damaged in [None, Some(&whole[..whole.len() / 2]), Some(&flipped), Some(&[][..])] {
            std::fs::remove_file(&file).unwrap();
            damaged.map_or(Ok(()), |bytes| std::fs::write(&file, bytes)).unwrap();
            let reply = ana.get(&path).await;
            assert_eq!((reply.status, reply.code()), (StatusCode::GONE, Code::FileMissing), "{form}");
            assert!(ana.snapshot().await.records.len() > 2, "everything else is read");
            std::fs::write(&file, &whole).unwrap();
        }
        assert_eq!(ana.get(&path).await.bytes, whole, "and is shown when it is back");
    }
}
