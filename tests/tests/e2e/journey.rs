//! The first whole journey: a customer's photo reaches an agent, and the answer
//! comes back, through a dead network and a killed device.
//!
//! One story, told three times: the device that Ana answers on is the app, a wide
//! browser, a phone's browser.

use fieldline_tests::e2e::{Account, Bubble, CustomerPage, Frame, Screen, eventually, seconds, soon};

use crate::stage::{folder, stage};

/// Where the customer stands.
const HERE: (f64, f64) = (59.913, 10.739);
const QUESTION: &str = "Is this the part that broke?";
const ANSWER: &str = "Yes. I have a new one in the van";
const PHOTO_CAPTION: &str = "This is the one";

/// Everybody in the story. Ana's second device and Bo are always online.
struct Cast {
    number: &'static str,
    customer: CustomerPage,
    ana: Screen,
    second: Screen,
    bo: Screen,
}

#[test]
fn a_photo_reaches_the_app_and_its_answer_survives_no_network_and_a_kill() {
    let ana = stage().app("journey-app");
    tell(Cast::of("+47 412 08 771", ana, ("journey-second", Frame::Wide)));
}

#[test]
fn a_photo_reaches_a_wide_browser_and_its_answer_survives_no_network_and_a_kill() {
    let ana = stage().browser("journey-wide", Frame::Wide);
    tell(Cast::of("+47 415 22 306", ana, ("journey-second", Frame::Phone)));
}

#[test]
fn a_photo_reaches_a_phones_browser_and_its_answer_survives_no_network_and_a_kill() {
    let ana = stage().browser("journey-phone", Frame::Phone);
    tell(Cast::of("+47 419 63 540", ana, ("journey-second", Frame::Wide)));
}

fn tell(cast: Cast) {
    let cast = &mut the_customer_writes_and_comes_back(cast);
    the_conversation_waits_on_every_device(cast);
    ana_picks_it_and_bo_sees_it_leave(cast);
    ana_answers_without_a_network(cast);
    a_kill_loses_nothing(cast);
    the_answers_go_out_once_and_in_order(cast);
    ana_ends_it_by_name(cast);
    ana_reopens_it(cast);
}

impl Cast {
    fn of(number: &'static str, ana: Screen, (second, frame): (&str, Frame)) -> Self {
        let stage = stage();
        let customer = CustomerPage::open(&folder("customer"), stage.house.line(), HERE);
        let second = stage.browser(second, frame);
        let bo = stage.browser("bo", Frame::Wide);
        ana.photograph("sign-in");
        ana.signs_in(Account::ANA);
        second.signs_in(Account::ANA);
        bo.signs_in(Account::BO);
        Self { number, customer, ana, second, bo }
    }

    fn staff(&self) -> [&Screen; 3] {
        [&self.ana, &self.second, &self.bo]
    }
}

// ----- 1

fn the_customer_writes_and_comes_back(mut cast: Cast) -> Cast {
    let customer = cast.customer;
    let link = customer.starts_with_number(cast.number);
    customer.sends_location();
    customer.writes(QUESTION, &stage().fixtures.worn);
    customer.screen().publishes("chat");
    cast.customer = customer.comes_back_by(&link, &folder("customer"));
    let fits = |bubble: &Bubble| bubble.text.contains(QUESTION) && bubble.photos == 1;
    cast.customer.screen().sees_bubble("their question again", fits);
    cast
}

// ----- 2

fn the_conversation_waits_on_every_device(cast: &Cast) {
    for screen in cast.staff() {
        screen.goes_to("picklist");
    }
    for screen in cast.staff() {
        let row = screen.sees_row(cast.number);
        assert!(row.contains(QUESTION), "the row shows no preview: {row}");
        assert!(row.contains("Waiting"), "the row shows no waiting time: {row}");
    }
    cast.ana.photograph("picklist");
}

fn ana_picks_it_and_bo_sees_it_leave(cast: &Cast) {
    cast.ana.opens(cast.number);
    cast.ana.taps("pick");
    cast.bo.sees_no_row(cast.number);
    for screen in [&cast.ana, &cast.second] {
        screen.goes_to("conversations");
        screen.sees_row(cast.number);
        screen.opens(cast.number);
        asked(screen);
    }
}

