//! `kill -9` of a device: a real core in a process of its own (`src/bin/headless.rs`), against
//! a real server over real sockets, killed at every failpoint in turn, by a seed that is
//! printed; after each the files are opened again and everything settles.
//!
//! ```text
//! make kill ROUNDS=1000                                            many
//! FIELDLINE_KILL_SEED=42 cargo test -p fieldline-tests --test kills   the same again
//! ```
#![cfg(debug_assertions)]

use fieldline_core::clock::Clock;
use fieldline_core::failpoint::POINTS;
use fieldline_core::remote::ReqwestWire;
use fieldline_core::store::Disk;
use fieldline_core::view::{BubbleBody, Link, Mark, Page, Section, Sort};
use fieldline_core::{Engine, Setup};
use fieldline_model::api::Hold;
use fieldline_model::{IntentId, PlaceId, Role};
use fieldline_server::serve::Listener;
use fieldline_server::{Config, NewPerson, Server};
use fieldline_tests::world::memory_folder;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const PASSWORD: &str = "correct horse battery";
/// Beside the failpoints: killed from outside, after any line it says.
const ANYWHERE: &str = "anywhere";
/// For one round; a machine that is busy is no failure.
const PATIENCE: Duration = Duration::from_secs(120);

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// A server on a socket of its own, one waiting customer, and Ana.
struct House {
    url: String,
    folder: TempDir,
}

impl House {
    async fn open() -> Self {
        let folder = memory_folder();
        Server::found(folder.path(), "Nordlys", &fieldline_server::Clock::system()).unwrap();
        let server = Server::open(Config::new(folder.path())).unwrap();
        let ana = NewPerson { name: "Ana".into(), login: Some("ana".into()), role: Role::Agent };
        let ana = server.add_person(ana).await.unwrap();
        server.set_password(ana.id, PASSWORD).await.unwrap();
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), None, false).await.unwrap();
        let url = listener.url().unwrap();
        tokio::spawn(listener.serve(server, std::future::pending()));
        let house = Self { url, folder };
        house.customer_writes().await;
        house
    }

    async fn customer_writes(&self) {
        let http = reqwest::Client::new();
        let post = |path: &str, body: serde_json::Value| {
            let asked = http.post(format!("{}/v1/customer/{path}", self.url)).header("x-fieldline", "1");
            asked.header("content-type", "application/json").body(body.to_string())
        };
        let start = post("start", json!({ "name": "Rosa" })).send().await.unwrap();
        let cookie = start.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let id = "01939aaa-0000-7000-8000-000000000002";
        let said = post("messages", json!({ "id": id, "written_at_ms": 1, "text": "Hello?" }));
        let said = said.header("cookie", cookie).send().await.unwrap();
        assert!(said.status().is_success());
    }

    /// Ana signs in on a device with these files and picks the one conversation.
    async fn ana_picks(&self, files: &Path) -> PlaceId {
        let engine = opened(files).await;
        engine.sign_in(self.url.clone(), "ana".into(), PASSWORD.into(), None).await.unwrap();
        settles(&engine).await;
        let rows = engine.rows(Section::Picklist, Sort::Newest, String::new(), Page::first(9)).await;
        let place = rows.unwrap().rows[0].place;
        let clock = Clock::system();
        engine.pick(IntentId::mint(clock.now_ms(), clock.random()), place).await.unwrap();
        settles(&engine).await;
        place
    }

    /// Every text an agent said: how often it is on the server, and with how many photos.
    fn said(&self) -> BTreeMap<String, (u32, u32)> {
        let file = self.folder.path().join("fieldline.db");
        let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let sql = "SELECT json_extract(body, '$.body.text'), json_array_length(body, '$.body.files')
                   FROM message WHERE json_extract(body, '$.body.text') LIKE 'No. %'";
        let mut rows = db.prepare(sql).unwrap();
        let rows = rows.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, u32>(1)?))).unwrap();
        let mut said = BTreeMap::new();
        for (text, photos) in rows.map(Result::unwrap) {
            let it: &mut (u32, u32) = said.entry(text).or_default();
            *it = (it.0 + 1, photos);
        }
        said
    }
}

