//! The only place of the server that tells time and makes random bytes.
//!
//! A test hands in a simulated clock: it follows tokio's (which a test may pause),
//! and its random bytes come from a seed, so a run can be repeated.
//!
//! Invariant: no other module of this crate names `SystemTime`, `Instant::now` or
//! `getrandom`.

use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Time and chance; cheap to clone, clones share one source.
#[derive(Clone)]
pub struct Clock(Arc<Kind>);

enum Kind {
    System,
    ByHand(AtomicI64),
    Simulated { began: tokio::time::Instant, start_ms: i64, seed: u64, drawn: AtomicU64 },
}

impl Clock {
    /// The machine's own.
    pub fn system() -> Self {
        Self(Arc::new(Kind::System))
    }

    /// Says `now_ms` until it is [set](Self::set) to another moment: the demo tells
    /// stories of the last days with it. Its random bytes are the machine's.
    pub fn by_hand(now_ms: i64) -> Self {
        Self(Arc::new(Kind::ByHand(AtomicI64::new(now_ms))))
    }

    /// Sets a clock that is moved by hand; any other goes its own way.
    pub fn set(&self, now_ms: i64) {
        if let Kind::ByHand(now) = &*self.0 {
            now.store(now_ms, Ordering::SeqCst);
        }
    }

    /// Follows tokio's clock from `start_ms` (milliseconds since 1970) on; random
    /// bytes are a function of `seed` and of how many were drawn before.
    pub fn simulated(start_ms: i64, seed: u64) -> Self {
        let began = tokio::time::Instant::now();
        Self(Arc::new(Kind::Simulated { began, start_ms, seed, drawn: AtomicU64::new(0) }))
    }

    /// Milliseconds since 1970, UTC.
    pub fn now_ms(&self) -> i64 {
        match &*self.0 {
            Kind::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Kind::ByHand(now) => now.load(Ordering::SeqCst),
            Kind::Simulated { began, start_ms, .. } => {
                let since = tokio::time::Instant::now().duration_since(*began);
                start_ms + i64::try_from(since.as_millis()).unwrap_or(i64::MAX - start_ms)
            }
        }
    }

    /// Bytes nobody can guess (or, simulated, nobody but the seed's owner).
    ///
    /// # Panics
    /// When the system has no source of random bytes: nothing secret could be made.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &*self.0 {
            Kind::System | Kind::ByHand(_) => {
                getrandom::fill(&mut bytes).expect("the system gives random bytes")
            }
            Kind::Simulated { seed, drawn, .. } => {
                for chunk in bytes.chunks_mut(32) {
                    let count = drawn.fetch_add(1, Ordering::Relaxed);
                    let mut hash = Sha256::new();
                    hash.update(seed.to_be_bytes());
                    hash.update(count.to_be_bytes());
                    chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
                }
            }
        }
        bytes
    }

    /// A number below `bound`, near enough to even for what people see.
    pub fn below(&self, bound: u64) -> u64 {
        u64::from_be_bytes(self.random::<8>()) % bound.max(1)
    }

    /// How long ago a file was written, in milliseconds; 0 when its date says the future.
    pub fn age_ms(&self, written: SystemTime) -> i64 {
        let at = written.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        (self.now_ms() - i64::try_from(at).unwrap_or(i64::MAX)).max(0)
    }

    /// Waits.
    pub async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
