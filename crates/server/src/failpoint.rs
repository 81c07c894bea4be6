//! Named places where a test may kill the server, as `kill -9` would.
//!
//! `FIELDLINE_FAILPOINT=before_commit` aborts the process at the first time that place
//! is reached, `before_commit:3` at the third. A simulation, whose server is one of many
//! things in its process, [arms](arm) a place of its own thread instead: what reaches it
//! unwinds with [`Killed`], and whoever drives the server drops it there, as it stands.
//! Release builds have none of this.

/// The places, in the order a photo and its message pass them.
pub const POINTS: &[&str] =
    &["blob_part_written", "blob_ready_before_row", "before_commit", "after_commit_before_answer"];

/// Aborts here when the environment says so; nothing in release builds.
#[macro_export]
macro_rules! fp {
    ($name:literal) => {
        #[cfg(debug_assertions)]
        $crate::failpoint::reached($name);
    };
}

/// What a place that was armed unwinds with: its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Killed(pub &'static str);

#[cfg(debug_assertions)]
thread_local! {
    static ARMED: std::cell::Cell<Option<&'static str>> = const { std::cell::Cell::new(None) };
    static FELL: std::cell::Cell<Option<&'static str>> = const { std::cell::Cell::new(None) };
}

/// Arms a place for the servers of this thread, once; `None` arms none.
#[cfg(debug_assertions)]
pub fn arm(name: Option<&'static str>) {
    assert!(name.is_none_or(|name| POINTS.contains(&name)), "no failpoint is called {name:?}");
    ARMED.set(name);
}

#[cfg(debug_assertions)]
thread_local! {
    static DISK: std::cell::Cell<Option<std::io::ErrorKind>> = const { std::cell::Cell::new(None) };
}

/// Lets every write of a photo fail half-way, for the servers of this thread, until told
/// otherwise.
#[cfg(debug_assertions)]
pub fn fail_disk(how: Option<std::io::ErrorKind>) {
    DISK.set(how);
}

/// How a write of a photo is to fail.
#[cfg(debug_assertions)]
pub(crate) fn disk() -> Option<std::io::ErrorKind> {
    DISK.get()
}

/// The place a server of this thread was killed at since this was asked last.
#[cfg(debug_assertions)]
pub fn fell() -> Option<&'static str> {
    FELL.take()
}

/// What [`fp!`] calls.
#[cfg(debug_assertions)]
pub fn reached(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    if let Some(armed) = ARMED.get().filter(|armed| *armed == name) {
        ARMED.set(None);
        FELL.set(Some(armed));
        std::panic::panic_any(Killed(armed));
    }

    static WANTED: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static SEEN: AtomicU64 = AtomicU64::new(0);
    let wanted = WANTED.get_or_init(|| {
        let text = std::env::var("FIELDLINE_FAILPOINT").ok()?;
        let (name, times) = text.split_once(':').unwrap_or((&text, "1"));
        Some((name.to_owned(), times.parse().unwrap_or(1)))
    });
    if let Some((wanted, times)) = wanted
        && wanted == name
        && SEEN.fetch_add(1, Ordering::SeqCst) + 1 == *times
    {
        std::process::abort();
    }
}
