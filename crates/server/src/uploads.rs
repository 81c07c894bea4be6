//! Bytes on their way in, and the files made of them.
//!
//! ```text
//! parts/<owner>/<hash>.<size>   grows by parts; each is on the disk before its
//!        │                      offset is acknowledged
//!        ▼ all here, hash right, a picture, decoded
//! blobs/<ab>/<hash>.{original,display,thumb}   durable
//!        ▼
//! a claim in the store; then the part is removed
//! ```
//!
//! Each owner uploads for themself: nobody learns from here what others have.
//!
//! Invariants
//! - An acknowledged offset survives a loss of power: file and folder are synced.
//! - A row mentions a blob only after its files are durable.
//! - What is refused leaves nothing behind.
//! - A path is made of an id, a hash and a number: never of anything typed.

use crate::clock::Clock;
use crate::fp;
use crate::media::{Made, Media};
use crate::store::{Fault, Owner, Stop};
use bytes::Bytes;
use fieldline_model::api::BlobReady;
use fieldline_model::{BlobHash, Code, FileType, Policy, Problem, Rendition};
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Bytes of a file that its type is told from.
const HEAD: usize = 32;
/// Uploads one owner may have unfinished.
const UNFINISHED_MAX: usize = 30;
/// Unfinished uploads are kept for a week.
const KEPT_MS: i64 = 7 * 24 * 3600 * 1000;

/// Which upload.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Upload {
    /// Whose.
    pub owner: Owner,
    /// What its bytes must be named by in the end.
    pub hash: BlobHash,
    /// How many there are, in bytes, as its owner says.
    pub size: u64,
}

type Turn = Arc<tokio::sync::Mutex<()>>;
type Turns = HashMap<(Owner, BlobHash), Weak<tokio::sync::Mutex<()>>>;

/// The folders of uploads and blobs.
pub struct Uploads {
    dir: PathBuf,
    media: Media,
    turns: Mutex<Turns>,
    /// Held by who makes a blob's files until a row names them, and alone by who
    /// removes those of blobs that no row names.
    pub naming: tokio::sync::RwLock<()>,
}

fn fault(error: io::Error) -> Stop {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Fault::Full.into(),
        kind => Fault::Disk(format!("a blob's file: {kind}")).into(),
    }
}

/// Makes names in `dir` durable. (Windows does so by itself.)
fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

/// Writes all of it, durably. (A test's disk may stop half-way.)
fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    #[cfg(debug_assertions)]
    if let Some(ails) = crate::failpoint::disk() {
        file.write_all(&bytes[..bytes.len() / 2])?;
        return Err(ails.into());
    }
    file.write_all(bytes)?;
    file.sync_all()
}

fn make_dir(dir: &Path) -> io::Result<()> {
    if !dir.is_dir() {
        fs::create_dir_all(dir)?;
        dir.parent().map_or(Ok(()), sync_dir)?;
    }
    Ok(())
}