/// The customer's message is there with its photo, and their place.
fn asked(screen: &Screen) {
    let fits = |bubble: &Bubble| bubble.text.contains(QUESTION) && bubble.photos == 1;
    screen.sees_bubble("the question with its photo", fits);
    screen.sees_bubble("the customer's place", |bubble| bubble.text.contains("59.913"));
}

// ----- 3

fn ana_answers_without_a_network(cast: &Cast) {
    let ana = &cast.ana;
    ana.line().cut();
    ana.says(ANSWER);
    ana.attaches(&stage().fixtures.forged);
    ana.reads("tray-problem", "not a picture");
    ana.sees_no("tray-item");
    ana.attaches(&stage().fixtures.worn);
    ana.reads("tray-item", "worn-gear.jpg");
    ana.taps("tray-remove");
    ana.sees_no("tray-item");
    ana.attaches(&stage().fixtures.new);
    ana.reads("tray-item", "new-gear.png");
    ana.types("composer-box", PHOTO_CAPTION);
    ana.adds_an_emoji();
    ana.photograph("composer");
    ana.taps("send");
    ana.sees_no("tray-item");
    both_wait(ana);
    ana.photograph("waiting");
}

/// Both answers are there, unsent, the photo drawn.
fn both_wait(ana: &Screen) {
    let waits = |bubble: &Bubble, words| bubble.text.contains(words) && bubble.mark == "waiting";
    ana.sees_bubble("the answer, waiting", |bubble| waits(bubble, ANSWER));
    ana.sees_bubble("the photo, waiting", |bubble| waits(bubble, PHOTO_CAPTION) && bubble.photos == 1);
}

fn a_kill_loses_nothing(cast: &mut Cast) {
    let ana = &mut cast.ana;
    ana.is_killed_and_started_again();
    ana.goes_to("conversations");
    ana.opens(cast.number);
    asked(ana);
    both_wait(ana);
    ana.photograph("after-kill-offline");
    ana.goes_to("outbox");
    soon("the outbox holds both", || match ana.shown("outbox-row")?.len() {
        2 => Ok(()),
        count => Err(format!("it holds {count}")),
    });
    ana.photograph("outbox");
    let unseen = cast.customer.answers().expect("the customer's page can be read");
    assert!(unseen.is_empty(), "the customer sees {unseen:?} already");
}

fn the_answers_go_out_once_and_in_order(cast: &Cast) {
    let ana = &cast.ana;
    ana.line().heal();
    ana.goes_to("conversations");
    ana.opens(cast.number);
    eventually("both are sent", seconds(40), || in_order(&sent(ana)?));
    soon("Ana's second device has both", || in_order(&sent(&cast.second)?));
    soon("the customer has both", || in_order(&cast.customer.answers()?));
    cast.customer.screen().publishes("answered");
    ana.photograph("thread");
    ana.goes_to("outbox");
    ana.sees_no("outbox-row");
}

/// What staff wrote and the server has.
fn sent(screen: &Screen) -> Result<Vec<Bubble>, String> {
    Ok(screen.bubbles()?.into_iter().filter(|bubble| bubble.side == "ours" && bubble.is_sent()).collect())
}

/// The two answers and nothing else, the text first, the photo drawn.
fn in_order(bubbles: &[Bubble]) -> Result<(), String> {
    match bubbles {
        [text, photo]
            if text.text.contains(ANSWER) && photo.text.contains(PHOTO_CAPTION) && photo.photos == 1 =>
        {
            Ok(())
        }
        other => Err(format!("{other:?}")),
    }
}

// ----- 4

fn ana_ends_it_by_name(cast: &Cast) {
    let ana = &cast.ana;
    ana.goes_to("conversations");
    ana.opens(cast.number);
    ana.taps("thread-menu");
    ana.photograph("menu");
    ana.taps("menu-end");
    ana.is_asked(cast.number);
    ana.photograph("confirm");
    ana.taps("confirm-yes");
    for screen in [ana, &cast.second] {
        screen.goes_to("history");
        screen.sees_row(cast.number);
    }
    ana.photograph("history");
    cast.customer.is_told("ended the chat");
    cast.customer.screen().photograph("ended");
    in_order(&cast.customer.answers().expect("the customer's page can be read")).expect("still once each");
}

fn ana_reopens_it(cast: &Cast) {
    cast.second.opens(cast.number);
    cast.second.taps("reopen");
    for screen in [&cast.second, &cast.ana] {
        screen.goes_to("conversations");
        screen.sees_row(cast.number);
    }
    cast.customer.is_told("opened the chat again");
}
