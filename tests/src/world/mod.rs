//! World: real cores against the real server, in one process, on one paused
//! clock, over one network that can cut, lose, double and delay.
//!
//! A scenario reads like a story: `ana.offline(); ana.sends_photo("rosa", …);
//! world.after(hours(3)).await; ana.online(); world.settles().await;
//! bo.sees(…)`. Nothing here is a stand-in but the wire: requests go straight to
//! the server's router.
//!
//! Invariants
//! - The clock is paused: a scenario of three hours takes milliseconds, and no
//!   test waits for a machine.
//! - A device's files are real files: a crash reopens what was on disk.

mod customer;
mod device;
mod keyring;
mod net;
mod newer;
mod older;
mod road;
mod threads;
mod transcript;

pub use customer::{Customer, text};
pub use device::{Device, photo};
pub use keyring::{Keyring, Lock};
pub use net::{Fate, Net, Said, Weather};
pub use road::Road;
pub use threads::office;
pub use transcript::{golden, public_transcript, transcript};

use fieldline_model::Role;
use fieldline_server::backup::{backup, restore};
use fieldline_server::{Clock, Config, NewPerson, Run, Server};
use std::sync::Arc;
use std::time::Duration;

/// Where every World's clock begins: 2026-03-02 08:00 UTC, milliseconds since 1970.
pub const MORNING_MS: i64 = 1_772_438_400_000;

/// The password of everyone in World.
pub const PASSWORD: &str = "correct horse battery";

/// One workspace, its server and its clock.
pub struct World {
    /// The server.
    pub server: Server,
    folder: tempfile::TempDir,
    road: Road,
    clock: Clock,
    began: tokio::time::Instant,
    seed: std::cell::Cell<u64>,
}

impl World {
    /// A workspace "Nordlys" with nobody in it. The runtime's clock must be paused.
    pub async fn new() -> Self {
        let folder = memory_folder();
        let clock = Clock::simulated(MORNING_MS, 7);
        Server::found(folder.path(), "Nordlys", &clock).expect("a new workspace");
        let server = open_server(folder.path(), &clock);
        let road = Road::to(server.router());
        Self {
            server,
            folder,
            road,
            clock,
            began: tokio::time::Instant::now(),
            seed: std::cell::Cell::new(1),
        }
    }

    /// Where the server's files are.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Closes the server and gives its files.
    pub(crate) fn closes(self) -> tempfile::TempDir {
        self.folder
    }

    /// Copies everything the server has.
    pub fn backs_up(&self) -> tempfile::TempDir {
        let to = memory_folder();
        backup(self.folder.path(), to.path(), &self.clock).expect("a backup is made");
        to
    }

    /// A server restored from a backup takes the place of the one there was.
    pub fn restores(&mut self, from: &tempfile::TempDir) {
        let to = memory_folder();
        restore(from.path(), to.path(), &self.clock).expect("the backup is whole");
        self.road.falls();
        self.server = open_server(to.path(), &self.clock);
        self.folder = to;
        self.road.stands(self.server.router());
    }

    /// A customer comes back, by their private link, to the server there is now.
    pub async fn comes_back(&self, customer: &Customer) -> Customer {
        customer.at(self.router()).comes_back().await.expect("the link is known")
    }

    /// The server's router, as a network reaches it.
    pub fn router(&self) -> axum::Router {
        self.server.router()
    }

    /// An agent with one device, signed in.
    pub async fn agent(&self, name: &str) -> Device {
        let login = Some(name.to_lowercase());
        let new = NewPerson { name: name.into(), login, role: Role::Agent };
        let person = self.server.add_person(new).await.expect("a new agent");
        self.server.set_password(person.id, PASSWORD).await.expect("a password");
        self.device_of(name).await
    }

    /// One more device of an agent, signed in.
    pub async fn device_of(&self, name: &str) -> Device {
        let device = self.new_device(name).await;
        device.signs_in().await;
        device
    }

    /// A device of somebody, with an open keychain, where nobody is signed in.
    pub async fn device_with_a_keychain(&self, name: &str) -> Device {
        let mut device = self.new_device(name).await;
        device.crashes();
        device.keychain = Some(Arc::default());
        device.starts().await;
        device
    }

    /// A device of somebody, where nobody is signed in.
    async fn new_device(&self, name: &str) -> Device {
        Device::new(name, self.next_seed(), Net::over(self.road.clone()), self.began).await
    }

    /// A second device on a copy of another's files, as they are at this moment: without
    /// signal, and without knowing that it is a copy.
    pub async fn copy_of(&self, device: &Device) -> Device {
        let folder = memory_folder();
        copy_all(device.folder.path(), folder.path()).expect("files are copied");
        let net = Net::over(self.road.clone());
        net.cut();
        let mut copy = Device::off(&device.name, folder, self.next_seed(), net, self.began);
        copy.starts().await;
        copy
    }

    /// A device as it is after the power went: on what of its files is on the disk, without
    /// signal. `arrives` is asked of each sector that was written and not synced
    /// ([`crate::power`], which is to be installed). Gives it, and how many sectors are lost.
    pub async fn loses_power(&self, device: &Device, arrives: impl FnMut() -> bool) -> (Device, usize) {
        let folder = memory_folder();
        let from = device.folder.path();
        copy_all(from, folder.path()).expect("files are copied");
        let lost = crate::power::lose(from, folder.path(), arrives).expect("files are written");
        let net = Net::over(self.road.clone());
        net.cut();
        let mut after = Device::off(&device.name, folder, self.next_seed(), net, self.began);
        after.starts().await;
        (after, lost)
    }

    /// Ana, who has picked Rosa's conversation, which began with these words.
    pub async fn ana_serves_rosa(&self, words: &str) -> (Device, Customer) {
        let ana = self.agent("Ana").await;
        let rosa = self.customer(Some("Rosa"), None).await;
        rosa.writes(words).await.expect("a customer may write");
        self.settles(&[&ana]).await;
        ana.picks("Rosa").await.expect("nobody else has it");
        self.settles(&[&ana]).await;
        (ana, rosa)
    }

    /// A customer on the chat page.
    pub async fn customer(&self, name: Option<&str>, phone: Option<&str>) -> Customer {
        Customer::starts(self.router(), self.next_seed(), name, phone).await
    }

    /// Lets time pass.
    pub async fn after(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    /// Lets time pass until every one of `devices` has nothing unsent that would
    /// go by itself, and is in step with the server; at most an hour.
    pub async fn settles(&self, devices: &[&Device]) {
        for _ in 0..3600 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let mut quiet = true;
            for device in devices {
                quiet &= device.is_quiet().await;
            }
            if quiet {
                return;
            }
        }
        for device in devices {
            eprintln!("{}: {}", device.name, device.standing().await);
        }
        panic!("the world did not settle within an hour");
    }

    fn next_seed(&self) -> u64 {
        self.seed.set(self.seed.get() + 1);
        self.seed.get()
    }
}

/// A temporary folder, in memory where the system has such: what a test writes need
/// outlive no loss of power.
pub fn memory_folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a temporary folder")
}

/// Copies a folder and what is below it.
pub(crate) fn copy_all(from: &std::path::Path, to: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn open_server(folder: &std::path::Path, clock: &Clock) -> Server {
    let config = Config { clock: clock.clone(), run: Run::Inline, ..Config::new(folder) };
    let server = Server::open(config).expect("a server opens");
    server.keep_offering();
    server
}

/// So many minutes.
pub fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

/// So many hours.
pub fn hours(n: u64) -> Duration {
    minutes(60 * n)
}
