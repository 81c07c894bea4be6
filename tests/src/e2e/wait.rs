//! Waiting for a condition, never for a while.

use std::future::Future;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(60);

/// What the harness's own network runs on; flows are plain, blocking sentences.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("the harness's runtime starts")
});

/// Runs one of the harness's own futures to its end.
pub fn settled<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}

/// Lets one of the harness's own futures run beside the story.
pub(super) fn beside(future: impl Future<Output = ()> + Send + 'static) {
    RUNTIME.spawn(future);
}

/// Seconds, said short.
pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Looks until the condition holds and returns what it found.
///
/// # Panics
///
/// When it does not hold before the deadline, with `what` was awaited and the last
/// reason why it did not.
#[track_caller]
pub fn eventually<T>(what: &str, within: Duration, mut look: impl FnMut() -> Result<T, String>) -> T {
    let began = Instant::now();
    loop {
        let reason = match look() {
            Ok(found) => return found,
            Err(reason) => reason,
        };
        if began.elapsed() > within {
            panic!("not within {} s: {what}: {reason}", within.as_secs());
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// The same for what people expect at once; two loaded cores may take a while.
#[track_caller]
pub fn soon<T>(what: &str, look: impl FnMut() -> Result<T, String>) -> T {
    eventually(what, seconds(15), look)
}
