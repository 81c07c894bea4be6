//! Message threads, each row of what people were promised: narrow with touch, wide in
//! Chromium by the keyboard alone, and in the app. Who is in one is in `members`.

use fieldline_tests::e2e::{Account, Frame, House, Screen, soon};
use serde_json::json;

use crate::stage::{Held, folder, stage};

/// Clients without a login, as an admin imports them.
const CLIENTS: &str = "Rosa Lind,+47 901 22 310,rosa@lind.example
Skogen Kindergarten,,office@skogen.example
";
/// One of them.
pub const ROSA: &str = "Rosa Lind";

/// A house whose Ana may begin threads, with two colleagues and two clients.
pub fn house() -> House {
    let house = House::open(&folder("house"), &[Account::ANA, Account::BO, Account::EVA]);
    house.imports_clients(CLIENTS);
    house.grants_threads(Account::ANA, true);
    house
}

/// A device of somebody who looks at their threads.
pub fn at_messaging(screen: Screen, account: Account) -> Screen {
    screen.signs_in(account);
    screen.goes_to("messaging");
    screen
}

/// They on a phone.
pub fn phone(house: &House, name: &str, account: Account) -> Screen {
    at_messaging(stage().browser_at(house, name, Frame::Phone), account)
}

/// They in a wide browser.
pub fn wide(house: &House, name: &str, account: Account) -> Screen {
    at_messaging(stage().browser_at(house, name, Frame::Wide), account)
}

/// They in the app.
pub fn app(house: &House, name: &str, account: Account) -> Screen {
    at_messaging(stage().app_at(house, name), account)
}

/// They on a device that is held so.
pub fn held(house: &House, held: Held, row: &str, account: Account) -> Screen {
    at_messaging(stage().held_at(house, held, row), account)
}

/// Up to the contact list: *Tap here to add users* on a phone, *New Group* on a desktop.
pub fn comes_to_the_contacts(screen: &Screen) {
    if screen.is_touched() {
        screen.taps("new-thread");
        screen.taps("add-users");
    } else {
        screen.taps("new-group");
    }
    screen.sees("contact");
}

/// Begins a thread with these people, and stays in it.
pub fn begins(screen: &Screen, people: &[&str], first: &str) {
    comes_to_the_contacts(screen);
    for name in people {
        screen.ticks(name);
    }
    if screen.is_touched() {
        screen.taps("picker-done");
    }
    screen.says(first);
    screen.sees_bubble("the first message sent", |bubble| bubble.text.contains(first) && bubble.is_sent());
}

/// Begins a group of Ana, Bo and Eva, and stays in it.
pub fn begins_with_bo_and_eva(ana: &Screen, first: &str) {
    begins(ana, &[Account::BO.name, Account::EVA.name], first);
}

/// Where the plus is, measured from the bottom right corner in parts of the window.
const PLUS: &str = "
    const box = document.querySelector('[data-testid=new-thread]').getBoundingClientRect();
    return (innerWidth - box.right) / innerWidth < 0.15 && (innerHeight - box.bottom) / innerHeight < 0.15
        && box.width >= 44 && box.height >= 44;";

/// What the blocks of the contact list are called.
const LABELS: &str = "
    return [...document.querySelectorAll('[data-testid=contact-block] .label')].map((it) => it.innerText);";
/// Whether the tabs are near the top.
const NEAR_THE_TOP: &str = "
    const box = document.querySelector('[data-testid=tab-groups]').getBoundingClientRect();
    return box.bottom < innerHeight / 4;";

fn has_rows(screen: &Screen, wanted: usize) {
    soon(&format!("{wanted} threads"), || match screen.shown("row")?.len() {
        count if count == wanted => Ok(()),
        count => Err(format!("there are {count}")),
    });
}

