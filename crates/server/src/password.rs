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
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Hashed at once.
const AT_ONCE: usize = 2;
/// Sign-ins that may wait for their turn; past that the server says it is busy.
const WAITING_MAX: usize = 100;

/// Long passwords that guessers try first.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "12345678910",
    "123456789a",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "abcdefghij",
    "abcd123456",
    "administrator",
    "changeme123",
    "helloworld",
    "iloveyou12",
    "iloveyou123",
    "letmein123",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "p@ssw0rd123",
    "qwerty1234",
    "qwerty12345",
    "qwertyuiop",
    "welcome123",
    "welcome1234",
];

/// Refuses with *weak_password* what is too short (under 10 bytes), too long (over
/// 1024), too common, the login itself, or of fewer than five different characters.
pub fn check(password: &str, login: &str) -> Result<(), Code> {
    let folded = password.to_lowercase();
    let mut letters: Vec<char> = folded.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let long = (10..=1024).contains(&password.len());
    if long && letters.len() >= 5 && folded != login && !COMMON.contains(&folded.as_str()) {
        Ok(())
    } else {
        Err(Code::WeakPassword)
    }
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

    #[test]
    fn short_long_common_and_repeated_passwords_are_weak() {
        for weak in ["short", "aaaaaaaaaaaa", "Password123", "ana@nordlys.example", &"ab1!".repeat(300)] {
            assert_eq!(check(weak, "ana@nordlys.example"), Err(Code::WeakPassword), "{}", weak.len());
        }
        assert_eq!(check("blue kettle on a hill", "ana"), Ok(()));
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
}
