//! A server in a folder of its own, its agents' devices and its customers' pages,
//! calling its router in process on a paused clock.

use axum::Router;
use axum::body::{Body, Bytes};
use fieldline_model::api::{BlobProgress, BlobReady, ChangesPage, IntentsAnswer, Refusal, Snapshot};
use fieldline_model::change::{Change, What};
use fieldline_model::message::FileRef;
use fieldline_model::public::{CustomerSend, LinkSecret, PublicPage};
use fieldline_model::{
    AdminAnswer, AdminAsk, Ask, BlobHash, Code, Conversation, ConversationId, DeviceId, Intent, IntentId,
    Outcome, Person, Record, Role, Send,
};
use fieldline_server::media::Media;
use fieldline_server::{Clock, Config, NewPerson, Run, Server};
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde::de::DeserializeOwned;
use std::cell::Cell;
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

/// 2026-03-02 08:00 UTC.
pub const MORNING_MS: i64 = 1_772_438_400_000;
pub const PASSWORD: &str = "blue kettle on a hill";

/// The server and its folder.
pub struct House {
    pub server: Server,
    pub folder: TempDir,
    pub clock: Clock,
    minted: Cell<u32>,
}

impl House {
    pub fn open() -> Self {
        Self::run(Run::Inline)
    }

    pub fn run(run: Run) -> Self {
        let house = Self::idle(run);
        house.server.keep_offering();
        house
    }

    /// One that makes no offers: its clock may go on by months at once.
    pub fn idle(run: Run) -> Self {
        Self::founded(run, Media::Here)
    }

    /// One that has its pictures decoded so.
    pub fn decoding(media: Media) -> Self {
        Self::founded(Run::Inline, media)
    }

    fn founded(run: Run, media: Media) -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::simulated(MORNING_MS, 1));
        Server::found(folder.path(), "Nordlys", &clock).unwrap();
        let server =
            Server::open(Config { clock: clock.clone(), run, media, ..Config::new(folder.path()) }).unwrap();
        Self { server, folder, clock, minted: Cell::new(0) }
    }

    /// Closes the server and opens it again on the same files.
    pub fn reopen(self) -> Self {
        self.reopen_decoding(Media::Here)
    }

    /// The same, which has its pictures decoded so.
    pub fn reopen_decoding(self, media: Media) -> Self {
        let Self { server, folder, clock, minted } = self;
        drop(server);
        let open = || {
            let (clock, media) = (clock.clone(), media.clone());
            Server::open(Config { clock, run: Run::Inline, media, ..Config::new(folder.path()) })
        };
        // A process that another test starts holds the lock's file too, until it is the program.
        let server = loop {
            match open() {
                Err(fieldline_server::OpenError::InUse) => std::thread::yield_now(),
                opened => break opened.unwrap(),
            }
        };
        server.keep_offering();
        Self { server, folder, clock, minted }
    }

    /// A server of a folder that is filled already.
    pub fn of(folder: TempDir, clock: Clock) -> Self {
        let config = Config { clock: clock.clone(), run: Run::Inline, ..Config::new(folder.path()) };
        Self { server: Server::open(config).unwrap(), folder, clock, minted: Cell::new(0) }
    }

    fn mint(&self) -> Uuid {
        self.minted.set(self.minted.get() + 1);
        DeviceId::mint(self.clock.now_ms(), self.clock.random()).0
    }

    pub async fn person(&self, name: &str, role: Role) -> Person {
        let login = Some(name.to_lowercase());
        self.server.add_person(NewPerson { name: name.into(), login, role }).await.unwrap()
    }

    pub async fn device_of(&self, person: &Person) -> Device {
        let id = DeviceId(self.mint());
        let token = self.server.mint_session(person.id, id).await.unwrap();
        Device {
            person: person.clone(),
            id,
            token,
            line: Line(self.server.router()),
            clock: self.clock.clone(),
        }
    }

    pub async fn agent(&self, name: &str) -> Device {
        let person = self.person(name, Role::Agent).await;
        self.device_of(&person).await
    }

    /// A client with a login.
    pub async fn client(&self, name: &str) -> Device {
        let person = self.person(name, Role::Client).await;
        self.server.set_password(person.id, PASSWORD).await.unwrap();
        self.device_of(&person).await
    }

    pub async fn customer(&self, name: &str) -> Page {
        let line = Line(self.server.router());
        let begin = serde_json::json!({ "name": name }).to_string();
        let reply = line.call(Method::POST, "/v1/customer/start", &[], begin).await;
        let LinkSecret { secret } = reply.json();
        Page { cookie: reply.cookie(), secret, line, clock: self.clock.clone() }
    }

    pub fn line(&self) -> Line {
        Line(self.server.router())
    }
}

