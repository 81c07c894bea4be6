//! Who is listening, and who is woken.
//!
//! After a commit the hub wakes the streams of its changes' audiences. It carries
//! no truth: a woken stream reads the feed from its own cursor, so a wake-up that
//! comes twice, late or never costs time alone.
//!
//! Invariants
//! - A listener holds one permit at most: one that reads slowly costs no memory.
//! - A stream registers before it reads the feed for the first time.

use crate::secrets::SecretHash;
use crate::store::Told;
use fieldline_model::{CustomerId, Reader, Scope};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Streams one session may have open: a browser's tabs, and some that died unseen.
const STREAMS_MAX: usize = 16;

/// Whose stream it is.
#[derive(Clone, Copy, Debug)]
pub enum Ear {
    /// A person's.
    Person(Reader),
    /// A customer's.
    Customer(CustomerId),
}

struct Stream {
    ear: Ear,
    session: SecretHash,
    signal: Arc<Signal>,
}

#[derive(Default)]
struct Signal {
    wake: Notify,
    over: AtomicBool,
    beat: AtomicBool,
}

#[derive(Default)]
struct Streams {
    next: u64,
    open: BTreeMap<u64, Stream>,
    closed: bool,
}

/// All open streams of this node.
#[derive(Default)]
pub struct Hub {
    streams: Mutex<Streams>,
    moved: Notify,
    /// The number of the newest change whose audience was told.
    newest: AtomicI64,
}

/// One open stream's place in the hub; dropping it leaves.
pub struct Listening {
    hub: Arc<Hub>,
    number: u64,
    signal: Arc<Signal>,
}

impl Hub {
    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to listen; `None` when the session has [`STREAMS_MAX`] streams open.
    pub fn listen(self: &Arc<Self>, ear: Ear, session: SecretHash) -> Option<Listening> {
        let signal = Arc::new(Signal::default());
        let mut streams = self.streams();
        if streams.open.values().filter(|stream| stream.session == session).count() >= STREAMS_MAX {
            return None;
        }
        streams.next += 1;
        let number = streams.next;
        signal.over.store(streams.closed, Ordering::SeqCst);
        // What is being done already is told to who comes.
        signal.beat.store(true, Ordering::SeqCst);
        streams.open.insert(number, Stream { ear, session, signal: signal.clone() });
        Some(Listening { hub: self.clone(), number, signal })
    }

    /// Wakes who is concerned by what was committed, and ends the streams of
    /// sessions that are over.
    pub fn tell(&self, told: &Told) {
        self.newest.fetch_max(told.head, Ordering::SeqCst);
        if told.moved {
            self.moved.notify_one();
        }
        for stream in self.streams().open.values() {
            let concerned = match &stream.ear {
                Ear::Person(reader) => told.scopes.iter().any(|scope| scope.holds(reader)),
                // What holds for everyone is read by those outside too.
                Ear::Customer(who) => told.customers.contains(who) || told.scopes.contains(&Scope::Everyone),
            };
            if told.ended.contains(&stream.session) {
                stream.signal.end();
            } else if concerned {
                stream.signal.wake.notify_one();
            }
        }
    }

    /// Tells that somebody types or looks to who sees it, and to `customer` where it is
    /// for them: that somebody types to them, or no more.
    pub fn beat(&self, scope: &Scope, customer: Option<CustomerId>) {
        for stream in self.streams().open.values() {
            let concerned = match &stream.ear {
                Ear::Person(reader) => scope.holds(reader),
                Ear::Customer(who) => customer == Some(*who),
            };
            if concerned {
                stream.signal.beat.store(true, Ordering::SeqCst);
                stream.signal.wake.notify_one();
            }
        }
    }

    /// There are changes up to `head`. Those that nobody here told are another process's:
    /// everybody reads on, and finds what concerns them.
    pub fn catch_up(&self, head: i64) {
        if self.newest.fetch_max(head, Ordering::SeqCst) < head {
            self.moved.notify_one();
            for stream in self.streams().open.values() {
                stream.signal.wake.notify_one();
            }
        }
    }

    /// Waits until the desk moved: there may be something to offer.
    pub async fn moved(&self) {
        self.moved.notified().await;
    }

    /// Ends every stream, also those that begin later: the server stops.
    pub fn close(&self) {
        let mut streams = self.streams();
        streams.closed = true;
        for stream in streams.open.values() {
            stream.signal.end();
        }
    }

    /// Whether every stream is ended, those that begin later too.
    pub fn is_closed(&self) -> bool {
        self.streams().closed
    }

    /// How many streams are open.
    pub fn open(&self) -> usize {
        self.streams().open.len()
    }
}

impl Signal {
    fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
        self.wake.notify_one();
    }
}

impl Listening {
    /// Waits until there may be something new, or the stream is to end.
    pub async fn woken(&self) {
        self.signal.wake.notified().await;
    }

    /// Whether somebody began or ended to type or to look since this was asked last.
    pub fn take_beat(&self) -> bool {
        self.signal.beat.swap(false, Ordering::SeqCst)
    }

    /// Whether the stream is to end.
    pub fn is_over(&self) -> bool {
        self.signal.over.load(Ordering::SeqCst)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.hub.streams().open.remove(&self.number);
    }
}
