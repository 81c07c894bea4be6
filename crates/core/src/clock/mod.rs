//! The only place that tells time, waits, spawns and rolls dice.
//!
//! Order, rights and retries never depend on the wall clock: waits run on the
//! monotonic clock, and what people read is the server's clock as it was heard last,
//! moved on by the monotonic one. Until it was heard, it is the device's own.
//!
//! Invariants
//! - Somebody who sets the device's clock changes no wait, nothing that ends by itself,
//!   and, once the server was heard, no time that is shown or stored.
//! - Nothing else in this crate calls `now`, `sleep`, `spawn` or the system's
//!   random source. (Held by `scripts/lint-rooms.sh`.)

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
use native as platform;
#[cfg(target_arch = "wasm32")]
use web as platform;

pub use platform::{MaybeSend, Task, spawn};
#[cfg(target_arch = "wasm32")]
pub use web::page_origin;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Where the time comes from.
pub struct Clock {
    source: Source,
    /// The server's clock less this one's ticks, since it was heard.
    server: Mutex<Option<i64>>,
}

enum Source {
    System,
    /// A wall clock that moves with the runtime's own, pausable, clock, and dice
    /// that are the same at every run of a seed.
    Virtual {
        wall: platform::VirtualWall,
        /// By how much somebody set it.
        set_by_ms: AtomicI64,
        dice: AtomicU64,
    },
}

impl Clock {
    /// The device's own.
    pub fn system() -> Self {
        Self { source: Source::System, server: Mutex::new(None) }
    }

    /// For tests: begins at `start_ms` and moves with the runtime's clock.
    pub fn virtual_from(start_ms: i64, seed: u64) -> Self {
        let wall = platform::VirtualWall::from(start_ms);
        let source = Source::Virtual { wall, set_by_ms: AtomicI64::new(0), dice: AtomicU64::new(seed) };
        Self { source, server: Mutex::new(None) }
    }

    /// For tests: somebody sets the device's wall clock forward by so much, or back. The
    /// system's own is not touched.
    pub fn set_by(&self, by_ms: i64) {
        if let Source::Virtual { set_by_ms, .. } = &self.source {
            set_by_ms.fetch_add(by_ms, Ordering::Relaxed);
        }
    }

    /// The device's wall clock, milliseconds since 1970. Only ever shown.
    pub fn now_ms(&self) -> i64 {
        match &self.source {
            Source::System => platform::wall_ms(),
            Source::Virtual { wall, set_by_ms, .. } => wall.now_ms() + set_by_ms.load(Ordering::Relaxed),
        }
    }

    /// Milliseconds since some moment, by a clock that nobody sets and that goes on
    /// while the device sleeps.
    pub fn ticks_ms(&self) -> i64 {
        match &self.source {
            Source::System => platform::ticks_ms(),
            Source::Virtual { wall, .. } => wall.ticks_ms(),
        }
    }

    fn server(&self) -> MutexGuard<'_, Option<i64>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server's wall clock as far as this device knows, milliseconds since 1970.
    pub fn server_now_ms(&self) -> i64 {
        let heard = *self.server();
        heard.map_or_else(|| self.now_ms(), |ahead_ms| ahead_ms.saturating_add(self.ticks_ms()))
    }

    /// Takes note of the server's clock.
    pub fn learn(&self, server_at_ms: i64) {
        *self.server() = Some(server_at_ms.saturating_sub(self.ticks_ms()));
    }

    /// The server's clock said so much before: it is that late at least.
    pub fn not_before(&self, server_at_ms: i64) {
        if self.server_now_ms() < server_at_ms {
            self.learn(server_at_ms);
        }
    }

    /// Waits, on the monotonic clock.
    pub async fn sleep(&self, wait: Duration) {
        platform::sleep(wait).await;
    }

    /// Ten random bytes for an id.
    pub fn random(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        match &self.source {
            // A device without a random source cannot name anything safely: stop.
            Source::System => getrandom::fill(&mut bytes).expect("the system's random source works"),
            Source::Virtual { dice, .. } => {
                for part in bytes.chunks_mut(8) {
                    part.copy_from_slice(&splitmix(dice).to_le_bytes()[..part.len()]);
                }
            }
        }
        bytes
    }

    /// A wait that grows with every try, from half a second to a minute, with
    /// half of it rolled, so that many devices do not come back at once.
    pub fn backoff(&self, tries: u32) -> Duration {
        let full = 500u64.saturating_mul(1 << tries.min(7)).min(60_000);
        let roll = u64::from(self.random()[0]) * full / 512;
        Duration::from_millis(full / 2 + roll)
    }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
fn splitmix(state: &AtomicU64) -> u64 {
    let mut z = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_server_of_any_age_breaks_no_clock() {
        let clock = Clock::virtual_from(-5, 1);
        for lie in [i64::MIN, i64::MAX] {
            clock.learn(lie);
            assert!(clock.server_now_ms().abs_diff(lie) <= 5);
        }
        clock.learn(1_000);
        clock.not_before(900);
        assert_eq!(clock.server_now_ms(), 1_000);
        clock.not_before(1_100);
        assert_eq!(clock.server_now_ms(), 1_100);
    }

    /// FC8: whoever sets the device's clock moves none that counts.
    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_set_moves_no_time_that_was_heard_from_the_server() {
        let clock = Clock::virtual_from(500, 1);
        clock.set_by(100);
        assert_eq!(clock.server_now_ms(), 600, "nothing was heard yet");
        clock.learn(1_000);
        for by_ms in [-400_000, 900_000_000] {
            clock.set_by(by_ms);
            let before = clock.ticks_ms();
            clock.sleep(Duration::from_millis(50)).await;
            assert_eq!(clock.ticks_ms(), before + 50);
        }
        assert_eq!(clock.server_now_ms(), 1_100);
        assert_eq!(clock.now_ms(), 500 + 100 - 400_000 + 900_000_000 + 100);
    }

    #[test]
    fn the_systems_own_ticks_never_go_back() {
        let clock = Clock::system();
        let first = clock.ticks_ms();
        assert!(first >= 0 && clock.ticks_ms() >= first);
    }

    #[test]
    fn a_wait_grows_to_a_minute_and_never_beyond() {
        let clock = Clock::virtual_from(0, 1);
        assert!(clock.backoff(0) < Duration::from_millis(501));
        assert!(clock.backoff(30) >= Duration::from_secs(30));
        assert!(clock.backoff(30) <= Duration::from_secs(60));
    }
}
