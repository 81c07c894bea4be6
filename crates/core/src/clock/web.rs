//! The clock in a browser's worker: one thread, the event loop's own timers.

use futures_util::future::{AbortHandle, abortable};
use js_sys::{Date, Function, Promise};
use std::future::Future;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(wake: &Function, wait_ms: i32) -> i32;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: i32);
}

/// Anything: nothing moves between threads where there is one. (What JavaScript
/// gives is never `Send`.)
pub trait MaybeSend {}
impl<T: ?Sized> MaybeSend for T {}

/// A task in the background; ends when dropped.
pub struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs `work` in the background for as long as the [`Task`] is held.
pub fn spawn(work: impl Future<Output = ()> + MaybeSend + 'static) -> Task {
    let (work, handle) = abortable(work);
    wasm_bindgen_futures::spawn_local(async move {
        // Aborted is how a task ends when it is dropped.
        let _ = work.await;
    });
    Task(handle)
}

/// Clears its timer when a wait is given up, so that none outlives its waiter.
struct Timer(i32);

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(self.0);
    }
}

pub(super) async fn sleep(wait: Duration) {
    // A timer counts in i32: what is longer than 24 days ends there.
    let wait_ms = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
    let mut timer = None;
    let rings = Promise::new(&mut |wake, _| timer = Some(Timer(set_timeout(&wake, wait_ms))));
    // This promise has no way to be refused.
    let _ = JsFuture::from(rings).await;
}

/// Where this page came from: `https://desk.example`. Empty outside of a worker.
pub fn page_origin() -> String {
    let worker: Result<DedicatedWorkerGlobalScope, _> = js_sys::global().dyn_into();
    worker.map_or_else(|_| String::new(), |worker| worker.location().origin())
}

pub(super) fn wall_ms() -> i64 {
    Date::now() as i64
}

/// The wall clock's own pace: a browser has no clock that a test can pause.
pub(super) struct VirtualWall {
    start_ms: i64,
    began_ms: i64,
}

impl VirtualWall {
    pub(super) fn from(start_ms: i64) -> Self {
        Self { start_ms, began_ms: wall_ms() }
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.start_ms + wall_ms() - self.began_ms
    }
}
