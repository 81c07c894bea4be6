//! What the app's machine shows of what comes while nobody looks at the app.

use fieldline_tests::e2e::{Account, Bus, Frame, House, Notices, Screen, Visitor, soon};

use crate::stage::{folder, stage};
use crate::thread_news::chooses;

/// An app nobody looks at, its desktop, and its server with two customers of hers.
struct Away {
    house: House,
    notices: Notices,
    app: Screen,
    rosa: Visitor,
    tom: Visitor,
}

fn away(name: &str) -> Away {
    let house = House::open(&folder("house"), &[Account::ANA]);
    let rosa = house.writes("Rosa Lind", "Can you come today?");
    let tom = house.writes("Tom Becker", "It drips again");
    let bus = Bus::start(name, &folder("bus"));
    let notices = Notices::on(&bus);
    let app = stage().app_on(&house, name, bus);
    app.signs_in(Account::ANA);
    picks_both(&app);
    app.goes_to("settings");
    stage().display.looks_away();
    Away { house, notices, app, rosa, tom }
}

fn picks_both(ana: &Screen) {
    for customer in ["Rosa Lind", "Tom Becker"] {
        ana.goes_to("picklist");
        ana.opens(customer);
        ana.taps("pick");
        ana.sees("composer-box");
    }
}

#[test]
fn a_notification_opens_its_conversation_and_the_newest_of_one_takes_the_place_of_the_last() {
    let Away { house, notices, app, rosa, .. } = away("news-app");
    house.writes_on(&rosa, "<b>Before</b> three & after two?");
    let first = notices.shows_only("Rosa Lind");
    assert_eq!(first.text, "&lt;b&gt;Before&lt;/b&gt; three &amp; after two?");
    house.writes_on(&rosa, "Or tomorrow?");
    let newest = notices.shows_only("Or tomorrow?");
    notices.chooses(&newest);
    app.reads("thread-title", "Rosa Lind");
    app.sees_bubble("what it told", |bubble| bubble.text.contains("Or tomorrow?"));
    app.sees("composer-box");
    app.photograph("from-a-notification");
}

#[test]
fn a_notification_goes_when_its_conversation_is_read_on_another_device() {
    let Away { house, notices, tom, rosa, app: _app } = away("news-read");
    house.writes_on(&rosa, "Are you there?");
    notices.shows_only("Rosa Lind");
    let second = stage().browser_at(&house, "news-second", Frame::Phone);
    second.signs_in(Account::ANA);
    second.goes_to("conversations");
    second.opens("Rosa Lind");
    second.sees_bubble("the question", |bubble| bubble.text.contains("Are you there?"));
    notices.shows_none();
    house.writes_on(&tom, "And here?");
    notices.shows_only("Tom Becker");
}

#[test]
fn a_conversation_that_is_silenced_on_one_device_notifies_on_none() {
    let Away { house, notices, tom, rosa, app: _app } = away("news-quiet");
    let second = stage().browser_at(&house, "quiet-keys", Frame::Keys);
    second.signs_in(Account::ANA);
    second.goes_to("conversations");
    second.opens_menu_of("Rosa Lind");
    second.taps("menu-sound");
    second.chooses("sound-level", "none");
    second.photograph("sound-level");
    second.presses_escape();
    second.sees_row("Muted");
    house.writes_on(&rosa, "Nobody is to be told of this");
    house.writes_on(&tom, "Of this they are");
    notices.shows_only("Tom Becker");
}

