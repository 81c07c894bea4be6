//! Message threads, each row of what people were promised: narrow with touch, wide in
//! Chromium, and in the app.

use fieldline_tests::e2e::{Account, Frame, House, Screen, soon};

use crate::stage::{folder, stage};

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
fn at_messaging(screen: Screen, account: Account) -> Screen {
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

/// On a phone, up to the contact list.
pub fn taps_to_add_users(screen: &Screen) {
    screen.taps("new-thread");
    screen.taps("add-users");
    screen.sees("contact");
}

/// Begins a group of Ana, Bo and Eva on a phone, and stays in it.
pub fn begins_with_bo_and_eva(ana: &Screen, first: &str) {
    taps_to_add_users(ana);
    ana.ticks(Account::BO.name);
    ana.ticks(Account::EVA.name);
    ana.taps("picker-done");
    ana.says(first);
    ana.sees_bubble("the first message sent", |bubble| bubble.text.contains(first) && bubble.is_sent());
}

/// Who is ticked among the contacts that are drawn.
fn ticked(screen: &Screen, names: &[&str]) {
    const TICKED: &str = "
        return [...document.querySelectorAll('[data-testid=contact][aria-selected=true]')]
            .map((contact) => contact.innerText);";
    soon(&format!("{names:?} are ticked"), || {
        let found = screen.driver().run(TICKED, &[])?;
        let found: Vec<&str> =
            found.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
        let fits = found.len() == names.len()
            && names.iter().all(|name| found.iter().any(|contact| contact.contains(name)));
        if fits { Ok(()) } else { Err(format!("{found:?} are")) }
    });
}

/// Where the plus is, measured from the bottom right corner in parts of the window.
const PLUS: &str = "
    const box = document.querySelector('[data-testid=new-thread]').getBoundingClientRect();
    return (innerWidth - box.right) / innerWidth < 0.15 && (innerHeight - box.bottom) / innerHeight < 0.15
        && box.width >= 44 && box.height >= 44;";

#[test]
fn a01_one_person_makes_a_direct_message_and_asking_again_opens_the_same_thread() {
    let house = house();
    let ana = phone(&house, "a01-phone", Account::ANA);
    for text in ["Can you take my calls?", "Tomorrow too?"] {
        taps_to_add_users(&ana);
        ana.ticks(Account::BO.name);
        ana.taps("picker-done");
        ana.says(text);
        ana.reads("thread-title", Account::BO.name);
        ana.sees_bubble("it was sent", |bubble| bubble.text.contains(text) && bubble.is_sent());
        ana.goes_to("messaging");
    }
    ana.opens(Account::BO.name);
    ana.sees_bubble("both in one thread", |bubble| bubble.text.contains("Can you take my calls?"));
    ana.taps("thread-back");
    soon("there is one thread", || match ana.shown("row")?.len() {
        1 => Ok(()),
        count => Err(format!("there are {count}")),
    });
}

#[test]
fn a05_without_the_module_there_is_no_way_to_a_new_thread_and_it_comes_and_goes_at_once() {
    let house = house();
    let narrow = phone(&house, "a05-phone", Account::BO);
    let wide = wide(&house, "a05-wide", Account::BO);
    narrow.sees_no("new-thread");
    wide.sees_no("new-group");
    house.grants_threads(Account::BO, true);
    narrow.sees("new-thread");
    wide.sees("new-group");
    house.grants_threads(Account::BO, false);
    narrow.sees_no("new-thread");
    wide.sees_no("new-group");
}

#[test]
fn a06_messaging_is_in_the_drawer_of_a_phone_and_always_there_on_a_desktop() {
    let house = house();
    let narrow = stage().browser_at(&house, "a06-phone", Frame::Phone);
    narrow.signs_in(Account::ANA);
    narrow.taps("nav-open");
    narrow.taps("nav-messaging");
    narrow.sees("tab-all");
    let wide = stage().browser_at(&house, "a06-wide", Frame::Wide);
    wide.signs_in(Account::ANA);
    wide.taps("nav-messaging");
    wide.sees("tab-all");
    let app = stage().app_at(&house, "a06-app");
    app.signs_in(Account::ANA);
    app.taps("nav-messaging");
    app.sees("tab-all");
}

#[test]
fn a07_groups_is_near_the_top_and_the_plus_is_in_the_thumbs_reach() {
    let house = house();
    let ana = phone(&house, "a07-phone", Account::ANA);
    ana.taps("tab-groups");
    ana.sees("new-thread");
    ana.photograph("groups");
    assert_eq!(ana.driver().run(PLUS, &[]).unwrap(), true, "the plus is not at the bottom right");
    ana.taps("new-thread");
    ana.sees("add-users");
}

#[test]
fn a08_tap_here_to_add_users() {
    let house = house();
    let ana = phone(&house, "a08-phone", Account::ANA);
    taps_to_add_users(&ana);
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
    ana.ticks(ROSA);
    ana.has_chosen(&[Account::EVA.name, Account::BO.name]);
    ana.taps("picker-done");
    ana.has_chosen(&[Account::EVA.name, Account::BO.name]);
    ana.taps("begin");
    ana.reads("thread-title", Account::BO.name);
    ana.reads("to-bar", Account::EVA.name);
}

#[test]
fn a09_internal_and_customers_are_two_blocks_and_a_thread_with_customers_says_so() {
    let house = house();
    let ana = phone(&house, "a09-phone", Account::ANA);
    taps_to_add_users(&ana);
    ana.reads("contact-block", "Internal");
    ana.ticks(Account::BO.name);
    ana.sees_no("customers-warning");
    ana.ticks(ROSA);
    ana.sees("customers-warning");
    ana.ticks("Skogen");
    ana.photograph("both-blocks");
    ana.taps("picker-done");
    ana.reads("customers-bar", "2 customers are in this group");
    ana.says("Here we plan the boiler together");
    ana.sees("thread-title");
    ana.reads("customers-bar", "2 customers are in this group");
    ana.photograph("mixed-thread");
    ana.goes_to("messaging");
    ana.taps("tab-internal");
    ana.sees_no_row("boiler");
    ana.taps("tab-customers");
    ana.sees_row("boiler");
}

#[test]
fn a10_everybody_in_the_group_is_told_and_reading_it_on_one_device_clears_the_others() {
    let house = house();
    let ana = phone(&house, "a10-phone", Account::ANA);
    let bo = stage().browser_at(&house, "a10-bo", Frame::Wide);
    let second = stage().app_at(&house, "a10-bo-app");
    let eva = stage().browser_at(&house, "a10-eva", Frame::Wide);
    for (screen, account) in [(&bo, Account::BO), (&second, Account::BO), (&eva, Account::EVA)] {
        screen.signs_in(account);
    }
    begins_with_bo_and_eva(&ana, "Depot at seven");
    for screen in [&bo, &second, &eva] {
        screen.reads("nav-messaging", "1");
    }
    bo.goes_to("messaging");
    bo.opens(Account::ANA.name);
    bo.sees_bubble("what Ana wrote", |bubble| bubble.text.contains("Depot at seven"));
    bo.says("I bring the keys");
    soon("it is read on Bo's other device", || match second.text_of("nav-messaging")? {
        text if text.contains('1') => Err(text),
        _ => Ok(()),
    });
    ana.sees_bubble("Bo's answer by name", |bubble| {
        bubble.text.contains("I bring the keys") && bubble.text.contains(Account::BO.name)
    });
}

#[test]
fn a12_new_group_is_in_the_messaging_center_of_the_app_and_of_a_browser() {
    let house = house();
    for screen in [app(&house, "a12-app", Account::ANA), wide(&house, "a12-wide", Account::ANA)] {
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
    let ana = wide(&house, "a13-wide", Account::ANA);
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

#[test]
fn a14_the_to_bar_leads_to_add_or_remove_users_with_the_members_ticked() {
    let house = house();
    let ana = phone(&house, "a14-phone", Account::ANA);
    let eva = wide(&house, "a14-eva", Account::EVA);
    begins_with_bo_and_eva(&ana, "Who has the ladder?");
    eva.sees_row("Who has the ladder?");
    ana.taps("to-bar");
    ana.sees("member");
    ana.photograph("who-is-in-it");
    ana.taps("add-remove-users");
    ticked(&ana, &[Account::BO.name, Account::EVA.name]);
    ana.ticks(Account::EVA.name);
    ana.ticks(ROSA);
    ana.sees("history-now");
    ana.photograph("add-or-remove");
    ana.taps("members-save");
    ana.reads("customers-bar", "1 customer is in this group");
    ana.reads("thread", "You added Rosa Lind");
    ana.reads("thread", "You removed Eva Moe");
    eva.sees_no_row("Who has the ladder?");
}

/// See Users, select and deselect, Save; what is closed instead is not saved.
fn changes_people(ana: &Screen) {
    ana.taps("see-users");
    ticked(ana, &[Account::BO.name, Account::EVA.name]);
    ana.ticks(Account::EVA.name);
    ana.presses_escape();
    ana.sees_no("members");
    ana.taps("see-users");
    ticked(ana, &[Account::BO.name, Account::EVA.name]);
    ana.ticks(Account::EVA.name);
    ana.ticks(ROSA);
    ana.photograph("see-users");
    ana.taps("members-save");
    ana.sees_no("members");
    ana.reads("thread", "You added Rosa Lind · You removed Eva Moe");
}

#[test]
fn a15_see_users_select_or_deselect_and_save_in_a_wide_browser() {
    let house = house();
    begins_with_bo_and_eva(&phone(&house, "a15-phone", Account::ANA), "Van or boat?");
    let ana = wide(&house, "a15-wide", Account::ANA);
    let bo = wide(&house, "a15-bo", Account::BO);
    ana.opens(Account::BO.name);
    changes_people(&ana);
    bo.opens(Account::ANA.name);
    bo.reads("thread", "Ana Lund added Rosa Lind · Ana Lund removed Eva Moe");
    bo.taps("see-users");
    bo.sees("member");
    bo.sees_no("members-save");
}

#[test]
fn a15_see_users_select_or_deselect_and_save_in_the_app() {
    let house = house();
    begins_with_bo_and_eva(&phone(&house, "a15-app-phone", Account::ANA), "Van or boat?");
    let ana = app(&house, "a15-app", Account::ANA);
    ana.opens(Account::BO.name);
    changes_people(&ana);
}
