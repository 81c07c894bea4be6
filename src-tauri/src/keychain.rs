//! The system's keychain, which has the session's token: the Secret Service on Linux, the
//! keychain on macOS and iOS, the Credential Manager on Windows, the Keystore on Android.
//!
//! Why a thread: the stores answer when they do, and one that is locked waits for its person.
//! One asks at a time, so that nobody is asked twice.
//!
//! Invariant: the log says that a keychain failed, and how; never a token.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use async_trait::async_trait;
use fieldline_core::tokens::{Keychain, Shut};
use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};
use tokio::sync::oneshot;

/// Whose entries they are, as a person finds them in their keychain.
const OWNER: &str = "Fieldline";

type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// The keychain of this account.
pub struct SystemKeychain {
    jobs: Sender<Job>,
}

impl SystemKeychain {
    /// Begins to ask it, when there is something to ask.
    ///
    /// # Errors
    ///
    /// When the system gives the app no thread.
    pub fn begin() -> std::io::Result<Arc<dyn Keychain>> {
        let (jobs, queue) = channel();
        std::thread::Builder::new().name("keychain".into()).spawn(move || work(queue))?;
        Ok(Arc::new(Self { jobs }))
    }

    /// Asks, in turn. A question that nobody waits for any more is not put, unless it `must` be.
    async fn ask<T: Send + 'static>(
        &self,
        must: bool,
        question: impl FnOnce(&mut Store) -> Result<T, Shut> + Send + 'static,
    ) -> Result<T, Shut> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            if must || !answer.is_closed() {
                let _ = answer.send(question(store));
            }
        });
        self.jobs.send(job).map_err(|_| Shut)?;
        answered.await.unwrap_or(Err(Shut))
    }
}

#[async_trait]
impl Keychain for SystemKeychain {
    async fn get(&self, entry: &str) -> Result<Option<String>, Shut> {
        let entry = entry.to_owned();
        self.ask(false, move |store| store.get(&entry)).await
    }

    async fn put(&self, entry: &str, secret: &str) -> Result<(), Shut> {
        let (entry, secret) = (entry.to_owned(), secret.to_owned());
        self.ask(false, move |store| store.put(&entry, &secret)).await
    }

    async fn remove(&self, entry: &str) -> Result<(), Shut> {
        let entry = entry.to_owned();
        self.ask(true, move |store| store.remove(&entry)).await
    }
}

fn work(queue: Receiver<Job>) {
    let mut store = Store::default();
    for job in queue {
        job(&mut store);
    }
}

/// What the system has for this, once it answered.
#[derive(Default)]
struct Store {
    opened: Option<Arc<CredentialStore>>,
}

impl Store {
    fn entry(&mut self, name: &str) -> Result<Entry, Shut> {
        let store = match &self.opened {
            Some(store) => store.clone(),
            None => self.opened.insert(open().map_err(said)?).clone(),
        };
        store.build(OWNER, name, None).map_err(said)
    }

    fn get(&mut self, name: &str) -> Result<Option<String>, Shut> {
        match self.entry(name)?.get_password() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(said(error)),
        }
    }

    fn put(&mut self, name: &str, secret: &str) -> Result<(), Shut> {
        self.entry(name)?.set_password(secret).map_err(said)
    }

    fn remove(&mut self, name: &str) -> Result<(), Shut> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(said(error)),
        }
    }
}

/// Says in the log that the keychain failed. The kind alone: what comes with it may hold bytes.
fn said(error: Error) -> Shut {
    let how = match error {
        Error::NoStorageAccess(_) => "is locked or refused",
        Error::Ambiguous(_) => "has several entries of one name",
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => "does not read",
        _ => "does not answer",
    };
    eprintln!(
        "fieldline: the system's keychain {how}: tokens are kept in the app's own folder, in session-token-files"
    );
    Shut
}

#[cfg(target_os = "linux")]
fn open() -> Result<Arc<CredentialStore>, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn open() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "ios")]
fn open() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::protected::Store::new()?)
}

#[cfg(windows)]
fn open() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(target_os = "android")]
fn open() -> Result<Arc<CredentialStore>, Error> {
    Ok(android_native_keyring_store::Store::new()?)
}
