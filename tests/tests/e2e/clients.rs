//! A client with a login: invited by an admin, signed up in a browser, answering in a
//! thread.

use fieldline_tests::e2e::{Account, Frame, House, PASSWORD, Screen, soon};

use crate::stage::{folder, stage};

const CLIENTS: &str = "Kim Berg,,kim@berg.example
Skogen Kindergarten,,office@skogen.example
";
const KIM: &str = "Kim Berg";

/// A house whose admin and Ana may begin threads, with two clients.
fn house() -> House {
    let house = House::open(&folder("house"), &[Account::ANA, Account::BO]);
    house.lets_the_admin_in();
    house.imports_clients(CLIENTS);
    for account in [Account::KARI, Account::ANA] {
        house.grants_threads(account, true);
    }
    house
}

fn at_messaging(screen: Screen, account: Account) -> Screen {
    screen.signs_in(account);
    screen.goes_to("messaging");
    screen
}

/// What stands in the row of a contact; with `invite` it is pressed there.
const ROW: &str = "
    const row = [...document.querySelectorAll('[data-testid=contact]')].find((it) => it.innerText.includes(arguments[0]));
    if (arguments[1]) row?.querySelector('[data-testid=invite-client]')?.click();
    return row?.innerText ?? '';";

fn row(screen: &Screen, name: &str, invite: bool) -> Result<String, String> {
    let found = screen.driver().run(ROW, &[name.into(), invite.into()])?;
    Ok(found.as_str().unwrap_or_default().replace('\n', " · "))
}

/// An admin makes the client's link; gives its secret.
fn invites(kari: &Screen, name: &str) -> String {
    kari.taps("new-group");
    kari.sees("contact");
    soon("the row says so", || match row(kari, name, false)? {
        text if text.contains("Not signed up") && text.contains("Invite") => Ok(()),
        text => Err(text),
    });
    row(kari, name, true).expect("the row is there");
    kari.sees("invite-link");
    kari.photograph("invite");
    let link = kari.value_of("invite-link").expect("a link");
    let (_, secret) = link.rsplit_once("#invite=").expect("its secret is in the fragment");
    kari.taps("invite-close");
    secret.to_owned()
}

/// The client opens the link and chooses a password.
fn signs_up(house: &House, name: &str, frame: Frame, secret: &str) -> Screen {
    let kim = stage().browser_by_link(house, name, frame, secret);
    kim.types("join-password", PASSWORD);
    kim.taps("join-submit");
    kim
}

/// Only messaging, outbox and settings are there, and no way to a new thread.
fn has_messaging_alone(screen: &Screen) {
    if screen.is_touched() {
        screen.taps("nav-open");
    }
    screen.sees("nav-messaging");
    screen.photograph("client-sections");
    for other in ["nav-picklist", "nav-conversations", "nav-history", "ready", "new-thread", "new-group"] {
        screen.sees_no(other);
    }
    screen.taps("nav-messaging");
}

/// Who is in the thread, and no way to change it.
fn sees_who_is_in_it(kim: &Screen, names: &[&str]) {
    kim.taps(if kim.is_touched() { "to-bar" } else { "see-users" });
    soon("the people are there", || {
        let mut found = Vec::new();
        for member in kim.shown("member")? {
            found.push(kim.driver().text(&member)?);
        }
        let fits = found.len() == names.len() && names.iter().all(|n| found.iter().any(|m| m.contains(n)));
        if fits { Ok(()) } else { Err(format!("{found:?}")) }
    });
    kim.sees_no("add-remove-users");
    kim.presses_escape();
}

fn a_client_answers(house: &House, frame: Frame, name: &str) {
    let kari = at_messaging(stage().browser_at(house, &format!("{name}-kari"), Frame::Wide), Account::KARI);
    let bo = at_messaging(stage().app_at(house, &format!("{name}-bo")), Account::BO);
    let secret = invites(&kari, KIM);
    let kim = signs_up(house, name, frame, &secret);
    has_messaging_alone(&kim);
    soon("the row is a plain one", || match row(&kari, KIM, false)? {
        text if text.contains("signed up") => Err(text),
        _ => Ok(()),
    });
    kari.types("composer-box", "Which part is it?");
    kari.ticks(Account::BO.name);
    kari.ticks(KIM);
    kari.sees("customers-warning");
    kari.taps("send");
    bo.sees_row("Which part is it?");
    bo.opens(KIM);
    kim.sees_row("Which part is it?");
    kim.opens(Account::KARI.name);
    kim.sees_bubble("the question", |bubble| bubble.text.contains("Which part is it?"));
    kim.sees_no("customers-bar");
    kim.attaches(&stage().fixtures.worn);
    kim.sees("tray-item");
    kim.says("This one, from the boiler");
    kim.sees_bubble("the answer is sent", |bubble| bubble.is_sent() && bubble.photos == 1);
    kim.photograph("client-thread");
    sees_who_is_in_it(&kim, &["Kari Vik", "Bo Dahl", "You"]);
    bo.sees_bubble("text and photo", |bubble| bubble.text.contains("This one") && bubble.photos == 1);
    bo.reads("customers-bar", "1 customer is in this group");
    bo.says("Thank you");
    kim.sees_bubble("Bo's answer", |bubble| bubble.text.contains("Thank you"));
}

#[test]
fn a11_a_client_signs_up_by_the_admins_link_and_answers_with_text_and_photo_on_a_phone() {
    a_client_answers(&house(), Frame::Phone, "a11-kim-phone");
}

#[test]
fn a11_a_client_signs_up_by_the_admins_link_and_answers_by_keys_in_a_wide_browser_and_in_the_app() {
    let house = house();
    a_client_answers(&house, Frame::Keys, "a11-kim-keys");
    let kim = stage().app_at(&house, "a11-kim-app");
    kim.signs_in(Account { login: "kim@berg.example", name: KIM });
    has_messaging_alone(&kim);
    kim.opens(Account::KARI.name);
    kim.sees_bubble("what they sent before", |bubble| bubble.text.contains("This one") && bubble.photos == 1);
    kim.says("And from the app");
    kim.sees_bubble("it is sent", |bubble| bubble.text.contains("And from the app") && bubble.is_sent());
    sees_who_is_in_it(&kim, &["Kari Vik", "Bo Dahl", "You"]);
}
