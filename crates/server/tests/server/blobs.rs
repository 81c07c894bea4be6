//! Uploads: resumed where they stopped, judged by their bytes, shown re-encoded.

use crate::heic::{heic, heic_with_metadata};
use crate::house::{Device, House, Uploads, accepted, refused};
use crate::pictures::{
    SECRET, gif, gif_with_metadata, jpeg, jpeg_bomb, jpeg_with_metadata, png, png_bomb, png_with_metadata,
};
use axum::body::Body;
use fieldline_model::api::BlobProgress;
use fieldline_model::message::FileRef;
use fieldline_model::{Ask, BlobHash, Code, ConversationId, FileType, IntentId, Outcome, Record, Send, What};
use http::{Method, StatusCode};
use std::path::Path;

/// Every file under a folder.
pub fn files(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.file_name().into_string().unwrap());
        }
    }
    found
}

pub fn nothing_kept(house: &House) -> bool {
    files(&house.folder.path().join("parts")).is_empty()
        && files(&house.folder.path().join("blobs")).is_empty()
}

pub fn names(bytes: &[u8], name: &str) -> FileRef {
    FileRef { hash: BlobHash::of(bytes), name: name.into() }
}

pub async fn sends(by: &Device, to: ConversationId, files: Vec<FileRef>) -> (IntentId, Outcome) {
    let send = Send { files, ..Send::text(to.into(), "") };
    let intent = by.mints(Ask::Send(send));
    (intent.id, by.submit(&intent).await)
}

#[tokio::test(start_paused = true)]
async fn an_upload_goes_on_where_it_stopped_also_over_a_restart() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let bytes = jpeg(640, 480);
    let (hash, size, third) = (BlobHash::of(&bytes), bytes.len(), bytes.len() / 3);
    let first: BlobProgress = ana.part(&hash, (0, size), &bytes[..third]).await.json();
    assert_eq!((first.offset, first.ready), (third as u64, None));
    // A gap adds nothing; what overlaps is passed over.
    let gap: BlobProgress = ana.part(&hash, (third + 1, size), &bytes[third + 1..]).await.json();
    assert_eq!(gap.offset, third as u64);
    let overlap: BlobProgress =
        ana.part(&hash, (third - 10, size), &bytes[third - 10..2 * third]).await.json();
    assert_eq!(overlap.offset, 2 * third as u64);
    let person = ana.person.clone();
    drop(ana);
    let house = house.reopen();
    let ana = house.device_of(&person).await;
    assert_eq!(ana.progress(&hash).await.offset, 2 * third as u64);
    let last: BlobProgress = ana.part(&hash, (2 * third, size), &bytes[2 * third..]).await.json();
    let ready = last.ready.expect("ready");
    assert_eq!((ready.kind, ready.size_bytes), (FileType::Jpeg, size as u64));
    assert_eq!((ready.width, ready.height), (640, 480));
    assert_eq!(ana.progress(&hash).await.ready, Some(ready.clone()));
    assert_eq!(ana.upload(&bytes).await.json::<BlobProgress>().ready, Some(ready));
    assert!(files(&house.folder.path().join("parts")).is_empty());
}

#[tokio::test(start_paused = true)]
async fn nobody_learns_that_somebody_else_has_the_same_bytes() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let it = bo.only().await;
    let bytes = jpeg(64, 48);
    ana.upload(&bytes).await.json::<BlobProgress>().ready.expect("ready");
    let hash = BlobHash::of(&bytes);
    for progress in [bo.progress(&hash).await, rosa.progress(&hash).await] {
        assert_eq!((progress.offset, progress.ready), (0, None));
    }
    accepted(&bo.picks(it).await);
    assert_eq!(refused(&sends(&bo, it, vec![names(&bytes, "a.jpg")]).await.1), Code::FileMissing);
    assert_eq!(rosa.sends(&rosa.mints("", vec![names(&bytes, "a.jpg")])).await.code(), Code::FileMissing);
    bo.upload(&bytes).await.json::<BlobProgress>().ready.expect("ready");
    accepted(&sends(&bo, it, vec![names(&bytes, "a.jpg")]).await.1);
}

