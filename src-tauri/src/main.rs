//! The desktop's entry; phones enter the library themselves.

// On Windows a release build opens no console beside its window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

/// The server's: a thread's fifty bubbles are some hundred small pieces of memory.
#[cfg(desktop)]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    fieldline_shell::run();
}
