//! Offers and availability, as agents meet them: in the app, in a wide browser, and
//! on a phone.

use fieldline_tests::e2e::{Account, Frame, House, Screen};

use crate::stage::{folder, stage};

/// Long enough for a busy machine to see it, and to answer.
const STANDS_S: u32 = 120;

/// A workspace whose queue offers, with nobody available yet.
fn house() -> House {
    let house = House::open(&folder("house"), &[Account::ANA, Account::BO]);
    house.offers(STANDS_S);
    house
}

/// Sets the availability where the sections are: at the side, or in the drawer.
fn is_available(screen: &Screen) {
    if screen.shown("nav-open").is_ok_and(|found| !found.is_empty()) {
        screen.taps("nav-open");
        screen.taps("ready-available");
        screen.presses_escape();
    } else {
        screen.taps("ready-available");
    }
}

#[test]
fn b01_an_offer_that_is_passed_goes_on_to_the_next_agent_who_accepts_it() {
    let house = house();
    let ana = stage().browser_at(&house, "b01-keys", Frame::Keys);
    let bo = stage().browser_at(&house, "b01-phone", Frame::Phone);
    ana.signs_in(Account::ANA);
    bo.signs_in(Account::BO);
    is_available(&ana);
    house.writes("Rosa", "No hot water since last night");
    ana.reads("offer", "No hot water since last night");
    ana.photograph("offer");
    is_available(&bo);
    bo.sees_no("offer");
    ana.taps("offer-pass");
    ana.sees_no("offer");
    bo.reads("offer", "Rosa");
    bo.photograph("offer");
    bo.taps("offer-accept");
    bo.reads("thread-title", "Rosa");
    bo.sees("composer-box");
    ana.goes_to("picklist");
    ana.sees_no_row("Rosa");
}

#[test]
fn b03_two_devices_of_one_agent_share_offer_and_availability_and_what_was_accepted() {
    let house = house();
    let app = stage().app_at(&house, "b03-app");
    let phone = stage().browser_at(&house, "b03-phone", Frame::Phone);
    app.signs_in(Account::ANA);
    phone.signs_in(Account::ANA);
    is_available(&app);
    phone.taps("nav-open");
    phone.sees("ready-available");
    phone.presses_escape();
    house.writes("Mateo", "Could someone come today?");
    phone.reads("offer", "Mateo");
    app.reads("offer", "Mateo");
    app.photograph("offer");
    app.taps("offer-accept");
    app.reads("thread-title", "Mateo");
    phone.sees_no("offer");
    phone.goes_to("conversations");
    phone.sees_row("Mateo");
    let keys = stage().browser_at(&house, "b03-keys", Frame::Keys);
    keys.signs_in(Account::ANA);
    keys.goes_to("conversations");
    keys.opens("Mateo");
    keys.says("Yes, before noon");
    app.sees_bubble("what she wrote elsewhere", |bubble| {
        bubble.text.contains("before noon") && bubble.is_sent()
    });
}
