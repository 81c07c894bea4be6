//! The server of a run, with its people, in a folder that is new.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fieldline_model::api::{DeviceCard, Hello, Hold, Join, PRODUCT, SignIn, SignedIn};
use fieldline_model::public::{CustomerSend, CustomerStart};
use fieldline_model::{DeviceId, IntentId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::driver::CLIENT;
use super::line::Line;
use super::people::{Account, PASSWORD};
use super::process::{Process, built, free_port};
use super::wait::{eventually, seconds, settled};

/// Whom the demo signs in, as its launcher hands it over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DemoCard {
    /// The address to sign in at.
    pub server: String,
    /// Random for each seeding.
    pub login: String,
    /// Random for each seeding.
    pub password: String,
}

/// The server, open for business.
pub struct House {
    data: Option<String>,
    port: u16,
    _process: Process,
}

impl House {
    /// Makes a workspace in the folder, with these agents, and serves it.
    ///
    /// # Panics
    ///
    /// When the server does not do what its own commands promise.
    pub fn open(folder: &Path, agents: &[Account]) -> Self {
        let data = folder.join("data");
        let data = data.to_str().expect("a plain path");
        let workspace = ["--workspace", "Nordlys Repairs", "--admin", "Kari Vik", "--login", "kari"];
        ran("init", data, &workspace);
        let secrets: Vec<String> = agents.iter().map(|agent| invite(data, *agent)).collect();
        let mut house = Self::serve("server", &["serve", "--data", data], "--listen");
        house.data = Some(data.to_owned());
        for (agent, secret) in agents.iter().zip(secrets) {
            house.join(*agent, secret);
        }
        house
    }

    /// The demo that `make run` shows, and whom it signs in.
    ///
    /// # Panics
    ///
    /// When it does not begin.
    pub fn demo(folder: &Path) -> (Self, DemoCard) {
        let [data, hand_over] = ["data", "sign-in.json"].map(|name| folder.join(name));
        let [data, file] = [&data, &hand_over].map(|path| path.to_str().expect("a plain path"));
        let house = Self::serve("demo", &["demo", "--data", data, "--hand-over", file], "--port");
        let card = fs::read(&hand_over).expect("the demo hands a sign-in over");
        (house, serde_json::from_slice(&card).expect("the sign-in is a card"))
    }

    fn serve(name: &str, words: &[&str], port_word: &str) -> Self {
        let port = free_port();
        let at = if port_word == "--listen" { format!("127.0.0.1:{port}") } else { port.to_string() };
        let mut command = Command::new(program());
        command.args(words).args([port_word, &at, "--web"]).arg(built("FIELDLINE_UI", "ui/dist"));
        let mut process = Process::start(name, command);
        eventually("the server says hello", seconds(30), || match process.has_ended() {
            Some(end) => Err(end),
            None => hello(port),
        });
        Self { data: None, port, _process: process }
    }

    /// Waiting conversations are offered from now on, each for so many seconds. The
    /// operator's command says so; the running server takes note by itself.
    pub fn offers(&self, seconds: u32) {
        let data = self.data.as_deref().expect("a workspace that was made here");
        let ms = format!("{seconds}000");
        ran("admin put-queue", data, &["--id", "first", "--mode", "offer", "--offer-ms", &ms]);
    }

    /// Places are shown on a map whose tiles are at this address from now on. The
    /// operator's command says so; the running server takes note by itself.
    pub fn shows_a_map(&self, tiles: &str) {
        let data = self.data.as_deref().expect("a workspace that was made here");
        ran("admin set-map", data, &["--tiles", tiles, "--credit", "Drawn for this test"]);
    }

    /// The chat page greets with these words from now on.
    pub fn greets(&self, words: &str) {
        let data = self.data.as_deref().expect("a workspace that was made here");
        ran("admin set-chat-page", data, &["--greeting", words]);
    }

    /// This colleague may begin message threads from now on, or no longer.
    pub fn grants_threads(&self, agent: Account, on: bool) {
        let data = self.data.as_deref().expect("a workspace that was made here");
        let modules = if on { "messaging.company" } else { "" };
        ran("admin edit-person", data, &["--login", agent.login, "--modules", modules]);
    }

    /// Somebody is shut out from now on, or let in again.
    pub fn enables(&self, agent: Account, on: bool) {
        let data = self.data.as_deref().expect("a workspace that was made here");
        ran("admin edit-person", data, &["--login", agent.login, "--enabled", &on.to_string()]);
    }

    /// The admin who set the workspace up gets the password that everybody has in a run.
    pub fn lets_the_admin_in(&self) {
        let data = self.data.as_deref().expect("a workspace that was made here");
        let link = ran("admin reset", data, &["--login", Account::KARI.login]);
        self.join(Account::KARI, secret_of(&link));
    }

    /// A client of the contact list signs up, by the one-time link that an admin makes for their address.
    pub fn signs_up(&self, client: Account) {
        let data = self.data.as_deref().expect("a workspace that was made here");
        let link = ran("admin reset", data, &["--contact", client.login]);
        self.join(client, secret_of(&link));
    }

