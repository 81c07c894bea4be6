//! Where a profile's database is, on a system with folders.

use crate::blobs::Blobs;
use fieldline_model::{Code, Problem};
use rusqlite::Connection;
use std::fs::File;
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

    /// The blobs that belong to the database called `name`.
    pub async fn blobs(&self, name: &str) -> Result<Blobs, Problem> {
        Blobs::open(&self.root.join(format!("{name}-files"))).await
    }

    /// Whether what is written survives a restart.
    pub fn durable(&self) -> bool {
        true
    }

    /// Removes the database called `name` and its blobs. Nothing may have it open.
    pub async fn forget(&self, name: &str) -> Result<(), Problem> {
        for ending in [".db", ".db-wal", ".db-shm"] {
            let _ = std::fs::remove_file(self.root.join(format!("{name}{ending}")));
        }
        let _ = std::fs::remove_dir_all(self.root.join(format!("{name}-files")));
        Ok(())
    }
}