#[test]
fn a01_one_person_makes_a_direct_message_and_asking_again_opens_the_same_thread() {
    let house = house();
    for (at, how) in Held::ALL.into_iter().enumerate() {
        let ana = held(&house, how, "a01", Account::ANA);
        begins(&ana, &[Account::BO.name], &format!("Can you take my calls? {at}"));
        ana.reads("thread-title", Account::BO.name);
        ana.goes_to("messaging");
        ana.opens(Account::BO.name);
        for earlier in 0..=at {
            let words = format!("Can you take my calls? {earlier}");
            ana.sees_bubble("all in one thread", |bubble| bubble.text.contains(&words));
        }
        if ana.is_touched() {
            ana.taps("thread-back");
        }
        has_rows(&ana, at + 1);
        begins_with_bo_and_eva(&ana, "A group is another thread");
        ana.goes_to("messaging");
        has_rows(&ana, at + 2);
    }
}

#[test]
fn a05_without_the_module_there_is_no_way_to_a_new_thread_and_it_comes_and_goes_at_once() {
    let house = house();
    let all = Held::ALL.map(|how| held(&house, how, "a05", Account::BO));
    let way = |screen: &Screen| if screen.is_touched() { "new-thread" } else { "new-group" };
    all.iter().for_each(|screen| screen.sees_no(way(screen)));
    house.grants_threads(Account::BO, true);
    all.iter().for_each(|screen| screen.sees(way(screen)));
    let [narrow, _, app] = &all;
    begins(narrow, &[Account::ANA.name, Account::EVA.name], "While I may");
    narrow.goes_to("messaging");
    house.grants_threads(Account::BO, false);
    all.iter().for_each(|screen| screen.sees_no(way(screen)));
    app.opens_row("While I may");
    app.taps("see-users");
    app.sees("member");
    app.sees_no("members-save");
    app.presses_escape();
    app.says("I can still answer");
    app.sees_bubble("the answer", |bubble| bubble.text.contains("I can still answer") && bubble.is_sent());
}

#[test]
fn a06_messaging_is_in_the_drawer_of_a_phone_and_always_there_on_a_desktop() {
    let house = house();
    for how in Held::ALL {
        let screen = stage().held_at(&house, how, "a06");
        screen.signs_in(Account::ANA);
        if screen.is_touched() {
            screen.taps("nav-open");
        }
        screen.taps("nav-messaging");
        screen.sees("tab-all");
    }
}

#[test]
fn a07_groups_is_near_the_top_and_the_plus_is_in_the_thumbs_reach() {
    let house = house();
    for how in Held::ALL {
        let ana = held(&house, how, "a07", Account::ANA);
        for tab in ["tab-all", "tab-internal", "tab-customers", "tab-groups"] {
            ana.taps(tab);
        }
        assert_eq!(ana.driver().run(NEAR_THE_TOP, &[]).unwrap(), true, "the tabs are not near the top");
        ana.photograph("groups");
        if ana.is_touched() {
            assert_eq!(ana.driver().run(PLUS, &[]).unwrap(), true, "the plus is not at the bottom right");
        }
        comes_to_the_contacts(&ana);
    }
}

#[test]
fn a08_tap_here_to_add_users() {
    let house = house();
    for how in Held::ALL {
        let ana = held(&house, how, "a08", Account::ANA);
        comes_to_the_contacts(&ana);
        ana.photograph("contacts");
        ana.types("picker-search", "eva");
        soon("one is found", || match ana.shown("contact")?.len() {
            1 => Ok(()),
            count => Err(format!("{count} are there")),
        });
        ana.ticks(Account::EVA.name);
        ana.types("picker-search", "");
        ana.ticks(Account::BO.name);
        ana.ticks(ROSA);
        ana.has_chosen(&[Account::EVA.name, Account::BO.name, ROSA]);
        ana.takes_out(ROSA);
        ana.has_chosen(&[Account::EVA.name, Account::BO.name]);
        if ana.is_touched() {
            ana.taps("picker-done");
            ana.has_chosen(&[Account::EVA.name, Account::BO.name]);
        }
        ana.taps("begin");
        ana.reads("thread-title", Account::BO.name);
        ana.reads(if ana.is_touched() { "to-bar" } else { "thread-title" }, Account::EVA.name);
    }
}

