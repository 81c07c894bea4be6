//! The real process, killed at named places, and the sockets it serves.

use crate::house::{MORNING_MS, PASSWORD};
use crate::pictures::jpeg;
use fieldline_model::api::{BlobProgress, IntentsAnswer, SignedIn, Snapshot};
use fieldline_model::change::What;
use fieldline_model::{Ask, BlobHash, Intent, IntentId, Outcome, Record, State};
use reqwest::{Client, Response};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_fieldline-server");
const DEVICE: &str = "01939aaa-0000-7000-8000-000000000001";

/// A serving process; killed when dropped.
pub struct Process {
    pub child: Child,
    pub url: String,
    pub http: Client,
}

impl Process {
    pub fn serve(dir: &Path, more: &[&str], failpoint: Option<&str>) -> Self {
        Self::run(Command::new(PROGRAM), dir, more, failpoint)
    }

    /// The same by a command that ends in the program.
    pub fn run(mut command: Command, dir: &Path, more: &[&str], failpoint: Option<&str>) -> Self {
        command.args(["serve", "--data"]).arg(dir).args(["--listen", "127.0.0.1:0"]).args(more);
        if let Some(name) = failpoint {
            command.env("FIELDLINE_FAILPOINT", name);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").expect("an address").to_owned();
        Self { child, url, http: Client::new() }
    }

    pub async fn post(&self, path: &str, token: &str, body: String) -> reqwest::Result<Response> {
        self.http.post(format!("{}{path}", self.url)).bearer_auth(token).body(body).send().await
    }

    pub async fn snapshot(&self, token: &str) -> Snapshot {
        let sent = self.http.get(format!("{}/v1/snapshot", self.url)).bearer_auth(token).send().await;
        serde_json::from_slice(&sent.unwrap().bytes().await.unwrap()).unwrap()
    }

    async fn state(&self, token: &str) -> State {
        let conversation =
            self.snapshot(token).await.records.into_iter().find_map(|change| match change.what {
                What::Put(Record::Conversation(it)) => Some(it.state),
                _ => None,
            });
        conversation.expect("one conversation")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A workspace with a signed-in admin and one waiting customer; gives the token.
pub async fn set_up(dir: &Path) -> String {
    let init = Command::new(PROGRAM)
        .args(["init", "--data"])
        .arg(dir)
        .args(["--workspace", "Nordlys", "--admin", "Dagny", "--login", "dagny"])
        .output()
        .unwrap();
    let link = String::from_utf8(init.stdout).unwrap();
    let secret = link.trim().split_once("#invite=").expect("a link").1;
    let server = Process::serve(dir, &[], None);
    let device = json!({ "id": DEVICE, "name": "Phone", "hold": "token" });
    let join = json!({ "secret": secret, "password": PASSWORD, "device": device }).to_string();
    let joined = server.post("/v1/join", "", join).await.unwrap().bytes().await.unwrap();
    let start = server.post("/v1/customer/start", "", json!({ "name": "Rosa" }).to_string()).await.unwrap();
    let cookie = start.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let send = json!({ "id": "01939aaa-0000-7000-8000-000000000002", "written_at_ms": 1, "text": "Hello?" });
    let path = format!("{}/v1/customer/messages", server.url);
    let said = server.http.post(path).header("cookie", cookie).header("x-fieldline", "1");
    assert!(said.body(send.to_string()).send().await.unwrap().status().is_success());
    serde_json::from_slice::<SignedIn>(&joined).unwrap().token.unwrap()
}

pub async fn pick(server: &Process, token: &str) -> String {
    let records = server.snapshot(token).await.records;
    let conversation = records.into_iter().find_map(|change| match change.what {
        What::Put(Record::Conversation(it)) => Some(it.id),
        _ => None,
    });
    let id = IntentId::mint(MORNING_MS, [9; 10]);
    let intent =
        Intent { id, written_at_ms: 1, needs: None, ask: Ask::Pick { conversation: conversation.unwrap() } };
    json!({ "intents": [intent] }).to_string()
}

#[tokio::test]
async fn killed_around_a_commit_the_effect_is_there_as_answered_and_once() {
    for (failpoint, after_the_kill) in
        [("before_commit", State::Waiting), ("after_commit_before_answer", State::Open)]
    {
        let dir = tempfile::tempdir().unwrap();
        let token = set_up(dir.path()).await;
        let server = Process::serve(dir.path(), &[], Some(failpoint));
        let intents = pick(&server, &token).await;
        assert!(server.post("/v1/intents", &token, intents.clone()).await.is_err(), "{failpoint}");
        drop(server);
        let server = Process::serve(dir.path(), &[], None);
        assert_eq!(server.state(&token).await, after_the_kill, "{failpoint}");
        let cursor = server.snapshot(&token).await.cursor;
        let answer = server.post("/v1/intents", &token, intents).await.unwrap().bytes().await.unwrap();
        let answer: IntentsAnswer = serde_json::from_slice(&answer).unwrap();
        assert!(matches!(answer.verdicts[0].outcome, Outcome::Accepted { .. }));
        assert_eq!(server.state(&token).await, State::Open);
        let repeated = after_the_kill == State::Open;
        assert_eq!(server.snapshot(&token).await.cursor == cursor, repeated);
        drop(server);
        let db = rusqlite::Connection::open(dir.path().join("fieldline.db")).unwrap();
        let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
    }
}

#[tokio::test]
async fn killed_in_an_upload_it_goes_on_and_is_ready_in_the_end() {
    let bytes = jpeg(320, 240);
    let (hash, half) = (BlobHash::of(&bytes), bytes.len() / 2);
    for (failpoint, first_part, kept) in
        [("blob_part_written", half, half), ("blob_ready_before_row", bytes.len(), bytes.len() - 1)]
    {
        let dir = tempfile::tempdir().unwrap();
        let token = set_up(dir.path()).await;
        let put = |server: &Process, offset: usize, part: &[u8]| {
            let path = format!("{}/v1/blobs/{hash}?offset={offset}&size={}", server.url, bytes.len());
            server.http.put(path).bearer_auth(&token).body(part.to_vec()).send()
        };
        let server = Process::serve(dir.path(), &[], Some(failpoint));
        assert!(put(&server, 0, &bytes[..first_part]).await.is_err());
        drop(server);
        let server = Process::serve(dir.path(), &[], None);
        let asked =
            server.http.get(format!("{}/v1/blobs/{hash}", server.url)).bearer_auth(&token).send().await;
        let progress: BlobProgress = serde_json::from_slice(&asked.unwrap().bytes().await.unwrap()).unwrap();
        assert_eq!((progress.offset as usize, progress.ready), (kept, None), "{failpoint}");
        let rest = put(&server, kept, &bytes[kept..]).await.unwrap().bytes().await.unwrap();
        let progress: BlobProgress = serde_json::from_slice(&rest).unwrap();
        assert!(progress.ready.is_some(), "{failpoint}");
    }
}

#[tokio::test]
async fn it_speaks_tls_with_the_certificate_it_was_given_and_no_other_is_trusted_for_it() {
    let dir = tempfile::tempdir().unwrap();
    set_up(dir.path()).await;
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    let issue = || {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".into(), "127.0.0.1".into()]).unwrap();
        std::fs::write(&cert, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap()
    };
    let trusted = |root| Client::builder().tls_certs_only([root]).build().unwrap();
    let first = trusted(issue());
    let more = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let server = Process::serve(dir.path(), &more, None);
    assert!(server.url.starts_with("https://"));
    let hello = format!("{}/v1/hello", server.url);
    assert!(first.get(&hello).send().await.unwrap().status().is_success());
    let stranger = trusted(rcgen_root());
    assert!(stranger.get(&hello).send().await.is_err());
}

fn rcgen_root() -> reqwest::Certificate {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap()
}

#[test]
fn plain_http_is_for_loopback_or_behind_a_proxy_only() {
    let dir = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| Command::new(PROGRAM).args(words).output().unwrap();
    let data = dir.path().to_str().unwrap();
    let init = ["init", "--data", data, "--workspace", "Nordlys", "--admin", "D", "--login", "d"];
    assert!(run(&init).status.success());
    let plain = run(&["serve", "--data", data, "--listen", "0.0.0.0:0"]);
    assert!(!plain.status.success());
    assert!(String::from_utf8_lossy(&plain.stderr).contains("--tls-cert"));
    let mistyped = run(&["serve", "--data", data, "--listen", "127.0.0.1:0", "--behindproxy"]);
    assert!(!mistyped.status.success());
}
