//! Where a profile's database is, in a browser: the origin's private file system
//! (OPFS), in a dedicated worker; without it, memory.
//!
//! SQLite's files live in a pool of files whose handles are all taken at the
//! start, because SQLite opens and deletes without waiting and a browser cannot.
//! A profile takes two of them, its database and the log beside it.
//!
//! Invariants
//! - Memory is used only where the browser has no OPFS, and [`Disk::durable`]
//!   says so. Where there is one and it fails, opening fails: an empty store is
//!   never taken for a new one.

use crate::blobs::Blobs;
use crate::clock::Clock;
use fieldline_model::{Code, Problem};
use rusqlite::Connection;
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_rs::vfs::VfsFilesManager;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DedicatedWorkerGlobalScope, DomException, FileSystemDirectoryHandle, FileSystemGetDirectoryOptions,
    FileSystemRemoveOptions,
};

/// Files of the pool that are free when a device is opened: four profiles' worth.
const FREE_FILES: usize = 8;
/// How long a file that is to be removed may stay open: five seconds.
const CLOSING_LOOKS: u32 = 200;
const CLOSING_LOOK: Duration = Duration::from_millis(25);

type Files = Rc<RefCell<HashMap<String, bytes::Bytes>>>;

/// The app's own folder, for as long as this is held: the pool's handles are
/// exclusive, so that two engines never work on one profile.
pub struct Disk {
    root: String,
    place: Place,
}

enum Place {
    /// The pool of SQLite's files; blobs are in folders beside it.
    Opfs(OpfsSAHPoolUtil),
    /// The blobs of each profile. SQLite keeps its own memory files, by name.
    Memory(RefCell<HashMap<String, Files>>),
}

impl Disk {
    /// Opens, or makes, the folder called `root` and takes hold of it.
    ///
    /// Errors: [`Code::InUse`] when another worker has it.
    pub async fn open(root: impl Into<String>) -> Result<Self, Problem> {
        let root = root.into();
        if folder(&[]).await.is_err() {
            return Ok(Self { root, place: Place::Memory(RefCell::default()) });
        }
        let pool =
            OpfsSAHPoolCfgBuilder::new().vfs_name("fieldline").directory(&format!("{root}/sqlite")).build();
        match install::<WasmOsCallback>(&pool, true).await {
            Ok(pool) => {
                let used = pool.len().map_err(problem)?;
                pool.ensure_capacity(used + FREE_FILES).await.map_err(problem)?;
                Ok(Self { root, place: Place::Opfs(pool) })
            }
            Err(OpfsSAHError::NotSupported) => Ok(Self { root, place: Place::Memory(RefCell::default()) }),
            Err(error) => Err(problem(error)),
        }
    }

    /// Opens the database called `name` (letters, digits, hyphens).
    pub fn database(&self, name: &str) -> rusqlite::Result<Connection> {
        let connection = Connection::open(format!("{name}.db"))?;
        // A write-ahead log without shared memory, which a browser has not, needs
        // one owner, and that before anything else is said.
        connection.pragma_update(None, "locking_mode", "exclusive")?;
        Ok(connection)
    }