/// A way to the server's router.
#[derive(Clone)]
pub struct Line(pub Router);

/// An answer.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Reply {
    pub fn json<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{} {:?}", self.status, self.bytes);
        serde_json::from_slice(&self.bytes).unwrap()
    }

    pub fn code(&self) -> Code {
        assert!(!self.status.is_success(), "{} {:?}", self.status, self.bytes);
        serde_json::from_slice::<Refusal>(&self.bytes).unwrap().problem.code
    }

    /// `name=value` of the cookie it sets.
    pub fn cookie(&self) -> String {
        let set = self.headers.get(header::SET_COOKIE).expect("a cookie").to_str().unwrap();
        set.split(';').next().unwrap().to_owned()
    }
}

impl Line {
    pub async fn open(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> axum::response::Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.0.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap()
    }

    pub async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let answer = self.open(method, path, headers, body).await;
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Reply { status: parts.status, headers: parts.headers, bytes }
    }
}

/// Somebody who uploads.
pub trait Uploads {
    async fn blob(&self, method: Method, rest: String, part: Vec<u8>) -> Reply;

    async fn part(&self, hash: &BlobHash, (offset, size): (usize, usize), part: &[u8]) -> Reply {
        self.blob(Method::PUT, format!("{hash}?offset={offset}&size={size}"), part.to_vec()).await
    }

    async fn progress(&self, hash: &BlobHash) -> BlobProgress {
        self.blob(Method::GET, hash.to_string(), vec![]).await.json()
    }

    /// The whole of `bytes`, however large.
    async fn upload_in_parts(&self, bytes: &[u8]) -> BlobReady {
        let hash = BlobHash::of(bytes);
        let mut offset = 0;
        loop {
            let end = bytes.len().min(offset + (1 << 20));
            let progress: BlobProgress =
                self.part(&hash, (offset, bytes.len()), &bytes[offset..end]).await.json();
            offset = progress.offset as usize;
            if let Some(ready) = progress.ready {
                return ready;
            }
        }
    }

    /// The whole of `bytes` under their own name.
    async fn upload(&self, bytes: &[u8]) -> Reply {
        self.part(&BlobHash::of(bytes), (0, bytes.len()), bytes).await
    }
}

/// An agent's device.
#[derive(Clone)]
pub struct Device {
    pub person: Person,
    pub id: DeviceId,
    pub token: String,
    pub line: Line,
    pub clock: Clock,
}

impl Uploads for Device {
    async fn blob(&self, method: Method, rest: String, part: Vec<u8>) -> Reply {
        self.call(method, &format!("{}/blobs/{rest}", self.own()), part).await
    }
}

