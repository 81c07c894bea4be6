//! Single messages: answered, deleted for everybody, and seen by the customer's eyes;
//! and the replies that are kept ready.

use fieldline_tests::e2e::{Account, CustomerPage, Frame, House, Screen};

use crate::stage::{folder, stage};

/// Where the customer stands.
const HERE: (f64, f64) = (59.913, 10.739);
const QUESTION: &str = "Which of the two valves is it?";
const MISTAKE: &str = "The key is under the mat at number 9";
const ANSWER: &str = "The red one on the left";

#[test]
fn a_message_is_answered_and_a_mistake_is_deleted_for_everybody() {
    for (number, frame) in [("+47 415 70 012", Frame::Wide), ("+47 415 70 034", Frame::Phone)] {
        let customer = CustomerPage::open(&folder("customer"), stage().house.line(), HERE);
        customer.starts_with_number(number);
        customer.writes(QUESTION, &stage().fixtures.worn);
        let ana = stage().browser(&format!("messages-{frame:?}"), frame);
        ana.signs_in(Account::ANA);
        ana.goes_to("picklist");
        ana.opens(number);
        ana.taps("pick");
        ana.says(MISTAKE);
        customer.is_told(MISTAKE);
        ana.opens_menu_of_message(MISTAKE);
        ana.photograph("message-menu");
        ana.taps("bubble-delete");
        ana.is_asked("everybody");
        ana.taps("confirm-yes");
        customer.is_told("Message deleted");
        assert!(customer.answers().unwrap().iter().all(|bubble| !bubble.text.contains("number 9")));
        ana.opens_menu_of_message(QUESTION);
        ana.taps("bubble-reply");
        ana.reads("composer-reply", QUESTION);
        ana.says(ANSWER);
        ana.sees_bubble("the answer with what it answers", |bubble| {
            bubble.text.contains(QUESTION) && bubble.text.contains(ANSWER) && bubble.is_sent()
        });
        ana.photograph("answered");
        customer.is_told(ANSWER);
        sees_as_the_customer(&ana);
    }
}

/// No internal line, and a way back.
fn sees_as_the_customer(ana: &Screen) {
    ana.taps("thread-menu");
    ana.taps("menu-customer");
    ana.sees("customer-bar");
    ana.sees_no("composer-box");
    ana.photograph("as-the-customer");
    ana.taps("customer-back");
    ana.sees("composer-box");
}

#[test]
fn a_reply_that_is_kept_ready_is_found_by_its_word_and_names_the_customer() {
    let house = House::open(&folder("house"), &[Account::ANA]);
    house.keeps_ready("thanks", "Thank you, {name}. Have a warm day");
    house.writes("Sigrid Moe", "It works again");
    for ana in
        [stage().app_at(&house, "canned-app"), stage().browser_at(&house, "canned-phone", Frame::Phone)]
    {
        ana.signs_in(Account::ANA);
        if ana.is_touched() {
            ana.goes_to("conversations");
            ana.opens("Sigrid Moe");
        } else {
            ana.goes_to("picklist");
            ana.opens("Sigrid Moe");
            ana.taps("pick");
        }
        ana.line().cut();
        ana.types("composer-box", "/tha");
        ana.reads("canned-item", "/thanks");
        ana.photograph("canned");
        ana.taps("canned-item");
        ana.taps("send");
        ana.sees_bubble("the reply by her name", |bubble| bubble.text.contains("Thank you, Sigrid Moe."));
        ana.line().heal();
        ana.sees_bubble("the reply, sent", |bubble| bubble.text.contains("Sigrid Moe.") && bubble.is_sent());
    }
}
