//! Internal notes: from the three dots, from a row of a list, and never to the customer.

use fieldline_tests::e2e::{Account, Frame, House, Screen, eventually, seconds};

use crate::stage::{Held, folder, stage, three};

const FIRST: &str = "Rings twice; the gate code is 4711";
const SECOND: &str = "Paid in cash, wants a receipt";

fn note(screen: &Screen, text: &str) {
    screen.types("note-box", text);
    screen.taps("note-save");
    screen.reads("note", text);
}

/// B13: before picking, from the row's menu; B14: it stands at the top.
#[test]
fn b13_a_note_is_kept_from_a_row_of_the_picklist_and_read_by_a_colleague() {
    let bo = stage().browser("notes-bo", Frame::Wide);
    bo.signs_in(Account::BO);
    for (held, name) in three(["Nora Dahl", "Nina Dahl", "Nell Dahl"]) {
        stage().house.writes(name, "Can somebody call me?");
        let ana = stage().held(held, "b13");
        ana.signs_in(Account::ANA);
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
        assert!(bo.bubbles().unwrap().iter().all(|bubble| !bubble.text.contains("4711")), "a note was sent");
    }
}

/// From Conversations and from History too: all three lists.
#[test]
fn b13_a_note_is_kept_from_a_row_of_conversations_and_of_history() {
    for held in [Held::Phone, Held::Keys, Held::App] {
        let house = House::open(&folder("house"), &[Account::ANA]);
        house.writes("Nour Sahin", "Thank you");
        let ana = stage().held_at(&house, held, "b13-lists");
        ana.signs_in(Account::ANA);
        ana.goes_to("picklist");
        ana.opens("Nour Sahin");
        ana.taps("pick");
        ana.sees("composer-box");
        for (list, text) in [("conversations", FIRST), ("history", SECOND)] {
            ana.goes_to(list);
            ana.sees_row("Nour Sahin");
            ana.opens_menu_of("Nour Sahin");
            ana.taps("menu-notes");
            note(&ana, text);
            ana.presses_escape();
            ana.sees_no("notes");
            if list == "conversations" {
                ana.opens_menu_of("Nour Sahin");
                ana.taps("menu-end");
                ana.taps("confirm-yes");
                ana.sees_no_row("Nour Sahin");
            }
        }
        ana.opens("Nour Sahin");
        ana.reads("notes-strip", SECOND);
    }
}

/// B12, B14: offline and through a kill.
#[test]
fn b12_b14_a_note_from_the_three_dots_survives_no_network_and_a_kill() {
    let second = stage().browser("notes-second", Frame::Wide);
    second.signs_in(Account::ANA);
    for (held, name) in three(["Olga Moe", "Oda Moe", "Olav Moe"]) {
        stage().house.writes(name, "Hello?");
        let mut ana = stage().held(held, "b12");
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
        second.goes_to("conversations");
        eventually("the note on the other device", seconds(40), || {
            if second.text_of("thread-title").is_ok_and(|title| title != name)
                || second.shown("notes-strip")?.is_empty()
            {
                second.opens(name);
            }
            let there = second.text_of("notes-strip")?;
            if there.contains(SECOND) { Ok(()) } else { Err(there) }
        });
    }
}