impl Device {
    /// Where this person's own routes begin; a client's types read as the staff's.
    pub fn own(&self) -> &'static str {
        if self.person.role.is_staff() { "/v1" } else { "/v1/client" }
    }

    /// The same device, reaching another server.
    pub fn at(&self, house: &House) -> Self {
        Self { line: house.line(), ..self.clone() }
    }

    pub async fn call(&self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        self.line.call(method, path, &[("authorization", &bearer)], body).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, Body::empty()).await
    }

    pub fn mints(&self, ask: Ask) -> Intent {
        let now = self.clock.now_ms();
        Intent { id: IntentId::mint(now, self.clock.random()), written_at_ms: now, needs: None, ask }
    }

    /// Sends bodies as they are.
    pub async fn submits(&self, bodies: &[String]) -> Vec<Outcome> {
        let body = format!("{{\"intents\":[{}]}}", bodies.join(","));
        let answer: IntentsAnswer =
            self.call(Method::POST, &format!("{}/intents", self.own()), body).await.json();
        answer.verdicts.into_iter().map(|verdict| verdict.outcome).collect()
    }

    pub async fn submit(&self, intent: &Intent) -> Outcome {
        self.submits(&[serde_json::to_string(intent).unwrap()]).await.remove(0)
    }

    pub async fn asks(&self, ask: Ask) -> Outcome {
        self.submit(&self.mints(ask)).await
    }

    /// Asks a verb of the Configurator.
    pub async fn configures(&self, ask: AdminAsk) -> Result<AdminAnswer, Code> {
        let reply = self.call(Method::POST, "/v1/admin", serde_json::to_string(&ask).unwrap()).await;
        if reply.status.is_success() { Ok(reply.json()) } else { Err(reply.code()) }
    }

    pub async fn picks(&self, conversation: ConversationId) -> Outcome {
        self.asks(Ask::Pick { conversation }).await
    }

    pub async fn ends(&self, conversation: ConversationId) -> Outcome {
        self.asks(Ask::End { conversation }).await
    }

    pub async fn says(&self, to: ConversationId, text: &str) -> Outcome {
        self.asks(says(to, text)).await
    }

    pub async fn snapshot(&self) -> Snapshot {
        self.get(&format!("{}/snapshot", self.own())).await.json()
    }

    pub async fn conversations(&self) -> Vec<Conversation> {
        let put = |change: Change| match change.what {
            What::Put(Record::Conversation(it)) => Some(*it),
            _ => None,
        };
        self.snapshot().await.records.into_iter().filter_map(put).collect()
    }

    /// The one conversation there is.
    pub async fn only(&self) -> ConversationId {
        let all = self.conversations().await;
        assert_eq!(all.len(), 1);
        all[0].id
    }

    pub async fn feed(&self, after: i64) -> ChangesPage {
        let epoch = self.snapshot().await.epoch;
        self.get(&format!("{}/changes?after={after}&epoch={epoch}", self.own())).await.json()
    }

    pub async fn changes(&self, after: i64) -> Vec<Change> {
        let page = self.feed(after).await;
        page.changes.into_iter().map(|change| serde_json::from_value(change).unwrap()).collect()
    }
}

pub fn says(to: ConversationId, text: &str) -> Ask {
    Ask::Send(Send::text(to.into(), text))
}

pub fn refused(outcome: &Outcome) -> Code {
    match outcome {
        Outcome::Refused { problem } => problem.code,
        other => panic!("not refused: {other:?}"),
    }
}

pub fn accepted(outcome: &Outcome) -> &[Change] {
    match outcome {
        Outcome::Accepted { changes } => changes,
        other => panic!("not accepted: {other:?}"),
    }
}

/// A customer's page.
pub struct Page {
    pub cookie: String,
    pub secret: String,
    pub line: Line,
    pub clock: Clock,
}

impl Uploads for Page {
    async fn blob(&self, method: Method, rest: String, part: Vec<u8>) -> Reply {
        self.call(method, &format!("/v1/customer/blobs/{rest}"), part).await
    }
}

impl Page {
    /// The same page, reaching another server.
    pub fn at(&self, house: &House) -> Self {
        let (cookie, secret) = (self.cookie.clone(), self.secret.clone());
        Self { cookie, secret, line: house.line(), clock: self.clock.clone() }
    }

    pub async fn call(&self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        self.line.call(method, path, &[("cookie", &self.cookie), ("x-fieldline", "1")], body).await
    }

    pub fn mints(&self, text: &str, files: Vec<FileRef>) -> CustomerSend {
        let now = self.clock.now_ms();
        let id = IntentId::mint(now, self.clock.random());
        CustomerSend { id, written_at_ms: now, text: text.into(), files, location: None }
    }

    pub async fn sends(&self, send: &CustomerSend) -> Reply {
        self.call(Method::POST, "/v1/customer/messages", serde_json::to_vec(send).unwrap()).await
    }

    pub async fn says(&self, text: &str) -> Reply {
        let reply = self.sends(&self.mints(text, vec![])).await;
        assert!(reply.status.is_success(), "{:?}", reply.bytes);
        reply
    }

    pub async fn chat(&self, after: i64) -> PublicPage {
        self.call(Method::GET, &format!("/v1/customer/chat?after={after}"), Body::empty()).await.json()
    }
}