/// FB1: whatever it is called.
#[tokio::test(start_paused = true)]
async fn what_is_no_picture_is_refused_at_its_first_bytes_and_nothing_is_kept() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let html = b"<html><script>alert(1)</script> named photo.jpg".to_vec();
    let exe = [b"MZ\x90\0".to_vec(), vec![0; 4000]].concat();
    let cases = [
        (html, Code::FileNotPicture, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (exe, Code::FileNotPicture, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            b"%PDF-1.7 and a long enough rest of it".to_vec(),
            Code::FileNotPicture,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec(),
            Code::FileNotPicture,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (b"\xff\xd8\xff".to_vec(), Code::FileDamaged, StatusCode::UNPROCESSABLE_ENTITY),
        (b"x".to_vec(), Code::FileNotPicture, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (b"".to_vec(), Code::FileNotPicture, StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ];
    for (bytes, code, status) in cases {
        // Whole, and as the first part of something longer.
        let reply = ana.upload(&bytes).await;
        assert_eq!((reply.code(), reply.status), (code, status));
        if bytes.len() > 32 {
            let part = ana.part(&BlobHash::of(&bytes), (0, bytes.len()), &bytes[..33]).await;
            assert_eq!(part.code(), code);
        }
        assert!(nothing_kept(&house), "{code:?}");
    }
}

/// FB4.
#[tokio::test(start_paused = true)]
async fn a_file_that_was_cut_off_is_damaged_wherever_it_was_cut() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    for whole in [jpeg(200, 150), png(200, 150), gif(60, 40), heic(200, 100)] {
        for sixteenth in 1..16 {
            let cut = &whole[..whole.len() * sixteenth / 16];
            assert_eq!(
                ana.upload(cut).await.code(),
                Code::FileDamaged,
                "{sixteenth}/16 of {:?}",
                &whole[..4]
            );
        }
        ana.upload(&whole).await.json::<BlobProgress>().ready.expect("ready");
    }
    assert!(files(&house.folder.path().join("parts")).is_empty());
}

/// FB3; the rest of it in `media.rs`.
#[tokio::test(start_paused = true)]
async fn a_bomb_is_refused_by_its_header() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    for bomb in [png_bomb(65_535, 65_535), png_bomb(10_000, 5_001), jpeg_bomb(65_500, 65_500)] {
        let reply = ana.upload(&bomb).await;
        assert_eq!(reply.code(), Code::PictureTooLarge);
    }
    assert!(nothing_kept(&house));
}

/// FB4: two gigabytes are announced, one kilobyte comes.
#[tokio::test(start_paused = true)]
async fn sizes_and_hashes_are_held_to_what_was_said() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let bytes = jpeg(64, 48);
    let (hash, size) = (BlobHash::of(&bytes), bytes.len());
    let too_large = ana.part(&hash, (0, 2 << 30), &bytes).await;
    assert_eq!((too_large.code(), too_large.status), (Code::FileTooLarge, StatusCode::PAYLOAD_TOO_LARGE));
    assert_eq!(ana.part(&hash, (0, size - 1), &bytes).await.code(), Code::BadRequest);
    assert_eq!(ana.part(&hash, (usize::MAX, size), &bytes).await.code(), Code::BadRequest);
    let wrong = BlobHash::of(b"other");
    assert_eq!(ana.part(&wrong, (0, size), &bytes).await.code(), Code::FileDamaged);
    assert_eq!(ana.progress(&wrong).await.offset, 0);
    let big = vec![0xff; (1 << 20) + 1];
    assert_eq!(ana.part(&hash, (0, 2 << 20), &big).await.code(), Code::BadRequest);
    for path in ["/v1/blobs/..%2f..%2fetc%2fpasswd", "/v1/blobs/abc", "/v1/blobs/x?offset=0&size=1"] {
        assert!(!ana.get(path).await.status.is_success());
    }
    assert!(nothing_kept(&house));
}

#[tokio::test(start_paused = true)]
async fn one_owner_has_a_bounded_number_of_unfinished_uploads() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let bytes = jpeg(64, 48);
    for i in 0..30u8 {
        let hash = BlobHash::of(&[i]);
        ana.part(&hash, (0, bytes.len()), &bytes[..100]).await.json::<BlobProgress>();
    }
    let one_more = ana.part(&BlobHash::of(&bytes), (0, bytes.len()), &bytes[..100]).await;
    assert_eq!(one_more.code(), Code::Busy);
}

