//! Where this device keeps its profile, and the demo's sign-in.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager, Runtime};

/// The folder of everything this app keeps: `FIELDLINE_HOME` when it is set,
/// else the system's own place for it.
pub fn data_folder<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<PathBuf> {
    match std::env::var_os("FIELDLINE_HOME") {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => app.path().app_data_dir(),
    }
}

/// A sign-in that `make run` hands over to be filled in: the server is on this
/// machine and its people are made up.
#[derive(Debug, Serialize, Deserialize)]
pub struct DemoSignIn {
    /// The server's address, `http://127.0.0.1:…`.
    pub server: String,
    /// The person's sign-in name.
    pub login: String,
    /// Random for each seeding.
    pub password: String,
}

/// What the file named by `FIELDLINE_DEMO` says; nothing when there is none.
pub fn demo_sign_in() -> Option<DemoSignIn> {
    let file = std::env::var_os("FIELDLINE_DEMO")?;
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

/// What the server's list of devices calls this one.
pub fn device_name() -> String {
    let system = match std::env::consts::OS {
        "linux" => "Linux",
        "macos" => "macOS",
        "windows" => "Windows",
        "android" => "Android",
        "ios" => "iOS",
        other => other,
    };
    format!("Fieldline, {system}")
}