    /// These clients are in the contact list from now on: lines of name, phone, email.
    pub fn imports_clients(&self, lines: &str) {
        let data = self.data.as_deref().expect("a workspace that was made here");
        let file = format!("{data}-clients.csv");
        fs::write(&file, format!("name,phone,email\n{lines}")).expect("the list can be written");
        ran("admin import-contacts", data, &["--file", &file]);
    }

    /// Keeps a reply ready for all staff, under this word.
    pub fn keeps_ready(&self, shortcut: &str, text: &str) {
        let data = self.data.as_deref().expect("a workspace that was made here");
        ran("admin put-canned", data, &["--shortcut", shortcut, "--text", text]);
    }

    /// A new way to it.
    pub fn line(&self) -> Line {
        Line::to(self.port)
    }

    /// The invited person sets the password that everybody has in a run.
    fn join(&self, agent: Account, secret: String) {
        let device = DeviceCard { id: DeviceId(Uuid::now_v7()), name: agent.name.into(), hold: Hold::Token };
        let join = Join { secret, password: PASSWORD.into(), code: None, device };
        let joined = post(self.port, "/v1/join", &join, None);
        joined.unwrap_or_else(|error| panic!("{} cannot join: {error}", agent.name));
    }

    /// Its address.
    pub fn address(&self) -> String {
        at(self.port, "")
    }

    /// A session of theirs, as a device holds it.
    pub fn token(&self, agent: Account) -> String {
        let device = DeviceCard { id: DeviceId(Uuid::now_v7()), name: agent.name.into(), hold: Hold::Token };
        let sign_in = SignIn { login: agent.login.into(), password: PASSWORD.into(), code: None, device };
        let body = serde_json::to_vec(&sign_in).expect("a sign-in can be written");
        let ask = CLIENT.post(at(self.port, "/v1/sign-in")).header("content-type", "application/json");
        let answer = settled(async { ask.body(body).send().await?.bytes().await });
        let signed_in: SignedIn = serde_json::from_slice(&answer.expect("the server answers"))
            .unwrap_or_else(|error| panic!("{} cannot sign in: {error}", agent.name));
        signed_in.token.expect("a device holds its token")
    }

    /// A customer begins by name and writes, as their page would. The returned cookie is
    /// how they go on.
    pub fn writes(&self, name: &str, text: &str) -> Visitor {
        let start = CustomerStart { name: Some(name.into()), phone: None, queue: None };
        let visitor =
            Visitor(post(self.port, "/v1/customer/start", &start, None).expect("a customer may begin"));
        self.writes_on(&visitor, text);
        visitor
    }

    /// The same customer writes another message.
    pub fn writes_on(&self, visitor: &Visitor, text: &str) {
        let send = CustomerSend {
            id: IntentId(Uuid::now_v7()),
            written_at_ms: 0,
            text: text.into(),
            files: Vec::new(),
            location: None,
        };
        post(self.port, "/v1/customer/messages", &send, visitor.0.as_deref()).expect("a customer may write");
    }
}

/// A customer's page, by the cookie it keeps.
pub struct Visitor(Option<String>);

impl Visitor {
    /// The session, as its page sends it.
    pub fn cookie(&self) -> &str {
        self.0.as_deref().expect("a customer has a session")
    }
}

fn program() -> PathBuf {
    built("FIELDLINE_SERVER", "target/debug/fieldline-server")
}

/// What one of the operator's commands prints.
fn ran(command: &str, data: &str, words: &[&str]) -> String {
    let mut run = Command::new(program());
    let run = run.args(command.split(' ')).args(["--data", data]).args(words);
    let done = run.output().expect("the server can be started");
    assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

/// Adds somebody; gives their one-time link's secret.
fn invite(data: &str, agent: Account) -> String {
    let words = ["--login", agent.login, "--name", agent.name, "--role", "agent"];
    secret_of(&ran("admin add-person", data, &words))
}

/// The secret of a one-time link.
fn secret_of(link: &str) -> String {
    let (_, secret) = link.rsplit_once("#invite=").expect("an invite link has its secret in the fragment");
    secret.to_owned()
}

fn hello(port: u16) -> Result<(), String> {
    let text = settled(async { CLIENT.get(at(port, "/v1/hello")).send().await?.text().await });
    let text = text.map_err(|error| error.to_string())?;
    let hello: Hello = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if hello.product == PRODUCT { Ok(()) } else { Err(format!("{} answers", hello.product)) }
}

/// The cookie of the answer, when it sets one.
fn post(
    port: u16,
    path: &str,
    body: &impl Serialize,
    cookie: Option<&str>,
) -> Result<Option<String>, String> {
    let body = serde_json::to_vec(body).map_err(|error| error.to_string())?;
    let mut request = CLIENT.post(at(port, path)).header("x-fieldline", "1");
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    let answer =
        settled(async { request.header("content-type", "application/json").body(body).send().await });
    let answer = answer.map_err(|error| error.to_string())?;
    let cookie = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok());
    let cookie = cookie.and_then(|value| value.split(';').next()).map(str::to_owned);
    match answer.status().is_success() {
        true => Ok(cookie),
        false => Err(settled(answer.text()).unwrap_or_default()),
    }
}

fn at(port: u16, path: &str) -> String {
    format!("http://127.0.0.1:{port}{path}")
}
