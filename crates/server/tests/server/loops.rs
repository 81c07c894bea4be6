//! The real process: killed again and again, watched by strace, and called by many.

use crate::house::{MORNING_MS, says};
use crate::kills::{PROGRAM, Process, pick, set_up};
use crate::pictures::jpeg;
use fieldline_model::api::{BlobProgress, IntentsAnswer};
use fieldline_model::message::FileRef;
use fieldline_model::{
    Ask, BlobHash, ConversationId, DeviceId, Intent, IntentId, Outcome, Record, Role, Send, What,
};
use fieldline_server::{Clock, Config, NewPerson, Run, Server};
use futures_util::StreamExt;
use futures_util::future::join_all;
use rusqlite::Connection;
use serde_json::json;
use std::collections::VecDeque;
use std::path::Path;
use std::process::Command;
use uuid::Uuid;

/// Every place where the server may be killed, and whether it is on a photo's way.
const PLACES: [(&str, bool); 5] = [
    ("step_written", false),
    ("before_commit", false),
    ("after_commit_before_answer", false),
    ("blob_part_written", true),
    ("blob_ready_before_row", true),
];

/// Who sends through all kills, and what was answered.
struct Sender {
    token: String,
    place: ConversationId,
    minted: u64,
    /// Not answered yet: sent again, as it was, until it is.
    waiting: VecDeque<(Uuid, String)>,
    answered: Vec<Uuid>,
    photo: Option<Vec<u8>>,
}

impl Sender {
    fn mints(&mut self, ask: Ask) {
        self.minted += 1;
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.minted.to_be_bytes());
        let id = IntentId::mint(MORNING_MS, random);
        let intent = Intent { id, written_at_ms: 1, needs: None, ask };
        self.waiting.push_back((id.0, json!({ "intents": [intent] }).to_string()));
    }

    /// Sends what waits; an error when the server died.
    async fn sends(&mut self, server: &Process) -> reqwest::Result<()> {
        while let Some((id, body)) = self.waiting.front().cloned() {
            let answer = server.post("/v1/intents", &self.token, body).await?.bytes().await?;
            let answer: IntentsAnswer = serde_json::from_slice(&answer).expect("verdicts");
            assert!(matches!(answer.verdicts[0].outcome, Outcome::Accepted { .. }), "{answer:?}");
            self.waiting.pop_front();
            self.answered.push(id);
        }
        Ok(())
    }

    /// Uploads a photo, on from where it stopped, and makes the message that names it.
    async fn uploads(&mut self, server: &Process) -> reqwest::Result<()> {
        let side = 40 + self.minted as u32;
        let photo = self.photo.get_or_insert_with(|| jpeg(side, 40)).clone();
        let hash = BlobHash::of(&photo);
        let path = format!("{}/v1/blobs/{hash}", server.url);
        let (http, size) = (&server.http, photo.len());
        let asked = http.get(&path).bearer_auth(&self.token).send().await?.bytes().await?;
        let mut at: BlobProgress = serde_json::from_slice(&asked).expect("progress");
        while at.ready.is_none() {
            let from = at.offset as usize;
            let to = if from < size / 2 { size / 2 } else { size };
            let put = http.put(format!("{path}?offset={from}&size={size}")).bearer_auth(&self.token);
            let put = put.body(photo[from..to].to_vec()).send().await?.bytes().await?;
            at = serde_json::from_slice(&put).expect("progress");
        }
        self.photo = None;
        let files = vec![FileRef { hash, name: "part.jpg".into() }];
        self.mints(Ask::Send(Send { files, ..Send::text(self.place.into(), "") }));
        Ok(())
    }

    /// Goes on until the server is dead.
    async fn until_killed(&mut self, server: &Process, photos: bool) {
        for _ in 0..100 {
            if self.sends(server).await.is_err() {
                return;
            }
            if photos {
                if self.uploads(server).await.is_err() {
                    return;
                }
            } else {
                self.mints(says(self.place, "Still here"));
            }
        }
        panic!("the server outlived its failpoint");
    }
}

