//! The shell: the same on desktops and phones. It opens the window, hands its
//! commands to the engine, says what changed, answers for the permissions, and
//! shows notifications. It holds no rule and no SQL: what it does not know, the
//! engine does.

#[macro_use]
mod command_list;
mod commands;
mod engine;
mod export;
mod gallery;
mod keychain;
mod news;
mod permission;
mod profile;
#[cfg(test)]
mod tests;
mod window;

use tauri::{AppHandle, Manager, RunEvent, WindowEvent};

use crate::engine::Core;

/// The one window's label, which the capability files name.
pub(crate) const WINDOW: &str = "main";

macro_rules! handler {
    ($($command:ident),* $(,)?) => { tauri::generate_handler![$(commands::$command),*] };
}

/// Runs the app until its window is closed.
///
/// # Panics
///
/// When the system gives the app no window; there is nobody to tell then.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    let builder = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_fs::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::init());
    #[cfg(mobile)]
    let builder = builder.plugin(tauri_plugin_geolocation::init());
    #[cfg(target_os = "android")]
    let builder = builder.plugin(tauri_plugin_camera::init());
    let app = builder
        .on_permission_request(permission::decide)
        .invoke_handler(command_list!(handler))
        .setup(|app| {
            app.manage(Core::open(app.handle()));
            news::listen(app.handle())?;
            Ok(window::open(app)?)
        })
        .build(tauri::tauri_build_context!())
        .expect("the app starts");
    app.run(on_event);
}

/// The life of the window and, on a phone, of the app.
fn on_event(app: &AppHandle, event: RunEvent) {
    let looked_at = match event {
        RunEvent::WindowEvent { event: WindowEvent::Focused(focused), .. } => focused,
        RunEvent::Resumed => true,
        _ => false,
    };
    if looked_at {
        news::clear(app);
        engine::wake(app);
    }
}