fn length(file: &Path) -> io::Result<u64> {
    match fs::metadata(file) {
        Ok(meta) => Ok(meta.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

fn head(file: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    match File::open(file) {
        Ok(file) => file.take(HEAD as u64).read_to_end(&mut head).map(|_| head),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(head),
        Err(error) => Err(error),
    }
}

impl Uploads {
    /// The folders under `dir`; forgets uploads nobody went on with for a week.
    pub fn open(dir: &Path, clock: &Clock, media: Media) -> io::Result<Self> {
        make_dir(&dir.join("parts"))?;
        make_dir(&dir.join("blobs"))?;
        for owner in fs::read_dir(dir.join("parts"))? {
            for part in fs::read_dir(owner?.path())? {
                let part = part?;
                if clock.age_ms(part.metadata()?.modified()?) > KEPT_MS {
                    fs::remove_file(part.path())?;
                }
            }
        }
        Ok(Self {
            dir: dir.to_owned(),
            media,
            turns: Mutex::default(),
            naming: tokio::sync::RwLock::default(),
        })
    }

    /// The turn of one upload: two requests for the same one go after each other.
    pub fn turn(&self, upload: &Upload) -> Turn {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        let key = (upload.owner, upload.hash.clone());
        if let Some(turn) = turns.get(&key).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Turn::default();
        turns.insert(key, Arc::downgrade(&turn));
        turn
    }

    fn owner_dir(&self, owner: Owner) -> PathBuf {
        self.dir.join("parts").join(owner.key())
    }

    fn part(&self, upload: &Upload) -> PathBuf {
        self.owner_dir(upload.owner).join(format!("{}.{}", upload.hash, upload.size))
    }

    /// Where a form of a blob is.
    pub fn blob(&self, hash: &BlobHash, form: Rendition) -> PathBuf {
        let name = format!("{hash}.{}", form.as_str());
        self.dir.join("blobs").join(&hash.as_str()[..2]).join(name)
    }

    /// How many bytes of `owner`'s upload are durably here. Of one that is all here
    /// but was not finished (the server was killed at that moment), one byte less:
    /// so that its owner sends once more, and that finishes it.
    pub fn offset(&self, owner: Owner, hash: &BlobHash) -> Result<u64, Stop> {
        let Ok(parts) = fs::read_dir(self.owner_dir(owner)) else { return Ok(0) };
        let mut offset = 0;
        for part in parts.flatten() {
            let name = part.file_name();
            let size =
                name.to_str().and_then(|n| n.strip_prefix(hash.as_str())?.strip_prefix('.')?.parse().ok());
            if let Some(size) = size {
                let have = part.metadata().map_err(fault)?.len();
                offset = offset.max(have.min(u64::saturating_sub(size, 1)));
            }
        }
        Ok(offset)
    }

    /// Adds `bytes`, which begin at `offset`, and gives the offset that is now
    /// durable. Bytes that are here already are passed over; a gap adds nothing.
    /// Blocks.
    pub fn append(&self, upload: &Upload, offset: u64, bytes: &Bytes, policy: &Policy) -> Result<u64, Stop> {
        let end = offset.checked_add(bytes.len() as u64).filter(|end| *end <= upload.size);
        let end = end.ok_or(Code::BadRequest)?;
        let part = self.part(upload);
        let have = length(&part).map_err(fault)?;
        if offset <= have && (have as usize) < HEAD {
            let mut first = head(&part).map_err(fault)?;
            first.extend_from_slice(&bytes[(have - offset).min(bytes.len() as u64) as usize..]);
            if (first.len() >= HEAD || end >= upload.size)
                && let Err(problem) = policy.admits(&first[..first.len().min(HEAD)], upload.size)
            {
                self.forget(upload)?;
                return Err(problem.into());
            }
        }
        if offset > have || end <= have {
            return Ok(have);
        }
        if have == 0 && self.unfinished(upload.owner) >= UNFINISHED_MAX {
            return Err(Problem::limit(Code::Busy, 60).into());
        }
        self.write_part(&part, &bytes[(have - offset) as usize..]).map_err(fault)?;
        fp!("blob_part_written");
        Ok(end)
    }

    fn unfinished(&self, owner: Owner) -> usize {
        fs::read_dir(self.owner_dir(owner)).map_or(0, Iterator::count)
    }

    fn write_part(&self, part: &Path, bytes: &[u8]) -> io::Result<()> {
        let dir = part.parent().unwrap_or(&self.dir);
        make_dir(dir)?;
        let new = !part.exists();
        let mut file = OpenOptions::new().create(true).append(true).open(part)?;
        let before = file.metadata()?.len();
        let written = write(&mut file, bytes);
        if let Err(error) = written {
            // A full disk may have taken a piece: only whole, synced parts count.
            let _ = file.set_len(before);
            return Err(error);
        }
        if new { sync_dir(dir) } else { Ok(()) }
    }

    /// Checks an upload that is all here and makes its files, durably. Blocks, while it is
    /// decoded: for a thread of its own.
    ///
    /// Refuses by policy as it is now, a wrong hash and a broken picture with
    /// *file_damaged*; then nothing of it is left. A fault leaves its part.
    pub fn finish(&self, upload: &Upload, policy: &Policy) -> Result<BlobReady, Stop> {
        let bytes = fs::read(self.part(upload)).map_err(fault)?;
        match self.check(upload, policy, &bytes) {
            Ok((ready, made)) => {
                self.keep(upload, &made).map_err(fault)?;
                fp!("blob_ready_before_row");
                Ok(ready)
            }
            Err(Stop::Refused(problem)) => {
                self.forget(upload)?;
                Err(problem.into())
            }
            Err(fault) => Err(fault),
        }
    }

    fn check(&self, upload: &Upload, policy: &Policy, bytes: &[u8]) -> Result<(BlobReady, Made), Stop> {
        let kind = policy.admits(&bytes[..bytes.len().min(HEAD)], bytes.len() as u64)?;
        if BlobHash::of(bytes) != upload.hash {
            return Err(Code::FileDamaged.into());
        }
        let made = self.media.make(bytes)?;
        let (size_bytes, facts) = (bytes.len() as u64, made.facts.clone());
        let (width, height, taken_at) = (facts.width, facts.height, facts.taken_at);
        Ok((BlobReady { kind, size_bytes, width, height, taken_at }, made))
    }

    fn keep(&self, upload: &Upload, made: &Made) -> io::Result<()> {
        let original = self.blob(&upload.hash, Rendition::Original);
        let dir = original.parent().unwrap_or(&self.dir).to_owned();
        make_dir(&dir)?;
        // Each is made under its owner's own name, then put in place whole.
        let draft = dir.join(format!("{}.{}.new", upload.hash, upload.owner.key()));
        let kept = self.keep_as(upload, made, &draft);
        if kept.is_err() {
            let _ = fs::remove_file(&draft);
        }
        kept?;
        sync_dir(&dir)
    }

    fn keep_as(&self, upload: &Upload, made: &Made, draft: &Path) -> io::Result<()> {
        let place = |form| self.blob(&upload.hash, form);
        for (form, bytes) in [(Rendition::Display, &made.display), (Rendition::Thumb, &made.thumb)] {
            write(&mut File::create(draft)?, bytes)?;
            fs::rename(draft, place(form))?;
        }
        let part = self.part(upload);
        if fs::hard_link(&part, draft).is_err() {
            // Some file systems have no links.
            fs::copy(&part, draft)?;
            File::open(draft)?.sync_all()?;
        }
        fs::rename(draft, place(Rendition::Original))?;
        // Where both names were one file already, rename leaves the first.
        if draft.exists() {
            fs::remove_file(draft)?;
        }
        Ok(())
    }

    /// Removes what was uploaded: it was refused, or is a blob now.
    pub fn forget(&self, upload: &Upload) -> Result<(), Stop> {
        match fs::remove_file(self.part(upload)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(fault(error)),
            _ => Ok(()),
        }
    }

    /// Every blob of which there is a file in one of the folders. Blocks.
    pub fn blobs_in(&self, folder: u8) -> Result<Vec<BlobHash>, Stop> {
        let files = match fs::read_dir(self.dir.join("blobs").join(format!("{folder:02x}"))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            files => files.map_err(fault)?,
        };
        let hash = |file: fs::DirEntry| file.file_name().to_str()?.split('.').next()?.parse().ok();
        Ok(files.flatten().filter_map(hash).collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// Removes a blob's files, durably. Blocks.
    pub fn remove(&self, hash: &BlobHash) -> Result<(), Stop> {
        let original = self.blob(hash, Rendition::Original);
        let Some(dir) = original.parent().filter(|dir| dir.is_dir()) else { return Ok(()) };
        let removed = fs::read_dir(dir).and_then(|files| {
            for file in files {
                let file = file?;
                // Also what a kill left half made.
                if file.file_name().to_string_lossy().starts_with(hash.as_str()) {
                    fs::remove_file(file.path())?;
                }
            }
            sync_dir(dir)
        });
        removed.map_err(fault)
    }

    /// The type of what is shown of a blob: a GIF where it moves, or else a JPEG.
    pub fn shown_kind(&self, hash: &BlobHash) -> FileType {
        let head = head(&self.blob(hash, Rendition::Display)).unwrap_or_default();
        FileType::of(&head).unwrap_or(FileType::Jpeg)
    }

    /// The bytes of a form of a blob: an original's are checked against its name, those of
    /// the others, which we made, for their beginning and their end.
    ///
    /// Refuses with *file_missing* what is gone from the disk or was changed there.
    pub fn read(&self, hash: &BlobHash, form: Rendition) -> Result<Bytes, Stop> {
        let bytes = match fs::read(self.blob(hash, form)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fault(error)),
            read => read.unwrap_or_default(),
        };
        let whole = match form {
            Rendition::Original => BlobHash::of(&bytes) == *hash,
            Rendition::Display | Rendition::Thumb => match FileType::of(&bytes) {
                Some(FileType::Jpeg) => bytes.ends_with(&[0xff, 0xd9]),
                Some(FileType::Gif) => bytes.ends_with(&[0x3b]),
                _ => false,
            },
        };
        if !whole {
            crate::log::fault(&format!(
                "a photo's file is gone from the disk, or was changed there: {}",
                form.as_str()
            ));
            return Err(Code::FileMissing.into());
        }
        Ok(bytes.into())
    }
}