/// The core on the device's files, in this process.
async fn opened(files: &Path) -> Engine {
    let setup = Setup {
        disk: Disk::open(files).await.expect("who was killed holds nothing"),
        clock: Clock::system(),
        wire: Arc::new(ReqwestWire::default()),
        device_name: "Killed".into(),
        hold: Hold::Token,
        keychain: None,
        inline: false,
    };
    Engine::open(setup).await.expect("the engine opens again")
}

/// Waits until nothing is unsent.
async fn settles(engine: &Engine) {
    let mut told = engine.subscribe();
    let settled = async {
        loop {
            let status = engine.status().await.unwrap();
            if status.link == Link::Live && status.counts.unsent == 0 {
                return;
            }
            assert_eq!(status.counts.stuck, 0, "nothing is refused");
            let _ = told.recv().await;
        }
    };
    tokio::time::timeout(PATIENCE, settled).await.expect("it settles");
}

/// Starts the device and has it killed. Gives what it tried and whether it was told yes.
fn killed_at(point: &str, dice: &mut Dice, files: &Path, (place, first): (PlaceId, u32)) -> Vec<Line> {
    let mut device = Command::new(env!("CARGO_BIN_EXE_headless"));
    device.arg(files).arg(place.to_string()).arg(first.to_string()).stdout(Stdio::piped());
    let lines = 1 + dice.below(12);
    if point != ANYWHERE {
        device.env("FIELDLINE_FAILPOINT", format!("{point}:{}", 1 + dice.below(3)));
        device.stderr(Stdio::null());
    }
    let mut device: Child = device.spawn().expect("the device starts");
    let mut told = Vec::new();
    for line in BufReader::new(device.stdout.take().unwrap()).lines() {
        told.push(Line::read(&line.unwrap()));
        if point == ANYWHERE && told.len() as u64 == lines {
            device.kill().unwrap();
        }
    }
    assert!(!device.wait().unwrap().success(), "{point}: it outlived its failpoint");
    told
}

enum Line {
    Tried(String, u32),
    Yes(String),
}

impl Line {
    fn read(line: &str) -> Self {
        let (word, rest) = line.split_once(' ').expect("two words");
        match word {
            "try" => {
                let (photos, text) = rest.split_once(' ').expect("a text");
                Self::Tried(text.into(), photos.parse().unwrap())
            }
            "yes" => Self::Yes(rest.into()),
            other => panic!("it said {other}"),
        }
    }
}

/// FC1, FC2, I1, I3, I4: 80 rounds here, more by `make kill`.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_of_a_device_is_killed_when_nothing_said_is_lost_or_doubled() {
    let rounds = number("FIELDLINE_KILL_ROUNDS").unwrap_or(80);
    let seed = number("FIELDLINE_KILL_SEED").unwrap_or_else(|| Clock::system().now_ms() as u64 % 1_000_000);
    println!("FIELDLINE_KILL_SEED={seed}");
    let mut dice = Dice(seed);
    let (house, files) = (House::open().await, memory_folder());
    let place = house.ana_picks(files.path()).await;
    let points: Vec<&str> = POINTS.iter().copied().chain([ANYWHERE]).collect();
    let mut killed: BTreeMap<&str, u32> = BTreeMap::new();
    // Each text that was tried: how many photos it has, and whether the core said yes.
    let mut ledger: BTreeMap<String, (u32, bool)> = BTreeMap::new();
    let mut first = 1;
    for round in 0..rounds {
        let point = points[round as usize % points.len()];
        for line in killed_at(point, &mut dice, files.path(), (place, first)) {
            match line {
                Line::Tried(text, photos) => {
                    first += 1;
                    ledger.entry(text).or_insert((photos, false));
                }
                Line::Yes(text) => ledger.get_mut(&text).unwrap().1 = true,
            }
        }
        *killed.entry(point).or_default() += 1;
        let engine = opened(files.path()).await;
        settles(&engine).await;
        let wrong = |what: String| format!("seed {seed}, round {round}, killed at {point}: {what}");
        nothing_lost_or_doubled(&house, &engine, place, &ledger).await.map_err(wrong).unwrap();
    }
    println!("{killed:?}, {} messages", ledger.len());
    assert!(rounds < 80 || (killed.len() == points.len() && killed.values().all(|times| *times >= 5)));
}

