//! Counts what a piece of work takes of memory, on its own thread.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    /// Bytes this thread has taken and not given back, and the most there were.
    static TAKEN: Cell<(isize, isize)> = const { Cell::new((0, 0)) };
}

/// The system's allocator, counted: a program that measures makes it its own.
pub struct Counted;

fn count(by: isize) {
    let _ = TAKEN.try_with(|it| {
        let (now, most) = it.get();
        it.set((now + by, most.max(now + by)));
    });
}

// SAFETY: the system's own, which is asked for each; a count changes nothing of it.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // While it moves both are taken.
        count(size as isize);
        count(-(layout.size() as isize));
        // SAFETY: as the caller promises.
        unsafe { System.realloc(at, layout, size) }
    }
}

/// What the work gives, and the most bytes it took at once; 0 where [`Counted`] does not count.
pub fn counted<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = TAKEN.with(|it| {
        let (now, _) = it.get();
        it.set((now, now));
        now
    });
    let done = work();
    let most = TAKEN.with(|it| it.get().1);
    (done, usize::try_from(most - before).unwrap_or_default())
}