/// Segments of a JPEG: only what pixels need.
fn only_pixels(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while jpeg[at + 1] != 0xda {
        if !matches!(jpeg[at + 1], 0xe0 | 0xdb | 0xc0..=0xc4) {
            return false;
        }
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    true
}

/// Whether the blocks of a GIF are its frames, their times, and how often it goes round.
fn only_moves(gif: &[u8]) -> bool {
    let mut at = 13 + if gif[10] & 0x80 != 0 { 3 << ((gif[10] & 7) + 1) } else { 0 };
    let sub_blocks = |mut at: usize| {
        while gif[at] != 0 {
            at += 1 + usize::from(gif[at]);
        }
        at + 1
    };
    loop {
        at = match gif[at..] {
            [0x3b] => return true,
            [0x21, 0xf9, ..] => sub_blocks(at + 2),
            [0x21, 0xff, 11, ..] if gif[at + 3..].starts_with(b"NETSCAPE2.0") => sub_blocks(at + 2),
            [0x2c, ..] => {
                let flags = gif[at + 9];
                let table = if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
                sub_blocks(at + 11 + table)
            }
            _ => return false,
        }
    }
}

/// FB2, FB6: of every type, in every place that it has for telling where it was taken, and
/// with a script, a film and an archive behind its end.
#[tokio::test(start_paused = true)]
async fn what_is_shown_is_upright_and_says_nothing_but_its_pixels() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    let photos = [
        jpeg_with_metadata(400, 300),
        png_with_metadata(400, 300),
        gif_with_metadata(400, 300),
        heic_with_metadata(),
    ];
    for photo in &photos {
        assert!(photo.windows(SECRET.len()).any(|window| window == SECRET));
        rosa.upload(photo).await.json::<BlobProgress>().ready.expect("ready");
    }
    let send = rosa.mints("", photos.iter().map(|photo| names(photo, "../x\u{202e}gpj.exe")).collect());
    assert_eq!(rosa.sends(&send).await.status, StatusCode::OK);
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    for (i, photo) in photos.iter().enumerate() {
        for form in ["thumb", "display"] {
            let path = format!("messages/{}/files/{i}/{form}", send.id);
            let shown = ana.get(&format!("/v1/{path}")).await;
            let to_customer = rosa.call(Method::GET, &format!("/v1/customer/{path}"), Body::empty()).await;
            assert_eq!(shown.bytes, to_customer.bytes);
            let moves = (i, form) == (2, "display");
            for reply in [&shown, &to_customer] {
                assert_eq!(reply.headers["content-type"], if moves { "image/gif" } else { "image/jpeg" });
                assert_eq!(reply.headers["cache-control"], "no-store", "who may see it is asked each time");
                assert_eq!(reply.headers["x-content-type-options"], "nosniff");
                let policy = reply.headers["content-security-policy"].to_str().unwrap();
                for word in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "sandbox"] {
                    assert!(policy.contains(word), "{policy}");
                }
                assert_eq!(reply.headers["cross-origin-resource-policy"], "same-origin");
            }
            assert!(if moves { only_moves(&shown.bytes) } else { only_pixels(&shown.bytes) });
            for told in [SECRET, b"<script", b"Exif", b"PK\x03", b"2026:03:02"] {
                assert!(!shown.bytes.windows(told.len()).any(|window| window == told), "{i} {form}");
            }
            // All but the GIF said that they lie on their side: the left half, red, is on
            // top then, so that the top right corner is red.
            let pixels = image::load_from_memory(&shown.bytes).unwrap().into_rgb8();
            let turned = pixels.width() < pixels.height();
            assert_eq!(turned, i != 2, "{i} {form}");
            let corner = pixels.get_pixel(pixels.width() - 9, 9).0;
            assert_eq!(corner[0] > corner[2], turned, "{i} {form} {corner:?}");
        }
        let original = ana.get(&format!("/v1/messages/{}/files/{i}/original", send.id)).await;
        assert_eq!(original.bytes, photo[..]);
        let disposition = original.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename*=UTF-8''xgpj."), "{disposition}");
        assert_eq!(original.headers["x-content-type-options"], "nosniff");
        assert!(original.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        let path = format!("/v1/customer/messages/{}/files/{i}/original", send.id);
        assert_eq!(rosa.call(Method::GET, &path, Body::empty()).await.code(), Code::NotFound);
    }
}

