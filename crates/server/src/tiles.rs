//! Tiles of the map, fetched from the one host that the admin set, for who is signed in.
//!
//! Devices ask here and nowhere else, so that no third party learns where anybody is
//! but for the server's own address, and no page needs to reach another origin.
//!
//! ```text
//! asked ─► kept and young ─────────────────► given
//!            └─ else: the host ─► checked ─► kept ─► given
//!                        └─ silent ─► the old one, if kept; else *busy*
//! ```
//!
//! Invariants
//! - Only the admin's address is asked, and no redirection is followed.
//! - What is kept is disposable and bounded: [`KEPT_MAX_BYTES`], the longest unused
//!   first. Another address has another folder.

use crate::store::{Fault, Stop, Store};
use bytes::{Bytes, BytesMut};
use fieldline_model::location::Tile;
use fieldline_model::{Code, FileType, Problem};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;

/// All tiles together.
pub const KEPT_MAX_BYTES: u64 = 256 * 1024 * 1024;
/// One tile.
const TILE_MAX_BYTES: usize = 512 * 1024;
/// How long a tile is given without asking the host again.
const YOUNG: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long the host may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Tiles asked of the host at once.
const AT_ONCE: usize = 4;
/// Seconds after which to ask again when the host is silent.
const AGAIN_S: u64 = 30;

/// The map's tiles.
pub struct Tiles {
    dir: PathBuf,
    /// Made when the first tile is asked for: it reads every root certificate of the machine.
    client: OnceLock<Option<reqwest::Client>>,
    host: Semaphore,
    /// Bytes added since room was last made; what an earlier run left is not known.
    added: AtomicU64,
}

/// Refuses with *bad_address* what no tile could be fetched from: an address over
/// https, or of this machine, with `{z}`, `{x}` and `{y}` in it.
pub fn check(address: &str) -> Result<(), Problem> {
    let whole = ["{z}", "{x}", "{y}"].iter().all(|part| address.contains(part));
    let url = reqwest::Url::parse(&address_of(address, Tile { z: 0, x: 0, y: 0 }));
    let safe = url.is_ok_and(|url| match (url.scheme(), url.host_str()) {
        ("https", Some(_)) => true,
        ("http", Some(host)) => ["127.0.0.1", "[::1]", "localhost"].contains(&host),
        _ => false,
    });
    if whole && safe { Ok(()) } else { Err(Code::BadAddress.into()) }
}

fn address_of(address: &str, tile: Tile) -> String {
    [("{z}", tile.z.into()), ("{x}", tile.x), ("{y}", tile.y)]
        .iter()
        .fold(address.to_owned(), |address, (part, number)| address.replace(part, &number.to_string()))
}

/// The picture type of a tile.
pub fn kind(bytes: &[u8]) -> Option<FileType> {
    FileType::of(bytes).filter(|kind| matches!(kind, FileType::Png | FileType::Jpeg))
}

impl Tiles {
    /// Those below `dir`, a server's folder.
    pub fn new(dir: &Path) -> Self {
        Self {
            dir: dir.join("tiles"),
            client: OnceLock::new(),
            host: Semaphore::new(AT_ONCE),
            added: AtomicU64::new(KEPT_MAX_BYTES),
        }
    }

    /// A tile's bytes, PNG or JPEG, of the map at `address`.
    ///
    /// Refuses with *not_found* what no map has, with *busy* while the host is silent or
    /// gives no picture.
    pub async fn get(&self, store: &Store, address: &str, tile: Tile) -> Result<Bytes, Stop> {
        tile.check()?;
        let file = self.file(address, tile);
        let look = file.clone();
        let kept = store.beside(move || kept(&look)).await?;
        if let Some((bytes, true)) = kept {
            return Ok(bytes);
        }
        match self.fetch(&address_of(address, tile)).await {
            Some(fresh) => {
                let (bytes, dir) = (fresh.clone(), self.dir.clone());
                let added = self.added.fetch_add(fresh.len() as u64, Ordering::Relaxed);
                let full = added > KEPT_MAX_BYTES / 8;
                if full {
                    self.added.store(0, Ordering::Relaxed);
                }
                store.beside(move || keep(&file, &bytes, full.then_some(dir.as_path()))).await?;
                Ok(fresh)
            }
            None => kept.map(|(bytes, _)| bytes).ok_or_else(|| Problem::limit(Code::Busy, AGAIN_S).into()),
        }
    }

