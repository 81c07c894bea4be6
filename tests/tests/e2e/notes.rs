//! Internal notes: from the three dots, from a row of a list, and never to the customer.

use fieldline_tests::e2e::{Account, Frame, Screen, seconds};

use crate::stage::stage;

const FIRST: &str = "Rings twice; the gate code is 4711";
const SECOND: &str = "Paid in cash, wants a receipt";

fn note(screen: &Screen, text: &str) {
    screen.types("note-box", text);
    screen.taps("note-save");
    screen.reads("note", text);
}

/// B13 on a phone: before picking, from the row's menu; B14: it stands at the top.
#[test]
fn b13_a_note_is_kept_from_a_row_of_the_picklist_and_read_by_a_colleague() {
    let name = "Nora Dahl";
    stage().house.writes(name, "Can somebody call me?");
    let (ana, bo) = (stage().browser("notes-phone", Frame::Phone), stage().browser("notes-bo", Frame::Wide));
    ana.signs_in(Account::ANA);
    bo.signs_in(Account::BO);
    ana.goes_to("picklist");
    ana.sees_row(name);
    ana.opens_menu_of(name);
    ana.taps("menu-notes");
    note(&ana, FIRST);
    ana.photograph("notes");
    ana.presses_escape();
    bo.goes_to("picklist");
    bo.opens(name);
    bo.reads("notes-strip", FIRST);
    assert!(
        bo.bubbles().unwrap().iter().all(|bubble| !bubble.text.contains("4711")),
        "a note among the messages"
    );
}

/// B12, B14 in the app: offline and through a kill; the customer is told nothing.
#[test]
fn b12_b14_a_note_from_the_three_dots_survives_no_network_and_a_kill() {
    let name = "Olga Moe";
    stage().house.writes(name, "Hello?");
    let mut ana = stage().app("notes-app");
    ana.signs_in(Account::ANA);
    ana.goes_to("picklist");
    ana.opens(name);
    ana.taps("pick");
    ana.line().cut();
    ana.taps("thread-menu");
    ana.taps("menu-notes");
    note(&ana, SECOND);
    ana.presses_escape();
    ana.reads("notes-strip", SECOND);
    ana.is_killed_and_started_again();
    ana.goes_to("conversations");
    ana.opens(name);
    ana.reads("notes-strip", SECOND);
    ana.line().heal();
    let second = stage().browser("notes-second", Frame::Wide);
    second.signs_in(Account::ANA);
    second.goes_to("conversations");
    second.opens(name);
    fieldline_tests::e2e::eventually("the note on the other device", seconds(40), || {
        let there = second.text_of("notes-strip")?;
        if there.contains(SECOND) { Ok(()) } else { Err(there) }
    });
}
