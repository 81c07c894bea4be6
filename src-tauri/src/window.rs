//! The one window: it shows the app's own page and never leaves it.

use tauri::{App, WebviewWindowBuilder};

use crate::{WINDOW, profile};

/// Opens the window as `tauri.conf.json` describes it.
///
/// The webview's own store stands beside the profile's data, so that two
/// profiles on one machine share nothing.
pub fn open(app: &App) -> tauri::Result<()> {
    let config = app.config().app.windows.iter().find(|window| window.label == WINDOW);
    let config = config.expect("tauri.conf.json names the window");
    let builder = WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(|url| crate::permission::is_own(url) || url.as_str() == "about:blank");
    #[cfg(desktop)]
    let builder = builder
        .data_directory(profile::data_folder(app.handle())?.join("webview"))
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny);
    let window = builder.build()?;
    #[cfg(target_os = "linux")]
    window.with_webview(|webview| allow_capture(&webview.inner()))?;
    #[cfg(not(target_os = "linux"))]
    drop(window);
    Ok(())
}

/// Some distributions build WebKitGTK with the camera's switch off.
#[cfg(target_os = "linux")]
fn allow_capture(webview: &webkit2gtk::WebView) {
    use webkit2gtk::{SettingsExt, WebViewExt};

    let Some(settings) = WebViewExt::settings(webview) else { return };
    settings.set_enable_media_stream(true);
    // A picture from no camera, for tests; a released app has no such switch.
    if cfg!(debug_assertions) && std::env::var_os("FIELDLINE_TEST_CAMERA").is_some() {
        settings.set_enable_mock_capture_devices(true);
    }
}
