//! The customer's chat page by ear: in what order it is read, what is spoken unasked, where
//! the keys lead, and what axe finds.

use fieldline_tests::e2e::{Account, CustomerPage, Driver, Frame, House, Screen, soon};
use fieldline_tests::world::golden;

use crate::stage::{folder, stage};

/// Where the customer stands.
const HERE: (f64, f64) = (59.913, 10.739);
const QUESTION: &str = "Is this the part that broke?";
const ANSWER: &str = "Yes. I bring a new one";

/// The names of what Tab comes to, from the top of the page to its end.
const TAB: char = '\u{E004}';
const STOP: &str = "
    const at = document.activeElement;
    return at === document.body ? null : at.getAttribute('aria-label') ?? at.innerText;";

fn no_faults(page: &Driver) {
    soon("axe finds nothing", || match page.faults()?.as_slice() {
        [] => Ok(()),
        faults => Err(faults.join("\n")),
    });
}

/// Waits until this was spoken once, in this way.
#[track_caller]
fn speaks_once(page: &Driver, how: &str, words: &str) {
    soon(&format!("“{words}” is spoken once, {how}"), || {
        let spoken = page.spoken()?;
        let of_it: Vec<_> = spoken.iter().filter(|it| it.contains(words)).collect();
        match of_it.as_slice() {
            [one] if one.starts_with(how) => Ok(()),
            _ => Err(format!("{spoken:?}")),
        }
    });
}

fn stops(page: &Driver) -> Vec<String> {
    page.run("document.activeElement.blur(); getSelection().collapse(document.body, 0)", &[]).unwrap();
    let mut stops = Vec::new();
    loop {
        page.key(TAB).unwrap();
        let stop = page.run(STOP, &[]).unwrap();
        match stop.as_str() {
            Some(stop) if !stops.iter().any(|it| it == stop) => stops.push(stop.to_owned()),
            _ => return stops,
        }
    }
}

/// Ana has picked the conversation with this number.
fn ana_serves(house: &House, number: &str) -> Screen {
    let ana = stage().browser_at(house, "heard-ana", Frame::Wide);
    ana.signs_in(Account::ANA);
    ana.goes_to("picklist");
    ana.opens(number);
    ana.taps("pick");
    ana.sees("composer-box");
    ana
}

#[test]
fn a_screen_reader_reads_a_conversation_in_order_and_is_told_of_what_is_new_alone() {
    let house = House::open(&folder("house"), &[Account::ANA]);
    house.greets("Welcome! We answer within the hour.");
    let customer = CustomerPage::open(&folder("customer"), house.line(), HERE);
    let screen = customer.screen();
    let page = screen.driver();
    screen.reads("greeting", "Welcome!");
    no_faults(page);
    customer.starts_with_number("+47 414 90 131");
    customer.sends_location();
    customer.writes(QUESTION, &stage().fixtures.worn);
    no_faults(page);
    page.listens().unwrap();
    page.open(&format!("{}/chat", screen.line().address())).unwrap();
    soon("the page speaks from now on", || page.find("#log[aria-live=polite]"));
    screen.sees_bubble("their question", |bubble| bubble.text.contains(QUESTION) && bubble.photos == 1);
    let ana = ana_serves(&house, "+47 414 90 131");
    speaks_once(page, "polite", "Ana Lund joined");
    ana.says(ANSWER);
    speaks_once(page, "polite", ANSWER);
    soon("their question is seen", || page.find("[data-testid=bubble][data-mark=seen]"));
    let spoken = page.spoken().unwrap();
    for old in [QUESTION, "59.91", "Seen"] {
        assert!(!spoken.iter().any(|it| it.contains(old)), "{old} is no news: {spoken:?}");
    }
    let stops = stops(page);
    let order =
        ["More", "Messages", "Open in maps", "Open photo", "Add a photo or your location", "Your message"];
    let at: Vec<_> = order.map(|name| stops.iter().position(|it| it.contains(name))).into();
    assert!(at.is_sorted() && at[0].is_some(), "{stops:?}");
    ana.taps("thread-menu");
    ana.taps("menu-end");
    ana.taps("confirm-yes");
    speaks_once(page, "polite", "ended the chat");
    no_faults(page);
    golden("heard-chat-page", &page.heard().unwrap());
}

#[test]
fn a_photo_no_browser_draws_is_named_on_the_chat_page_until_it_is_sent_and_what_is_refused_is_spoken_at_once()
{
    let house = House::open(&folder("house"), &[Account::ANA]);
    let customer = CustomerPage::open(&folder("customer"), house.line(), HERE);
    let screen = customer.screen();
    let page = screen.driver();
    page.listens().unwrap();
    page.open(&format!("{}/chat", screen.line().address())).unwrap();
    customer.starts_with_number("+47 414 90 132");
    screen.attaches(&stage().fixtures.torn);
    speaks_once(page, "assertive", "damaged");
    screen.taps("tray-remove");
    screen.line().cut();
    screen.attaches(&stage().fixtures.heic);
    screen.reads("tray-item", "HEIC");
    screen.photograph("heic-tray");
    screen.types("composer-box", "As my phone takes it");
    screen.taps("send");
    let unshown = "IMG_0001.HEIC · It can be seen once it is sent";
    screen.sees_bubble("its name in its place", |it| {
        it.text.contains(unshown) && it.mark == "waiting" && it.photos == 0
    });
    screen.photograph("heic-waits");
    no_faults(page);
    let heard = page.heard().unwrap();
    assert!(heard.contains(&format!("button {unshown}")), "{heard}");
    screen.line().heal();
    screen.sees_bubble("the photo, sent", |it| it.photos == 1 && it.is_sent());
    let heard = page.heard().unwrap();
    assert!(heard.contains("button Open photo: IMG_0001.HEIC"), "{heard}");
}
