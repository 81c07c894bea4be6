//! Durable intents per second, one sender at a time and twenty at once.
//!
//! A message goes through `POST /v1/intents` and is on the disk when it is
//! answered. One at a time it is measured against the bare SQLite transaction of
//! the same rows. Twenty at once share commits, as far as the work between two
//! commits lets them: how much that gives is measured against our own rate one at
//! a time, and against the gain of the smallest server that does the same.

use super::bare::Bare;
use super::desk::{Agent, Desk, accepted};
use super::figure::{Bound, Rounds, median};
use super::line::Line;
use super::{Bench, smallest};
use std::net::SocketAddr;
use std::time::Instant;

/// Many and short, so that a disk that is slow for a while is slow for all of a round.
const ROUNDS: usize = 27;
const SENDERS: usize = 20;
/// Intents of one sender in a round.
const ALONE: usize = 100;
/// Intents of each of the twenty in a round.
const TOGETHER: usize = 20;

/// A round's rates, each a second.
#[derive(Default)]
struct Rates {
    bare: Vec<f64>,
    alone: Vec<f64>,
    together: Vec<f64>,
    smallest_alone: Vec<f64>,
    smallest_together: Vec<f64>,
}

/// Measures and notes the figures.
pub fn measure(bench: &mut Bench) {
    let desk = Desk::open(bench, SENDERS);
    let folder = bench.folder();
    let address = bench.servers.block_on(smallest::open(folder.path()));
    let (mut rates, mut shared) = (Rates::default(), Vec::new());
    bench.askers.block_on(async {
        // Once around for what is only ever done once.
        desk_rate(&desk, &desk.agents, 3).await;
        smallest_rate(address, SENDERS, 3).await;
        let mut bare = Bare::copy(&desk.file(), &folder.path().join("bare.db"));
        for _ in 0..ROUNDS {
            rates.bare.push(bare.per_second(ALONE));
            rates.alone.push(desk_rate(&desk, &desk.agents[..1], ALONE).await);
            rates.smallest_alone.push(smallest_rate(address, 1, ALONE).await);
            let before = desk.commits();
            rates.together.push(desk_rate(&desk, &desk.agents, TOGETHER).await);
            shared.push((SENDERS * TOGETHER) as f64 / (desk.commits() - before) as f64);
            rates.smallest_together.push(smallest_rate(address, SENDERS, TOGETHER).await);
        }
    });
    note(bench, &rates, median(&shared));
}

fn note(bench: &mut Bench, rates: &Rates, shared: f64) {
    let Rates { bare, alone, together, smallest_alone, smallest_together } = rates;
    let sheet = &mut bench.sheet;
    sheet.fact("intents that share a commit, 20 senders at once", format!("{shared:.1}"));
    let mut figure = |what, bound, unit, ours: &[f64], floor: &[f64]| {
        sheet.figure(what, bound, &Rounds { unit, ours, floor });
    };
    let gain =
        |many: &[f64], one: &[f64]| many.iter().zip(one).map(|(many, one)| many / one).collect::<Vec<_>>();
    figure("one sender / bare transactions of the same rows", Bound::Free, "/s", alone, bare);
    figure("one sender / one sender at the smallest server", Bound::Free, "/s", alone, smallest_alone);
    figure("20 senders / bare transactions of the same rows", Bound::Free, "/s", together, bare);
    figure("20 senders / one sender: our gain", Bound::AtLeast(3.0), "/s", together, alone);
    let (ours, floor) = (gain(together, alone), gain(smallest_together, smallest_alone));
    figure("our gain / the smallest server's gain", Bound::AtLeast(0.6), "times", &ours, &floor);
}

async fn desk_rate(desk: &Desk, agents: &[Agent], each: usize) -> f64 {
    let mut senders = Vec::with_capacity(agents.len());
    for agent in agents {
        senders.push((Line::to(desk.address, &agent.token).await, Vec::with_capacity(each)));
    }
    // Named in the turns in which they are sent, a millisecond apart: a device names a
    // message when its person sends it, not twenty of them a whole round before.
    for turn in 0..each {
        for ((_, bodies), agent) in senders.iter_mut().zip(agents) {
            bodies.push(agent.writes_in(turn as i64).1);
        }
    }
    rate("/v1/intents", senders, accepted).await
}

async fn smallest_rate(address: SocketAddr, senders: usize, each: usize) -> f64 {
    let mut lines = Vec::with_capacity(senders);
    for _ in 0..senders {
        lines.push((Line::to(address, "").await, vec![vec![b'x'; 300]; each]));
    }
    rate(smallest::ROWS, lines, |answer| assert_eq!(answer, b"{}")).await
}

/// Lets each sender post its bodies one after another, all senders at once; gives
/// how many were answered in a second. The last answer of each is looked at.
async fn rate(path: &str, senders: Vec<(Line, Vec<Vec<u8>>)>, check: impl Fn(&[u8])) -> f64 {
    let count: usize = senders.iter().map(|(_, bodies)| bodies.len()).sum();
    let began = Instant::now();
    let send = senders.into_iter().map(|(mut line, bodies)| async move {
        let mut last = Vec::new();
        for body in &bodies {
            last = line.post(path, body).await;
        }
        last
    });
    let answers = futures_util::future::join_all(send).await;
    let rate = count as f64 / began.elapsed().as_secs_f64();
    answers.iter().for_each(|answer| check(answer));
    rate
}