/// Holds the device and the server against the ledger.
async fn nothing_lost_or_doubled(
    house: &House,
    engine: &Engine,
    place: PlaceId,
    ledger: &BTreeMap<String, (u32, bool)>,
) -> Result<(), String> {
    let thread = engine.thread(place, 100_000).await.map_err(|p| format!("{p:?}"))?;
    let said = house.said();
    for (text, (photos, yes)) in ledger {
        let there = said.get(text).copied().unwrap_or_default();
        let drafted = thread.draft.text == *text;
        let shown: Vec<Mark> = thread
            .bubbles
            .iter()
            .filter(|b| matches!(&b.body, BubbleBody::Said { text: it, .. } if it == text))
            .map(|b| b.mark)
            .collect();
        let sent = there == (1, *photos) && shown == [Mark::Sent] && !drafted;
        let kept = !*yes && there.0 == 0 && shown.is_empty() && drafted;
        let whole = !drafted || thread.draft.files.len() as u32 == *photos;
        if !(sent || kept) || !whole {
            return Err(format!("{text}: yes {yes}, server {there:?}, shown {shown:?}, draft {drafted}"));
        }
    }
    if said.len() != ledger.len() - usize::from(ledger.contains_key(&thread.draft.text)) {
        return Err(format!("{} are on the server, {} were tried", said.len(), ledger.len()));
    }
    Ok(())
}

/// Whether a sync of a path that ends so was begun and done in these lines of a trace.
#[cfg(target_os = "linux")]
fn synced(lines: &[String], ends: &str) -> bool {
    let path = format!("{ends}>");
    lines.iter().enumerate().any(|(i, line)| {
        let thread = line.split(' ').next().unwrap_or_default();
        let begun = line.contains("sync(") && line.contains(&path);
        let resumed = |later: &String| {
            later.starts_with(thread) && later.contains("sync resumed") && later.contains("= 0")
        };
        begun && (line.ends_with("= 0") || lines[i..].iter().any(resumed))
    })
}

/// FC3, I1: before a person is told that it will go by itself, the log with the outbox is
/// synced to disk; before a draft mentions a photo, its bytes and the folder that names it.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn what_it_says_yes_to_was_synced_to_disk_first() {
    let (house, files) = (House::open().await, memory_folder());
    let place = house.ana_picks(files.path()).await;
    let out = files.path().join("trace");
    let mut device = Command::new("strace");
    // -D: the device is our own child, so that it dies with the test.
    device.args(["-D", "-f", "-y", "-s", "80", "-o"]).arg(&out);
    device.args(["-e", "trace=write,fsync,fdatasync"]).arg(env!("CARGO_BIN_EXE_headless"));
    device.arg(files.path()).arg(place.to_string()).arg("2").stdout(Stdio::piped());
    let mut device = device.spawn().expect("strace is needed");
    let told: Vec<String> =
        BufReader::new(device.stdout.take().unwrap()).lines().take(4).map(Result::unwrap).collect();
    device.kill().unwrap();
    device.wait().unwrap();
    assert_eq!(told[..2], ["try 1 No. 2", "yes No. 2"]);
    let trace: Vec<String> = std::fs::read_to_string(&out).unwrap().lines().map(str::to_owned).collect();
    let at = |said: &str| {
        let line = format!("\"{said}\\n\"");
        trace.iter().position(|it| it.contains("write(1<") && it.contains(&line)).expect("it was said")
    };
    let (tries, yes) = (at("try 1 No. 2"), at("yes No. 2"));
    for what in [".part", "-files", ".db-wal"] {
        assert!(synced(&trace[..tries], what), "before the draft has it: {what}");
    }
    assert!(synced(&trace[tries..yes], ".db-wal"), "before it says yes");
}
