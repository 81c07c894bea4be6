//! The commands of the window, one line each: they hand over to the engine.

use crate::profile::{self, DemoSignIn};

#[tauri::command]
pub fn demo_sign_in() -> Option<DemoSignIn> {
    profile::demo_sign_in()
}
