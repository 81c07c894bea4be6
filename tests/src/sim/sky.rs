//! The weather over one network: what becomes of each exchange, by dice.

use super::dice::Dice;
use super::tally::Tally;
use crate::world::{Fate, Said, Weather};
use bytes::Bytes;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

struct Inner {
    dice: Dice,
    /// Intents whose answer was lost.
    unheard: BTreeSet<String>,
    wrong: Option<String>,
}

/// One network's weather.
pub struct Sky {
    who: String,
    /// Of a hundred exchanges so many go wrong.
    bad: u32,
    tally: Tally,
    /// Whether answers may be those of a newer server.
    newer: bool,
    /// Nothing goes wrong any more.
    healed: AtomicBool,
    /// Whose network this is may be answered nothing any more.
    revoked: AtomicBool,
    it: Mutex<Inner>,
}

const BUSY: [Said; 3] = [
    Said { after: Duration::ZERO, status: 503, body: "{}" },
    Said { after: Duration::from_secs(2), status: 502, body: "<html>Bad gateway" },
    Said { after: Duration::ZERO, status: 429, body: "{}" },
];

impl Sky {
    /// The weather of `who`, as bad as its dice say.
    pub fn new((who, newer): (String, bool), mut dice: Dice, tally: Tally) -> Self {
        let bad = dice.among(&[0, 5, 15, 40]).unwrap_or(0);
        let it = Mutex::new(Inner { dice, unheard: BTreeSet::new(), wrong: None });
        let (healed, revoked) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { who, bad, tally, newer, healed, revoked, it }
    }

    /// From now on everything arrives.
    pub fn heals(&self) {
        self.healed.store(true, Ordering::SeqCst);
    }

    /// From now on no answer may be a success (I14).
    pub fn revoke(&self) {
        self.revoked.store(true, Ordering::SeqCst);
    }

    /// What was answered that must not have been.
    pub fn wrong(&self) -> Option<String> {
        self.it.lock().unwrap().wrong.clone()
    }

    fn throw(&self, what: &str) -> Option<Fate> {
        let mut it = self.it.lock().unwrap();
        let dice = &mut it.dice;
        let far = Duration::from_secs(50);
        if !dice.chance(self.bad) {
            // No network is at once.
            let late = dice.chance(50).then(|| dice.time(Duration::from_millis(400)));
            return late.map(Fate::RequestLate);
        }
        if what.contains("/live") && dice.chance(80) {
            let long = Duration::from_secs(120);
            return Some(match dice.below(if self.newer { 4 } else { 3 }) {
                0 => Fate::BodyCut(dice.time(long)),
                1 => Fate::BodySilent(dice.time(long)),
                3 => Fate::Newer,
                _ => Fate::BodyDoubled,
            });
        }
        // What a customer's page makes of a newer server is a test of that page.
        let kinds = if self.newer { 10 } else { 9 };
        Some(match dice.below(kinds) {
            0 => Fate::RequestLost,
            1 | 2 => Fate::AnswerLost,
            3 => Fate::RequestLate(dice.time(far)),
            4 => Fate::Doubled,
            5 => Fate::DoubledLate(dice.time(far)),
            6 => Fate::AnswerLate(dice.time(far)),
            7 => Fate::Portal,
            9 => Fate::Newer,
            _ => Fate::Says(BUSY[dice.below(BUSY.len())]),
        })
    }
}

fn name(fate: Fate) -> &'static str {
    match fate {
        Fate::RequestLost => "net: request lost",
        Fate::RequestLate(_) => "net: request late",
        Fate::AnswerLost => "net: answer lost",
        Fate::Doubled => "net: request doubled",
        Fate::DoubledLate(_) => "net: request doubled late",
        Fate::AnswerLate(_) => "net: answer late",
        Fate::BodyCut(_) => "net: body cut",
        Fate::BodySilent(_) => "net: body silent",
        Fate::BodyDoubled => "net: body doubled",
        Fate::Portal => "net: portal",
        Fate::Says(_) | Fate::SaysWait { .. } => "net: server busy",
        Fate::Fails(_) => "net: no connection",
        Fate::Newer => "net: a newer server",
    }
}

/// The ids of the intents a request submits.
fn intents(request: &http::Request<Bytes>) -> Vec<String> {
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let list = body["intents"].as_array().cloned().unwrap_or_default();
    list.iter().filter_map(|intent| intent["id"].as_str().map(str::to_owned)).collect()
}

impl Weather for Sky {
    fn fate(&self, what: &str, _request: &http::Request<Bytes>) -> Option<Fate> {
        if self.healed.load(Ordering::SeqCst) {
            return None;
        }
        let fate = self.throw(what);
        if let Some(fate) = fate {
            self.tally.count(name(fate));
        }
        fate
    }

    fn heard(&self, what: &str, request: &http::Request<Bytes>, fate: Option<Fate>, status: Option<u16>) {
        let fate_name = fate.map_or("", name);
        self.tally.note(&format!("{} {what} {fate_name} -> {status:?}", self.who));
        let success = status.is_some_and(|status| (200..300).contains(&status));
        let mut it = self.it.lock().unwrap();
        if self.revoked.load(Ordering::SeqCst) && fate.is_none() && success {
            it.wrong = Some(format!("I14: {} was answered {what} after their right was gone", self.who));
        }
        if !what.starts_with("POST") || !what.ends_with("/intents") {
            return;
        }
        if fate == Some(Fate::AnswerLost) {
            it.unheard.extend(intents(request));
        } else if success && !matches!(fate, Some(Fate::Portal | Fate::Says(_))) {
            for id in intents(request) {
                if it.unheard.remove(&id) {
                    self.tally.count("retry: after a lost answer");
                }
            }
        }
    }
}
