//! One person at one server, on this device: their store, their files, their
//! session, and what is in flight.
//!
//! Invariants
//! - What lives here in memory may be lost at any moment: link, flight and wakes
//!   are derived again at the next start.
//! - No row, file or queued intent of one person is ever in another's profile.

use crate::bell::Bell;
use crate::blobs::Blobs;
use crate::clock::{Clock, MaybeSend};
use crate::failpoint::Failpoints;
use crate::remote::Remote;
use crate::signals::Signals;
use crate::store::Disk;
use crate::store::cache::Applied;
use crate::store::files;
use crate::store::runner::Runner;
use crate::store::schema;
use crate::store::threads::InFlight;
use crate::tokens::Tokens;
use crate::view::{Door, Link, Topic};
use fieldline_model::{Code, Problem};
use rusqlite::Connection;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use tokio::sync::broadcast;

/// The state of the connection, in memory.
#[derive(Clone, Debug)]
pub struct LinkState {
    /// As screens show it.
    pub link: Link,
    /// Why there is none.
    pub problem: Option<Problem>,
    /// When everything was last known to be in step, by the server's clock,
    /// milliseconds since 1970.
    pub synced_at_ms: Option<i64>,
}

/// One person at one server.
pub struct Profile {
    /// What its database is called.
    pub name: String,
    /// The server's address.
    pub server: String,
    /// Its SQLite file.
    pub store: Runner,
    /// Its files.
    pub blobs: Blobs,
    /// Whose turn it is: bytes and the row that mentions them come, and go, together.
    pub files: tokio::sync::Mutex<()>,
    /// Where all of that is, for as long as the engine runs: its lock goes with it.
    pub disk: Weak<Disk>,
    /// Where its token is, unless a browser keeps that.
    pub(crate) tokens: Option<Arc<Tokens>>,
    /// The device's clock.
    pub clock: Arc<Clock>,
    /// Where tests stop it.
    pub failpoints: Failpoints,
    /// Something new to push.
    pub push: Bell,
    /// Connect again now.
    pub pull: Bell,
    /// Pictures may be missing.
    pub pictures: Bell,
    /// A part of the contact list may be missing.
    pub contacts: Bell,
    /// Who types and who looks just now.
    pub(crate) signals: Signals,
    remote: Mutex<Remote>,
    link: Mutex<LinkState>,
    door: Arc<Mutex<(Session, Door)>>,
    flying: Arc<Mutex<InFlight>>,
    topics: broadcast::Sender<Vec<Topic>>,
}

/// Which of a profile's sessions in turn: what is said of a former one says nothing
/// about today's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Session(u64);

/// What a profile is made of.
pub struct Parts {
    /// What its database is called.
    pub name: String,
    /// The server's address.
    pub server: String,
    /// Its SQLite file, prepared.
    pub store: Runner,
    /// Its files.
    pub blobs: Blobs,
    /// Where all of that is, for as long as the engine runs: its lock goes with it.
    pub disk: Weak<Disk>,
    /// Where its token is, unless a browser keeps that.
    pub(crate) tokens: Option<Arc<Tokens>>,
    /// The device's clock.
    pub clock: Arc<Clock>,
    /// Its session.
    pub remote: Remote,
    /// When it was last in step, by the server's clock.
    pub synced_at_ms: Option<i64>,
    /// Where hints go.
    pub topics: broadcast::Sender<Vec<Topic>>,
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Plain data behind it, whole at every moment: a panic elsewhere spoils nothing.
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Profile {
    /// Signed in, not connected yet.
    pub fn new(parts: Parts) -> Self {
        let link = LinkState { link: Link::Connecting, problem: None, synced_at_ms: parts.synced_at_ms };
        Self {
            name: parts.name,
            server: parts.server,
            store: parts.store,
            blobs: parts.blobs,
            files: tokio::sync::Mutex::default(),
            disk: parts.disk,
            tokens: parts.tokens,
            clock: parts.clock,
            failpoints: Failpoints::default(),
            push: Bell::default(),
            pull: Bell::default(),
            pictures: Bell::default(),
            contacts: Bell::default(),
            signals: Signals::default(),
            remote: Mutex::new(parts.remote),
            link: Mutex::new(link),
            door: Arc::new(Mutex::new((Session::default(), Door::SignedIn))),
            flying: Arc::default(),
            topics: parts.topics,
        }
    }

    /// The session as it is now.
    pub fn remote(&self) -> Remote {
        hold(&self.remote).clone()
    }

    /// A new session of the same person.
    pub fn renew(&self, remote: Remote) {
        *hold(&self.remote) = remote;
        let mut door = hold(&self.door);
        *door = (Session(door.0.0 + 1), Door::SignedIn);
        drop(door);
        self.tell([Topic::Status, Topic::Lists]);
        self.wake();
    }

    /// Tries everything again now.
    pub fn wake(&self) {
        self.pull.now();
        self.push.now();
        self.pictures.now();
        self.contacts.now();
    }

    /// Runs work on the store.
    pub async fn run<T: MaybeSend + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Problem> + MaybeSend + 'static,
    ) -> Result<T, Problem> {
        self.store.run(work).await
    }

