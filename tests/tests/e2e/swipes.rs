//! A row drawn aside on a phone: half the way, and the whole way.

use fieldline_tests::e2e::{Account, Frame, House, Screen, soon};

use crate::stage::{Held, folder, stage};

/// Half the way: past the middle of the two buttons.
const HALF: i64 = 130;
/// The whole way: past three fifths of the row.
const WHOLE: i64 = 280;
const NOTE: &str = "The dog is friendly";

/// A phone of Ana's in a house of its own, and one who waits.
fn phone(name: &str, customer: &str) -> (House, Screen) {
    let house = House::open(&folder("house"), &[Account::ANA]);
    house.writes(customer, "Are you on your way?");
    let ana = stage().browser_at(&house, name, Frame::Phone);
    ana.signs_in(Account::ANA);
    ana.goes_to("picklist");
    ana.sees_row(customer);
    (house, ana)
}

#[test]
fn b13_half_a_swipe_shows_more_and_more_leads_to_internal_notes() {
    let (_house, ana) = phone("b13-phone", "Nils Moen");
    ana.swipes("Nils Moen", HALF);
    ana.sees("row-swipe-act");
    ana.photograph("half-swipe");
    ana.taps("row-swipe-more");
    ana.taps("menu-notes");
    ana.types("note-box", NOTE);
    ana.taps("note-save");
    ana.reads("note", NOTE);
    ana.presses_escape();
    ana.sees_no("notes");
    ana.sees_no("row-swipe-more");
    ana.opens("Nils Moen");
    ana.reads("notes-strip", NOTE);
}

#[test]
fn a_swipe_of_a_message_thread_shows_more_and_mutes() {
    let house = House::open(&folder("house"), &[Account::ANA, Account::BO]);
    house.grants_threads(Account::ANA, true);
    let ana = stage().browser_at(&house, "swipe-threads", Frame::Phone);
    ana.signs_in(Account::ANA);
    ana.goes_to("messaging");
    ana.taps("new-thread");
    ana.taps("add-users");
    ana.ticks(Account::BO.name);
    ana.taps("picker-done");
    ana.says("Lunch?");
    ana.goes_to("messaging");
    ana.swipes("Lunch?", HALF);
    ana.reads("row-swipe-act", "Mute");
    ana.taps("row-swipe-more");
    ana.taps("menu-sound");
    ana.reads("sound-level", "As in Settings");
    ana.presses_escape();
    ana.swipes("Lunch?", WHOLE);
    ana.reads("row", "Muted");
    ana.swipes("Lunch?", WHOLE);
    soon("it is heard again", || match ana.text_of("row")? {
        text if text.contains("Muted") => Err(text),
        _ => Ok(()),
    });
}

/// Where nothing is swiped: the three dots, the row's menu, Shift and F10.
#[test]
fn b15_a_chat_is_ended_by_the_three_dots_and_by_the_menu_of_its_row() {
    for held in [Held::Phone, Held::Keys, Held::App] {
        let house = House::open(&folder("house"), &[Account::ANA]);
        house.writes("Sara Lie", "Are you on your way?");
        let ana = stage().held_at(&house, held, "b15-menu");
        ana.signs_in(Account::ANA);
        ana.goes_to("picklist");
        ana.opens("Sara Lie");
        ana.taps("pick");
        ana.sees("composer-box");
        ana.taps("thread-menu");
        ana.taps("menu-end");
        ana.is_asked("Sara Lie");
        ana.photograph("end");
        ana.taps("confirm-yes");
        ana.taps("reopen");
        ana.sees("composer-box");
        ana.goes_to("conversations");
        ana.sees_row("Sara Lie");
        ana.opens_menu_of("Sara Lie");
        ana.taps("menu-end");
        ana.is_asked("Sara Lie");
        ana.taps("confirm-yes");
        ana.sees_no_row("Sara Lie");
        ana.goes_to("history");
        ana.sees_row("Sara Lie");
    }
}

#[test]
fn b15_a_whole_swipe_ends_a_chat_only_after_a_question_by_name() {
    let (_house, ana) = phone("b15-phone", "Sara Lie");
    ana.swipes("Sara Lie", WHOLE);
    ana.reads("thread-title", "Sara Lie");
    ana.sees("composer-box");
    ana.goes_to("conversations");
    ana.sees_row("Sara Lie");
    ana.swipes("Sara Lie", WHOLE);
    ana.is_asked("Sara Lie");
    ana.photograph("swipe-end");
    ana.taps("confirm-no");
    ana.sees_row("Sara Lie");
    ana.swipes("Sara Lie", WHOLE);
    ana.is_asked("Sara Lie");
    ana.taps("confirm-yes");
    ana.sees_no_row("Sara Lie");
    ana.goes_to("history");
    ana.sees_row("Sara Lie");
}
