//! Backups: a folder that holds one moment of a server's data, made while it runs.
//!
//! ```text
//! backup:   database (one moment) ─► every blob its rows name ─► backup.json
//! restore:  backup.json, hash ─► blobs ─► database looked over, new epoch ─► in place
//! ```
//!
//! The database comes first: a blob is on the disk before a row names it and stays as
//! long as one does, so whatever the copy's rows name can be copied afterwards.
//!
//! Invariants
//! - `backup.json` is written last and names the database by its hash: a backup that
//!   was cut off, changed since, or is a plain copy of a folder is refused.
//! - A restore mints a new epoch, and only ever fills an empty folder; its database is
//!   put in place last, so that a restore that was cut off is no server's folder.

use crate::clock::Clock;
use crate::store::{OpenError, copy};
use fieldline_model::{BlobHash, Rendition};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io;
use std::path::Path;

const DATABASE: &str = "fieldline.db";
const SEAL: &str = "backup.json";
const FORMS: [Rendition; 3] = [Rendition::Original, Rendition::Display, Rendition::Thumb];

/// What makes a folder a backup.
#[derive(Serialize, Deserialize)]
struct Seal {
    format: u32,
    made_at_ms: i64,
    /// SHA-256 of the database, in hexadecimal.
    database: String,
}

/// What a backup or a restore found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Blobs whose files are whole.
    pub blobs: usize,
    /// Blobs a row names whose files are gone or damaged; what is left of them is copied.
    pub damaged: usize,
}

/// Copies the data in `dir` to `to`, a new or an empty folder; its server may be running.
///
/// Errors: [`OpenError::NotEmpty`], [`OpenError::Empty`], or the disk's.
pub fn backup(dir: &Path, to: &Path, clock: &Clock) -> Result<Copied, OpenError> {
    if !dir.join(DATABASE).exists() {
        return Err(OpenError::Empty);
    }
    make_empty(to)?;
    let database = to.join(DATABASE);
    copy::copy(dir, &database)?;
    File::open(&database)?.sync_all()?;
    let copied = blobs(&database, dir, to)?;
    let seal = Seal { format: 1, made_at_ms: clock.now_ms(), database: sha256(&database)? };
    let text = serde_json::to_vec_pretty(&seal).map_err(io::Error::other)?;
    fs::write(to.join(SEAL), text)?;
    File::open(to.join(SEAL))?.sync_all()?;
    sync_dir(to)?;
    Ok(copied)
}

/// Makes the backup in `from` the data in `dir`, a new or an empty folder.
///
/// Errors: [`OpenError::NoBackup`] for what [`backup`] did not make or what was changed
/// since, [`OpenError::NotEmpty`], [`OpenError::Newer`], or the disk's.
pub fn restore(from: &Path, dir: &Path, clock: &Clock) -> Result<Copied, OpenError> {
    let text = fs::read(from.join(SEAL)).map_err(|_| OpenError::NoBackup)?;
    let seal: Seal = serde_json::from_slice(&text).map_err(|_| OpenError::NoBackup)?;
    if seal.format > 1 {
        return Err(OpenError::Newer);
    }
    if sha256(&from.join(DATABASE)).map_err(|_| OpenError::NoBackup)? != seal.database {
        return Err(OpenError::NoBackup);
    }
    make_empty(dir)?;
    let new = dir.join("fieldline.db.new");
    fs::copy(from.join(DATABASE), &new)?;
    copy::renew(&new, clock)?;
    let copied = blobs(&new, from, dir)?;
    for leftover in ["fieldline.db.new-wal", "fieldline.db.new-shm"] {
        match fs::remove_file(dir.join(leftover)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    File::open(&new)?.sync_all()?;
    fs::rename(&new, dir.join(DATABASE))?;
    sync_dir(dir)?;
    Ok(copied)
}

/// Makes `dir`, for its owner alone, or sees that it is empty.
fn make_empty(dir: &Path) -> Result<(), OpenError> {
    fs::create_dir_all(dir)?;
    if fs::read_dir(dir)?.next().is_some() {
        return Err(OpenError::NotEmpty);
    }
    #[cfg(unix)]
    fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// Copies the files of every blob that `database` names, each durable.
fn blobs(database: &Path, from: &Path, to: &Path) -> Result<Copied, OpenError> {
    let mut copied = Copied::default();
    for hash in copy::blobs(database)? {
        if files_of(&hash, from, to)? {
            copied.blobs += 1;
        } else {
            copied.damaged += 1;
        }
    }
    let folders = to.join("blobs");
    if folders.is_dir() {
        for folder in fs::read_dir(&folders)? {
            sync_dir(&folder?.path())?;
        }
        sync_dir(&folders)?;
    }
    Ok(copied)
}

/// Copies one blob's files; whether all are there and the original is what its name says.
fn files_of(hash: &BlobHash, from: &Path, to: &Path) -> io::Result<bool> {
    let below = Path::new("blobs").join(&hash.as_str()[..2]);
    fs::create_dir_all(to.join(&below))?;
    let mut whole = true;
    for form in FORMS {
        let name = below.join(format!("{hash}.{}", form.as_str()));
        match fs::copy(from.join(&name), to.join(&name)) {
            Ok(_) => File::open(to.join(&name))?.sync_all()?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => whole = false,
            Err(error) => return Err(error),
        }
        if form == Rendition::Original {
            whole &= fs::read(to.join(&name)).is_ok_and(|bytes| BlobHash::of(&bytes) == *hash);
        }
    }
    Ok(whole)
}

fn sha256(file: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(file)?, &mut hash)?;
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Makes names in `dir` durable. (Windows does so by itself.)
fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}
