//! Named points at which a test stops the engine as a kill would.
//!
//! In a process of its own, `FIELDLINE_FAILPOINT=<name>` ends the process there,
//! with no clean-up, the first time the point is passed, `<name>:3` the third time. In World a test arms a
//! point on one engine; what passes it never goes on. Release builds have none.

/// The points, in the order a message passes them.
pub const POINTS: &[&str] = &[
    "before_mint",
    "after_mint",
    "before_upload",
    "between_parts",
    "after_upload",
    "before_submit",
    "before_settle",
    "after_settle",
];

/// Which point is armed.
#[derive(Default)]
pub struct Failpoints {
    #[cfg(debug_assertions)]
    armed: std::sync::Mutex<Option<&'static str>>,
    #[cfg(debug_assertions)]
    reached: tokio::sync::Notify,
}

#[cfg(debug_assertions)]
impl Failpoints {
    /// Arms a point of this engine.
    pub fn arm(&self, name: &'static str) {
        assert!(POINTS.contains(&name), "no failpoint is called {name}");
        *self.armed.lock().expect("no panic while arming") = Some(name);
    }

    /// Waits until the armed point is reached.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// Passes a point, or stops there for ever.
    pub async fn pass(&self, name: &'static str) {
        #[cfg(not(target_arch = "wasm32"))]
        end_here(name);
        let armed = *self.armed.lock().expect("no panic while arming") == Some(name);
        if armed {
            self.reached.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

/// Ends the process where the environment says so.
#[cfg(all(debug_assertions, not(target_arch = "wasm32")))]
fn end_here(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static WANTED: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);
    let wanted = WANTED.get_or_init(|| {
        let text = std::env::var("FIELDLINE_FAILPOINT").ok()?;
        let (name, times) = text.split_once(':').unwrap_or((&text, "1"));
        Some((name.to_owned(), times.parse().unwrap_or(1)))
    });
    if let Some((wanted, times)) = wanted
        && wanted == name
        && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *times
    {
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
impl Failpoints {
    /// Passes a point.
    pub async fn pass(&self, _name: &'static str) {}
}
