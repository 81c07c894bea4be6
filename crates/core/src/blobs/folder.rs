//! Blobs in a folder.

use super::is_name;
use bytes::Bytes;
use fieldline_model::{Code, Problem};
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::runtime::{Handle, RuntimeFlavor};

/// The files of one profile.
pub struct Blobs {
    folder: PathBuf,
    turn: AtomicU64,
}

impl Blobs {
    /// Opens, or makes, the folder.
    pub async fn open(folder: &Path) -> Result<Self, Problem> {
        fs::create_dir_all(folder).map_err(problem)?;
        // What a kill, or a full disk, left half written.
        for entry in fs::read_dir(folder).map_err(problem)?.flatten() {
            if entry.path().extension().is_some_and(|ending| ending == "part") {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(Self { folder: folder.to_owned(), turn: AtomicU64::new(0) })
    }

    /// Keeps `bytes` under `name`, durably.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), Problem> {
        let path = self.path(name)?;
        // Each writer has a file of its own: two may be given the same name at once.
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let part = path.with_extension(format!("{turn}.part"));
        blocking(move || {
            let written = write(&part, &bytes).and_then(|()| fs::rename(&part, &path));
            if written.is_err() {
                // A full disk gets back what was taken of it.
                let _ = fs::remove_file(&part);
            }
            written?;
            // A rename is durable once its folder is (fsync(2), NOTES).
            match path.parent() {
                Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
                _ => Ok(()),
            }
        })
        .await
    }

    /// All bytes under `name`, or `None`.
    pub async fn get(&self, name: &str) -> Result<Option<Bytes>, Problem> {
        let path = self.path(name)?;
        blocking(move || match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        })
        .await
    }

    /// At most `length` bytes from `offset` on: how a large file is sent in parts.
    pub async fn part(&self, name: &str, offset: u64, length: usize) -> Result<Option<Bytes>, Problem> {
        let path = self.path(name)?;
        blocking(move || {
            let mut file = match File::open(&path) {
                Ok(file) => file,
                Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
                Err(e) => return Err(e),
            };
            file.seek(SeekFrom::Start(offset))?;
            let mut bytes = Vec::with_capacity(length);
            file.take(length as u64).read_to_end(&mut bytes)?;
            Ok(Some(bytes.into()))
        })
        .await
    }

    /// Every name, in no order.
    pub async fn names(&self) -> Result<Vec<String>, Problem> {
        let folder = self.folder.clone();
        blocking(move || {
            let mut names = Vec::new();
            for entry in fs::read_dir(folder)? {
                if let Some(name) = entry?.file_name().to_str().filter(|n| is_name(n)) {
                    names.push(name.to_owned());
                }
            }
            Ok(names)
        })
        .await
    }

    /// Forgets `name`; no error when there is none.
    pub async fn remove(&self, name: &str) -> Result<(), Problem> {
        let path = self.path(name)?;
        blocking(move || match fs::remove_file(&path) {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        })
        .await
    }

    fn path(&self, name: &str) -> Result<PathBuf, Problem> {
        if is_name(name) { Ok(self.folder.join(name)) } else { Err(Code::BadRequest.into()) }
    }
}

/// Writes a file that this account alone may read.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Files are read and written off the runtime's own threads, so that no screen waits
/// for the disk. A runtime of one thread is a test's with a paused clock: there the work
/// is done where it is called, so that one order of things is the same every time.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        return work().map_err(problem);
    }
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(problem),
        Err(_) => Err(Code::StorageFailed.into()),
    }
}

fn problem(error: std::io::Error) -> Problem {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Code::StorageFull.into(),
        _ => Code::StorageFailed.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_are_kept_whole_and_read_in_parts() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).await.unwrap();
        blobs.put("abc-1", Bytes::from_static(b"0123456789")).await.unwrap();
        assert_eq!(blobs.part("abc-1", 4, 3).await.unwrap().unwrap(), "456");
        assert_eq!(blobs.part("abc-1", 10, 3).await.unwrap().unwrap(), "");
        assert_eq!(blobs.names().await.unwrap(), ["abc-1"]);
        blobs.remove("abc-1").await.unwrap();
        blobs.remove("abc-1").await.unwrap();
        assert_eq!(blobs.get("abc-1").await.unwrap(), None);
    }

    #[tokio::test]
    async fn one_name_written_by_two_at_once_is_whole_for_both() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).await.unwrap();
        let bytes = Bytes::from(vec![7; 1 << 20]);
        for _ in 0..20 {
            let (one, two) = tokio::join!(blobs.put("a", bytes.clone()), blobs.put("a", bytes.clone()));
            assert_eq!((one, two), (Ok(()), Ok(())));
            assert_eq!(blobs.get("a").await.unwrap().unwrap(), bytes);
        }
    }

    #[tokio::test]
    async fn what_was_left_half_written_is_gone_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("abc.3.part"), b"half").unwrap();
        Blobs::open(folder.path()).await.unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    /// FB14.
    #[tokio::test]
    async fn a_path_is_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).await.unwrap();
        for name in ["../x", "a/b", "", "a.part"] {
            assert!(blobs.put(name, Bytes::new()).await.is_err());
        }
    }
}
