//! Where the tokens of this device's sessions lie: in the system's keychain, and where none
//! answers, in a file of the app's own folder that its account alone may read. In no database.
//!
//! ```text
//! keep   is there a file? ─ yes ─► it is overwritten ─┐
//!               └─ no ────────────────────────────────┴─► keychain ─ takes it ──► no file
//!                                                            └─ does not ───────► the file
//! find   is there a file? ─ yes ─► its token; it moves into the keychain meanwhile
//!               └─ no ──► keychain
//! ```
//!
//! Invariants
//! - A file that is there is never older than what the keychain has: whenever the app is
//!   killed, the newest token is found.
//! - Nobody waits longer for a keychain than [`PATIENCE`]. One that did not take a token is
//!   given none any more until the next start: each time it may ask its person for a password.
//! - A browser has none of this: its session is a cookie that no script reads.

use crate::blobs::Blobs;
use crate::clock::Clock;
use async_trait::async_trait;
use fieldline_model::{Code, Problem};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a keychain may take to answer.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// The keychain is locked, refuses, or is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shut;

/// The system's keychain. It may take as long as its person needs to unlock it.
#[async_trait]
pub trait Keychain: Send + Sync {
    /// What is kept under `entry`.
    async fn get(&self, entry: &str) -> Result<Option<String>, Shut>;
    /// Keeps `secret` under `entry`, in the place of what was there.
    async fn put(&self, entry: &str, secret: &str) -> Result<(), Shut>;
    /// Forgets `entry`; no error where there is none.
    async fn remove(&self, entry: &str) -> Result<(), Shut>;
}

/// A keychain's answer, whenever it comes.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Option<String>, Shut>> + Send>>;

/// What was found of a profile's token.
pub(crate) enum Found {
    /// It, or that there is none.
    Token(Option<String>),
    /// The keychain did not give it.
    Shut,
    /// The keychain has not answered yet.
    Late(Answer),
}

/// The tokens of this device, by the names of their profiles.
pub struct Tokens {
    keychain: Option<Arc<dyn Keychain>>,
    files: Blobs,
    /// Which of the installed apps of one account this is: they share a keychain.
    install: String,
    clock: Arc<Clock>,
    /// Whether the keychain did not take a token.
    shut: AtomicBool,
    /// What was kept or found: nobody is asked for it again.
    known: Mutex<BTreeMap<String, String>>,
    /// Whose turn it is: file and keychain change together.
    turn: tokio::sync::Mutex<()>,
}

impl Tokens {
    /// Those of the app that is called `install`, with `files` where no keychain answers.
    pub(crate) fn new(
        keychain: Option<Arc<dyn Keychain>>,
        files: Blobs,
        install: String,
        clock: Arc<Clock>,
    ) -> Self {
        let (shut, known, turn) = (AtomicBool::default(), Mutex::default(), tokio::sync::Mutex::default());
        Self { keychain, files, install, clock, shut, known, turn }
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entry(&self, profile: &str) -> String {
        format!("{}-{profile}", self.install)
    }

    /// The keychain, as long as it takes what it is given.
    fn taking(&self) -> Option<&Arc<dyn Keychain>> {
        self.keychain.as_ref().filter(|_| !self.shut.load(Ordering::Relaxed))
    }

    async fn timed<T>(&self, asked: impl Future<Output = Result<T, Shut>>) -> Result<T, Shut> {
        tokio::select! {
            biased;
            answer = asked => answer,
            () = self.clock.sleep(PATIENCE) => Err(Shut),
        }
    }

    async fn in_file(&self, profile: &str) -> Result<Option<String>, Problem> {
        let bytes = self.files.get(profile).await?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes.into()).ok()))
    }

    async fn to_file(&self, profile: &str, token: &str) -> Result<(), Problem> {
        self.files.put(profile, token.to_owned().into()).await
    }

    /// Keeps the token of a profile's session, durably, in the place of its former one.
    pub(crate) async fn keep(&self, profile: &str, token: &str) -> Result<(), Problem> {
        let _turn = self.turn.lock().await;
        self.known().insert(profile.to_owned(), token.to_owned());
        let Some(keychain) = self.taking() else { return self.to_file(profile, token).await };
        let is_in_file = self.in_file(profile).await?.is_some();
        if is_in_file {
            self.to_file(profile, token).await?;
        }
        match self.timed(keychain.put(&self.entry(profile), token)).await {
            // One that stays says the same.
            Ok(()) if is_in_file => drop(self.files.remove(profile).await),
            Ok(()) => {}
            Err(Shut) => {
                self.shut.store(true, Ordering::Relaxed);
                if !is_in_file {
                    self.to_file(profile, token).await?;
                }
            }
        }
        Ok(())
    }

    /// Finds the token of a profile's session.
    pub(crate) async fn find(&self, profile: &str) -> Result<Found, Problem> {
        let known = self.known().get(profile).cloned();
        if let Some(token) = known {
            return Ok(Found::Token(Some(token)));
        }
        if let Some(token) = self.in_file(profile).await? {
            return Ok(Found::Token(Some(token)));
        }
        let Some(keychain) = self.keychain.clone() else { return Ok(Found::Token(None)) };
        let entry = self.entry(profile);
        let mut answer: Answer = Box::pin(async move { keychain.get(&entry).await });
        Ok(tokio::select! {
            biased;
            found = &mut answer => found.map_or(Found::Shut, Found::Token),
            () = self.clock.sleep(PATIENCE) => Found::Late(answer),
        })
    }

    /// Moves a token from its file into the keychain, whenever that takes it.
    pub(crate) async fn move_in(&self, profile: &str) {
        let (Some(keychain), Ok(Some(token))) = (self.taking(), self.in_file(profile).await) else { return };
        if keychain.put(&self.entry(profile), &token).await.is_err() {
            self.shut.store(true, Ordering::Relaxed);
            return;
        }
        let _turn = self.turn.lock().await;
        // Meanwhile a newer one may have come.
        if self.in_file(profile).await == Ok(Some(token)) {
            // What stays is tried again at the next start.
            let _ = self.files.remove(profile).await;
        }
    }

    /// Forgets a profile's token.
    ///
    /// Errors: [`Code::KeychainShut`] when the keychain may still have it.
    pub(crate) async fn forget(&self, profile: &str) -> Result<(), Problem> {
        let _turn = self.turn.lock().await;
        self.known().remove(profile);
        self.files.remove(profile).await?;
        let Some(keychain) = &self.keychain else { return Ok(()) };
        let removed = self.timed(keychain.remove(&self.entry(profile))).await;
        removed.map_err(|Shut| Code::KeychainShut.into())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