/// A browser that was allowed to notify, and is put away.
#[test]
fn a_browser_that_is_put_away_notifies_and_takes_away_what_is_read_elsewhere() {
    let house = House::open(&folder("house"), &[Account::ANA]);
    let rosa = house.writes("Rosa Lind", "Can you come today?");
    let tom = house.writes("Tom Becker", "It drips again");
    let ana = stage().browser_at(&house, "news-browser", Frame::Wide);
    ana.allows_notifications();
    ana.signs_in(Account::ANA);
    picks_both(&ana);
    counts_tones(&ana);
    // Looked at, it is told by nothing but the screen; of another one a tone tells.
    house.writes_on(&tom, "More than before");
    ana.sees_bubble("it at once", |bubble| bubble.text.contains("More than before"));
    assert_eq!(tones(&ana), 0);
    house.writes_on(&rosa, "Or tomorrow?");
    soon("one tone for the other conversation", || match tones(&ana) {
        1 => Ok(()),
        count => Err(format!("{count} were played")),
    });
    shows(&ana, &[]);
    ana.driver().minimize().unwrap();
    house.writes_on(&rosa, "Before three?");
    shows(&ana, &["Rosa Lind: Before three?"]);
    house.writes_on(&rosa, "After two?");
    shows(&ana, &["Rosa Lind: After two?"]);
    house.writes_on(&tom, "Are you there?");
    shows(&ana, &["Rosa Lind: After two?", "Tom Becker: Are you there?"]);
    let second = stage().browser_at(&house, "news-phone", Frame::Phone);
    second.signs_in(Account::ANA);
    second.goes_to("conversations");
    second.opens("Tom Becker");
    second.sees_bubble("the question", |bubble| bubble.text.contains("Are you there?"));
    shows(&ana, &["Rosa Lind: After two?"]);
}

/// Wide and on a phone: what is chosen is opened in the app that is there, wherever it stands, and
/// where it was closed at its own address.
#[test]
fn a_browsers_notification_opens_its_conversation_and_no_other() {
    for frame in [Frame::Wide, Frame::Phone] {
        let house = House::open(&folder("house"), &[Account::ANA]);
        let rosa = house.writes("Rosa Lind", "Can you come today?");
        house.writes("Tom Becker", "It drips again");
        let ana = stage().browser_at(&house, &format!("news-{frame:?}"), frame);
        ana.allows_notifications();
        ana.signs_in(Account::ANA);
        picks_both(&ana);
        ana.reads("thread-title", "Tom Becker");
        let page = ana.driver();
        let app = page.tab().unwrap();
        // What she looks at is another page of the same server.
        page.open_tab(&format!("{}/v1/hello", ana.line().address())).unwrap();
        let other = page.tab().unwrap();
        house.writes_on(&rosa, "Before three?");
        shows(&ana, &["Rosa Lind: Before three?"]);
        let place = page.run(PLACE, &[]).unwrap();
        chooses(page);
        shows(&ana, &[]);
        page.turn_to(&app).unwrap();
        sees_of_rosa(&ana, "Before three?");
        page.close_tab(&other).unwrap();
        let place = place.as_str().expect("a notification knows its place");
        page.open(&format!("{}/#/open/{place}", ana.line().address())).unwrap();
        sees_of_rosa(&ana, "Before three?");
    }
}

/// The place of the notification that is shown, as its worker opens it where no page is.
const PLACE: &str = "
    return navigator.serviceWorker.getRegistration()
        .then((registration) => registration.getNotifications())
        .then(([one]) => one.data.place);";

fn sees_of_rosa(ana: &Screen, words: &str) {
    ana.reads("thread-title", "Rosa Lind");
    ana.sees_bubble("what it told", |bubble| bubble.text.contains(words));
    ana.sees("composer-box");
}

/// Waits until the browser shows these notifications of the page, and no other.
fn shows(ana: &Screen, wanted: &[&str]) {
    const SHOWN: &str = "
        return navigator.serviceWorker.getRegistration()
            .then((registration) => registration.getNotifications())
            .then((all) => all.map((one) => `${one.title}: ${one.body}`).sort());";
    soon("the browser's notifications", || {
        let shown = ana.driver().run(SHOWN, &[])?;
        if shown == serde_json::json!(wanted) { Ok(()) } else { Err(format!("{shown} are shown")) }
    });
}

/// From now on the page counts what it lets sound.
fn counts_tones(ana: &Screen) {
    const COUNT: &str = "
        const start = OscillatorNode.prototype.start;
        window.tones = 0;
        OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); };";
    ana.driver().run(COUNT, &[]).expect("the page takes a script");
}

fn tones(ana: &Screen) -> u64 {
    ana.driver().run("return window.tones", &[]).ok().and_then(|count| count.as_u64()).expect("it counts")
}
