//! What happened, counted; and what happened, in order, as one number.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// How often each fault and each race occurred.
pub type Counts = BTreeMap<String, u64>;

/// Beside the places where device and server may be killed.
const WANTED: [&str; 65] = [
    "net: request lost",
    "net: request late",
    "net: answer lost",
    "net: answer late",
    "net: request doubled",
    "net: request doubled late",
    "net: body cut",
    "net: body silent",
    "net: body doubled",
    "net: portal",
    "net: server busy",
    "net: no signal",
    "retry: after a lost answer",
    "retry: by its person",
    "discard: by its person",
    "device: killed",
    "device: clock wrong by a year",
    "device: clock set while it runs",
    "server: restarted",
    "server: restored from a backup",
    "restore: asked again and done again",
    "restore: lost with the conversation it was in",
    "note: kept",
    "transfer: to a colleague",
    "transfer: to the picklist",
    "person: blocked",
    "offer: accepted",
    "offer: passed",
    "reply: kept",
    "reply: to what was deleted since",
    "delete: of what was sent",
    "thread: begun with one",
    "thread: begun with several",
    "thread: begun with a photo",
    "thread: somebody came",
    "thread: somebody had to go",
    "thread: somebody left",
    "thread: named",
    "thread: made louder or quieter",
    "thread: queued by who was removed meanwhile",
    "module: granted",
    "module: taken away",
    "module: wanted in vain",
    "mention: kept",
    "mention: of who had to go meanwhile",
    "client: heard in a thread",
    "net: a newer server",
    "device: updated from version 1",
    "race start/start: one thread of both",
    "race start/module: begun first",
    "race start/module: taken away first",
    "race add/remove: added last",
    "race add/remove: removed last",
    "race remove/send: message first",
    "race remove/send: removed first",
    "race send/delete: deleted after it came",
    "race send/delete: it never came",
    "race pick/pick: first asked wins",
    "race pick/pick: second asked wins",
    "race end/send: message first",
    "race end/send: end first",
    "race end/customer: customer first",
    "race end/customer: end first",
    "race reopen/customer: customer first",
    "race reopen/customer: reopen first",
];

/// What every large enough run must have met at least once.
pub fn wanted() -> Vec<String> {
    let core = fieldline_core::failpoint::POINTS.iter().map(|p| format!("device: killed at {p}"));
    let server = fieldline_server::failpoint::POINTS.iter().map(|p| format!("server: killed at {p}"));
    WANTED.into_iter().map(str::to_owned).chain(core).chain(server).collect()
}

#[derive(Default)]
struct Inner {
    counts: Counts,
    hash: u64,
    aloud: bool,
}

/// The tally of one run; clones are the same one.
#[derive(Clone)]
pub struct Tally {
    it: Arc<Mutex<Inner>>,
    began: tokio::time::Instant,
}

impl Tally {
    /// Nothing yet. `aloud`: everything is printed as it happens.
    pub fn new(aloud: bool) -> Self {
        // FNV-1a's offset basis.
        let it = Inner { hash: 0xcbf2_9ce4_8422_2325, aloud, ..Inner::default() };
        Self { it: Arc::new(Mutex::new(it)), began: tokio::time::Instant::now() }
    }

    /// One more of `what`.
    pub fn count(&self, what: &str) {
        *self.it.lock().unwrap().counts.entry(what.to_owned()).or_default() += 1;
    }

    /// It happened now: part of the run's hash.
    pub fn note(&self, line: &str) {
        let at_ms = self.began.elapsed().as_millis();
        let mut it = self.it.lock().unwrap();
        if it.aloud {
            eprintln!("{at_ms:>9} {line}");
        }
        for byte in at_ms.to_le_bytes().iter().chain(line.as_bytes()) {
            it.hash = (it.hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// The counts and the hash of everything noted.
    pub fn result(&self) -> (Counts, u64) {
        let it = self.it.lock().unwrap();
        (it.counts.clone(), it.hash)
    }
}
