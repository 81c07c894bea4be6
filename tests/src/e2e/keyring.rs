//! GNOME's keyring, the very one of a desktop, on an app's own bus and in a folder of the run.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde::Serialize;
use serde::de::DeserializeOwned;
use zbus::blocking::{Connection, connection};
use zbus::zvariant::{DynamicType, OwnedObjectPath, Type};

use super::bus::Bus;
use super::process::{Process, tool};
use super::wait::soon;

const NAME: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";
const INTERFACE: &str = "org.freedesktop.Secret.Service";

/// The keyring, unlocked, until it is dropped.
pub struct Keyring {
    bus: Connection,
    _daemon: Process,
}

impl Keyring {
    /// Begins an empty one on this bus, with its files below `folder`.
    ///
    /// # Panics
    ///
    /// When it does not answer.
    pub fn on(bus: &Bus, name: &str, folder: &Path) -> Self {
        let run = folder.join("run");
        fs::create_dir_all(&run).expect("the keyring's folder can be made");
        fs::set_permissions(&run, fs::Permissions::from_mode(0o700)).expect("it can be its own");
        let mut command = Command::new(tool(&["sh"]));
        let daemon = "echo keyring | exec \"$0\" --foreground --components=secrets --unlock";
        command.arg("-c").arg(daemon).arg(tool(&["gnome-keyring-daemon"]));
        command.env("HOME", folder).env("XDG_RUNTIME_DIR", &run).env_remove("XDG_DATA_HOME");
        command.env("DBUS_SESSION_BUS_ADDRESS", bus.address());
        let daemon = Process::start(&format!("{name}-keyring"), command);
        let there = connection::Builder::address(bus.address()).and_then(connection::Builder::build);
        let it = Self { bus: there.expect("the bus takes a program"), _daemon: daemon };
        soon("the keyring is there", || match it.collection() {
            Ok(path) if path.as_str() != "/" => Ok(()),
            other => Err(format!("{other:?}")),
        });
        it
    }

    fn asks<T: DeserializeOwned + Type>(
        &self,
        what: &str,
        body: &(impl Serialize + DynamicType),
    ) -> zbus::Result<T> {
        self.bus.call_method(Some(NAME), PATH, Some(INTERFACE), what, body)?.body().deserialize()
    }

    fn collection(&self) -> zbus::Result<OwnedObjectPath> {
        self.asks("ReadAlias", &"default")
    }

    /// How many secrets of the app it has.
    ///
    /// # Panics
    ///
    /// When it does not answer.
    pub fn secrets(&self) -> usize {
        let ours = std::collections::HashMap::from([("service", "Fieldline")]);
        let found = self.asks::<(Vec<OwnedObjectPath>, Vec<OwnedObjectPath>)>("SearchItems", &ours);
        let (open, locked) = found.expect("the keyring answers");
        open.len() + locked.len()
    }

    /// Its person locks it, and is not there to unlock it.
    ///
    /// # Panics
    ///
    /// When it does not answer.
    pub fn locks(&self) {
        let all = vec![self.collection().expect("the keyring answers")];
        let locked = self.asks::<(Vec<OwnedObjectPath>, OwnedObjectPath)>("Lock", &all);
        assert_eq!(locked.expect("the keyring answers").0, all);
    }
}
