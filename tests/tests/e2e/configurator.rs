//! The Configurator, by an admin, and what everybody else has of it at once.

use std::fs;
use std::path::Path;

use fieldline_tests::e2e::{
    Account, CustomerPage, Frame, House, PASSWORD, Screen, eventually, seconds, soon,
};

use crate::stage::{Held, folder, stage};

const NUMBER: &str = "+47 416 30 077";

/// Clicks the one of its name that has this value.
fn clicks(screen: &Screen, testid: &str, (data, value): (&str, &str)) {
    let css = format!("[data-testid={testid}][data-{data}='{value}']");
    soon(&format!("{css} is clicked"), || {
        screen.driver().find(&css)?;
        screen.driver().run(&format!("document.querySelector(\"{css}\").click()"), &[])
    });
}

/// An admin at one page of the Configurator.
pub fn at_page(kari: &Screen, page: &str) {
    kari.goes_to("configurator");
    clicks(kari, "configurator-open", ("page", page));
    soon(&format!("the page {page} is there"), || {
        kari.driver().find(&format!("[data-testid=configurator-page][data-page={page}]"))
    });
}

#[test]
fn b16_a_type_an_admin_takes_away_is_refused_in_words_on_a_device_and_on_the_chat_page() {
    let house = House::open(&folder("house"), &[Account::ANA]);
    house.lets_the_admin_in();
    let new = &stage().fixtures.new;
    let customer = CustomerPage::open(&folder("customer"), house.line(), (59.91, 10.75));
    customer.starts_with_number(NUMBER);
    customer.writes("Is this the new one?", new);
    let anas = Held::ALL.map(|held| serves(&house, held, "b16"));
    let kari = stage().browser_at(&house, "admin", Frame::Wide);
    kari.signs_in(Account::KARI);
    at_page(&kari, "people");
    kari.reads("configurator-page", Account::ANA.name);
    kari.publishes("people");
    at_page(&kari, "files");
    clicks(&kari, "file-type", ("value", "png"));
    kari.taps("save");
    kari.sees("saved");
    kari.publishes("files");
    customer.screen().attaches(new);
    customer.screen().reads("tray-problem", "Photos of this type are not taken here");
    for ana in &anas {
        ana.attaches(new);
        ana.reads("tray-problem", "new-gear.png");
        ana.photograph("refused");
        ana.sees_no("tray-item");
    }
    // What is still taken goes.
    let [ana, ..] = &anas;
    ana.attaches(&stage().fixtures.worn);
    ana.taps("send");
    ana.sees_bubble("the photo, sent", |it| it.photos == 1 && it.side == "ours" && it.is_sent());
    customer.screen().sees_bubble("the agent's photo", |it| it.photos == 1 && it.side == "theirs");
}

/// Ana's device that is held so, at the customer's conversation: picked, if nobody has.
fn serves(house: &House, held: Held, row: &str) -> Screen {
    let ana = stage().held_at(house, held, row);
    ana.signs_in(Account::ANA);
    if held == Held::ALL[0] {
        ana.goes_to("picklist");
        ana.opens(NUMBER);
        ana.taps("pick");
    } else {
        ana.goes_to("conversations");
        ana.opens(NUMBER);
    }
    ana.sees("composer-box");
    ana
}

/// Clicks the row of its name with these words.
pub fn opens(screen: &Screen, testid: &str, words: &str) {
    let click = "
        const row = [...document.querySelectorAll(`[data-testid=${arguments[0]}]`)].find((it) => it.innerText.includes(arguments[1]));
        (row?.querySelector('a') ?? row)?.click();
        return row !== undefined;";
    soon(&format!("{words} is opened"), || {
        match screen.driver().run(click, &[testid.into(), words.into()])? {
            found if found == true => Ok(()),
            _ => Err("it is not there".to_owned()),
        }
    });
}

