//! The desktop's entry; phones enter the library themselves.

// On Windows a release build opens no console beside its window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    fieldline_shell::run();
}
