//! Where a profile's database is, on a system with folders.

use crate::blobs::Blobs;
use fieldline_model::{Code, Problem};
use rusqlite::Connection;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What the log beside a database is called.
const LOG: &str = ".db-wal";
/// What it is called when it was put aside.
const LOG_ASIDE: &str = ".db-wal-aside";

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
        // This account's alone, whatever the folder around it is.
        #[cfg(unix)]
        let _ = std::fs::set_permissions(&root, std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let lock = File::create(root.join("lock")).map_err(|_| Problem::new(Code::StorageFailed))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root, _lock: lock }),
            Err(std::fs::TryLockError::WouldBlock) => Err(Code::InUse.into()),
            Err(std::fs::TryLockError::Error(_)) => Err(Code::StorageFailed.into()),
        }
    }

    /// Opens the database called `name` (letters, digits, hyphens).
    ///
    /// A log that is none is put aside first: SQLite takes it for an empty one, says
    /// nothing and removes it (sqlite.org/fileformat2.html, "The Write-Ahead Log").
    pub fn database(&self, name: &str) -> rusqlite::Result<Connection> {
        let log = self.file(name, LOG);
        if is_no_log(&log) {
            std::fs::rename(&log, self.file(name, LOG_ASIDE))
                .map_err(|_| rusqlite::Error::InvalidPath(log.clone()))?;
        }
        Connection::open(self.file(name, ".db"))
    }

    fn file(&self, name: &str, ending: &str) -> PathBuf {
        self.root.join(format!("{name}{ending}"))
    }

    /// Whether there is a database called `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.file(name, ".db").exists()
    }

    /// Whether the database called `name` was not closed: its log is still there.
    pub(super) fn has_log(&self, name: &str) -> bool {
        std::fs::metadata(self.file(name, LOG)).is_ok_and(|log| log.len() > 0)
    }

    /// Whether a log of it was put aside: what stood in that alone is lost.
    pub(super) fn log_is_aside(&self, name: &str) -> bool {
        self.file(name, LOG_ASIDE).exists()
    }

    /// Removes the one database called `name`, as far as that goes.
    pub(super) fn forget_file(&self, name: &str) {
        for ending in [LOG, LOG_ASIDE, ".db-shm", ".db"] {
            let _ = std::fs::remove_file(self.file(name, ending));
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

/// Whether there are bytes where a log should be that do not begin one: its header's
/// magic, or the sum the header has of itself, is wrong. SQLite syncs the header before
/// anything behind it, so no loss of power leaves such a thing.
fn is_no_log(log: &Path) -> bool {
    const HEADER: usize = 32;
    let Ok(mut log) = File::open(log) else { return false };
    let mut begin = [0; HEADER + 1];
    if log.read_exact(&mut begin).is_err() {
        return false;
    }
    let word = |at: usize| [begin[at], begin[at + 1], begin[at + 2], begin[at + 3]];
    let numbers: fn([u8; 4]) -> u32 = match u32::from_be_bytes(word(0)) {
        0x377f_0682 => u32::from_le_bytes,
        0x377f_0683 => u32::from_be_bytes,
        _ => return true,
    };
    // The sum as sqlite.org/fileformat2.html, "Checksum Algorithm", has it.
    let (mut one, mut two) = (0u32, 0u32);
    for at in (0..24).step_by(8) {
        one = one.wrapping_add(numbers(word(at))).wrapping_add(two);
        two = two.wrapping_add(numbers(word(at + 4))).wrapping_add(one);
    }
    (one, two) != (u32::from_be_bytes(word(24)), u32::from_be_bytes(word(28)))
}
