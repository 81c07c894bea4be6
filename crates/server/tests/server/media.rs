//! The workers that decode pictures: real processes, killed, starved, hung and lied by.
#![cfg(unix)]

use crate::blobs::nothing_kept;
use crate::heic::{heic, heic_bomb, heic_with_metadata};
use crate::house::{House, Uploads};
use crate::kills::PROGRAM;
use crate::pictures::{gif, gif_of, jpeg, jpeg_bomb, jpeg_with_metadata, png, png_bomb, png_chunk};
use fieldline_model::api::BlobProgress;
use fieldline_model::{BlobHash, Code, FileType};
use fieldline_server::media::{Apart, Limits, Media};
use http::StatusCode;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// Workers of the built program.
fn workers() -> Apart {
    let command = vec![OsString::from(PROGRAM), "media-worker".into()];
    Apart { command, limits: Limits::default(), deadline: Duration::from_secs(120) }
}

/// Workers that are a script of the shell, to which `$0` is the program and `$1` a file.
fn played(script: &str, mark: &Path) -> Apart {
    let command = ["/bin/sh", "-c", script, PROGRAM].map(OsString::from).to_vec();
    Apart { command: [command, vec![mark.into()]].concat(), ..workers() }
}

fn only(apart: Apart) -> House {
    House::decoding(Media::Apart(apart))
}

