//! What the running server says to its operator, on standard error: faults, and, in
//! JSON, a line for each request.
//!
//! Invariant: no line holds a message's text, a name, a number, an address or a token:
//! requests are told by their route's template, faults by what failed.

use crate::clock::Clock;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};

/// One process writes one log.
static AS_JSON: AtomicBool = AtomicBool::new(false);

/// From now on every line is a JSON object.
pub fn as_json() {
    AS_JSON.store(true, Ordering::Relaxed);
}

fn is_json() -> bool {
    AS_JSON.load(Ordering::Relaxed)
}

/// Something failed that nobody who asks can mend.
pub fn fault(says: &str) {
    if is_json() {
        eprintln!("{}", json!({ "at_ms": Clock::system().now_ms(), "kind": "fault", "says": says }));
    } else {
        eprintln!("fault: {says}");
    }
}

/// A request was answered; said in JSON alone.
pub fn request(method: &str, route: &str, (status, took_ms): (u16, i64)) {
    if is_json() {
        let at_ms = Clock::system().now_ms();
        let line = json!({
            "at_ms": at_ms, "kind": "request", "method": method, "route": route,
            "status": status, "took_ms": took_ms,
        });
        eprintln!("{line}");
    }
}
