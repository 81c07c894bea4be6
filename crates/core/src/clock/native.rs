//! The clock on a system with threads: tokio.

use std::future::Future;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// `Send`, where tasks may move between threads.
pub trait MaybeSend: Send {}
impl<T: Send> MaybeSend for T {}

/// A task in the background; ends when dropped.
pub struct Task(tokio::task::JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs `work` in the background for as long as the [`Task`] is held.
pub fn spawn(work: impl Future<Output = ()> + MaybeSend + 'static) -> Task {
    Task(tokio::spawn(work))
}

pub(super) async fn sleep(wait: Duration) {
    tokio::time::sleep(wait).await;
}

pub(super) fn wall_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64)
}

/// Since the system was started, its sleep counted (clock_gettime(2)). Elsewhere than
/// on Unix since this was first asked.
pub(super) fn ticks_ms() -> i64 {
    #[cfg(unix)]
    {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        const AWAKE_OR_NOT: rustix::time::ClockId = rustix::time::ClockId::Boottime;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        const AWAKE_OR_NOT: rustix::time::ClockId = rustix::time::ClockId::Monotonic;
        let now = Duration::try_from(rustix::time::clock_gettime(AWAKE_OR_NOT));
        now.map_or(0, |since| since.as_millis() as i64)
    }
    #[cfg(not(unix))]
    {
        static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        FIRST.get_or_init(std::time::Instant::now).elapsed().as_millis() as i64
    }
}

pub(super) struct VirtualWall {
    start_ms: i64,
    began: tokio::time::Instant,
}

impl VirtualWall {
    pub(super) fn from(start_ms: i64) -> Self {
        Self { start_ms, began: tokio::time::Instant::now() }
    }

    pub(super) fn ticks_ms(&self) -> i64 {
        self.began.elapsed().as_millis() as i64
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.start_ms + self.ticks_ms()
    }
}
