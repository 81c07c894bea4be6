//! The harness keeps its own promises: without them the stories prove nothing.

use fieldline_tests::e2e::{App, Chromium, Device, Display, Frame, Line, Stranger, soon};

use crate::stage::folder;

/// Counts how often it ran in this profile, and returns when the count is on disk.
const COUNT: &str = "
    const opened = indexedDB.open('kept', 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore('runs', { autoIncrement: true });
    opened.onsuccess = () => {
        const change = opened.result.transaction('runs', 'readwrite', { durability: 'strict' });
        change.objectStore('runs').add(1);
        const count = change.objectStore('runs').count();
        change.oncomplete = () => { document.title = `runs ${count.result}`; };
    };";

const WHERE: &str = "
    navigator.geolocation.getCurrentPosition(
        (fix) => { document.title = fix.coords.latitude.toFixed(3); },
        (refusal) => { document.title = refusal.message; });";

#[test]
fn a_line_that_is_cut_refuses_and_one_that_is_healed_serves_at_the_same_address() {
    let folder = folder("probe");
    let stranger = Stranger::start();
    let line = Line::to(stranger.port());
    let browser = Chromium::start("probe", Frame::Wide, &folder, &line.address());
    let title = || browser.driver().run("return document.title", &[]);
    assert_eq!(title().unwrap(), "Hotel");
    line.cut();
    assert!(browser.driver().open(&line.address()).unwrap_err().contains("ERR_CONNECTION_REFUSED"));
    line.heal();
    browser.driver().open(&line.address()).unwrap();
    assert_eq!(title().unwrap(), "Hotel");
}

#[test]
fn a_phone_has_fingers_and_knows_where_it_is_and_a_killed_one_keeps_its_data() {
    let folder = folder("probe");
    let line = Line::to(Stranger::start().port());
    let mut phone = Chromium::start("probe-phone", Frame::Phone, &folder, &line.address());
    phone.stands_at(59.913, 10.739);
    let run = |phone: &Chromium, script: &str| phone.driver().run(script, &[]).unwrap();
    assert_eq!(run(&phone, "return [innerWidth, navigator.maxTouchPoints > 0]").to_string(), "[390,true]");
    run(&phone, WHERE);
    soon("the page is told where it is", || match run(&phone, "return document.title") {
        title if title == "59.913" => Ok(()),
        title => Err(title.to_string()),
    });
    run(
        &phone,
        "document.body.addEventListener('pointerup', (event) => { document.title = event.pointerType; })",
    );
    let page = phone.driver().find("p").unwrap();
    phone.driver().touch(&page).unwrap();
    assert_eq!(run(&phone, "return document.title"), "touch");
    let counts = |phone: &Chromium, count: &str| {
        run(phone, COUNT);
        soon("the count is on disk", || match run(phone, "return document.title") {
            title if title == count => Ok(()),
            title => Err(title.to_string()),
        });
    };
    counts(&phone, "runs 1");
    phone.kill();
    phone.start_again();
    counts(&phone, "runs 2");
}

#[test]
fn the_app_opens_in_a_display_of_its_own_and_is_photographed() {
    let folder = folder("probe");
    let display = Display::start();
    let mut app = App::start("probe-app", &display, &folder);
    assert_eq!(app.driver().run("return location.protocol.slice(0, 5)", &[]).unwrap(), "tauri");
    let wide = app.photograph();
    app.resize(390, 844);
    let width = soon("the window is narrow", || match app.driver().run("return innerWidth", &[])?.as_u64() {
        Some(390) => Ok(390),
        other => Err(format!("{other:?}")),
    });
    assert_eq!(width, 390);
    assert_ne!(app.photograph(), wide);
    app.kill();
    app.start_again();
    app.driver().find("body").unwrap();
}
