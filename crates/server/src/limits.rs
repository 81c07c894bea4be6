//! How often somebody may try: in memory, by the server's clock.
//!
//! A guesser is slowed per account (so many addresses do not help) and per address
//! (so many accounts do not help). Only tries that count are counted; a success
//! clears its account.
//!
//! Invariants
//! - Bounded memory, whatever is sent: at most twice [`KEYS_MAX`] keys, each of a fixed size.
//! - Whoever is known by a session is counted apart from those who are nobody yet, so that
//!   all the addresses and logins somebody makes up keep none of them from their work.

use crate::clock::Clock;
use crate::secrets::{self, SecretHash};
use fieldline_model::{Code, Problem};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keys remembered at once, of who is known and of who is not.
const KEYS_MAX: usize = 20_000;
const WINDOW_MS: i64 = 5 * 60 * 1000;

/// What is tried, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Try {
    /// To sign in to an account, by the hash of its login: what is sent as one may be long.
    Account(SecretHash),
    /// To sign in, or to use a link, from an address.
    Address(IpAddr),
    /// To begin as a customer from an address.
    Start(IpAddr),
    /// To prove oneself once more while signed in: by one's password, or a code.
    Password(uuid::Uuid),
    /// To write as a customer, or to bring a file as one or as a client.
    Write(uuid::Uuid),
    /// To ask for something as a client: each intent, since theirs are messages and reading alike.
    Ask(uuid::Uuid),
    /// To look at what is not there or not theirs: a denial is a line of the audit.
    Denied(uuid::Uuid),
    /// To say that one types or looks, or has read.
    Signal(uuid::Uuid),
    /// To look at a tile of the map.
    Tile(uuid::Uuid),
}

impl Try {
    /// To sign in to an account.
    pub fn account(login: &str) -> Self {
        Self::Account(secrets::hash(login))
    }

    /// Whether it is somebody's who has a session.
    fn is_known(&self) -> bool {
        !matches!(self, Self::Account(_) | Self::Address(_) | Self::Start(_))
    }

    /// How many are let through in five minutes.
    fn most(&self) -> u32 {
        match self {
            Self::Account(_) | Self::Password(_) => 10,
            Self::Address(_) => 200,
            Self::Start(_) => 200,
            Self::Write(_) => 150,
            Self::Ask(_) => 1_000,
            Self::Denied(_) => 300,
            Self::Signal(_) => 900,
            Self::Tile(_) => 3_000,
        }
    }
}

#[derive(Clone, Copy)]
struct Window {
    began_ms: i64,
    tries: u32,
}

/// The counts.
pub struct Limits {
    clock: Clock,
    strangers: Windows,
    known: Windows,
}

type Windows = Mutex<HashMap<Try, Window>>;

impl Limits {
    /// None yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, strangers: Mutex::default(), known: Mutex::default() }
    }

    fn windows(&self, key: &Try) -> MutexGuard<'_, HashMap<Try, Window>> {
        let windows = if key.is_known() { &self.known } else { &self.strangers };
        windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a try; refuses with *too_many_tries* and the seconds until the next.
    pub fn count(&self, key: Try) -> Result<(), Problem> {
        self.count_all(key, 1)
    }

    /// Counts so many tries at once: all of them, or none.
    pub fn count_all(&self, key: Try, tries: usize) -> Result<(), Problem> {
        let now = self.clock.now_ms();
        let most = key.most();
        let mut windows = self.windows(&key);
        if windows.len() >= KEYS_MAX && !windows.contains_key(&key) {
            windows.retain(|_, window| now - window.began_ms < WINDOW_MS);
            if windows.len() >= KEYS_MAX {
                return Err(Problem::limit(Code::TooManyTries, WINDOW_MS as u64 / 1000));
            }
        }
        let window = windows.entry(key).or_insert(Window { began_ms: now, tries: 0 });
        if now - window.began_ms >= WINDOW_MS {
            *window = Window { began_ms: now, tries: 0 };
        }
        let tries = u32::try_from(tries).unwrap_or(u32::MAX).saturating_add(window.tries);
        if tries > most {
            let left_ms = window.began_ms + WINDOW_MS - now;
            return Err(Problem::limit(Code::TooManyTries, left_ms.max(0) as u64 / 1000 + 1));
        }
        window.tries = tries;
        Ok(())
    }

    /// Forgets what was counted for `key`.
    pub fn clear(&self, key: &Try) {
        self.windows(key).remove(key);
    }
}

/// The address by which somebody is counted: of IPv6 the first 64 bits, which one
/// household or machine has all of.
pub fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let net = u128::from(v6) >> 64 << 64;
            IpAddr::V6(net.into())
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn the_eleventh_try_waits_until_the_window_is_over() {
        let clock = Clock::simulated(1_000, 1);
        let limits = Limits::new(clock.clone());
        let key = || Try::account("ana");
        for _ in 0..10 {
            limits.count(key()).unwrap();
        }
        clock.sleep(Duration::from_secs(100)).await;
        assert_eq!(limits.count(key()), Err(Problem::limit(Code::TooManyTries, 201)));
        assert!(limits.count(Try::account("bo")).is_ok());
        clock.sleep(Duration::from_secs(200)).await;
        assert!(limits.count(key()).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_makes_up_logins_keeps_nobody_who_is_known_from_their_work() {
        let clock = Clock::simulated(1_000, 1);
        let limits = Limits::new(clock.clone());
        limits.count(Try::account("ana")).unwrap();
        for n in 1..KEYS_MAX {
            limits.count(Try::account(&n.to_string())).unwrap();
        }
        let full = Err(Problem::limit(Code::TooManyTries, 300));
        assert_eq!(limits.count(Try::account("one more")), full);
        assert!(limits.count(Try::account("ana")).is_ok(), "who was counted before is counted on");
        assert!(limits.count(Try::Signal(uuid::Uuid::nil())).is_ok());
        clock.sleep(Duration::from_secs(300)).await;
        assert!(limits.count(Try::account("one more")).is_ok());
    }

    #[test]
    fn a_machine_with_many_addresses_is_counted_as_one() {
        let a = counted("2001:db8:1:2:3::1".parse().unwrap());
        let b = counted("2001:db8:1:2:ffff::9".parse().unwrap());
        assert_eq!(a, b);
        assert_eq!(counted("::ffff:10.0.0.1".parse().unwrap()), "10.0.0.1".parse::<IpAddr>().unwrap());
    }
}
