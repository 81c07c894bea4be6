//! What the app's machine shows of what comes while nobody looks at the app.

use fieldline_tests::e2e::{Account, Bus, Frame, House, Notices, Screen, Visitor};

use crate::stage::{folder, stage};

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
    for customer in ["Rosa Lind", "Tom Becker"] {
        app.goes_to("picklist");
        app.opens(customer);
        app.taps("pick");
        app.sees("composer-box");
    }
    app.goes_to("settings");
    stage().display.looks_away();
    Away { house, notices, app, rosa, tom }
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