/// FS1: `kill -9` around every step, here 120 times and by `make kill` as often as you
/// like: what was answered is there once, what was not is there once in the end.
#[tokio::test]
async fn whatever_is_killed_when_every_answered_intent_is_there_and_none_twice() {
    let rounds = std::env::var("FIELDLINE_KILL_ROUNDS").map_or(120, |text| text.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let token = set_up(dir.path()).await;
    let server = Process::serve(dir.path(), &[], None);
    let body = pick(&server, &token).await;
    server.post("/v1/intents", &token, body).await.unwrap();
    let place = server.snapshot(&token).await.records.into_iter().find_map(|change| match change.what {
        What::Put(Record::Conversation(it)) => Some(it.id),
        _ => None,
    });
    drop(server);
    let place = place.expect("one conversation");
    let mut sender =
        Sender { token, place, minted: 0, waiting: VecDeque::new(), answered: Vec::new(), photo: None };
    let mut killed = [0; PLACES.len()];
    for round in 0..rounds {
        let (name, photos) = PLACES[round % PLACES.len()];
        let place = format!("{name}:{}", 1 + round / PLACES.len() % 3);
        let mut server = Process::serve(dir.path(), &[], Some(&place));
        sender.until_killed(&server, photos).await;
        assert!(!server.child.wait().unwrap().success(), "{place}");
        killed[round % PLACES.len()] += 1;
    }
    assert!(killed.iter().all(|times| *times >= 5), "{killed:?}");
    let server = Process::serve(dir.path(), &[], None);
    sender.sends(&server).await.unwrap();
    drop(server);
    all_is_there_once(dir.path(), &sender.answered);
}

fn all_is_there_once(dir: &Path, answered: &[Uuid]) {
    let db = Connection::open(dir.join("fieldline.db")).unwrap();
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    for id in answered {
        let there = db.query_row("SELECT count(*) FROM message WHERE id = ?1", [id.as_bytes()], |row| {
            row.get::<_, i64>(0)
        });
        assert_eq!(there, Ok(1), "{id}");
    }
    // The customer's own, the pick, and what was sent; numbers without a gap.
    assert_eq!(number("SELECT count(*) FROM message"), answered.len() as i64 + 2);
    assert_eq!(number("SELECT count(*) - max(n) FROM message"), 0);
    assert_eq!(number("SELECT count(*) - max(seq) FROM change"), 0);
    let mut hashes = db.prepare("SELECT DISTINCT hash FROM file").unwrap();
    let hashes = hashes.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for hash in hashes.map(Result::unwrap) {
        let file = dir.join("blobs").join(&hash[..2]).join(format!("{hash}.original"));
        assert_eq!(BlobHash::of(&std::fs::read(file).unwrap()).as_str(), hash);
    }
}

/// The lines of a trace from where a request was read to where it was answered.
#[cfg(target_os = "linux")]
fn between<'t>(trace: &'t [String], request: &str) -> &'t [String] {
    let read = trace.iter().position(|line| line.contains(request)).expect("the request was read");
    let answer = trace[read..].iter().position(|line| line.contains("HTTP/1.1 200 OK"));
    &trace[read..read + answer.expect("it was answered")]
}

/// Whether a sync of a path that ends so was begun and done in these lines.
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

