//! The engine: one handle for screens. It holds the app's home (which profile is
//! open, which device this is) and the open profile with its loops.
//!
//! Parts: [`session`] signs in and out, [`asks`] mints intents, [`reads`] answers
//! screens, [`groups`] does both for message threads, [`media`] takes photos in and gives pictures out, [`mend`] goes on when
//! the file turns out to be damaged, [`token`] finds and keeps the session's token.
//!
//! Invariants
//! - At most one profile is open; its loops end with it.
//! - A command that asks for something has committed it when it returns.

mod admin;
mod asks;
mod delete;
mod discard;
mod groups;
mod media;
mod mend;
mod notes;
mod offers;
mod own;
mod previous;
mod reads;
mod session;
mod token;

use crate::clock::{Clock, Task};
use crate::profile::Profile;
use crate::remote::Wire;
use crate::store::runner::Runner;
use crate::store::{Disk, damage, facts};
use crate::sync;
use crate::tokens::{Keychain, Tokens};
use crate::view::Topic;
use fieldline_model::api::Hold;
use fieldline_model::{Code, DeviceId, Problem};
use rusqlite::Connection;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;

/// What an engine is made of.
pub struct Setup {
    /// The app's own storage.
    pub disk: Disk,
    /// The device's clock.
    pub clock: Clock,
    /// What carries requests.
    pub wire: Arc<dyn Wire>,
    /// What the server lists this device as, at most 120 characters.
    pub device_name: String,
    /// Who keeps a session's token: this engine, or a browser its cookie.
    pub hold: Hold,
    /// The system's keychain; without one, tokens are in files.
    pub keychain: Option<Arc<dyn Keychain>>,
    /// Whether the store runs where it is called (a worker, a paused clock)
    /// rather than on a thread of its own.
    pub inline: bool,
}

/// The handle; cheap to clone, and all clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    it: Arc<Inner>,
}

struct Inner {
    disk: Arc<Disk>,
    clock: Arc<Clock>,
    wire: Arc<dyn Wire>,
    device_name: String,
    hold: Hold,
    inline: bool,
    tokens: Option<Arc<Tokens>>,
    home: Runner,
    open: Mutex<Option<Open>>,
    mending: Mutex<Option<Task>>,
    topics: broadcast::Sender<Vec<Topic>>,
}

/// The open profile; its loops end when this is dropped.
struct Open {
    profile: Arc<Profile>,
    loops: Vec<Task>,
}

impl Engine {
    /// Opens the engine, and the profile that was open last, with its loops.
    ///
    /// Errors: [`Code::AppTooOld`], [`Code::StorageFailed`], [`Code::StorageFull`].
    pub async fn open(setup: Setup) -> Result<Self, Problem> {
        let clock = Arc::new(setup.clock);
        let home = runner(damage::open(&setup.disk, "home", false)?, setup.inline)?;
        let (last, leaving) =
            home.run(|c| Ok((facts::get(c, "profile")?, facts::get(c, "leaving")?))).await?;
        let tokens = match setup.hold {
            Hold::Cookie => None,
            Hold::Token => {
                let install = match &setup.keychain {
                    Some(_) => installed(&home, &clock).await?,
                    None => String::new(),
                };
                let files = setup.disk.blobs("session-token").await?;
                Some(Arc::new(Tokens::new(setup.keychain, files, install, clock.clone())))
            }
        };
        let inner = Inner {
            disk: Arc::new(setup.disk),
            clock,
            wire: setup.wire,
            device_name: setup.device_name,
            hold: setup.hold,
            inline: setup.inline,
            tokens,
            home,
            open: Mutex::new(None),
            mending: Mutex::new(None),
            topics: broadcast::channel(256).0,
        };
        let engine = Self { it: Arc::new(inner) };
        if let Some(name) = leaving {
            // What fails is tried again at the next start, or when its person returns.
            let _ = engine.forget(&name).await;
        }
        if let Some(name) = last {
            engine.open_profile(&name, false).await?;
        }
        Ok(engine)
    }

    /// Hints about what may have changed, from now on. A receiver that lags has
    /// missed hints: it reads everything again.
    pub fn subscribe(&self) -> broadcast::Receiver<Vec<Topic>> {
        self.it.topics.subscribe()
    }

    /// The open profile, for tests and for the loops' own needs.
    ///
    /// Errors: [`Code::SignedOut`].
    pub fn profile(&self) -> Result<Arc<Profile>, Problem> {
        self.opened().as_ref().map(|o| o.profile.clone()).ok_or_else(|| Code::SignedOut.into())
    }

    fn opened(&self) -> MutexGuard<'_, Option<Open>> {
        self.it.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_open(&self, open: Option<Open>) {
        *self.opened() = open;
    }

    /// Ends the open profile's loops; it stays open.
    fn pause(&self) {
        if let Some(open) = self.opened().as_mut() {
            open.loops.clear();
        }
    }

    /// Starts them anew where they were ended.
    fn resume(&self) {
        if let Some(open) = self.opened().as_mut().filter(|open| open.loops.is_empty()) {
            open.loops = sync::start(&open.profile);
        }
    }
}

/// Which of the apps with one keychain this is, by a name it was given at its first start.
async fn installed(home: &Runner, clock: &Clock) -> Result<String, Problem> {
    let fresh = DeviceId::mint(clock.now_ms(), clock.random()).to_string();
    home.run(move |c| {
        if let Some(known) = facts::get(c, "install")? {
            return Ok(known);
        }
        facts::set(c, "install", &fresh)?;
        Ok(fresh)
    })
    .await
}

/// Gives an opened database its runner.
fn runner(connection: Connection, inline: bool) -> Result<Runner, Problem> {
    #[cfg(not(target_arch = "wasm32"))]
    if !inline {
        return Runner::thread(connection);
    }
    let _ = inline;
    Ok(Runner::inline(connection))
}
