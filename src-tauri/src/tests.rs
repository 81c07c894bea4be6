//! The three lists of commands say the same: the engine's, the shell's, and what
//! the capability file grants the window.

use fieldline_core::door::NAMES;

macro_rules! names {
    ($($command:ident),* $(,)?) => { &[$(stringify!($command)),*] };
}

const COMMANDS: &[&str] = command_list!(names);
/// What only a shell has: bytes beside JSON, the system's picker, the launcher's hand-over.
const OWN: &[&str] =
    &["picture", "attach", "attach_from_gallery", "save_picture", "save_export", "demo_sign_in"];

fn main_capability() -> serde_json::Value {
    serde_json::from_str(include_str!("../../capabilities/main.json"))
        .expect("capabilities/main.json is JSON")
}

#[test]
fn every_command_of_the_engine_is_a_command_of_the_shell() {
    let expected: Vec<&str> = NAMES.iter().chain(OWN).copied().collect();
    assert_eq!(COMMANDS, expected);
}

#[test]
fn the_window_is_granted_every_command_and_little_else() {
    let capability = main_capability();
    let granted: Vec<String> = capability["permissions"]
        .as_array()
        .expect("a list of permissions")
        .iter()
        .map(|it| it.as_str().or(it["identifier"].as_str()).expect("a name").to_owned())
        .collect();
    let mut expected = vec!["core:event:allow-listen".to_owned(), "core:event:allow-unlisten".to_owned()];
    expected.extend(COMMANDS.iter().map(|name| format!("allow-{}", name.replace('_', "-"))));
    expected.push("opener:allow-open-url".to_owned());
    assert_eq!(granted, expected);
}

#[test]
fn no_capability_reaches_another_window_or_a_remote_page() {
    let capabilities = [
        include_str!("../../capabilities/main.json"),
        include_str!("../../capabilities/phones.json"),
        include_str!("../../capabilities/android.json"),
    ];
    for text in capabilities {
        let capability: serde_json::Value = serde_json::from_str(text).expect("a capability is JSON");
        assert_eq!(capability["windows"], serde_json::json!([crate::WINDOW]));
        assert!(capability.get("remote").is_none() && capability.get("webviews").is_none());
    }
}