/// FB2: whatever comes in, what is kept to be shown was made anew, by a worker as well as
/// in a test's own process.
#[tokio::test(start_paused = true)]
async fn a_worker_makes_of_every_type_what_is_made_without_one() {
    let (house, here) = (only(workers()), House::open());
    let (ana, bo) = (house.agent("Ana").await, here.agent("Bo").await);
    let photos = [
        (jpeg_with_metadata(400, 300), FileType::Jpeg, (300, 400)),
        (png(400, 300), FileType::Png, (400, 300)),
        (gif(40, 30), FileType::Gif, (40, 30)),
        (heic(200, 100), FileType::Heic, (200, 100)),
        (heic_with_metadata(), FileType::Heic, (48, 64)),
    ];
    for (photo, kind, size) in photos {
        let by_worker = ana.upload(&photo).await.json::<BlobProgress>().ready.expect("ready");
        assert_eq!((by_worker.kind, (by_worker.width, by_worker.height)), (kind, size));
        assert_eq!(bo.upload(&photo).await.json::<BlobProgress>().ready, Some(by_worker));
        let hash = BlobHash::of(&photo);
        for form in ["display", "thumb", "original"] {
            let file = |house: &House| {
                let dir = house.folder.path().join("blobs").join(&hash.as_str()[..2]);
                std::fs::read(dir.join(format!("{hash}.{form}"))).unwrap()
            };
            assert!(file(&house) == file(&here), "{kind:?} {form}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_is_killed_in_the_middle_is_started_again_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let mark = dir.path().join("killed");
    let once = r#"mark=$1; shift; if [ -e "$mark" ]; then exec "$0" media-worker "$@"; fi
        : >"$mark"; head -c 1000 >/dev/null; kill -9 $$"#;
    let house = only(played(once, &mark));
    let ana = house.agent("Ana").await;
    let bytes = jpeg(640, 480);
    let ready = ana.upload(&bytes).await.json::<BlobProgress>().ready.expect("ready");
    assert!(mark.exists(), "the first one was killed");
    assert_eq!((ready.width, ready.height), (640, 480));
}

#[tokio::test(start_paused = true)]
async fn a_picture_that_ends_every_worker_is_refused_whole_and_the_next_one_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let always = "head -c 1000 >/dev/null; kill -9 $$";
    let lies = r#"cat >/dev/null; printf '\0\0\0\2{}'"#;
    for script in [always, lies, "exit 0"] {
        let house = only(played(script, dir.path()));
        let ana = house.agent("Ana").await;
        let reply = ana.upload(&jpeg(640, 480)).await;
        assert_eq!((reply.code(), reply.status), (Code::FileDamaged, StatusCode::UNPROCESSABLE_ENTITY));
        assert!(nothing_kept(&house), "{script}");
        let person = ana.person.clone();
        drop(ana);
        let house = house.reopen_decoding(Media::Apart(workers()));
        let ana = house.device_of(&person).await;
        ana.upload(&jpeg(640, 480)).await.json::<BlobProgress>().ready.expect("ready");
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_hangs_is_ended_at_its_deadline_and_nothing_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let hangs = r#"echo $$ >"$1/pid"; exec sleep 1000"#;
    let house = only(Apart { deadline: Duration::from_millis(300), ..played(hangs, dir.path()) });
    let ana = house.agent("Ana").await;
    assert_eq!(ana.upload(&jpeg(64, 48)).await.code(), Code::FileDamaged);
    assert!(nothing_kept(&house));
    if let Ok(pid) = std::fs::read_to_string(dir.path().join("pid")) {
        assert!(!Path::new("/proc").join(pid.trim()).join("exe").exists(), "it is gone");
    }
}

#[tokio::test(start_paused = true)]
async fn where_no_worker_can_be_started_or_confined_the_photo_waits_whole() {
    let dir = tempfile::tempdir().unwrap();
    let unconfined = r#"cat >/dev/null; printf '\0\0\0\27{"Err":{"code":"busy"}}'"#;
    let nowhere = Apart { command: vec!["/nowhere/worker".into()], ..workers() };
    for apart in [played(unconfined, dir.path()), nowhere] {
        waits_whole(apart).await;
    }
}

async fn waits_whole(apart: Apart) {
    let house = only(apart);
    let ana = house.agent("Ana").await;
    let bytes = jpeg(64, 48);
    let reply = ana.upload(&bytes).await;
    assert_eq!((reply.code(), reply.status), (Code::Busy, StatusCode::SERVICE_UNAVAILABLE));
    let person = ana.person.clone();
    drop(ana);
    let house = house.reopen_decoding(Media::Apart(workers()));
    let ana = house.device_of(&person).await;
    let (hash, size) = (BlobHash::of(&bytes), bytes.len());
    assert_eq!(ana.progress(&hash).await.offset, size as u64 - 1);
    let last: BlobProgress = ana.part(&hash, (size - 1, size), &bytes[size - 1..]).await.json();
    assert!(last.ready.is_some());
}

/// FB3: what is too much by its header is refused by it; what only shows to be too much
/// ends its worker, by memory here, and the next one is taken.
#[tokio::test(start_paused = true)]
async fn a_bomb_ends_its_worker_at_most_and_the_server_goes_on() {
    let little = Limits { memory_bytes: 320 << 20, cpu_s: 20 };
    let house = only(Apart { limits: little, ..workers() });
    let ana = house.agent("Ana").await;
    let large =
        [png_bomb(65_535, 65_535), png_bomb(10_000, 5_001), jpeg_bomb(65_500, 65_500), gif_of(10_000)];
    for bomb in large {
        assert_eq!(ana.upload(&bomb).await.code(), Code::PictureTooLarge);
    }
    assert!([Code::PictureTooLarge, Code::FileDamaged].contains(&ana.upload(&heic_bomb()).await.code()));
    let mut large = Vec::new();
    let clear = image::RgbaImage::new(7_000, 7_000);
    clear.write_with_encoder(image::codecs::png::PngEncoder::new(&mut large)).unwrap();
    assert_eq!(uploads(&ana, &large).await, Err(Code::FileDamaged));
    assert!(nothing_kept(&house));
    // With what a worker usually has it is a picture like others.
    ana.upload(&jpeg(640, 480)).await.json::<BlobProgress>().ready.expect("ready");
    let person = ana.person.clone();
    drop(ana);
    let house = house.reopen_decoding(Media::Apart(workers()));
    let ana = house.device_of(&person).await;
    assert_eq!(uploads(&ana, &large).await, Ok((2048, 2048)));
}

/// All of a file, in parts; the size of what is shown.
async fn uploads(by: &crate::house::Device, bytes: &[u8]) -> Result<(u32, u32), Code> {
    let hash = BlobHash::of(bytes);
    for (i, part) in bytes.chunks(1 << 20).enumerate() {
        let reply = by.part(&hash, (i << 20, bytes.len()), part).await;
        if !reply.status.is_success() {
            return Err(reply.code());
        }
        if let Some(ready) = reply.json::<BlobProgress>().ready {
            return Ok((ready.width, ready.height));
        }
    }
    panic!("no answer")
}

/// The largest picture there may be, of the deepest colours: small as a file, and seconds of work.
#[cfg(target_os = "linux")]
fn slow_picture() -> Vec<u8> {
    use image::codecs::png::{CompressionType, FilterType, PngEncoder};
    let deep = image::ImageBuffer::<image::Rgba<u16>, _>::new(7_000, 7_000);
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::NoFilter);
    deep.write_with_encoder(encoder).unwrap();
    bytes
}

/// FB3: what only shows to be too much work ends its worker by the time it takes of a processor,
/// which the kernel counts in whole seconds, and not by the clock on the wall.
#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_picture_that_takes_a_processor_too_long_ends_its_worker_and_the_next_one_is_taken() {
    let house = only(Apart { limits: Limits { cpu_s: 1, ..Limits::default() }, ..workers() });
    let ana = house.agent("Ana").await;
    let slow = slow_picture();
    assert_eq!(uploads(&ana, &slow).await, Err(Code::FileDamaged));
    assert!(nothing_kept(&house));
    ana.upload(&jpeg(640, 480)).await.json::<BlobProgress>().ready.expect("ready");
    // With the time a worker usually has it is a picture like others.
    let person = ana.person.clone();
    drop(ana);
    let house = house.reopen_decoding(Media::Apart(workers()));
    let ana = house.device_of(&person).await;
    assert!(uploads(&ana, &slow).await.is_ok());
}

/// FB3: one pixel that unpacks to a hundred megabytes is shown as one pixel, or refused.
#[tokio::test(start_paused = true)]
async fn a_pixel_that_unpacks_to_very_much_harms_nothing() {
    let mut clear = Vec::new();
    let zeros = image::GrayImage::new(10_000, 4_000);
    zeros.write_with_encoder(image::codecs::png::PngEncoder::new(&mut clear)).unwrap();
    let at = clear.windows(4).position(|part| part == b"IHDR").unwrap();
    let header = [&1u32.to_be_bytes()[..], &1u32.to_be_bytes(), &clear[at + 12..at + 17]].concat();
    let bomb = [&clear[..8], &png_chunk(b"IHDR", &header), &clear[at + 21..]].concat();
    let house = only(workers());
    let ana = house.agent("Ana").await;
    let reply = ana.upload(&bomb).await;
    assert!(reply.status.is_success() || reply.code() == Code::FileDamaged);
    ana.upload(&jpeg(64, 48)).await.json::<BlobProgress>().ready.expect("ready");
}

/// FB5: a worker may die of a file; the server says that the file is damaged, and goes on.
#[tokio::test(start_paused = true)]
async fn whatever_is_wrong_within_a_heic_file_the_server_goes_on() {
    let house = only(workers());
    let ana = house.agent("Ana").await;
    let whole = heic_with_metadata();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for round in 0..60 {
        let mut bytes = whole.clone();
        for _ in 0..1 + round % 4 {
            // What tells the type stays: all else may be anything.
            let at = 12 + random(bytes.len() - 12);
            bytes[at] = [0, 0xff, 0x7f, random(256) as u8][random(4)];
        }
        let reply = ana.upload(&bytes).await;
        let refused = [Code::FileDamaged, Code::PictureTooLarge];
        assert!(reply.status.is_success() || refused.contains(&reply.code()), "round {round}");
    }
    ana.upload(&whole).await.json::<BlobProgress>().ready.expect("ready");
}

/// A worker before its first byte: what it may take is limited, and what it may ask of
/// the system is next to nothing.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_has_given_everything_up_before_it_reads() {
    use std::process::{Command, Stdio};
    let mut worker = Command::new(PROGRAM);
    worker.args(["media-worker", "1610612736", "20"]).env_clear();
    let mut child =
        worker.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let of = Path::new("/proc").join(child.id().to_string());
    let confined = || {
        let status = std::fs::read_to_string(of.join("status")).unwrap();
        status.contains("Seccomp:\t2") && status.contains("Seccomp_filters:\t2")
    };
    while !confined() {
        assert_eq!(child.try_wait().unwrap(), None, "it was confined");
        std::thread::yield_now();
    }
    let status = std::fs::read_to_string(of.join("status")).unwrap();
    assert!(status.contains("NoNewPrivs:\t1") && status.contains("Threads:\t1"), "{status}");
    let limits = std::fs::read_to_string(of.join("limits")).unwrap();
    let both = |name: &str, most: &str| {
        let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        assert_eq!(line.split_whitespace().take(2).collect::<Vec<_>>(), [most, most], "{name}");
    };
    both("Max cpu time", "20");
    both("Max address space", "1610612736");
    both("Max open files", "0");
    both("Max file size", "0");
    both("Max core file size", "0");
    let files = std::fs::read_dir(of.join("fd")).unwrap().count();
    assert_eq!((files, std::fs::read(of.join("environ")).unwrap().len()), (3, 0));
    child.kill().unwrap();
    child.wait().unwrap();
}