    /// Writes what the server said in `session`, and nothing once that is over: what
    /// comes late stays out of a store that was wiped, and of another session's.
    ///
    /// Errors: [`Code::SignedOut`] when it is over.
    pub async fn take<T: MaybeSend + 'static>(
        &self,
        session: Session,
        work: impl FnOnce(&mut Connection) -> Result<T, Problem> + MaybeSend + 'static,
    ) -> Result<T, Problem> {
        let door = self.door.clone();
        // Looked at by the store, whose work a wipe is too: neither comes in between.
        self.run(move |c| {
            if *hold(&door) == (session, Door::SignedIn) { work(c) } else { Err(Code::SignedOut.into()) }
        })
        .await
    }

    /// Writes what its person asks; nothing once they were blocked, for then the store was
    /// wiped and stays so, whatever a screen was about to keep.
    ///
    /// Errors: [`Code::Blocked`].
    pub async fn keep<T: MaybeSend + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Problem> + MaybeSend + 'static,
    ) -> Result<T, Problem> {
        self.run(move |c| if schema::is_wiped(c)? { Err(Code::Blocked.into()) } else { work(c) }).await
    }

    /// Gives screens hints.
    pub fn tell(&self, topics: impl IntoIterator<Item = Topic>) {
        let topics: Vec<_> = topics.into_iter().collect();
        if !topics.is_empty() {
            // Nobody listening is no fault: a headless core has no screens.
            let _ = self.topics.send(topics);
        }
    }

    /// Tells what applying changed, wakes what waits for it, and removes the
    /// pictures that nobody here may see any more.
    pub async fn tell_applied(&self, applied: Applied) {
        self.drop_files(applied.gone).await;
        self.pictures.news();
        if applied.settled {
            self.push.news();
        }
        self.tell(applied.topics);
    }

    /// Removes files that no row mentions any more. Between the transaction that said so and
    /// this, one may have been chosen again.
    pub async fn drop_files(&self, names: Vec<String>) {
        for name in names {
            let _turn = self.files.lock().await;
            let asked = name.clone();
            let mentioned = self.run(move |c| files::is_mentioned(c, &asked)).await;
            if mentioned == Ok(false) {
                // What fails here is swept at the next start: nothing mentions it.
                let _ = self.blobs.remove(&name).await;
            }
        }
    }

    /// The door's state.
    pub fn door(&self) -> Door {
        hold(&self.door).1
    }

    /// The session of today.
    pub fn session(&self) -> Session {
        hold(&self.door).0
    }

    /// Shuts the door because of what was said of `session`. Replies whether that
    /// was today's; what is said of a former one shuts nothing.
    pub fn shut(&self, session: Session, why: Door, problem: Option<Problem>) -> bool {
        let mut door = hold(&self.door);
        if door.0 != session {
            return false;
        }
        door.1 = why;
        drop(door);
        self.set_link(Link::Offline, problem);
        self.tell([Topic::Status, Topic::Lists]);
        true
    }

    /// The connection's state.
    pub fn link(&self) -> LinkState {
        hold(&self.link).clone()
    }

    /// Moves the link; being live is being in step now.
    pub fn set_link(&self, link: Link, problem: Option<Problem>) {
        let now_ms = self.clock.server_now_ms();
        let mut state = hold(&self.link);
        let moved = state.link != link || state.problem != problem;
        state.link = link;
        state.problem = problem;
        if link == Link::Live {
            state.synced_at_ms = Some(now_ms);
        }
        drop(state);
        if moved {
            self.tell([Topic::Status]);
        }
    }

    /// What is in flight, to be looked at together with the store: what takes an
    /// intent back does so inside the store's one piece of work at a time.
    pub fn flight(&self) -> Arc<Mutex<InFlight>> {
        self.flying.clone()
    }

    /// What is in flight.
    pub fn flying(&self) -> InFlight {
        hold(&self.flying).clone()
    }

    /// Changes what is in flight.
    pub fn fly(&self, change: impl FnOnce(&mut InFlight)) {
        change(&mut hold(&self.flying));
    }
}
