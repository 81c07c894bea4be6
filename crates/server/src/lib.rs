//! The shared truth of a workspace, in one process: the API, the live feed, the
//! customer's chat page and the web app.
//!
//! ```text
//!            http  (routes, who calls, pages)
//!             │
//!      desk ──┼── feed ── hub      what is asked, what is seen, who is woken
//!             │
//!           store ── uploads       the only SQL; the only files
//! ```
//!
//! Invariants
//! - Never imports the device's engine.
//! - Only [`store`] speaks SQL, only [`clock`] tells time and makes random bytes.
//! - Nothing that is logged names a person or holds what somebody wrote.

pub mod admin;
pub mod backup;
pub mod client;
pub mod clock;
mod collect;
mod compact;
pub mod demo;
pub mod desk;
pub mod failpoint;
pub mod feed;
mod health;
pub mod http;
pub mod hub;
pub mod limits;
pub mod log;
pub mod media;
mod metrics;
mod offering;
pub mod older;
pub mod password;
mod presence;
pub mod secrets;
pub mod serve;
mod setup;
mod stall;
pub mod store;
mod tiles;
pub mod totp;
mod uploads;
mod watching;

pub use clock::Clock;
pub use setup::NewPerson;
pub use store::{OpenError, Run};

use axum::Router;
use media::Media;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::Arc;
use store::Store;
use tokio::sync::Semaphore;

/// Workers that decode pictures at once: each may take some hundred megabytes.
const DECODED_AT_ONCE: usize = 2;

/// How a server is opened.
pub struct Config {
    /// The folder of its data; set up before ([`Server::found`]).
    pub dir: PathBuf,
    /// Time and chance.
    pub clock: Clock,
    /// Where the store's work is done.
    pub run: Run,
    /// Whether a proxy in front of it says who calls.
    pub behind_proxy: bool,
    /// The folder the web app was built into, to be served at `/`.
    pub web: Option<PathBuf>,
    /// Who shows it reads the counts at `/metrics`; without one, who asks from this machine.
    pub metrics_token: Option<String>,
    /// Where pictures are decoded.
    pub media: Media,
}

impl Config {
    /// A server of `dir`, reached directly, without the web app. Whoever serves others decodes
    /// their pictures apart ([`media::Apart`]).
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        let (clock, run) = (Clock::system(), Run::Thread);
        let (web, metrics_token, media) = (None, None, Media::Here);
        Self { dir: dir.into(), clock, run, behind_proxy: false, web, metrics_token, media }
    }
}

/// An open server. Dropping it, and every router of it, closes its files.
#[derive(Clone)]
pub struct Server {
    app: http::Shared,
}

impl Server {
    /// Sets up a new workspace in `dir`.
    pub fn found(dir: &std::path::Path, name: &str, clock: &Clock) -> Result<(), OpenError> {
        Store::found(dir, name, clock)
    }

    /// Opens the server of a folder that was set up; it is the folder's only one.
    pub fn open(config: Config) -> Result<Self, OpenError> {
        if !config.dir.join("fieldline.db").exists() {
            return Err(OpenError::Empty);
        }
        let lock = File::create(config.dir.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {
                Store::look_over(&config.dir)?;
                Self::build(config, Some(lock))
            }
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Opens a folder for the operator's own doings, also beside its running server:
    /// what is written shows there by the next tick.
    pub fn open_beside(config: Config) -> Result<Self, OpenError> {
        Self::build(config, None)
    }

    fn build(config: Config, lock: Option<File>) -> Result<Self, OpenError> {
        let hub = Arc::new(hub::Hub::default());
        let store = Store::open(&config.dir, config.run, hub.clone(), config.clock.clone())?;
        let uploads = Arc::new(uploads::Uploads::open(&config.dir, &config.clock, config.media)?);
        let app = http::App {
            tiles: tiles::Tiles::new(&config.dir),
            store,
            hub,
            limits: limits::Limits::new(config.clock.clone()),
            clock: config.clock,
            presence: presence::Presence::default(),
            passwords: password::Passwords::default(),
            uploads,
            decoding: Semaphore::new(DECODED_AT_ONCE),
            behind_proxy: config.behind_proxy,
            web: config.web,
            health: health::Health::default(),
            metrics: metrics::Metrics::default(),
            metrics_token: config.metrics_token.as_deref().map(secrets::hash),
            dir: config.dir,
            lock,
        };
        Ok(Self { app: Arc::new(app) })
    }

    /// Everything it answers. A listener puts an [`http::caller::Peer`] on each request.
    pub fn router(&self) -> Router {
        http::router(self.app.clone())
    }

    /// Begins to make offers, and to end those that ran out, for as long as this
    /// server is there.
    pub fn keep_offering(&self) {
        let (app, hub) = (Arc::downgrade(&self.app), self.app.hub.clone());
        tokio::spawn(offering::keep(app, hub));
    }

    /// Ends every live stream, also those that begin later: the server is stopping.
    pub fn close_streams(&self) {
        self.app.hub.close();
    }

    /// The number of the newest change.
    pub async fn head(&self) -> Result<i64, store::Stop> {
        self.app.store.read(|look| Ok(look.workspace()?.seq)).await
    }

    /// How many live streams are open.
    pub fn streams(&self) -> usize {
        self.app.hub.open()
    }

    /// How many commits its writer has made since it was opened.
    pub fn commits(&self) -> u64 {
        self.app.store.commits()
    }
}