/// A camera's own time stands beside when a photo was sent, for staff alone; one that says none
/// has none.
#[tokio::test(start_paused = true)]
async fn when_a_photo_was_taken_comes_from_its_exif_to_staff_and_to_nobody_else() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    let photos = [jpeg_with_metadata(40, 30), png_with_metadata(40, 30), heic_with_metadata(), jpeg(40, 30)];
    for photo in &photos {
        rosa.upload(photo).await.json::<BlobProgress>().ready.expect("ready");
    }
    let send = rosa.mints("", photos.iter().map(|photo| names(photo, "a")).collect());
    assert_eq!(rosa.sends(&send).await.status, StatusCode::OK);
    accepted(&ana.picks(ana.only().await).await);
    let said = ana.changes(0).await.into_iter().find_map(|it| match it.what {
        What::Put(Record::Message(it)) if it.id.0 == send.id.0 => Some(it.body),
        _ => None,
    });
    let Some(fieldline_model::Body::Said { files, .. }) = said else { panic!("it was said") };
    let taken = Some("2026-03-02T09:15:00+01:00");
    assert_eq!(
        files.iter().map(|file| file.taken_at.as_deref()).collect::<Vec<_>>(),
        [taken, taken, taken, None]
    );
    let hers = rosa.call(Method::GET, "/v1/customer/chat?after=0", Body::empty()).await;
    assert!(String::from_utf8_lossy(&hers.bytes).contains("a.jpg"));
    assert!(!String::from_utf8_lossy(&hers.bytes).contains("2026-03-02"));
}

#[tokio::test(start_paused = true)]
async fn large_pictures_are_shown_small_enough() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let bytes = jpeg(4000, 1000);
    let ready = ana.upload_in_parts(&bytes).await;
    assert_eq!((ready.width, ready.height), (2048, 512));
}

#[tokio::test(start_paused = true)]
async fn a_photo_is_read_as_its_message_may_be() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let (rosa, kim) = (house.customer("Rosa").await, house.customer("Kim").await);
    let bytes = jpeg(64, 48);
    rosa.upload(&bytes).await.json::<BlobProgress>();
    let send = rosa.mints("", vec![names(&bytes, "part.jpg")]);
    rosa.sends(&send).await.json::<fieldline_model::public::PublicPage>();
    let path = format!("messages/{}/files/0/display", send.id);
    assert_eq!(bo.get(&format!("/v1/{path}")).await.status, StatusCode::OK);
    accepted(&ana.picks(ana.only().await).await);
    assert_eq!(bo.get(&format!("/v1/{path}")).await.code(), Code::NotFound);
    let kims = kim.call(Method::GET, &format!("/v1/customer/{path}"), Body::empty()).await;
    assert_eq!(kims.code(), Code::NotFound);
    for wrong in ["files/1/display", "files/-1/thumb", "files/0/huge"] {
        assert_eq!(ana.get(&format!("/v1/messages/{}/{wrong}", send.id)).await.code(), Code::NotFound);
    }
}

#[tokio::test(start_paused = true)]
async fn bytes_gone_or_changed_on_the_disk_are_said_to_be_missing() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    let bytes = jpeg(64, 48);
    rosa.upload(&bytes).await.json::<BlobProgress>();
    let send = rosa.mints("", vec![names(&bytes, "part.jpg")]);
    rosa.sends(&send).await.json::<fieldline_model::public::PublicPage>();
    let hash = BlobHash::of(&bytes);
    let dir = house.folder.path().join("blobs").join(&hash.as_str()[..2]);
    std::fs::write(dir.join(format!("{hash}.original")), b"flipped").unwrap();
    std::fs::remove_file(dir.join(format!("{hash}.thumb"))).unwrap();
    for form in ["original", "thumb"] {
        let reply = ana.get(&format!("/v1/messages/{}/files/0/{form}", send.id)).await;
        assert_eq!((reply.code(), reply.status), (Code::FileMissing, StatusCode::GONE));
    }
    assert!(!ana.snapshot().await.records.is_empty());
}
