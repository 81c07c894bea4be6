//! The real server on loopback, with agents who each have a conversation open.

use super::Bench;
use super::line::Line;
use axum::body::Body;
use fieldline_model::api::{IntentsAnswer, Snapshot};
use fieldline_model::{
    Ask, Change, ConversationId, DeviceId, Intent, IntentId, MessageId, Outcome, PlaceId, Record, Role, Send,
    State, What,
};
use fieldline_server::serve::Listener;
use fieldline_server::{Clock, Config, NewPerson, Server};
use http::{Request, header};
use serde_json::json;
use std::net::SocketAddr;
use std::path::PathBuf;
use tower::ServiceExt;

/// What everybody writes: about as long as people's messages are.
const TEXT: &str = "The valve is behind the panel on the left; turn it until the light goes green.";
/// The password of whoever signs in with one.
pub const PASSWORD: &str = "correct horse battery";

/// A server, and who works at it.
pub struct Desk {
    /// Where it listens.
    pub address: SocketAddr,
    /// Each with a conversation of their own.
    pub agents: Vec<Agent>,
    server: Server,
    clock: Clock,
    folder: tempfile::TempDir,
}

/// An agent on a device.
#[derive(Clone)]
pub struct Agent {
    /// Of the device's session.
    pub token: String,
    /// Their open conversation.
    pub place: PlaceId,
    /// What they sign in with.
    pub login: String,
    clock: Clock,
}

impl Desk {
    /// Opens a new workspace with so many agents.
    pub fn open(bench: &Bench, agents: usize) -> Self {
        let (folder, clock) = (bench.folder(), Clock::system());
        Server::found(folder.path(), "Nordlys", &clock).expect("a new workspace");
        let server = Server::open(Config::new(folder.path())).expect("the server opens");
        let serving = server.clone();
        let address = bench.servers.block_on(async move {
            let listener =
                Listener::bind(([127, 0, 0, 1], 0).into(), None, false).await.expect("a free port");
            let url = listener.url().expect("an address");
            tokio::spawn(listener.serve(serving, std::future::pending()));
            url.trim_start_matches("http://").parse().expect("an address")
        });
        let mut desk = Self { address, agents: Vec::new(), server, clock, folder };
        bench.askers.block_on(async {
            for number in 0..agents {
                let agent = desk.hire(number).await;
                desk.agents.push(agent);
            }
        });
        desk
    }

    /// The server's database.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("fieldline.db")
    }

    /// How many commits the server has made.
    pub fn commits(&self) -> u64 {
        self.server.commits()
    }

    /// Lets an agent sign in with [`PASSWORD`].
    pub async fn lets_in(&self, agent: &Agent) {
        let person = self.server.person_of(&agent.login).await.expect("people read").expect("is known");
        self.server.set_password(person.id, PASSWORD).await.expect("a password");
    }

    async fn hire(&self, number: usize) -> Agent {
        let login = format!("agent{number}");
        let new =
            NewPerson { name: format!("Agent {number}"), login: Some(login.clone()), role: Role::Agent };
        let person = self.server.add_person(new).await.expect("a new agent");
        let device = DeviceId::mint(self.clock.now_ms(), self.clock.random());
        let token = self.server.mint_session(person.id, device).await.expect("a session");
        self.customer_writes(number).await;
        let mut line = Line::to(self.address, &token).await;
        let snapshot: Snapshot = serde_json::from_slice(&line.get("/v1/snapshot").await).expect("a snapshot");
        let conversation = snapshot.records.iter().find_map(waiting).expect("the customer waits");
        let agent = Agent { token, place: conversation.into(), login, clock: self.clock.clone() };
        let (_, pick) = agent.asks(Ask::Pick { conversation });
        accepted(&line.post("/v1/intents", &pick).await);
        agent
    }

    /// Past the listener: from one address only so many customers may begin.
    async fn customer_writes(&self, number: usize) {
        let start = json!({ "name": format!("Customer {number}"), "phone": null });
        let answer = self.public("/v1/customer/start", "", &start).await;
        let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("a cookie is text");
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let id = MessageId::mint(self.clock.now_ms(), self.clock.random());
        let text = json!({ "id": id, "written_at_ms": 1, "text": TEXT, "files": [], "location": null });
        self.public("/v1/customer/messages", &cookie, &text).await;
    }

    async fn public(&self, path: &str, cookie: &str, body: &serde_json::Value) -> http::Response<Body> {
        let request = Request::post(path)
            .header("x-fieldline", "1")
            .header(header::COOKIE, cookie)
            .body(Body::from(body.to_string()))
            .expect("a request");
        let Ok(answer) = self.server.router().oneshot(request).await;
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer
    }
}

fn waiting(change: &Change) -> Option<ConversationId> {
    match &change.what {
        What::Put(Record::Conversation(it)) if it.state == State::Waiting => Some(it.id),
        _ => None,
    }
}

impl Agent {
    /// A message into their conversation: its id and the body to post.
    pub fn writes(&self) -> (IntentId, Vec<u8>) {
        self.writes_in(0)
    }

    /// The same as it would be `ms` milliseconds from now.
    pub fn writes_in(&self, ms: i64) -> (IntentId, Vec<u8>) {
        let send = Send::text(self.place, TEXT);
        self.asks_in(ms, Ask::Send(send))
    }

    fn asks(&self, ask: Ask) -> (IntentId, Vec<u8>) {
        self.asks_in(0, ask)
    }

    fn asks_in(&self, ms: i64, ask: Ask) -> (IntentId, Vec<u8>) {
        let now_ms = self.clock.now_ms() + ms;
        let id = IntentId::mint(now_ms, self.clock.random());
        let intent = Intent { id, written_at_ms: now_ms, needs: None, ask };
        (id, json!({ "intents": [intent] }).to_string().into_bytes())
    }
}

/// Makes sure that every intent of a batch was accepted.
pub fn accepted(answer: &[u8]) {
    let answer: IntentsAnswer = serde_json::from_slice(answer).expect("verdicts");
    let all = answer.verdicts.iter().all(|verdict| matches!(verdict.outcome, Outcome::Accepted { .. }));
    assert!(all, "{answer:?}");
}
