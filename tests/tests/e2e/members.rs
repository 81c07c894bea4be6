//! Who is in a message thread: on all of their devices, with what they may read, and
//! out again.

use fieldline_tests::e2e::{Account, Screen, soon};

use crate::groups::{ROSA, app, at_messaging, begins, begins_with_bo_and_eva, held, house, phone, wide};
use crate::stage::{Held, stage};

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

/// Up to who is ticked, from the bar at the top of the thread or from *See Users*.
fn comes_to_the_people(ana: &Screen) {
    if ana.is_touched() {
        ana.taps("to-bar");
        ana.taps("add-remove-users");
    } else {
        ana.taps("see-users");
    }
}

/// Adds Eva to the thread that is open.
fn adds_eva(ana: &Screen, history: Option<&str>) {
    comes_to_the_people(ana);
    ana.ticks(Account::EVA.name);
    if let Some(history) = history {
        ana.taps(history);
    }
    ana.photograph("adds-eva");
    ana.taps("members-save");
    ana.reads("thread", "You added Eva Moe");
}

/// Eva opens the thread of this row, and sees nothing before the line that she came.
fn reads_from_there(eva: &Screen, (newest, before): (&str, &str)) {
    eva.sees_row(newest);
    eva.opens_row(newest);
    eva.sees("starts-here");
    eva.sees_bubble("what came after", |bubble| bubble.text.contains(newest));
    assert!(eva.bubbles().unwrap().iter().all(|bubble| !bubble.text.contains(before)));
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
    let eva = wide(&house, "a03-eva", Account::EVA);
    let ana = phone(&house, "a03-phone", Account::ANA);
    begins(&ana, &[Account::BO.name, ROSA], "The old boiler leaks");
    adds_eva(&ana, None);
    ana.says("Eva has the parts");
    reads_from_there(&eva, ("Eva has the parts", "The old boiler leaks"));
    eva.photograph("from-now");
    let ana = app(&house, "a03-app", Account::ANA);
    begins(&ana, &[Account::BO.name, ROSA], "The chimney is new");
    adds_eva(&ana, Some("history-all"));
    eva.sees_row("The chimney is new");
    eva.opens_row("The chimney is new");
    eva.sees_bubble("what came before", |bubble| bubble.text.contains("The chimney is new"));
    eva.sees_no("starts-here");
    let ana = held(&house, Held::Keys, "a03", Account::ANA);
    begins(&ana, &[Account::BO.name, Account::KARI.name], "Who is late again?");
    adds_eva(&ana, Some("history-now"));
    ana.says("Eva, the van is yours");
    reads_from_there(&eva, ("Eva, the van is yours", "Who is late again?"));
}

#[test]
fn a04_who_is_removed_without_a_signal_has_nothing_of_it_but_what_they_had_queued() {
    let house = house();
    let ana = held(&house, Held::Keys, "a04", Account::ANA);
    let second = phone(&house, "a04-phone", Account::EVA);
    let eva = app(&house, "a04-app", Account::EVA);
    begins_with_bo_and_eva(&ana, "Keys are under the mat");
    for screen in [&eva, &second] {
        screen.opens(Account::ANA.name);
        screen.sees_bubble("what Ana wrote", |bubble| bubble.text.contains("Keys are under the mat"));
    }
    eva.line().cut();
    eva.says("I am on my way");
    eva.sees_bubble("it waits", |bubble| bubble.text.contains("I am on my way") && bubble.mark == "waiting");
    comes_to_the_people(&ana);
    ana.ticks(Account::EVA.name);
    ana.taps("members-save");
    ana.reads("thread", "You removed Eva Moe");
    second.sees_no("bubble");
    second.goes_to("messaging");
    second.sees_no_row("Keys are under the mat");
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
    assert!(ana.bubbles().unwrap().iter().all(|bubble| !bubble.text.contains("I am on my way")));
}

/// From the bar at the top: who is in it is ticked; one goes and another comes in one visit.
fn changes_from_the_to_bar(ana: &Screen, (there, goes, comes): (&[&str], &str, &str)) {
    ana.taps("to-bar");
    ana.sees("member");
    ana.photograph("who-is-in-it");
    ana.taps("add-remove-users");
    ticked(ana, there);
    ana.ticks(goes);
    ana.ticks(comes);
    ana.sees("history-now");
    ana.photograph("add-or-remove");
    ana.taps("members-save");
    ana.reads("thread", &format!("You added {comes}"));
    ana.reads("thread", &format!("You removed {goes}"));
}

