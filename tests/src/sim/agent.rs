//! One device of an agent in a simulation, and what it was asked: the ledger that the
//! truth is held against in the end.

use super::acts::{Act, does, is_calm};
use super::dice::Dice;
use super::morning::{Morning, Somebody};
use super::sky::Sky;
use super::tally::Tally;
use crate::world::{Device, Net, Road};
use fieldline_core::store::{cache, outbox, problem};
use fieldline_core::view::{Mark, Page, Section, Sort};
use fieldline_model::{IntentId, PlaceId};
use futures_util::FutureExt;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

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
    /// Yes, and what it was to delete is not there: nobody needs to hear of it.
    Dropped,
}

/// One line of the ledger.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Where.
    pub place: PlaceId,
    /// What.
    pub act: Act,
    /// Which in turn of this device.
    pub turn: usize,
    /// When, by the run's clock.
    pub at: Duration,
    /// What came of it on the device.
    pub said: Said,
    /// Whether it was stuck once and asked again: then it goes after later ones.
    pub again: bool,
}

/// The messages that anybody deleted, of all devices: clones are the same.
pub type Erased = Rc<RefCell<BTreeSet<Uuid>>>;

/// One device and its ledger.
pub struct Agent {
    /// Whose, and which of theirs.
    pub name: String,
    /// Whose.
    pub person: &'static str,
    /// Whether it is a client's.
    pub client: bool,
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
    erased: Erased,
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
        (one, which): (Somebody, usize),
        at: (&Road, &Tally, &Erased),
    ) -> Self {
        let (road, tally, erased) = at;
        let Somebody { name: person, client, .. } = one;
        let name = format!("{person}{which}");
        let mut dice = Dice::of(seed, 100 + number as u64);
        let files = Morning::of_today().device(number);
        let began = tokio::time::Instant::now();
        let net = Net::over(road.clone());
        let mut device = Device::off(person, files, seed * 16 + number as u64 + 100, net, began);
        device.wrong_by_ms = LATER_MS;
        if dice.chance(30) {
            tally.count("device: clock wrong by a year");
            device.wrong_by_ms += if dice.chance(50) { YEAR_MS } else { -YEAR_MS };
        }
        let sky = Arc::new(Sky::new((name.clone(), true), dice, tally.clone()));
        device.net.weather(Some(sky.clone()));
        let (asked, tally, erased) = (BTreeMap::new(), tally.clone(), erased.clone());
        let (back_at, blocked, resynced, armed, cursor) = (0, false, false, None, None);
        Self {
            name,
            person,
            client,
            device,
            sky,
            asked,
            back_at,
            blocked,
            resynced,
            tally,
            erased,
            armed,
            cursor,
            began,
        }
    }

    /// Whether it runs, and its person may use it.
    pub fn is_up(&self) -> bool {
        self.device.is_running() && !self.blocked
    }

    /// Asks something. Gives its id, whatever came of it.
    pub async fn asks(&mut self, place: PlaceId, act: Act) -> IntentId {
        let (engine, id) = (self.device.engine().clone(), self.device.id());
        let profile = engine.profile().expect("somebody is signed in");
        let deletes = matches!(act, Act::Delete(_));
        let unsent = if deletes { self.unsent().await } else { BTreeSet::new() };
        let done = tokio::select! {
            biased;
            done = does(engine, id, place, act.clone()) => Some(done),
            () = profile.failpoints.reached() => None,
        };
        let minted = profile.run(move |c| outbox::place_of(c, id)).await.expect("the outbox reads");
        drop(profile);
        let said = match &done {
            Some(Ok(())) if minted.is_some() => Said::Yes,
            // It is so already: nothing to ask.
            Some(Ok(())) if !act.is_message() => Said::No,
            Some(Ok(())) => panic!("I1: {} said yes to {act:?} and has not kept it", self.name),
            Some(Err(problem)) => {
                assert!(is_calm(problem), "{} was told {problem:?}", self.name);
                Said::No
            }
            None => Said::Nothing,
        };
        if let (Act::Delete(message), Some(Ok(()))) = (&act, &done) {
            self.takes_back(&unsent).await;
            self.erased.borrow_mut().insert(message.0);
        }
        self.tally.note(&format!("{} asks {act:?} of {place} as {id}: {said:?}", self.name));
        let (turn, at, place) = (self.asked.len(), self.began.elapsed(), minted.unwrap_or(place));
        self.asked.insert(id, Asked { place, act, turn, at, said, again: false });
        if done.is_none() {
            self.dies();
        }
        id
    }

    /// Whether anybody deleted the message of this id.
    pub fn erased(&self, id: IntentId) -> bool {
        self.erased.borrow().contains(&id.0)
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
            return;
        }
        let unsent = self.unsent().await;
        if self.device.engine().discard(id, dice.chance(30)).await.is_ok() {
            self.tally.count("discard: by its person");
            self.takes_back(&unsent).await;
        }
    }

    /// What is in the outbox and not settled.
    async fn unsent(&self) -> BTreeSet<IntentId> {
        let profile = self.device.engine().profile().expect("somebody is signed in");
        let read = profile.run(|c| {
            let mut rows = c.prepare("SELECT id FROM outbox WHERE state <> 'settled'").map_err(problem)?;
            let ids = rows.query_map([], |r| r.get(0).map(IntentId)).map_err(problem)?;
            ids.collect::<Result<_, _>>().map_err(problem)
        });
        read.await.expect("the outbox reads")
    }

    /// Notes what was `unsent` and is no longer in the outbox: it was taken back with what it
    /// needed.
    async fn takes_back(&mut self, unsent: &BTreeSet<IntentId>) {
        let profile = self.device.engine().profile().expect("somebody is signed in");
        for (id, asked) in self.asked.iter_mut().filter(|(id, _)| unsent.contains(id)) {
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
                Said::Yes if knows => {}
                Said::Yes if matches!(asked.act, Act::Delete(_)) => asked.said = Said::Dropped,
                Said::Yes => assert!(
                    self.erased.borrow().contains(&id.0),
                    "I1: {} forgot {asked:?} by a kill",
                    self.name
                ),
                Said::Nothing => asked.said = if knows { Said::Yes } else { Said::No },
                Said::No => assert!(!knows, "{} kept {asked:?}, which it had refused", self.name),
                Said::TakenBack | Said::Dropped => {
                    assert!(!knows, "{} brought back {asked:?}", self.name);
                }
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
