//! From *send* to *seen*: the time until another device has what was sent.
//!
//! Two ways are measured: from `POST /v1/intents` to the event on another device's
//! stream, which is the server's part, and from one whole core to another, each
//! with its own file. The floor of both is the smallest server: a row, one
//! durable commit, an echo on a bare stream. (Core to core there are three durable
//! commits one after another: the sender's, the server's, the reader's.)

use super::desk::{Agent, Desk, PASSWORD};
use super::disk::micros;
use super::figure::{Bound, Rounds, median};
use super::line::Line;
use super::{Bench, smallest};
use fieldline_core::clock::Clock;
use fieldline_core::remote::ReqwestWire;
use fieldline_core::store::Disk;
use fieldline_core::view::{Link, Topic};
use fieldline_core::{Engine, Setup};
use fieldline_model::api::Hold;
use fieldline_model::{IntentId, PlaceId};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::broadcast::Receiver;

/// Many and short, as for the intents.
const ROUNDS: usize = 27;
const MESSAGES: usize = 21;

/// Measures and notes the figures.
pub fn measure(bench: &mut Bench) {
    let desk = Desk::open(bench, 1);
    let folder = bench.folder();
    let address = bench.servers.block_on(smallest::open(folder.path()));
    let [mut floor, mut server, mut cores] = [const { Vec::new() }; 3];
    bench.askers.block_on(async {
        let agent = &desk.agents[0];
        desk.lets_in(agent).await;
        let mut echo = Pair::of_smallest(address).await;
        let mut feed = Pair::of_desk(&desk, agent).await;
        let mut devices = Devices::sign_in(&desk, folder.path()).await;
        for _ in 0..ROUNDS {
            floor.push(
                echo.p50(|i| (format!("row {i}."), format!("{}row {i}.", "x".repeat(300)).into())).await,
            );
            server.push(
                feed.p50(|_| {
                    let (id, body) = agent.writes();
                    (id.to_string(), body)
                })
                .await,
            );
            cores.push(devices.p50().await);
        }
    });
    let mut figure = |what, bound, ours: &[f64]| {
        bench.sheet.figure(what, bound, &Rounds { unit: "µs", ours, floor: &floor });
    };
    figure("sent → on another's stream, p50 / echo and FULL commit", Bound::AtMost(8.0), &server);
    figure("core → core, p50 / echo and FULL commit", Bound::AtMost(14.0), &cores);
}

/// Somebody who posts, and somebody who listens.
struct Pair {
    path: &'static str,
    sends: Line,
    listens: Line,
    sent: usize,
}

impl Pair {
    async fn of_smallest(address: SocketAddr) -> Self {
        let listens = Line::to(address, "").await.listen(smallest::LIVE).await;
        Self { path: smallest::ROWS, sends: Line::to(address, "").await, listens, sent: 0 }
    }

    async fn of_desk(desk: &Desk, agent: &Agent) -> Self {
        let mut sends = Line::to(desk.address, &agent.token).await;
        let snapshot = sends.get("/v1/snapshot").await;
        let at: serde_json::Value = serde_json::from_slice(&snapshot).expect("a snapshot");
        let epoch = at["epoch"].as_str().expect("an epoch");
        let path = format!("/v1/live?after={}&epoch={epoch}", at["cursor"]);
        let listens = Line::to(desk.address, &agent.token).await.listen(&path).await;
        Self { path: "/v1/intents", sends, listens, sent: 0 }
    }

    /// The middle one of the times until what `write` gives (a word and a body that
    /// has it) is heard, in microseconds.
    async fn p50(&mut self, write: impl Fn(usize) -> (String, Vec<u8>)) -> f64 {
        let mut took = Vec::with_capacity(MESSAGES);
        for _ in 0..MESSAGES {
            self.sent += 1;
            let (word, body) = write(self.sent);
            let began = Instant::now();
            let heard = async {
                self.listens.hears(&word).await;
                began.elapsed()
            };
            let (heard, _) = tokio::join!(heard, self.sends.post(self.path, &body));
            took.push(micros(heard));
        }
        median(&took)
    }
}

/// Two devices of one agent.
struct Devices {
    here: Engine,
    there: Engine,
    place: PlaceId,
    clock: Clock,
}

impl Devices {
    async fn sign_in(desk: &Desk, folder: &Path) -> Self {
        let (here, there) =
            (device(desk, &folder.join("here")).await, device(desk, &folder.join("there")).await);
        Self { here, there, place: desk.agents[0].place, clock: Clock::system() }
    }

    /// The middle one of the times from *send* to when the other device's screen is
    /// told to show it, in microseconds.
    async fn p50(&mut self) -> f64 {
        let mut took = Vec::with_capacity(MESSAGES);
        for i in 0..MESSAGES {
            let text = format!("The valve is behind the panel on the left; message {i}.");
            let id = IntentId::mint(self.clock.now_ms(), self.clock.random());
            let mut hints = self.there.subscribe();
            let began = Instant::now();
            self.here.send(id, self.place, text.clone().into()).await.expect("it is sent");
            let took_it = loop {
                self.hinted(&mut hints).await;
                let elapsed = began.elapsed();
                // A hint may still be of the message before.
                if shows(&self.there, self.place, &text).await {
                    break elapsed;
                }
            };
            took.push(micros(took_it));
            while !self.here.outbox().await.expect("the outbox reads").is_empty() {
                tokio::task::yield_now().await;
            }
        }
        median(&took)
    }

    /// Waits until the other device's screen is told to read the thread again.
    async fn hinted(&self, hints: &mut Receiver<Vec<Topic>>) {
        while !hints.recv().await.expect("hints come").contains(&Topic::Thread { place: self.place }) {}
    }
}

async fn shows(engine: &Engine, place: PlaceId, text: &str) -> bool {
    let thread = engine.thread(place, 5).await.expect("a thread reads");
    thread.bubbles.iter().any(|bubble| format!("{:?}", bubble.body).contains(text))
}

/// How an engine of the bench is opened.
pub async fn setup(folder: &Path) -> Setup {
    Setup {
        disk: Disk::open(folder).await.expect("the folder is free"),
        clock: Clock::system(),
        wire: Arc::new(ReqwestWire::default()),
        device_name: "Bench".into(),
        hold: Hold::Token,
        keychain: None,
        inline: false,
    }
}

/// A device with the desk's first agent signed in.
pub async fn device(desk: &Desk, folder: &Path) -> Engine {
    let engine = Engine::open(setup(folder).await).await.expect("the engine opens");
    let mut hints = engine.subscribe();
    let (server, login) = (format!("http://{}", desk.address), desk.agents[0].login.clone());
    engine.sign_in(server, login, PASSWORD.into(), None).await.expect("the sign-in is right");
    while engine.profile().expect("somebody is signed in").link().link != Link::Live {
        hints.recv().await.expect("hints come");
    }
    engine
}