#[test]
fn a14_the_to_bar_leads_to_add_or_remove_users_with_the_members_ticked() {
    let house = house();
    let ana = phone(&house, "a14-phone", Account::ANA);
    let eva = wide(&house, "a14-eva", Account::EVA);
    let app = at_messaging(stage().narrow_app_at(&house, "a14-app"), Account::ANA);
    begins_with_bo_and_eva(&ana, "Who has the ladder?");
    eva.sees_row("Who has the ladder?");
    changes_from_the_to_bar(&ana, (&[Account::BO.name, Account::EVA.name], Account::EVA.name, ROSA));
    ana.reads("customers-bar", "1 customer is in this group");
    eva.sees_no_row("Who has the ladder?");
    app.opens(Account::BO.name);
    app.reads("customers-bar", "1 customer is in this group");
    changes_from_the_to_bar(&app, (&[Account::BO.name, ROSA], ROSA, Account::EVA.name));
    app.sees_no("customers-bar");
    eva.sees_row(Account::BO.name);
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
    let ana = held(&house, Held::Keys, "a15", Account::ANA);
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

#[test]
fn who_is_disabled_is_named_where_they_were_chosen_and_leaves_no_customer_alone() {
    let house = house();
    house.lets_the_admin_in();
    let kari = phone(&house, "disabled-phone", Account::KARI);
    let ana = app(&house, "disabled-app", Account::ANA);
    begins(&ana, &[ROSA, "Skogen"], "Which day suits you?");
    // Ana chooses Eva without a signal, and Eva is gone when it comes back.
    ana.line().cut();
    comes_to_the_people(&ana);
    ana.ticks(Account::EVA.name);
    ana.taps("members-save");
    ana.reads("thread", "You added Eva Moe");
    house.enables(Account::EVA, false);
    ana.line().heal();
    ana.reads("event-stuck", "Eva Moe can no longer be chosen");
    ana.reads("thread", "You added Eva Moe");
    ana.photograph("refused");
    ana.taps("bubble-stuck");
    ana.taps("outbox-discard");
    ana.is_asked(ROSA);
    ana.taps("confirm-yes");
    ana.sees_no("event-stuck");
    // Then Ana herself: the thread is Kari's, who has been here longest.
    kari.sees_no_row("Which day suits you?");
    house.enables(Account::ANA, false);
    kari.sees_row("Which day suits you?");
    kari.opens_row("Which day suits you?");
    kari.reads("thread", "You came in, as no colleague was left");
    kari.photograph("handed");
    kari.says("I go on here");
    ana.reads("status-line", "An admin has closed your access");
    ana.sees_no("row");
    house.enables(Account::ANA, true);
    phone(&house, "enabled-phone", Account::ANA).sees_row("I go on here");
}

/// Goes out of the thread that is open, and is asked by its name.
fn leaves(screen: &Screen, title: &str) {
    screen.taps("thread-menu");
    screen.taps("thread-leave");
    screen.is_asked(title);
    screen.taps("confirm-yes");
    screen.sees_no_row(title);
}

#[test]
fn a_thread_says_who_has_seen_it_is_named_and_is_left_by_its_owner_too() {
    let house = house();
    let ana = held(&house, Held::Keys, "named", Account::ANA);
    let [eva, bo] = [(Held::Phone, Account::EVA), (Held::App, Account::BO)]
        .map(|(how, account)| held(&house, how, "named", account));
    begins_with_bo_and_eva(&ana, "Who has the van?");
    for screen in [&eva, &bo] {
        screen.opens(Account::ANA.name);
        screen.sees_bubble("the question", |bubble| bubble.text.contains("Who has the van?"));
    }
    soon("both have seen it", || ana.driver().find("[data-testid=seen][data-count='2']"));
    ana.taps("seen");
    ana.sees("seen-person");
    ana.photograph("seen-by");
    ana.presses_escape();
    ana.taps("thread-menu");
    ana.taps("thread-rename");
    ana.types("rename-box", "The white vans");
    ana.taps("rename-save");
    for screen in [&ana, &eva, &bo] {
        screen.reads("thread-title", "The white vans");
    }
    bo.reads("thread", "Ana Lund named it “The white vans”");
    leaves(&eva, "The white vans");
    bo.reads("thread", "Eva Moe left");
    leaves(&ana, "The white vans");
    bo.reads("thread", "Ana Lund left");
    bo.says("Then it is mine");
    bo.sees_bubble("it is sent", |bubble| bubble.text.contains("Then it is mine") && bubble.is_sent());
    leaves(&bo, "The white vans");
}
