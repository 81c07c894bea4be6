//! The app's session and the keyring of its desktop.

use std::path::Path;

use fieldline_tests::e2e::{Account, Bus, Keyring};

use crate::stage::{folder, stage};

/// How many files of tokens are below an app's folder.
fn token_files(home: &Path) -> usize {
    let files = home.join("profile/engine/session-token-files");
    std::fs::read_dir(files).expect("the app made its folder").count()
}

/// With a keyring the token is in it and in no file; one that is locked is no end: the app opens,
/// says so, and its person signs in again.
#[test]
fn a_session_is_in_the_desktops_keyring_and_the_app_opens_without_it() {
    let (bus, home) = (Bus::start("keychain", &folder("bus")), folder("keychain"));
    let keyring = Keyring::on(&bus, "keychain", &folder("keyring"));
    let mut app = stage().app_in(&home, "keychain", bus);
    app.signs_in(Account::ANA);
    assert_eq!((keyring.secrets(), token_files(&home.join("keychain"))), (1, 0));
    app.is_killed_and_started_again();
    stage().house.writes("Vera Lund", "Is anybody there?");
    app.goes_to("picklist");
    app.sees_row("Vera Lund");
    keyring.locks();
    app.is_killed_and_started_again();
    app.reads("status-line", "keychain is locked");
    app.sees_row("Vera Lund");
    app.photograph("keychain-locked");
    assert_eq!((keyring.secrets(), token_files(&home.join("keychain"))), (1, 0));
}
