//! What the engine tells: hints for the page to read again, and news for a
//! person who is not looking.

use fieldline_core::view::Topic;
use fieldline_model::{PlaceId, State};
use tauri::{AppHandle, Emitter, Manager};
use tauri_plugin_notification::NotificationExt;

use crate::WINDOW;
use crate::engine::Core;

/// The page reads again what these topics name: `Topic[]`.
const CHANGED: &str = "fieldline://changed";
/// The person chose a notification: the id of the place it was about.
const OPEN: &str = "fieldline://open";
/// Where a notification carries its place.
const PLACE: &str = "place";

/// Hands topics on to the page, and news to the system when the window is not looked at.
pub fn tell(app: &AppHandle, topics: Vec<Topic>) {
    for topic in &topics {
        if let Topic::News { place, title, text, .. } | Topic::Offered { place, title, text } = topic
            && !is_looked_at(app)
        {
            notify(app, *place, title, text);
        }
        if let Topic::Thread { place } = topic {
            settle(app, *place);
        }
    }
    // It fails only when the window is closing.
    let _ = app.emit_to(WINDOW, CHANGED, topics);
}

/// Takes a conversation's notification away when there is nothing to read any more:
/// it was read on another device, or it left. (Linux and phones; the plugin does
/// nothing of it elsewhere.)
fn settle(app: &AppHandle, place: PlaceId) {
    if is_looked_at(app) {
        return;
    }
    let Some(Ok(engine)) = app.try_state::<Core>().map(|core| core.engine().cloned()) else { return };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // Up to any number: what is unsent has none, and is no news.
        let news = match engine.thread_until(place, i64::MAX, 1).await {
            Ok(it) => it.state == State::Waiting || it.bubbles.last().and_then(|b| b.n) > Some(it.read_n),
            Err(_) => false,
        };
        if !news {
            // It fails only where there is nothing to take away.
            let _ = app.notification().remove_active(vec![number_of(place)]);
        }
    });
}

/// Opens the place of a notification that is clicked.
///
/// # Errors
///
/// When the plugin cannot listen on this system.
pub fn listen(app: &AppHandle) -> tauri_plugin_notification::Result<()> {
    let listening = app.clone();
    app.notification().on_action(move |action| {
        let place =
            action.notification().and_then(|shown| shown.extra().get(PLACE)?.as_str().map(str::to_owned));
        if let Some(place) = place {
            open(&listening, &place);
        }
    })
}

/// Takes away what was shown: the person is looking now.
pub fn clear(app: &AppHandle) {
    // It fails only where there is nothing to take away.
    let _ = app.notification().remove_all_active();
}

fn open(app: &AppHandle, place: &str) {
    if let Some(window) = app.get_webview_window(WINDOW) {
        #[cfg(desktop)]
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
    let _ = app.emit_to(WINDOW, OPEN, place);
}

fn is_looked_at(app: &AppHandle) -> bool {
    app.get_webview_window(WINDOW).is_some_and(|window| window.is_focused().unwrap_or(false))
}

fn notify(app: &AppHandle, place: PlaceId, title: &str, text: &str) {
    // Phones replace by the number themselves; the plugin shows a further one on desktops.
    #[cfg(desktop)]
    let _ = app.notification().remove_active(vec![number_of(place)]);
    let shown = app
        .notification()
        .builder()
        .id(number_of(place))
        .title(title)
        .body(plain(text))
        .group(place.to_string())
        .extra(PLACE, place.to_string())
        .auto_cancel()
        .show();
    // A system without notifications is no reason to stop: the lists tell it too.
    drop(shown);
}

/// One number for a place, so that its next notification replaces the last.
fn number_of(place: PlaceId) -> i32 {
    let bytes = place.0.as_bytes();
    i32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]])
}

/// Linux's notification servers read a body as markup; a message is only text.
fn plain(text: &str) -> String {
    if cfg!(target_os = "linux") {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_os = "linux")]
    #[test]
    fn a_message_is_shown_as_text() {
        assert_eq!(super::plain("<b>1 & 2</b>"), "&lt;b&gt;1 &amp; 2&lt;/b&gt;");
    }
}
