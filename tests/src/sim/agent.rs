//! One device of an agent in a simulation, and what it was asked: the ledger that the
//! truth is held against in the end.

use super::dice::Dice;
use super::sky::Sky;
use super::tally::Tally;
use crate::world::{Device, Net, Road};
use fieldline_core::Engine;
use fieldline_core::store::{cache, outbox};
use fieldline_core::view::{Mark, Page, Section, Sort};
use fieldline_model::{Code, IntentId, PersonId, PlaceId, Problem};
use futures_util::FutureExt;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What an agent asks of a device.
#[derive(Clone, Debug)]
pub enum Act {
    /// Take it.
    Pick,
    /// Take it, as it is offered.
    Accept,
    /// Say something.
    Send(String),
    /// Say something with a photo.
    Photo(String, Vec<u8>),
    /// End it.
    End,
    /// Take it back.
    Reopen,
    /// Keep an internal note.
    Note(String),
    /// Hand it to a colleague, or back to the picklist, with a note that may be empty.
    Transfer(Option<PersonId>, String),
}

/// What the device said to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It will go by itself (I1).
    Yes,
    /// Killed before it could say.
    Nothing,
    /// No: nothing may come of it.
    No,
    /// Yes, and its person took it back later.
    TakenBack,
}

/// One line of the ledger.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Where.
    pub place: PlaceId,
    /// Whether it is a message.
    pub message: bool,
    /// Whether a note comes of it.
    pub note: bool,
    /// To whom it hands the conversation, if it does.
    pub to: Option<Option<PersonId>>,
    /// Which in turn of this device.
    pub turn: usize,
    /// When, by the run's clock.
    pub at: Duration,
    /// What came of it on the device.
    pub said: Said,
    /// Whether it was stuck once and asked again: then it goes after later ones.
    pub again: bool,
}

/// One device and its ledger.
pub struct Agent {
    /// Whose, and which of theirs.
    pub name: String,
    /// Whose.
    pub person: &'static str,
    /// The device.
    pub device: Device,
    /// Its network's weather.
    pub sky: Arc<Sky>,
    /// Everything it was asked.
    pub asked: BTreeMap<IntentId, Asked>,
    /// The step it is started again at, while it is down.
    pub back_at: u32,
    /// Whether its person was blocked.
    pub blocked: bool,
    /// Whether it took a second snapshot: its server was restored.
    pub resynced: bool,
    tally: Tally,
    armed: Option<&'static str>,
    cursor: Option<(String, i64)>,
    began: tokio::time::Instant,
}

/// A year.
pub const YEAR_MS: i64 = 365 * 24 * 3600 * 1000;
/// Runs begin an hour after the morning's files were made.
pub const LATER_MS: i64 = 3600 * 1000;

