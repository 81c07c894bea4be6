//! Where a profile's database is, on a system with folders.

use crate::blobs::Blobs;
use fieldline_model::{Code, Problem};
use rusqlite::Connection;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

/// The app's own folder. It is locked for as long as this is held: two engines
/// on one profile would send twice.
pub struct Disk {
    root: PathBuf,
    _lock: File,
}

impl Disk {
    /// Opens, or makes, the folder and locks it.
    ///
    /// Errors: [`Code::InUse`] when another process has it.
    pub async fn open(root: impl Into<PathBuf>) -> Result<Self, Problem> {
        let root = root.into();
        std::fs::create_dir_all(&root).map_err(|_| Problem::new(Code::StorageFailed))?;
        let lock = File::create(root.join("lock")).map_err(|_| Problem::new(Code::StorageFailed))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root, _lock: lock }),
            Err(std::fs::TryLockError::WouldBlock) => Err(Code::InUse.into()),
            Err(std::fs::TryLockError::Error(_)) => Err(Code::StorageFailed.into()),
        }
    }

    /// Opens the database called `name` (letters, digits, hyphens).
    pub fn database(&self, name: &str) -> rusqlite::Result<Connection> {
        Connection::open(self.root.join(format!("{name}.db")))
    }

    /// Whether there is a database called `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.root.join(format!("{name}.db")).exists()
    }

    /// Whether the database called `name` was not closed: its log is still there.
    pub(super) fn has_log(&self, name: &str) -> bool {
        std::fs::metadata(self.root.join(format!("{name}.db-wal"))).is_ok_and(|log| log.len() > 0)
    }

    /// Whether its log is none: SQLite takes such a one for empty and says nothing
    /// (sqlite.org/fileformat2.html, "The Write-Ahead Log").
    pub(super) fn log_is_damaged(&self, name: &str) -> bool {
        const HEADER: usize = 32;
        let Ok(mut log) = File::open(self.root.join(format!("{name}.db-wal"))) else { return false };
        let mut begin = [0; HEADER + 1];
        log.read_exact(&mut begin).is_ok() && begin[..3] != [0x37, 0x7f, 0x06]
    }

    /// Removes the one database called `name`, as far as that goes.
    pub(super) fn forget_file(&self, name: &str) {
        for ending in [".db-wal", ".db-shm", ".db"] {
            let _ = std::fs::remove_file(self.root.join(format!("{name}{ending}")));
        }
    }

    /// The blobs that belong to the database called `name`.
    pub async fn blobs(&self, name: &str) -> Result<Blobs, Problem> {
        Blobs::open(&self.root.join(format!("{name}-files"))).await
    }

    /// Whether what is written survives a restart.
    pub fn durable(&self) -> bool {
        true
    }

    /// Removes the database called `name`, in all its turns, and its blobs. Nothing may have it open.
    pub async fn forget(&self, name: &str) -> Result<(), Problem> {
        super::damage::file_names(name).for_each(|file| self.forget_file(&file));
        let _ = std::fs::remove_dir_all(self.root.join(format!("{name}-files")));
        Ok(())
    }
}
