//! A system's keychain, in place of GNOME's or Apple's.

use fieldline_core::tokens::{Keychain, Shut};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// How it behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lock {
    /// It does what it is asked.
    #[default]
    Open,
    /// It is locked, and its person says no.
    Refuses,
    /// It is locked, and waits for its person.
    Asks,
}

/// A keychain with one lock.
#[derive(Default)]
pub struct Keyring {
    secrets: Mutex<BTreeMap<String, String>>,
    lock: Mutex<Lock>,
    turned: Notify,
}

fn hold<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Keyring {
    /// Behaves so from now on.
    pub fn is(&self, lock: Lock) {
        *hold(&self.lock) = lock;
        self.turned.notify_waiters();
    }

    /// What it keeps, by its entries' names.
    pub fn secrets(&self) -> BTreeMap<String, String> {
        hold(&self.secrets).clone()
    }

    /// Waits for its person, where it is to.
    async fn opens(&self) -> Result<(), Shut> {
        loop {
            let turned = self.turned.notified();
            let lock = *hold(&self.lock);
            match lock {
                Lock::Open => return Ok(()),
                Lock::Refuses => return Err(Shut),
                Lock::Asks => turned.await,
            }
        }
    }
}

#[async_trait::async_trait]
impl Keychain for Keyring {
    async fn get(&self, entry: &str) -> Result<Option<String>, Shut> {
        self.opens().await?;
        Ok(hold(&self.secrets).get(entry).cloned())
    }

    async fn put(&self, entry: &str, secret: &str) -> Result<(), Shut> {
        self.opens().await?;
        hold(&self.secrets).insert(entry.to_owned(), secret.to_owned());
        Ok(())
    }

    async fn remove(&self, entry: &str) -> Result<(), Shut> {
        self.opens().await?;
        hold(&self.secrets).remove(entry);
        Ok(())
    }
}
