//! The Configurator, by an admin, and what everybody else has of it at once.

use fieldline_tests::e2e::{Account, CustomerPage, Frame, House, Screen, soon};

use crate::stage::{folder, stage};

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
fn at_page(kari: &Screen, page: &str) {
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
    let ana = stage().app_at(&house, "b16-app");
    ana.signs_in(Account::ANA);
    ana.goes_to("picklist");
    ana.opens(NUMBER);
    ana.taps("pick");
    ana.sees("composer-box");
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
    ana.attaches(new);
    ana.reads("tray-problem", "new-gear.png");
    ana.sees_no("tray-item");
    customer.screen().attaches(new);
    customer.screen().reads("tray-problem", "Photos of this type are not taken here");
    // What is still taken goes, from both.
    ana.attaches(&stage().fixtures.worn);
    ana.taps("send");
    ana.sees_bubble("the photo, sent", |it| it.photos == 1 && it.side == "ours" && it.is_sent());
    customer.screen().sees_bubble("the agent's photo", |it| it.photos == 1 && it.side == "theirs");
}
