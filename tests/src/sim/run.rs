//! Runs of seeds: the steps, the healing, the judgement.

use super::acts::Act;
use super::agent::Agent;
use super::check;
use super::drive::Sim;
use super::tally::Counts;
use super::truth::Truth;
use fieldline_core::store::outbox;
use fieldline_core::view::Link;
use fieldline_model::{Ask, Author, Body, Message};
use fieldline_server::failpoint::{self, Killed};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Steps of a whole run.
pub const STEPS: u32 = 60;

/// Which runs.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The first seed.
    pub start: u64,
    /// How many.
    pub seeds: u64,
    /// After how many steps a run heals; all of them, unless it is looked into.
    pub stop: u32,
    /// Whether each run is told as it happens.
    pub aloud: bool,
}

/// What came of one run.
#[derive(Debug)]
pub struct Outcome {
    /// How often each fault and race occurred.
    pub counts: Counts,
    /// Everything that happened, in order, as one number.
    pub hash: u64,
    /// What did not hold.
    pub failure: Option<String>,
}

/// Runs one seed.
pub fn run(seed: u64, stop: u32, aloud: bool) -> Outcome {
    hush();
    super::morning::Morning::of_today();
    let tally = std::cell::RefCell::new(None);
    let runtime = super::runtime();
    let done = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let mut sim = Sim::begins(seed, aloud).await;
            *tally.borrow_mut() = Some(sim.tally.clone());
            for _ in 0..stop {
                sim.steps().await;
            }
            heals(&mut sim).await?;
            judge(&mut sim).await
        })
    }));
    failpoint::arm(None);
    let (counts, hash) = tally.borrow().as_ref().map(super::tally::Tally::result).unwrap_or_default();
    let failure = match done {
        Ok(held) => held.err(),
        Err(why) => Some(words(&*why)),
    };
    Outcome { counts, hash, failure }
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or("a panic".into())
}

/// A server that a failpoint ends is no news.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !info.payload().is::<Killed>() {
                before(info);
            }
        }));
    });
}

