//! What the page may use of the machine: the camera and the location, each only
//! by the app's own page. Everything else is denied, also what a later version
//! of the webview may ask.
//!
//! WebKitGTK asks nobody when no answer is given here: it denies.

use tauri::webview::{PermissionKind, PermissionResponse};
use tauri::{Runtime, Url, Webview};

/// The answer to a page's request.
pub fn decide<R: Runtime>(webview: Webview<R>, kind: PermissionKind) -> PermissionResponse {
    let own_page = webview.label() == crate::WINDOW && webview.url().is_ok_and(|url| is_own(&url));
    if own_page && is_used(kind) { PermissionResponse::Allow } else { PermissionResponse::Deny }
}

fn is_used(kind: PermissionKind) -> bool {
    matches!(kind, PermissionKind::Camera | PermissionKind::Geolocation)
}

/// The addresses the shell serves its own page from: a scheme of its own, or,
/// where the webview has none, a name that never leaves the machine.
pub fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_camera_and_location_are_granted() {
        assert!(is_used(PermissionKind::Camera));
        assert!(is_used(PermissionKind::Geolocation));
        for kind in [
            PermissionKind::Microphone,
            PermissionKind::DisplayCapture,
            PermissionKind::ClipboardRead,
            PermissionKind::Other,
        ] {
            assert!(!is_used(kind), "{kind} is granted");
        }
    }

    #[test]
    fn only_the_apps_own_page_is_its_own() {
        let own = |text: &str| is_own(&text.parse().expect("an address"));
        assert!(own("tauri://localhost/index.html"));
        assert!(own("https://tauri.localhost/"));
        assert!(!own("https://example.org/"));
        assert!(!own("https://tauri.localhost.example.org/"));
        assert!(!own("file:///etc/passwd"));
    }
}
