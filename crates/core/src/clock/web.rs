//! The clock in a browser's worker: one thread, the event loop's own timers.

use futures_util::future::{AbortHandle, abortable};
use js_sys::{Date, Function, Promise};
use std::cell::Cell;
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
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
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

/// What was counted, the wall clock and the browser's own timer at the last look.
type Look = (i64, i64, i64);

/// A browser's own timer may stand still while the device sleeps, and its wall clock may
/// be set back: between two looks as much time passed as the one says that says more.
/// (So a clock that is set forward counts as sleep: nothing here tells them apart.)
pub(super) fn ticks_ms() -> i64 {
    thread_local!(static LAST: Cell<Option<Look>> = const { Cell::new(None) });
    let (wall, timer) = (wall_ms(), performance_now() as i64);
    let counted = LAST.get().map_or(0, |(counted, was_wall, was_timer)| {
        counted + (timer - was_timer).max(wall - was_wall).max(0)
    });
    LAST.set(Some((counted, wall, timer)));
    counted
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

    pub(super) fn ticks_ms(&self) -> i64 {
        wall_ms() - self.began_ms
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.start_ms + self.ticks_ms()
    }
}
