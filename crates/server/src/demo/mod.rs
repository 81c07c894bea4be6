//! A workspace to look at: made up people, customers and what they said, seeded
//! once; then customers who go on by themselves over the public customer API.
//!
//! Invariants
//! - It listens on loopback only, and its passwords are random for each seeding.
//! - Its customers use what any customer's page uses, and nothing else.

pub mod customers;
mod pictures;
mod seed;
mod story;
mod threads;

use crate::media::Media;
use crate::{Config, Server};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A customer who goes on by themself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Visitor {
    /// Their private link's secret.
    pub secret: String,
}

/// What of a seeding is needed at the next start, kept beside the data.
#[derive(Serialize, Deserialize)]
struct Seeded {
    login: String,
    name: String,
    password: String,
    visitors: Vec<Visitor>,
}

/// What the launcher is given: whom to sign in, and where.
#[derive(Serialize)]
struct HandOver<'d> {
    url: &'d str,
    server: &'d str,
    login: &'d str,
    password: &'d str,
    name: &'d str,
}

/// The demo's server, seeded.
pub struct Demo {
    /// The server.
    pub server: Server,
    /// The customers who go on.
    pub visitors: Vec<Visitor>,
    seeded: Seeded,
}

/// Writes a file that only its owner reads.
fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let draft = file.with_extension("new");
    let mut written = options.open(&draft)?;
    written.write_all(bytes)?;
    written.sync_all()?;
    std::fs::rename(&draft, file)
}

impl Demo {
    /// Opens the demo of `dir`, seeding it when it is new.
    pub async fn open(dir: PathBuf, web: Option<PathBuf>, media: Media) -> Result<Self, Box<dyn Error>> {
        let card = dir.join("demo.json");
        let seeded = match std::fs::read(&card) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A seeding that was cut off left no card: its half a story goes.
                if dir.join("fieldline.db").exists() {
                    std::fs::remove_dir_all(&dir)?;
                }
                let seeded = seed::seed(&dir).await?;
                write_private(&card, &serde_json::to_vec(&seeded)?)?;
                seeded
            }
            Err(error) => return Err(error.into()),
        };
        let server = Server::open(Config { web, media, ..Config::new(dir) })?;
        Ok(Self { server, visitors: seeded.visitors.clone(), seeded })
    }

    /// Writes for the launcher whom to sign in, for its owner alone to read.
    pub fn hand_over(&self, url: &str, file: &Path) -> io::Result<()> {
        let Seeded { login, name, password, .. } = &self.seeded;
        let card = HandOver { url, server: url, login, password, name };
        write_private(file, &serde_json::to_vec_pretty(&card)?)
    }

    /// The web app's address with the demo's sign-in filled in.
    pub fn web_address(&self, url: &str) -> String {
        // Login and password are letters, digits, `-` and `_`.
        format!("{url}/#demo={}:{}", self.seeded.login, self.seeded.password)
    }
}