/// A ZIP file begins and ends so.
fn is_whole_zip(file: &Path) -> Result<(), String> {
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    let ends = bytes.windows(4).any(|part| part == b"PK\x05\x06");
    if bytes.starts_with(b"PK\x03\x04") && ends { Ok(()) } else { Err(format!("{} bytes", bytes.len())) }
}

/// The whole way of somebody new, in the app's window; and of a customer, out.
#[test]
fn an_admin_lets_somebody_in_and_a_device_out_and_takes_out_and_erases_a_customer_in_the_window() {
    let house = House::open(&folder("house"), &[Account::ANA]);
    house.lets_the_admin_in();
    house.writes("Rosa Diaz", "Do you have the gear?");
    let ana = stage().browser_at(&house, "admin-ana", Frame::Phone);
    ana.signs_in(Account::ANA);
    ana.goes_to("picklist");
    ana.sees_row("Rosa Diaz");
    let kari = stage().app_at(&house, "admin-window");
    kari.signs_in(Account::KARI);

    at_page(&kari, "people");
    kari.taps("person-add");
    kari.types("person-name", Account::EVA.name);
    kari.types("person-login", Account::EVA.login);
    kari.taps("save");
    kari.sees("invite-link");
    kari.photograph("invite");
    let link = kari.value_of("invite-link").expect("a link");
    let (_, secret) = link.rsplit_once("#invite=").expect("its secret is in the fragment");
    let eva = stage().browser_by_link(&house, "admin-eva", Frame::Wide, secret);
    eva.types("join-password", PASSWORD);
    eva.taps("join-submit");
    eva.goes_to("picklist");
    eva.sees_row("Rosa Diaz");

    kari.taps("configurator-back");
    opens(&kari, "person-row", Account::EVA.name);
    kari.sees("device");
    kari.photograph("person");
    kari.taps("device-block");
    kari.taps("confirm-yes");
    kari.sees("device-unblock");
    eva.reads("status-line", "An admin has closed your access");
    eva.sees_no_row("Rosa Diaz");
    eva.photograph("blocked-device");

    at_page(&kari, "customers");
    opens(&kari, "customer-row", "Rosa Diaz");
    let file = folder("export").join("rosa.zip");
    kari.taps("customer-export");
    kari.names_the_file(&file);
    eventually("the conversation is a file", seconds(20), || is_whole_zip(&file));
    kari.types("customer-erase-name", "Rosa Diaz");
    kari.taps("customer-erase-go");
    kari.is_asked("Rosa Diaz");
    kari.taps("confirm-yes");
    kari.sees("customer-erased");
    ana.sees_no_row("Rosa Diaz");

    kari.goes_to("settings");
    kari.sees("own-device");
    kari.taps("password-open");
    kari.types("password-old", PASSWORD);
    kari.types("password-new", "another horse battery");
    kari.taps("password-save");
    kari.sees("password-done");
}

#[test]
fn b17_a_heic_photo_is_drawn_for_the_customer_and_for_the_agent_whoever_sent_it() {
    let house = House::open(&folder("house"), &[Account::ANA]);
    let heic = &stage().fixtures.heic;
    let customer = CustomerPage::open(&folder("customer"), house.line(), (59.91, 10.75));
    customer.starts_with_number(NUMBER);
    customer.writes("As my phone takes it", heic);
    for (held, words) in Held::ALL.into_iter().zip(["From a phone", "By the keys", "From the app"]) {
        let ana = serves(&house, held, "b17");
        ana.sees_bubble("the customer's photo", |it| it.photos == 1 && it.side == "theirs");
        ana.attaches(heic);
        ana.reads("tray-item", "HEIC");
        // What is not drawn here is not cropped here.
        ana.sees_no("tray-edit");
        ana.photograph("heic");
        ana.says(words);
        ana.sees_bubble("the photo, sent", |it| it.photos == 1 && it.text.contains(words) && it.is_sent());
        customer.screen().sees_bubble("the agent's photo", |it| it.photos == 1 && it.text.contains(words));
    }
}
