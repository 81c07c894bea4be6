//! How every run begins: a workspace with people who are signed in on their devices
//! and customers who have opened the chat page; of two clients in the contact list one
//! signed up. It is made once in a process, by real sign-ins, and copied for each seed: so no
//! seed waits for a password's hash or for a database's first steps.

use crate::world::{Device, World, copy_all, memory_folder};
use std::sync::OnceLock;
use tempfile::TempDir;

/// Somebody who signs in.
#[derive(Clone, Copy)]
pub struct Somebody {
    /// Their name.
    pub name: &'static str,
    /// On how many devices.
    pub devices: usize,
    /// Whether they are a client.
    pub client: bool,
}

/// Who signs in: those who serve, and a client who is in threads with them.
pub const PEOPLE: [Somebody; 4] = [
    Somebody { name: "Ana", devices: 2, client: false },
    Somebody { name: "Bo", devices: 2, client: false },
    Somebody { name: "Cy", devices: 1, client: false },
    Somebody { name: "Lars Vik", devices: 1, client: true },
];
/// Who is served.
pub const CUSTOMERS: [&str; 2] = ["Rosa", "Kim"];

/// The morning's files.
pub struct Morning {
    folder: TempDir,
    /// The customers' cookies.
    pub cookies: Vec<String>,
}

impl Morning {
    /// The one of this process.
    pub fn of_today() -> &'static Self {
        static IT: OnceLock<Morning> = OnceLock::new();
        IT.get_or_init(|| {
            let runtime = super::runtime();
            runtime.block_on(make())
        })
    }

    /// The server's files, copied.
    pub fn server(&self) -> TempDir {
        self.copy("server")
    }

    /// A device's files, copied.
    pub fn device(&self, number: usize) -> TempDir {
        self.copy(&format!("device-{number}"))
    }

    fn copy(&self, name: &str) -> TempDir {
        let to = memory_folder();
        copy_all(&self.folder.path().join(name), to.path()).expect("files are copied");
        to
    }
}

async fn make() -> Morning {
    let folder = memory_folder();
    let world = World::new().await;
    let mut devices: Vec<Device> = Vec::new();
    for one in PEOPLE {
        devices.push(match one.client {
            true => world.signed_up_client(one.name).await,
            false => world.agent(one.name).await,
        });
        for _ in 1..one.devices {
            devices.push(world.device_of(one.name).await);
        }
    }
    world.client("Mia Holm").await;
    for name in ["ana", "bo"] {
        world.grants(name, true).await;
    }
    let mut cookies = Vec::new();
    for name in CUSTOMERS {
        cookies.push(world.customer(Some(name), None).await.cookie().to_owned());
    }
    world.settles(&devices.iter().collect::<Vec<_>>()).await;
    for (number, device) in devices.iter_mut().enumerate() {
        device.crashes();
        // What runs in the background ends, and closes the files.
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let to = folder.path().join(format!("device-{number}"));
        copy_all(device.folder.path(), &to).expect("files are copied");
    }
    drop(devices);
    let files = world.closes();
    copy_all(files.path(), &folder.path().join("server")).expect("files are copied");
    Morning { folder, cookies }
}