#[test]
fn a09_internal_and_customers_are_two_blocks_and_a_thread_with_customers_says_so() {
    let house = house();
    for how in Held::ALL {
        let ana = held(&house, how, "a09", Account::ANA);
        let first = format!("Here we plan the boiler of {how:?}");
        comes_to_the_contacts(&ana);
        let labels = ana.driver().run(LABELS, &[]).unwrap();
        assert_eq!(labels, json!(["Internal", "Customer"]));
        ana.ticks(Account::BO.name);
        ana.sees_no("customers-warning");
        ana.ticks(ROSA);
        ana.sees("customers-warning");
        ana.ticks("Skogen");
        ana.photograph("both-blocks");
        if ana.is_touched() {
            ana.taps("picker-done");
        }
        ana.reads("customers-bar", "2 customers are in this group");
        ana.says(&first);
        ana.sees("thread-title");
        ana.reads("customers-bar", "2 customers are in this group");
        ana.photograph("mixed-thread");
        ana.goes_to("messaging");
        ana.taps("tab-internal");
        ana.sees_no_row("boiler");
        ana.taps("tab-customers");
        ana.sees_row(&first);
    }
}

#[test]
fn a12_new_group_is_in_the_messaging_center_of_the_app_and_of_a_browser() {
    let house = house();
    for how in [Held::App, Held::Keys] {
        let screen = held(&house, how, "a12", Account::ANA);
        soon("the heading is there", || {
            let heading = screen.driver().run("return document.querySelector('h1')?.innerText ?? ''", &[])?;
            if heading == "Messaging Center" { Ok(()) } else { Err(heading.to_string()) }
        });
        screen.taps("new-group");
        screen.sees("contact");
        screen.sees("composer-box");
    }
}

/// Message and people in one step.
fn sends_to_bo_and_rosa(screen: &Screen, text: &str) {
    screen.taps("new-group");
    screen.types("composer-box", text);
    screen.ticks(Account::BO.name);
    screen.ticks(ROSA);
    screen.sees("customers-warning");
    screen.photograph("new-group");
    screen.taps("send");
    screen.reads("thread-title", Account::BO.name);
}

#[test]
fn a13_type_the_message_select_the_users_and_send_in_a_wide_browser() {
    let house = house();
    let ana = held(&house, Held::Keys, "a13", Account::ANA);
    let bo = phone(&house, "a13-bo", Account::BO);
    sends_to_bo_and_rosa(&ana, "Thursday at nine?");
    ana.sees_bubble("it was sent", |bubble| bubble.text.contains("Thursday at nine?") && bubble.is_sent());
    bo.sees_row("Thursday at nine?");
    bo.opens(ROSA);
    bo.sees_bubble("what Ana wrote", |bubble| bubble.text.contains("Thursday at nine?"));
    bo.reads("customers-bar", "1 customer is in this group");
}

#[test]
fn a13_a_thread_made_in_the_app_without_a_network_is_there_at_once_and_goes_out_later() {
    let house = house();
    let ana = app(&house, "a13-app", Account::ANA);
    let bo = wide(&house, "a13-app-bo", Account::BO);
    ana.taps("new-group");
    // The contact list is on the device.
    ana.ticks(ROSA);
    ana.has_chosen(&[ROSA]);
    ana.ticks(ROSA);
    ana.taps("thread-back");
    ana.line().cut();
    sends_to_bo_and_rosa(&ana, "No signal down here");
    ana.sees("pending");
    ana.says("Back at three");
    ana.sees_bubble("the second waits behind the first", |bubble| {
        bubble.text.contains("Back at three") && bubble.mark == "waiting"
    });
    ana.photograph("pending");
    bo.sees_no_row("No signal down here");
    ana.line().heal();
    bo.sees_row("Back at three");
    bo.opens(ROSA);
    bo.sees_bubble("the first message", |bubble| bubble.text.contains("No signal down here"));
    ana.sees_no("pending");
}