/// Everything works again, for as long as it takes until nothing moves.
async fn heals(sim: &mut Sim) -> Result<(), String> {
    failpoint::arm(None);
    for agent in &mut sim.agents {
        agent.falls();
        agent.sky.heals();
        agent.device.net.heal();
    }
    for chatter in &sim.chatters {
        chatter.sky.heals();
        chatter.net.heal();
    }
    if failpoint::fell().is_some() {
        sim.road.falls();
    }
    sim.server_stands().await;
    for agent in &mut sim.agents {
        // What hangs at a failpoint that nobody looks at any more is started anew.
        if agent.device.is_running() && agent.hangs() {
            agent.killed();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        if !agent.device.is_running() {
            agent.starts().await;
        }
        agent.device.engine().sync_now().await.map_err(|p| format!("{p:?}"))?;
    }
    settles(sim).await?;
    for at in 0..sim.agents.len() {
        if !sim.agents[at].blocked {
            let mut dice = sim.dice().clone();
            sim.agents[at].tends(&mut dice).await;
        }
    }
    settles(sim).await
}

async fn settles(sim: &mut Sim) -> Result<(), String> {
    let mut wait = Duration::from_secs(1);
    let mut past = Duration::ZERO;
    let mut moving = String::new();
    while past < Duration::from_secs(3600) {
        for chatter in &sim.chatters {
            chatter.looks();
        }
        tokio::time::sleep(wait).await;
        past += wait;
        wait = (wait * 2).min(Duration::from_secs(30));
        match who_moves(sim).await {
            None => return Ok(()),
            Some(who) => moving = who,
        }
    }
    Err(format!("I3: it does not settle within an hour: {moving}"))
}

async fn who_moves(sim: &Sim) -> Option<String> {
    for agent in &sim.agents {
        if let Some(why) = moves(agent).await {
            return Some(format!("{} {why}", agent.name));
        }
    }
    let truth = sim.truth();
    for chatter in &sim.chatters {
        let head = truth.customer(chatter.name).map_or(0, |(_, head)| head);
        if !chatter.is_quiet(head) {
            return Some(chatter.name.into());
        }
    }
    None
}

/// Why a device is not quiet, if it is not.
async fn moves(agent: &Agent) -> Option<String> {
    let Ok(profile) = agent.device.engine().profile() else { return None };
    if agent.blocked {
        let open = profile.door() == fieldline_core::view::Door::SignedIn;
        return open.then(|| "does not know that it was blocked".into());
    }
    if profile.link().link != Link::Live {
        return Some(format!("{:?}", profile.link()));
    }
    let goes = profile
        .run(|c| {
            let stuck = outbox::stuck_messages(c)?;
            let mut waiting = outbox::waiting(c, 100)?;
            // An end behind a stuck message waits for its person, and its lane with it.
            let mut shut = BTreeSet::new();
            waiting.retain(|row| {
                let place = row.intent.ask.place();
                if matches!(row.intent.ask, Ask::End { .. } | Ask::Transfer { .. })
                    && stuck.get(&place).is_some_and(|p| *p < row.pos)
                {
                    shut.insert(place);
                }
                !shut.contains(&place)
            });
            Ok((waiting, fieldline_core::store::cache::cursor(c)?))
        })
        .await;
    let (waiting, cursor) = goes.expect("the outbox reads");
    if !waiting.is_empty() {
        return Some(format!("waits with {waiting:?}"));
    }
    let (epoch, cursor) = cursor?;
    let page = profile.remote().changes(&epoch, cursor).await;
    let still = page.as_ref().is_ok_and(|page| page.changes.is_empty() && !page.resync);
    (!still).then(|| format!("has not all: {page:?}"))
}

async fn judge(sim: &mut Sim) -> Result<(), String> {
    let mut truth = sim.truth();
    let asked = sim.agents.iter().flat_map(|agent| &agent.asked);
    truth.asked = asked.map(|(id, asked)| (id.0, asked.act.clone())).collect();
    truth.check()?;
    truth.ruled(&sim.rules)?;
    met(sim, &truth);
    for agent in &sim.agents {
        if let Some(wrong) = agent.sky.wrong() {
            return Err(wrong);
        }
        check::device(agent, &truth).await?;
        if check::queued_in_vain(agent, &truth).await? {
            sim.tally.count("thread: queued by who was removed meanwhile");
        }
    }
    for chatter in &sim.chatters {
        customer(chatter, &truth)?;
    }
    for race in &sim.races {
        if let Some(end) = race.judged(&sim.agents, &truth) {
            sim.tally.count(end);
        }
    }
    sim.tally.note(&format!("{} entries, {} intents", truth.entries.len(), truth.intents.len()));
    Ok(())
}

/// Counts what came of notes and transfers, and of what a restored server did not know.
fn met(sim: &Sim, truth: &Truth) {
    if !truth.notes.is_empty() {
        sim.tally.count("note: kept");
    }
    for (id, _) in sim.lost.iter().filter(|(_, code)| code.is_none()) {
        match truth.intents.get(id) {
            Some(None) => sim.tally.count("restore: asked again and done again"),
            Some(Some(_)) => sim.tally.count("restore: lost with the conversation it was in"),
            None => {}
        }
    }
    let clients = sim.agents.iter().filter(|agent| agent.client).flat_map(|agent| &agent.asked);
    if clients.filter(|(_, it)| it.act.is_message()).any(|(id, _)| truth.entry(id.0).is_some()) {
        sim.tally.count("client: heard in a thread");
    }
    let gone = |code: Option<&Option<String>>| code.is_some_and(|it| it.as_deref() == Some("not_in_thread"));
    if truth.asked.iter().any(|(id, act)| matches!(act, Act::Call(..)) && gone(truth.intents.get(id))) {
        sim.tally.count("mention: of who had to go meanwhile");
    }
    for (id, act) in truth.asked.iter().filter(|(id, _)| truth.intents.get(*id) == Some(&None)) {
        sim.tally.count(match act {
            Act::Transfer(Some(_), _) => "transfer: to a colleague",
            Act::Transfer(None, _) => "transfer: to the picklist",
            Act::Reply(..) if quotes_nothing(truth.entry(*id)) => "reply: to what was deleted since",
            Act::Reply(..) => "reply: kept",
            Act::Delete(_) => "delete: of what was sent",
            Act::Start(begin, None) if begin.people.len() == 1 => "thread: begun with one",
            Act::Start(_, None) => "thread: begun with several",
            Act::Start(_, Some(_)) => "thread: begun with a photo",
            Act::Members(change) if change.remove.is_empty() => "thread: somebody came",
            Act::Members(_) => "thread: somebody had to go",
            Act::Leave => "thread: somebody left",
            Act::Call(..) if !calls_somebody(truth.entry(*id)) => continue,
            Act::Call(..) => "mention: kept",
            Act::Rename(_) => "thread: named",
            _ => continue,
        });
    }
}

fn calls_somebody(entry: Option<&Message>) -> bool {
    entry.is_some_and(|entry| matches!(&entry.body, Body::Said { mentions, .. } if !mentions.is_empty()))
}

fn quotes_nothing(entry: Option<&Message>) -> bool {
    let body = entry.map(|entry| &entry.body);
    matches!(body, Some(Body::Said { reply_to: Some(quote), .. }) if quote.deleted)
}

/// A customer's page is exactly what is public, and what they wrote is there once, in order.
fn customer(chatter: &super::chatter::Chatter, truth: &Truth) -> Result<(), String> {
    let page = chatter.page();
    if let Some(wrong) = &page.wrong {
        return Err(format!("{}: {wrong}", chatter.name));
    }
    let who = truth.customer(chatter.name).map(|(id, _)| id);
    let entries = truth.entries.iter().filter(|entry| entry.customer.is_some() && entry.customer == who);
    let public: std::collections::BTreeMap<_, _> =
        entries.filter_map(|e| Some((e.public_seq?, e.message.id))).collect();
    if page.seen != public {
        return Err(format!("I11: {} has read {:?} of {public:?}", chatter.name, page.seen));
    }
    let theirs = |id: &&fieldline_model::MessageId| {
        truth.entry(id.0).is_some_and(|message| message.author == Author::Customer)
    };
    let there: Vec<_> =
        public.values().filter(theirs).filter(|id| !page.lost.contains(id)).copied().collect();
    if there != page.said {
        return Err(format!("I3: {} wrote {:?}, there is {there:?}", chatter.name, page.said));
    }
    Ok(())
}

/// Runs many seeds, on as many threads as there are processors. Gives what was met and,
/// of each seed that failed, what did not hold and how to see it again.
pub fn runs(plan: Plan) -> (Counts, Vec<String>) {
    let next = AtomicU64::new(plan.start);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let (mut counts, mut failures) = (Counts::new(), Vec::new());
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= plan.start + plan.seeds || failures.len() >= 3 {
                return (counts, failures);
            }
            let outcome = run(seed, plan.stop, plan.aloud);
            for (what, times) in outcome.counts {
                *counts.entry(what).or_default() += times;
            }
            failures.extend(outcome.failure.map(|why| shrunk(seed, plan.stop, &why)));
        }
    };
    let (mut counts, mut failures) = (Counts::new(), Vec::new());
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for thread in all {
            let (met, failed) = thread.join().expect("a run's panic is caught");
            for (what, times) in met {
                *counts.entry(what).or_default() += times;
            }
            failures.extend(failed);
        }
    });
    (counts, failures)
}

/// Finds the first step after which it shows already.
fn shrunk(seed: u64, stop: u32, why: &str) -> String {
    let first = (1..stop).find_map(|at| run(seed, at, false).failure.map(|why| (at, why)));
    let (at, why) = first.unwrap_or((stop, why.to_owned()));
    format!("seed {seed}: {why}\n  again: make sim SEEDS=1 SEED_START={seed} STOP={at} ALOUD=1")
}
