//! A customer's previous conversations: pulled down on a phone, by a button on a desktop.

use fieldline_tests::e2e::{Account, Frame, Screen};

use crate::stage::{Held, stage};

/// What Bo answered the first time.
const THEN: &str = "The pump is sealed again";

/// Bo served this customer, who now writes again.
fn comes_back(name: &str) {
    let bo = stage().browser("previous-bo", Frame::Wide);
    let customer = stage().house.writes(name, "The pump drips");
    bo.signs_in(Account::BO);
    bo.goes_to("picklist");
    bo.opens(name);
    bo.taps("pick");
    bo.says(THEN);
    bo.sees_bubble("his answer on its way", |bubble| bubble.text.contains(THEN) && bubble.is_sent());
    bo.taps("thread-menu");
    bo.taps("menu-end");
    bo.taps("confirm-yes");
    bo.sees("reopen");
    stage().house.writes_on(&customer, "It drips again");
}

/// Ana picks the new one on this screen.
fn picks(ana: &Screen, name: &str) {
    ana.signs_in(Account::ANA);
    ana.goes_to("picklist");
    ana.opens(name);
    ana.taps("pick");
    ana.sees("previous");
}

fn sees_the_past(ana: &Screen) {
    ana.reads("past", THEN);
    ana.reads("past-part", "Bo");
    ana.sees_no("previous");
}

#[test]
fn b05_a_finger_pulls_down_the_previous_conversations_on_a_phone() {
    let name = "Frida Sol";
    comes_back(name);
    let ana = stage().browser("b05-phone", Frame::Phone);
    picks(&ana, name);
    ana.pulls_down("previous");
    sees_the_past(&ana);
    ana.photograph("previous");
    // Read once, it is on the device.
    ana.line().cut();
    ana.goes_to("conversations");
    ana.opens(name);
    ana.taps("previous");
    ana.reads("past", THEN);
    ana.line().heal();
}

#[test]
fn b05_a_button_shows_the_previous_conversations_in_the_app_and_to_the_keyboard() {
    for (held, name) in [(Held::App, "Gunnar Tve"), (Held::Keys, "Guro Tve")] {
        comes_back(name);
        let ana = stage().held(held, "b05");
        picks(&ana, name);
        ana.taps("previous");
        sees_the_past(&ana);
        ana.photograph("previous");
    }
}