/// FS2: between reading an intent and writing its answer the log is synced to disk, and
/// of a photo its bytes and the folder that names them; and a photo is decoded elsewhere.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_is_answered_was_synced_to_disk_first() {
    let dir = tempfile::tempdir().unwrap();
    let token = set_up(dir.path()).await;
    let out = dir.path().join("trace");
    let mut strace = Command::new("strace");
    // -D: the server is our own child, so that it dies with the test.
    strace.args(["-D", "-f", "-y", "-s", "80", "-o"]).arg(&out);
    strace.args(["-e", "trace=execve,read,recvfrom,write,writev,sendto,fsync,fdatasync"]).arg(PROGRAM);
    let mut server = Process::run(strace, dir.path(), &[], None);
    let body = pick(&server, &token).await;
    let picked = server.post("/v1/intents", &token, body).await.unwrap();
    assert!(picked.status().is_success());
    let photo = jpeg(64, 48);
    let hash = BlobHash::of(&photo);
    let path = format!("{}/v1/blobs/{hash}?offset=0&size={}", server.url, photo.len());
    let put = server.http.put(path).bearer_auth(&token).body(photo).send().await.unwrap();
    assert!(put.status().is_success());
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let trace: Vec<String> =
        std::fs::read_to_string(&out).expect("strace is needed").lines().map(str::to_owned).collect();
    assert!(synced(between(&trace, "POST /v1/intents"), "fieldline.db-wal"));
    let upload = between(&trace, "PUT /v1/blobs/");
    let worker = |line: &String| line.contains("execve(") && line.contains("\"media-worker\"");
    assert!(upload.iter().any(worker), "the server decoded it itself");
    let folder = format!("/blobs/{}", &hash.as_str()[..2]);
    for what in [".new", &folder, "fieldline.db-wal"] {
        assert!(synced(upload, what), "{what}");
    }
}

/// FS10: after a restart everybody comes back at once, and everybody is served.
#[tokio::test]
async fn five_hundred_streams_that_come_at_once_are_all_served() {
    const MANY: usize = 500;
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::system();
    Server::found(dir.path(), "Nordlys", &clock).unwrap();
    let server = Server::open(Config { run: Run::Inline, ..Config::new(dir.path()) }).unwrap();
    let ana = NewPerson { name: "Ana".into(), login: Some("ana".into()), role: Role::Agent };
    let ana = server.add_person(ana).await.unwrap();
    let mut tokens = Vec::new();
    for _ in 0..MANY {
        let device = DeviceId::mint(clock.now_ms(), clock.random());
        tokens.push(server.mint_session(ana.id, device).await.unwrap());
    }
    drop(server);
    let server = Process::serve(dir.path(), &[], None);
    let snapshot = server.snapshot(&tokens[0]).await;
    let path = format!("{}/v1/live?after={}&epoch={}", server.url, snapshot.cursor, snapshot.epoch);
    let streams = join_all(tokens.iter().map(async |token| {
        let answer = server.http.get(&path).bearer_auth(token).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        let mut stream = answer.bytes_stream();
        assert!(stream.next().await.unwrap().unwrap().starts_with(b"event: tick"));
        stream
    }))
    .await;
    assert_eq!(streams.len(), MANY);
    assert_eq!(server.snapshot(&tokens[1]).await.cursor, snapshot.cursor);
}

/// FS8: of two servers that start at once on one folder, one serves and one says why not.
#[test]
fn of_two_servers_that_start_at_once_one_serves_and_the_other_ends() {
    let dir = tempfile::tempdir().unwrap();
    Server::found(dir.path(), "Nordlys", &Clock::system()).unwrap();
    let start = || {
        let mut serve = Command::new(PROGRAM);
        serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(dir.path());
        serve.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    let mut both = [start(), start()];
    let ended = loop {
        if let Some(i) = both.iter_mut().position(|child| child.try_wait().unwrap().is_some()) {
            break i;
        }
        std::thread::yield_now();
    };
    let [mut first, mut second] = both;
    let (loser, winner) = if ended == 0 { (first, &mut second) } else { (second, &mut first) };
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(winner.stdout.take().unwrap()), &mut line)
        .unwrap();
    winner.kill().unwrap();
    winner.wait().unwrap();
    assert!(line.starts_with("listening on "), "{line}");
    let said = loser.wait_with_output().unwrap();
    assert!(!said.status.success());
    assert!(String::from_utf8_lossy(&said.stderr).contains("another server has this folder open"));
}
