//! The store: the only place of the server that speaks SQL.
//!
//! One SQLite file in WAL mode, written by one writer and read by several readers.
//! One writer, because SQLite has one write lock anyway: queueing for it in our own
//! memory is fair, needs no retry, and lets jobs that wait share a commit
//! ([`runner`]). Readers see the file as it was when they began and never wait.
//!
//! Rules live above, in one copy: what is here fetches and puts.
//!
//! Invariants
//! - WAL, `synchronous=FULL`: what [`Store::write`] answered is on the disk.
//! - A [`Look`] reads one moment of the file, from its first row to its last.
//! - The file of a newer server is refused and left as it was.

mod admin;
mod blobs;
mod canned;
mod clients;
mod contacts;
mod conversations;
pub(crate) mod copy;
mod counts;
mod customers;
mod devices;
mod entries;
mod erase;
mod feed;
mod groups;
mod intents;
mod look;
mod migrate;
mod modules;
mod notes;
mod offers;
mod people;
mod queues;
mod runner;
mod second_factor;
mod tx;
mod workspace;

pub use blobs::Owner;
pub use clients::ClientRow;
pub use counts::Groups;
pub use feed::FeedRow;
pub use intents::IntentRow;
pub use look::Look;
pub use people::{Credentials, INVITE_MAX_MS, Invitation, Session, SignedInDevice};
pub use queues::QueueRow;
pub use runner::Run;
pub use tx::{Act, Actor, Put, Told, Tx};
pub use workspace::Workspace;

use crate::clock::Clock;
use crate::hub::Hub;
use counts::Counts;
use fieldline_model::{Code, Problem, WorkspaceId};
use runner::{Readers, Writer};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::Path;
use std::sync::Arc;

/// A fault of the machine, not of who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Too much at once; trying again helps.
    Busy,
    /// No room on the disk.
    Full,
    /// The disk does not do what it is told, in words for the log; trying again may help.
    Disk(String),
    /// Anything else, in words for the log (they name no person and no text).
    Broken(String),
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// By a rule.
    Refused(Problem),
    /// By a fault.
    Fault(Fault),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<Code> for Stop {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, ReadOnly, SystemIoFailure,
        };
        match error.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy,
            Some(DiskFull) => Self::Full,
            Some(SystemIoFailure | CannotOpen | ReadOnly) => Self::Disk(error.to_string()),
            _ => Self::Broken(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<serde_json::Error> for Stop {
    /// A stored body that does not read: its position is said, never its text.
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(Fault::Broken(format!("a stored record does not read: {:?}", error.classify())))
    }
}

/// Why a store cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The file is of a newer server.
    Newer,
    /// Nothing was set up here: `fieldline-server init` does it.
    Empty,
    /// Another server has this folder.
    InUse,
    /// A backup or a restore needs an empty folder.
    NotEmpty,
    /// What is to be restored is no whole backup.
    NoBackup,
    /// The disk or the file.
    Broken(String),
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Newer => f.write_str("this folder was written by a newer server; start that one"),
            Self::Empty => f.write_str("nothing is set up here yet; run `fieldline-server init` first"),
            Self::InUse => f.write_str("another server has this folder open"),
            Self::NotEmpty => f.write_str("there is something in that folder already; name a new or an empty one"),
            Self::NoBackup => f.write_str(
                "this is no whole backup, or it was changed: only what `fieldline-server backup` made is restored \
                 (a plain copy of a folder may lack what was in its log)",
            ),
            Self::Broken(why) => write!(f, "the folder cannot be opened: {why}"),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<std::io::Error> for OpenError {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

/// The open store of one workspace.
pub struct Store {
    workspace: WorkspaceId,
    writer: Writer,
    readers: Readers,
    counts: Arc<Counts>,
}

/// One connection, set up as every one is.
fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open(file)?;
    conn.set_prepared_statement_cache_capacity(128);
    conn.execute_batch(
        "PRAGMA busy_timeout = 5000;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA mmap_size = 0;
         PRAGMA cache_size = -16000;
         PRAGMA wal_autocheckpoint = 8000;",
    )?;
    // What is rewritten or deleted is gone from its page; of what takes pages of its own,
    // see `erase`.
    conn.pragma_update(None, "secure_delete", "fast")?;
    // What a savepoint would need to go back is never worth a file.
    conn.pragma_update(None, "temp_store", "memory")?;
    // Else SQLite may prepare a kept statement anew whenever its values change, for a
    // plan that is always the same; that took a fifth of the writer's time.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(conn)
}

impl Store {
    /// Makes the file and its one workspace, with a new epoch.
    ///
    /// Errors: [`OpenError::InUse`] when there is a workspace already.
    pub fn found(dir: &Path, name: &str, clock: &Clock) -> Result<(), OpenError> {
        std::fs::create_dir_all(dir)?;
        // What people wrote is for the server's own account alone.
        #[cfg(unix)]
        std::fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let mut conn = connect(&dir.join("fieldline.db"))?;
        migrate::to_newest(&mut conn)?;
        if workspace::only(&conn)?.is_some() {
            return Err(OpenError::InUse);
        }
        workspace::found(&conn, name, clock)?;
        Ok(())
    }

    /// Looks a file over whose last server did not close it: a kill or a loss of power
    /// leaves its log behind. (SQLite mends what it can when the file is opened; this
    /// finds what a failing disk did.)
    pub fn look_over(dir: &Path) -> Result<(), OpenError> {
        let log = dir.join("fieldline.db-wal");
        if std::fs::metadata(log).is_ok_and(|meta| meta.len() > 0) {
            let conn = connect(&dir.join("fieldline.db"))?;
            let found: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if found != "ok" {
                return Err(OpenError::Broken("the database is damaged; restore a backup".into()));
            }
        }
        Ok(())
    }

    /// Opens the file in `dir` and tells `hub` of what is committed from now on.
    pub fn open(dir: &Path, run: Run, hub: Arc<Hub>, clock: Clock) -> Result<Self, OpenError> {
        let file = dir.join("fieldline.db");
        if !file.exists() {
            return Err(OpenError::Empty);
        }
        let mut conn = connect(&file)?;
        migrate::to_newest(&mut conn)?;
        let workspace = workspace::only(&conn)?.ok_or(OpenError::Empty)?;
        let counts = Arc::new(Counts::default());
        let side = runner::WriteSide { conn, workspace, clock, hub, counts: counts.clone() };
        let writer = Writer::start(run, side)?;
        let readers = Readers::open(run, || connect(&file))?;
        Ok(Self { workspace, writer, readers, counts })
    }

    /// Runs `job` in the writer, alone; its answer comes after the commit. It may be
    /// run twice, the first time to no effect.
    pub async fn write<T, F>(&self, job: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        self.writer.write(job).await
    }

    /// Reads one moment of the file.
    pub async fn read<T, F>(&self, job: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce(&Look<'_>) -> Result<T, Stop> + Send + 'static,
    {
        let workspace = self.workspace;
        self.readers.read(move |conn| job(&Look::new(conn, workspace))).await
    }

    /// Runs blocking file work where it disturbs nobody.
    pub async fn beside<T, F>(&self, job: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, Stop> + Send + 'static,
    {
        self.readers.beside(job).await
    }

    /// How many commits the writer has made since it was opened.
    pub fn commits(&self) -> u64 {
        self.counts.groups().commits
    }

    /// How many jobs its commits had, each.
    pub fn groups(&self) -> Groups {
        self.counts.groups()
    }

    /// How many jobs wait for the writer.
    pub fn queued(&self) -> u64 {
        self.counts.queued()
    }
}

#[cfg(test)]
mod tests;