    fn file(&self, address: &str, tile: Tile) -> PathBuf {
        let of: String = Sha256::digest(address).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        self.dir.join(of).join(tile.z.to_string()).join(tile.x.to_string()).join(tile.y.to_string())
    }

    /// What the host gives, when it is a picture of a bearable size.
    async fn fetch(&self, address: &str) -> Option<Bytes> {
        let _turn = self.host.acquire().await.ok()?;
        let answer = self.client.get_or_init(client).as_ref()?.get(address).send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        let (mut bytes, mut parts) = (BytesMut::new(), answer.bytes_stream());
        while let Some(part) = parts.next().await {
            bytes.extend_from_slice(&part.ok()?);
            if bytes.len() > TILE_MAX_BYTES {
                return None;
            }
        }
        kind(&bytes).map(|_| bytes.freeze())
    }
}

fn client() -> Option<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("Fieldline/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE);
    builder.build().ok()
}

/// What is kept in `file`, and whether it is young.
fn kept(file: &Path) -> Result<Option<(Bytes, bool)>, Stop> {
    let Ok(bytes) = fs::read(file) else { return Ok(None) };
    let age = fs::metadata(file).and_then(|meta| meta.modified()).ok().and_then(|made| made.elapsed().ok());
    let young = age.is_some_and(|age| age < YOUNG);
    // Half a tile, after a power cut, is none.
    Ok(kind(&bytes).map(|_| (bytes.into(), young)))
}

/// Keeps a tile, and makes room below `dir` first when told to. That it cannot be kept
/// is no fault of who asked for it.
fn keep(file: &Path, bytes: &[u8], room_in: Option<&Path>) -> Result<(), Stop> {
    if let Some(dir) = room_in {
        make_room(dir, KEPT_MAX_BYTES).map_err(|error| Fault::Broken(format!("tiles: {}", error.kind())))?;
    }
    let write = || -> io::Result<()> {
        fs::create_dir_all(file.parent().unwrap_or(file))?;
        // Two who keep one tile at once write the same bytes under the same name.
        let part = file.with_extension("part");
        fs::write(&part, bytes)?;
        fs::rename(part, file)
    };
    if let Err(error) = write() {
        crate::log::fault(&format!("a tile is not kept: {}", error.kind()));
    }
    Ok(())
}

/// Removes the oldest tiles until they are at most seven eighths of `most` bytes.
fn make_room(dir: &Path, most: u64) -> io::Result<()> {
    let mut all = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        for entry in entries {
            let entry = entry?;
            let meta = entry.metadata()?;
            if meta.is_dir() {
                dirs.push(entry.path());
            } else {
                all.push((meta.modified().ok(), meta.len(), entry.path()));
            }
        }
    }
    let mut held: u64 = all.iter().map(|(_, size, _)| size).sum();
    all.sort();
    for (_, size, file) in all {
        if held <= most / 8 * 7 {
            break;
        }
        fs::remove_file(file)?;
        held -= size;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_reached_safely_or_not_at_all() {
        for good in ["https://tiles.example.org/{z}/{x}/{y}.png?key=1", "http://127.0.0.1:9/{z}/{x}/{y}"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in
            ["https://tiles.example.org/{z}/{x}.png", "http://tiles.example.org/{z}/{x}/{y}", "/{z}/{x}/{y}"]
        {
            assert_eq!(check(bad), Err(Code::BadAddress.into()), "{bad}");
        }
    }

    #[test]
    fn the_oldest_tiles_make_room_for_new_ones() {
        let folder = tempfile::tempdir().unwrap();
        let now = fs::metadata(folder.path()).unwrap().modified().unwrap();
        for n in 0..10u64 {
            let file = folder.path().join("a").join(n.to_string());
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, [0; 100]).unwrap();
            let made = now - Duration::from_secs(100 - n);
            fs::File::options().write(true).open(&file).unwrap().set_modified(made).unwrap();
        }
        make_room(folder.path(), 800).unwrap();
        let mut left: Vec<_> =
            fs::read_dir(folder.path().join("a")).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["3", "4", "5", "6", "7", "8", "9"]);
    }
}