    /// Whether there is a database called `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.has_file(&format!("{name}.db"))
    }

    /// Whether the database called `name` was not closed: its log is still there.
    pub(super) fn has_log(&self, name: &str) -> bool {
        self.has_file(&format!("{name}.db-wal"))
    }

    fn has_file(&self, file: &str) -> bool {
        matches!(&self.place, Place::Opfs(pool) if pool.contains(file).unwrap_or(false))
    }

    /// The pool's files are read by SQLite alone: none is put aside.
    pub(super) fn log_is_aside(&self, _name: &str) -> bool {
        false
    }

    /// Removes the one database called `name`, as far as that goes.
    pub(super) fn forget_file(&self, name: &str) {
        if let Place::Opfs(pool) = &self.place {
            for ending in [".db-wal", ".db-journal", ".db"] {
                // What is still held today is removed with the profile.
                let _ = pool.remove(&format!("{name}{ending}"));
            }
        }
    }

    /// The blobs that belong to the database called `name`.
    pub async fn blobs(&self, name: &str) -> Result<Blobs, Problem> {
        match &self.place {
            Place::Memory(files) => {
                Ok(Blobs::in_memory(files.borrow_mut().entry(name.to_owned()).or_default().clone()))
            }
            Place::Opfs(_) => {
                let folder = folder(&[&self.root, &format!("{name}-files")]).await;
                Ok(Blobs::in_folder(folder.map_err(|_| Problem::new(Code::StorageFailed))?))
            }
        }
    }

    /// Whether what is written survives a restart.
    pub fn durable(&self) -> bool {
        matches!(self.place, Place::Opfs(_))
    }

    /// Removes the database called `name`, in all its turns, and its blobs. Nothing may have it open.
    pub async fn forget(&self, name: &str) -> Result<(), Problem> {
        match &self.place {
            Place::Memory(files) => {
                // A memory file lives until the worker ends: it is emptied.
                files.borrow_mut().remove(name);
                self.database(name).and_then(empty).map_err(|_| Problem::new(Code::StorageFailed))
            }
            Place::Opfs(pool) => {
                let there = |file: &String| *file == name || self.has(file);
                for file in super::damage::file_names(name).filter(there) {
                    for ending in [".db-wal", ".db-journal", ".db"] {
                        remove(pool, &format!("{file}{ending}")).await.map_err(problem)?;
                    }
                }
                let root = folder(&[&self.root]).await.map_err(|_| Problem::new(Code::StorageFailed))?;
                let all = FileSystemRemoveOptions::new();
                all.set_recursive(true);
                // No error when it never had blobs.
                let _ = JsFuture::from(root.remove_entry_with_options(&format!("{name}-files"), &all)).await;
                Ok(())
            }
        }
    }
}

/// Removes one of the pool's files. What was closed a moment ago may still be held
/// by tasks that the event loop has yet to end.
async fn remove(pool: &OpfsSAHPoolUtil, file: &str) -> Result<bool, OpfsSAHError> {
    let clock = Clock::system();
    for _ in 0..CLOSING_LOOKS {
        match pool.remove(file) {
            Err(OpfsSAHError::FileInUse(_)) => clock.sleep(CLOSING_LOOK).await,
            done => return done,
        }
    }
    pool.remove(file)
}

/// Drops every table.
fn empty(connection: Connection) -> rusqlite::Result<()> {
    use rusqlite::config::DbConfig::SQLITE_DBCONFIG_RESET_DATABASE as RESET;
    connection.set_db_config(RESET, true)?;
    connection.execute_batch("VACUUM")?;
    connection.set_db_config(RESET, false)?;
    Ok(())
}

/// A folder of the origin's private file system, made where it is missing.
async fn folder(path: &[&str]) -> Result<FileSystemDirectoryHandle, JsValue> {
    let worker: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    let storage = js_sys::Reflect::get(&worker.navigator(), &"storage".into())?;
    let open: js_sys::Function = js_sys::Reflect::get(&storage, &"getDirectory".into())?.dyn_into()?;
    let mut folder: FileSystemDirectoryHandle =
        JsFuture::from(open.call0(&storage)?.dyn_into::<js_sys::Promise>()?).await?.dyn_into()?;
    let create = FileSystemGetDirectoryOptions::new();
    create.set_create(true);
    for part in path {
        folder = JsFuture::from(folder.get_directory_handle_with_options(part, &create)).await?.dyn_into()?;
    }
    Ok(folder)
}

fn problem(error: OpfsSAHError) -> Problem {
    let code = match &error {
        OpfsSAHError::Opfs { value, .. } => {
            match value.dyn_ref::<DomException>().map(DomException::name).as_deref() {
                Some("NoModificationAllowedError" | "InvalidStateError") => Code::InUse,
                Some("QuotaExceededError") => Code::StorageFull,
                _ => Code::StorageFailed,
            }
        }
        _ => Code::StorageFailed,
    };
    code.into()
}
