//! Passwords: which are good enough, and how they are kept (argon2id).
//!
//! Invariants
//! - At most [`AT_ONCE`] are hashed at once: each takes 19 MiB and tens of
//!   milliseconds, so a flood of sign-ins cannot take the machine.
//! - An unknown login takes as long as a wrong password.

use crate::store::{Fault, Stop};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use fieldline_model::Code;
use std::collections::HashSet;
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Hashed at once.
const AT_ONCE: usize = 2;
/// Sign-ins that may wait for their turn; past that the server says it is busy.
const WAITING_MAX: usize = 100;

/// In characters.
pub const SHORTEST: usize = 8;
/// In bytes: hashing more is work for nothing.
pub const LONGEST: usize = 1024;

/// What guessers try first: the most frequent passwords of past breaches that are long
/// enough, in small letters, sorted. From zxcvbn's frequency list (MIT, see
/// `common_passwords.LICENSE`), and what years and products add to it.
const COMMON: &str = include_str!("common_passwords.txt");

fn is_common(folded: &str) -> bool {
    static ALL: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.lines().collect());
    ALL.contains(folded)
}

/// Whether each character follows the one before in the same step: `aaaaaaaa`,
/// `12345678`, `hgfedcba`.
fn is_a_run(text: &str) -> bool {
    let steps = text
        .chars()
        .zip(text.chars().skip(1))
        .map(|(a, b)| i64::from(u32::from(b)) - i64::from(u32::from(a)));
    let steps: HashSet<i64> = steps.collect();
    steps.len() <= 1 && steps.iter().all(|step| (-1..=1).contains(step))
}

/// What guessers who know the place try: the words of its and the person's names.
fn words(context: &[&str]) -> Vec<String> {
    let all = context.iter().chain(&["fieldline"]).map(|text| text.to_lowercase());
    let mut words: Vec<String> = all
        .flat_map(|text| {
            let pieces = text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
            pieces.into_iter().chain([text])
        })
        .filter(|word| word.chars().count() >= 3)
        .collect();
    // The longest first: else a part of one would hide the whole.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// Refuses with *weak_password* what is too short or too long ([`SHORTEST`],
/// [`LONGEST`]), what guessers try first, and what is that once the words of `context`
/// (the workspace's name, the login, the person's name) are out of it. Asks for no kinds
/// of characters.
pub fn check(password: &str, context: &[&str]) -> Result<(), Code> {
    let folded = password.to_lowercase();
    let rest = words(context).iter().fold(folded.clone(), |rest, word| rest.replace(word.as_str(), ""));
    let guessed = |text: &str| is_common(text) || is_a_run(text);
    let long = password.len() <= LONGEST && rest.chars().count() >= SHORTEST;
    if long && !guessed(&folded) && !guessed(&rest) { Ok(()) } else { Err(Code::WeakPassword) }
}

/// Where passwords are hashed.
pub struct Passwords {
    turns: Semaphore,
    waiting: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_ONCE), waiting: Semaphore::new(WAITING_MAX) }
    }
}

fn hash_now(password: &[u8]) -> Result<String, Stop> {
    let broken = |_| Stop::from(Fault::Broken("a password could not be hashed".into()));
    Argon2::default().hash_password(password).map(|hash| hash.to_string()).map_err(broken)
}

impl Passwords {
    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Stop> + Send + 'static,
    ) -> Result<T, Stop> {
        let _waits = self.waiting.try_acquire().map_err(|_| Fault::Busy)?;
        let _turn = self.turns.acquire().await.map_err(|_| Fault::Busy)?;
        let broken = |_| Stop::from(Fault::Broken("hashing panicked".into()));
        tokio::task::spawn_blocking(work).await.map_err(broken)?
    }

    /// The PHC string of a new password.
    pub async fn hash(&self, password: String) -> Result<String, Stop> {
        self.beside(move || hash_now(password.as_bytes())).await
    }

    /// Whether `password` is the one of `stored`. With nothing stored it takes as
    /// long, and is not.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Stop> {
        static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hash_now(b"nobody has this one").ok());
        self.beside(move || {
            let known = stored.is_some();
            let Some(stored) = stored.or_else(|| NOBODYS.clone()) else { return Ok(false) };
            let broken = |_| Stop::from(Fault::Broken("a stored password does not read".into()));
            let stored = PasswordHash::new(&stored).map_err(broken)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok() && known)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use std::future::{Future, poll_fn};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::task::Poll;

    const CONTEXT: &[&str] = &["Nordlys Elektro", "ana.holm@nordlys.example", "Ana Holm"];

    #[test]
    fn what_is_short_too_long_or_tried_first_by_guessers_is_weak() {
        let long = "ab1!".repeat(300);
        for weak in
            ["short", "1234567", "Password", "trustno1", "Welcome2026", "aaaaaaaaaaaa", "98765432", &long]
        {
            assert_eq!(check(weak, &[]), Err(Code::WeakPassword), "{}", weak.len());
        }
    }

    #[test]
    fn what_is_made_of_the_names_around_is_weak() {
        for weak in [
            "ana.holm@nordlys.example",
            "Nordlys2026",
            "elektro-holm-1",
            "fieldlinefieldline",
            "AnaHolm1234567",
            "password123Nordlys",
        ] {
            assert_eq!(check(weak, CONTEXT), Err(Code::WeakPassword), "{weak}");
        }
        assert_eq!(check("nordlys kettle on a hill", CONTEXT), Ok(()));
    }

    #[test]
    fn no_kind_of_character_is_asked_for() {
        for good in
            ["kvstelno", "7281905346", "blå kjele på en bakke", "كلمة مرور طويلة", &"ab1!".repeat(256)]
        {
            assert_eq!(check(good, CONTEXT), Ok(()), "{good}");
        }
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let passwords = Passwords::default();
        let stored = passwords.hash("blue kettle on a hill".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify("blue kettle on a hill".into(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("blue kettle on a hil".into(), Some(stored)).await.unwrap());
        assert!(!passwords.verify("nobody has this one".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_flood_of_sign_ins_finds_the_server_busy_and_two_are_hashed_at_once() {
        let passwords = Passwords::default();
        let (open, running) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let work = || {
            let (open, running) = (open.clone(), running.clone());
            move || {
                let at_once = running.fetch_add(1, Ordering::SeqCst) + 1;
                while !open.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(at_once)
            }
        };
        let mut all = Box::pin(join_all((0..WAITING_MAX + 30).map(|_| passwords.beside(work()))));
        // All that may begin have begun, and none can be done.
        assert!(poll_fn(|cx| Poll::Ready(all.as_mut().poll(cx).is_pending())).await);
        assert_eq!((AT_ONCE, passwords.turns.available_permits()), (2, 0));
        open.store(true, Ordering::SeqCst);
        let all = all.await;
        let busy = all.iter().filter(|it| **it == Err(Stop::Fault(Fault::Busy))).count();
        assert_eq!(busy, 30);
        assert!(all.iter().flatten().all(|at_once| *at_once <= AT_ONCE));
    }
}
