//! The only place that tells time, waits, spawns and rolls dice.
//!
//! Order, rights and retries never depend on the wall clock: waits run on the
//! monotonic clock, and what people read is the wall clock moved by the offset to
//! the server's (kept by the sync loop, in memory).
//!
//! Invariants
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
use std::time::Duration;

/// Where the time comes from.
pub struct Clock {
    source: Source,
    offset_ms: AtomicI64,
}

enum Source {
    System,
    /// A wall clock that moves with the runtime's own, pausable, clock, and dice
    /// that are the same at every run of a seed.
    Virtual {
        wall: platform::VirtualWall,
        dice: AtomicU64,
    },
}

impl Clock {
    /// The device's own.
    pub fn system() -> Self {
        Self { source: Source::System, offset_ms: AtomicI64::new(0) }
    }

    /// For tests: begins at `start_ms` and moves with the runtime's clock.
    pub fn virtual_from(start_ms: i64, seed: u64) -> Self {
        let wall = platform::VirtualWall::from(start_ms);
        Self { source: Source::Virtual { wall, dice: AtomicU64::new(seed) }, offset_ms: AtomicI64::new(0) }
    }

    /// The device's wall clock, milliseconds since 1970. Only ever shown.
    pub fn now_ms(&self) -> i64 {
        match &self.source {
            Source::System => platform::wall_ms(),
            Source::Virtual { wall, .. } => wall.now_ms(),
        }
    }

    /// The server's wall clock as far as this device knows, milliseconds since 1970.
    pub fn server_now_ms(&self) -> i64 {
        self.shown_ms(self.now_ms())
    }

    /// A moment of the device's wall clock, by the server's.
    pub fn shown_ms(&self, at_ms: i64) -> i64 {
        at_ms.saturating_add(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Takes note of the server's clock.
    pub fn learn(&self, server_at_ms: i64) {
        self.offset_ms.store(server_at_ms.saturating_sub(self.now_ms()), Ordering::Relaxed);
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
        assert_eq!((clock.server_now_ms(), clock.shown_ms(-10)), (1_000, 995));
    }

    #[test]
    fn a_wait_grows_to_a_minute_and_never_beyond() {
        let clock = Clock::virtual_from(0, 1);
        assert!(clock.backoff(0) < Duration::from_millis(501));
        assert!(clock.backoff(30) >= Duration::from_secs(30));
        assert!(clock.backoff(30) <= Duration::from_secs(60));
    }
}
