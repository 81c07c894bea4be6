//! Who is in a message thread: on all of their devices, with what they may read, and
//! out again.

use fieldline_tests::e2e::{Account, Screen, soon};

use crate::groups::{ROSA, app, begins_with_bo_and_eva, house, phone, taps_to_add_users, wide};

/// Adds Eva on a phone, from the bar at the top of the thread.
fn adds_eva(ana: &Screen, history: Option<&str>) {
    ana.taps("to-bar");
    ana.taps("add-remove-users");
    ana.ticks(Account::EVA.name);
    if let Some(history) = history {
        ana.taps(history);
    }
    ana.photograph("adds-eva");
    ana.taps("members-save");
    ana.reads("thread", "You added Eva Moe");
}

/// Begins a group of Ana, Bo and the client Rosa on a phone, and stays in it.
fn begins_with_bo_and_rosa(ana: &Screen, first: &str) {
    taps_to_add_users(ana);
    ana.ticks(Account::BO.name);
    ana.ticks(ROSA);
    ana.taps("picker-done");
    ana.says(first);
    ana.sees_bubble("the first message sent", |bubble| bubble.text.contains(first) && bubble.is_sent());
}

#[test]
fn a02_a_thread_begun_on_the_phone_or_in_the_app_is_the_same_on_the_other() {
    let house = house();
    let narrow = phone(&house, "a02-phone", Account::ANA);
    let app = app(&house, "a02-app", Account::ANA);
    let web = wide(&house, "a02-wide", Account::ANA);
    begins_with_bo_and_eva(&narrow, "Begun on the phone");
    for screen in [&app, &web] {
        screen.sees_row("Begun on the phone");
        screen.opens(Account::EVA.name);
        screen.sees_bubble("the first message", |bubble| {
            bubble.text.contains("Begun on the phone") && bubble.side == "ours"
        });
    }
    app.says("Goes on in the app");
    narrow.sees_bubble("what the app said", |bubble| bubble.text.contains("Goes on in the app"));
    app.taps("new-group");
    app.types("composer-box", "Begun in the app");
    app.ticks(ROSA);
    app.taps("send");
    app.reads("thread-title", ROSA);
    narrow.goes_to("messaging");
    narrow.sees_row("Begun in the app");
    narrow.opens(ROSA);
    narrow.sees_bubble("the first message", |bubble| bubble.text.contains("Begun in the app"));
    soon("there are two threads, on each", || match web.shown("row")?.len() {
        2 => Ok(()),
        count => Err(format!("there are {count}")),
    });
}

#[test]
fn a03_who_is_added_reads_from_now_where_customers_are_in_and_everything_where_that_is_chosen() {
    let house = house();
    let ana = phone(&house, "a03-phone", Account::ANA);
    let eva = wide(&house, "a03-eva", Account::EVA);
    begins_with_bo_and_rosa(&ana, "The old boiler leaks");
    adds_eva(&ana, None);
    ana.says("Eva has the parts");
    eva.sees_row("Eva has the parts");
    eva.opens(ROSA);
    eva.sees("starts-here");
    eva.sees_bubble("what came after", |bubble| bubble.text.contains("Eva has the parts"));
    assert!(eva.bubbles().unwrap().iter().all(|bubble| !bubble.text.contains("The old boiler leaks")));
    eva.photograph("from-now");
    ana.goes_to("messaging");
    begins_with_bo_and_rosa(&ana, "The chimney is new");
    adds_eva(&ana, Some("history-all"));
    eva.sees_row("The chimney is new");
    eva.opens_row("The chimney is new");
    eva.sees_bubble("what came before", |bubble| bubble.text.contains("The chimney is new"));
    eva.sees_no("starts-here");
}

#[test]
fn a04_who_is_removed_without_a_signal_has_nothing_of_it_but_what_they_had_queued() {
    let house = house();
    let ana = phone(&house, "a04-phone", Account::ANA);
    let bo = wide(&house, "a04-bo", Account::BO);
    let eva = app(&house, "a04-app", Account::EVA);
    begins_with_bo_and_eva(&ana, "Keys are under the mat");
    eva.opens(Account::ANA.name);
    eva.sees_bubble("what Ana wrote", |bubble| bubble.text.contains("Keys are under the mat"));
    eva.line().cut();
    eva.says("I am on my way");
    eva.sees_bubble("it waits", |bubble| bubble.text.contains("I am on my way") && bubble.mark == "waiting");
    ana.taps("to-bar");
    ana.taps("add-remove-users");
    ana.ticks(Account::EVA.name);
    ana.taps("members-save");
    ana.reads("thread", "You removed Eva Moe");
    bo.opens(Account::ANA.name);
    bo.reads("thread", "Ana Lund removed Eva Moe");
    eva.line().heal();
    eva.sees_no("bubble");
    eva.sees_no_row("Keys are under the mat");
    eva.photograph("removed");
    eva.types("search", "mat");
    eva.sees_no("row");
    eva.goes_to("outbox");
    eva.reads("outbox-row", "I am on my way");
    eva.reads("outbox-row", "You may see this, but not change it.");
    eva.photograph("queued");
    assert!(bo.bubbles().unwrap().iter().all(|bubble| !bubble.text.contains("I am on my way")));
}