impl Agent {
    /// The `number`th device of the morning, not running yet.
    pub fn new(
        seed: u64,
        number: usize,
        (person, which): (&'static str, usize),
        at: (&Road, &Tally),
    ) -> Self {
        let (road, tally) = at;
        let name = format!("{person}{which}");
        let mut dice = Dice::of(seed, 100 + number as u64);
        let files = super::morning::Morning::of_today().device(number);
        let began = tokio::time::Instant::now();
        let net = Net::over(road.clone());
        let mut device = Device::off(person, files, seed * 16 + number as u64 + 100, net, began);
        device.wrong_by_ms = LATER_MS;
        if dice.chance(30) {
            tally.count("device: clock wrong by a year");
            device.wrong_by_ms += if dice.chance(50) { YEAR_MS } else { -YEAR_MS };
        }
        let sky = Arc::new(Sky::new(name.clone(), dice, tally.clone()));
        device.net.weather(Some(sky.clone()));
        let (asked, tally) = (BTreeMap::new(), tally.clone());
        let (back_at, blocked, resynced, armed, cursor) = (0, false, false, None, None);
        Self { name, person, device, sky, asked, back_at, blocked, resynced, tally, armed, cursor, began }
    }

    /// Asks something. Gives its id, whatever came of it.
    pub async fn asks(&mut self, place: PlaceId, act: Act) -> IntentId {
        let (engine, id) = (self.device.engine().clone(), self.device.id());
        let profile = engine.profile().expect("somebody is signed in");
        let text = match &act {
            Act::Send(text) | Act::Photo(text, _) | Act::Note(text) | Act::Transfer(_, text) => text.clone(),
            _ => String::new(),
        };
        let message = matches!(act, Act::Send(_) | Act::Photo(..));
        let note = matches!(act, Act::Note(_) | Act::Transfer(..)) && !text.is_empty();
        let to = if let Act::Transfer(to, _) = act { Some(to) } else { None };
        let done = tokio::select! {
            biased;
            done = does(engine, id, place, act) => Some(done),
            () = profile.failpoints.reached() => None,
        };
        let minted = profile.run(move |c| outbox::knows(c, id)).await.expect("the outbox reads");
        drop(profile);
        let said = match &done {
            Some(Ok(())) if minted => Said::Yes,
            // It is so already: nothing to ask.
            Some(Ok(())) if !message => Said::No,
            Some(Ok(())) => panic!("I1: {} said yes to {text:?} and has not kept it", self.name),
            Some(Err(problem)) => {
                assert!(is_calm(problem), "{} was told {problem:?}", self.name);
                Said::No
            }
            None => Said::Nothing,
        };
        self.tally.note(&format!("{} asks {text:?} of {place}: {said:?}", self.name));
        let (turn, at) = (self.asked.len(), self.began.elapsed());
        self.asked.insert(id, Asked { place, message, note, to, turn, at, said, again: false });
        if done.is_none() {
            self.dies();
        }
        id
    }

    /// What is offered to its person.
    pub async fn offered(&self) -> Option<PlaceId> {
        let status = self.device.engine().status().await.expect("the status reads");
        status.offers.first().map(|offer| offer.place)
    }

    /// Lets an offer pass.
    pub async fn passes(&self, place: PlaceId) {
        if let Err(problem) = self.device.engine().pass(self.device.id(), place).await {
            assert!(is_calm(&problem), "{} was told {problem:?}", self.name);
        }
    }

    /// The places in a list.
    pub async fn places(&self, section: Section) -> Vec<PlaceId> {
        let rows = self.device.engine().rows(section, Sort::Newest, String::new(), Page::first(20)).await;
        rows.expect("a list reads").rows.into_iter().map(|row| row.place).collect()
    }

    /// Its person looks at the newest entry of a place.
    pub async fn reads(&self, place: PlaceId) {
        if let Ok(thread) = self.device.engine().thread(place, 20).await
            && let Some(n) = thread.bubbles.iter().filter_map(|b| b.n).max()
        {
            self.device.engine().read(place, n).await.expect("a mark is kept");
        }
    }

    /// Its person tries one stuck intent again, or takes it back.
    pub async fn tends(&mut self, dice: &mut Dice) {
        let rows = self.device.engine().outbox().await.expect("the outbox reads");
        let stuck: Vec<_> = rows.iter().filter(|row| row.mark == Mark::Stuck).map(|row| row.intent).collect();
        let Some(id) = dice.among(&stuck) else { return };
        if dice.chance(50) {
            self.tally.count("retry: by its person");
            self.device.engine().retry(Some(id)).await.expect("a retry is kept");
            self.asked.values_mut().for_each(|asked| asked.again = true);
        } else if self.device.engine().discard(id, dice.chance(30)).await.is_ok() {
            self.tally.count("discard: by its person");
            self.takes_back().await;
        }
    }

    /// Notes what is no longer in the outbox: it was taken back with what it needed.
    async fn takes_back(&mut self) {
        let profile = self.device.engine().profile().expect("somebody is signed in");
        for (id, asked) in self.asked.iter_mut().filter(|(_, asked)| asked.said == Said::Yes) {
            let id = *id;
            if !profile.run(move |c| outbox::knows(c, id)).await.expect("the outbox reads") {
                asked.said = Said::TakenBack;
            }
        }
    }

    /// Somebody sets the device's clock, while the app runs.
    pub fn sets_clock(&mut self, by_ms: i64) {
        let profile = self.device.engine().profile().expect("somebody is signed in");
        profile.clock.set_by(by_ms);
        self.device.wrong_by_ms += by_ms;
        self.tally.note(&format!("{}'s clock is set by {by_ms}", self.name));
        self.tally.count("device: clock set while it runs");
    }

    /// Arms a failpoint of the app.
    pub fn arms(&mut self, point: &'static str) {
        let profile = self.device.engine().profile().expect("somebody is signed in");
        profile.failpoints.arm(point);
        self.armed = Some(point);
    }

    /// Whether the app has reached its armed failpoint since; then it is killed there.
    pub fn falls(&mut self) {
        let Some(_) = self.armed.filter(|_| self.device.is_running()) else { return };
        let profile = self.device.engine().profile().expect("somebody is signed in");
        let reached = profile.failpoints.reached().now_or_never().is_some();
        drop(profile);
        if reached {
            self.dies();
        }
    }

    /// Whether the app may be standing at a failpoint.
    pub fn hangs(&self) -> bool {
        self.armed.is_some()
    }

    fn dies(&mut self) {
        if let Some(point) = self.armed {
            self.tally.count(&format!("device: killed at {point}"));
        }
        self.killed();
    }

    /// Killed, wherever it is.
    pub fn killed(&mut self) {
        self.tally.note(&format!("{} is killed at {:?}", self.name, self.armed));
        self.tally.count("device: killed");
        self.armed = None;
        self.device.crashes();
    }

    /// Started on what is on disk. Everything it had said yes to must be there (I1).
    pub async fn starts(&mut self) {
        self.tally.note(&format!("{} starts", self.name));
        self.device.starts().await;
        if self.blocked {
            return;
        }
        let profile = self.device.engine().profile().expect("somebody is signed in");
        for (id, asked) in self.asked.iter_mut() {
            let (id, said) = (*id, asked.said);
            let knows = profile.run(move |c| outbox::knows(c, id)).await.expect("the outbox reads");
            match said {
                Said::Yes => assert!(knows, "I1: {} forgot {:?} by a kill", self.name, asked),
                Said::Nothing => asked.said = if knows { Said::Yes } else { Said::No },
                Said::No => assert!(!knows, "{} kept {:?}, which it had refused", self.name, asked),
                Said::TakenBack => assert!(!knows, "{} brought back {:?}", self.name, asked),
            }
        }
    }

    /// I10: the cursor never goes back within an epoch.
    pub async fn moves_on(&mut self) {
        if !self.device.is_running() || self.blocked {
            return;
        }
        let profile = self.device.engine().profile().expect("somebody is signed in");
        let now = profile.run(|c| cache::cursor(c)).await.expect("the cursor reads");
        if let (Some((epoch, at)), Some((was_epoch, was_at))) = (&now, &self.cursor) {
            assert!(epoch != was_epoch || at >= was_at, "I10: {} went from {was_at} to {at}", self.name);
        }
        self.cursor = now.or(self.cursor.take());
    }
}

async fn does(engine: Engine, id: IntentId, place: PlaceId, act: Act) -> Result<(), Problem> {
    match act {
        Act::Pick => engine.pick(id, place).await,
        Act::Accept => engine.accept(id, place).await,
        Act::End => engine.end(id, place).await,
        Act::Reopen => engine.reopen(id, place).await,
        Act::Note(text) => engine.note(id, place, text).await,
        Act::Transfer(to, note) => engine.transfer(id, place, to, note).await,
        Act::Send(text) => engine.send(id, place, text).await,
        Act::Photo(text, bytes) => {
            engine.attach(place, "part.png".into(), bytes.into()).await?;
            engine.send(id, place, text).await
        }
    }
}

/// Whether a refusal is one that a person may meet.
fn is_calm(problem: &Problem) -> bool {
    !matches!(problem.code, Code::StorageFailed | Code::StorageFull | Code::Internal | Code::BadRequest)
}
