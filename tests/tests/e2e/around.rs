//! What an agent does around a conversation: looks closely, keeps a photo, finds what
//! was said, and meets a chat that ended meanwhile.

use std::fs;
use std::path::Path;

use fieldline_tests::e2e::{Account, CustomerPage, Frame, House, Screen, eventually, seconds, soon};

use crate::stage::{Held, folder, stage, three};

/// Where the customer stands.
const HERE: (f64, f64) = (59.913, 10.739);
/// What is looked for, in the oldest message.
const OLDEST: &str = "The display says E04 and a red lamp";
/// So many messages stand below it: far out of sight, and still on the device.
const BELOW: usize = 40;

#[test]
fn a_photo_is_looked_at_larger_and_kept_as_a_file_of_ones_own() {
    for (held, number) in three(["+47 417 02 110", "+47 417 02 111", "+47 417 02 112"]) {
        let customer = CustomerPage::open(&folder("customer"), stage().house.line(), HERE);
        customer.starts_with_number(number);
        customer.writes("It looks like this", &stage().fixtures.worn);
        let ana = stage().held(held, "viewer");
        ana.signs_in(Account::ANA);
        ana.goes_to("picklist");
        ana.opens(number);
        ana.sees_bubble("the photo", |bubble| bubble.photos == 1);
        ana.taps("photo");
        ana.sees("viewer");
        ana.photograph("viewer");
        let kept = folder("kept");
        ana.keeps_files_in(&kept);
        ana.taps("viewer-save");
        ana.names_the_file(&kept.join("worn-gear.jpg"));
        eventually("the photo is a file", seconds(20), || is_jpeg(&kept));
        ana.taps("viewer-close");
        ana.sees_no("viewer");
    }
}

fn is_jpeg(folder: &Path) -> Result<(), String> {
    let there: Vec<_> = fs::read_dir(folder).map_err(|error| error.to_string())?.flatten().collect();
    let whole = there.iter().find(|file| file.path().extension().is_some_and(|ending| ending == "jpg"));
    let bytes =
        fs::read(whole.ok_or_else(|| format!("{there:?}"))?.path()).map_err(|error| error.to_string())?;
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.len() > 10_000 {
        Ok(())
    } else {
        Err(bytes.len().to_string())
    }
}

/// A house with one long conversation that is Ana's.
fn long(held: Held, name: &str) -> (House, Screen) {
    let house = House::open(&folder("house"), &[Account::ANA]);
    let visitor = house.writes("Liv Strand", OLDEST);
    for at in 1..=BELOW {
        house.writes_on(&visitor, &format!("And this is line {at}"));
    }
    let ana = stage().held_at(&house, held, name);
    ana.signs_in(Account::ANA);
    ana.goes_to("picklist");
    ana.opens("Liv Strand");
    ana.taps("pick");
    ana.sees("composer-box");
    (house, ana)
}

/// The message that was looked for is marked, and in sight.
fn is_at_the_oldest(ana: &Screen) {
    const SOUGHT: &str = "
        const sought = document.querySelector('[data-testid=bubble][data-sought=true]');
        const box = sought?.getBoundingClientRect();
        return box && box.top >= 0 && box.bottom <= innerHeight ? sought.innerText : '';";
    soon("the message that was looked for", || match ana.driver().run(SOUGHT, &[])?.as_str() {
        Some(text) if text.contains(OLDEST) => Ok(()),
        other => Err(format!("{other:?}")),
    });
}

#[test]
fn a_hit_of_the_search_opens_its_conversation_at_the_message() {
    for held in [Held::Phone, Held::Keys, Held::App] {
        let (_house, ana) = long(held, "hit");
        ana.goes_to("conversations");
        ana.line().cut();
        ana.types("search", "E04");
        ana.sees_row(OLDEST);
        ana.photograph("search-hit");
        ana.opens_row(OLDEST);
        is_at_the_oldest(&ana);
        ana.photograph("sought");
    }
}

#[test]
fn a_message_is_found_in_its_conversation_and_shown_where_it_is() {
    for held in [Held::Phone, Held::Keys, Held::App] {
        let (_house, ana) = long(held, "find");
        ana.taps("thread-menu");
        ana.taps("menu-find");
        ana.types("find-search", "red lamp");
        ana.reads("find-hit", "red lamp");
        ana.photograph("find");
        ana.taps("find-hit");
        is_at_the_oldest(&ana);
        ana.taps("thread-menu");
        ana.taps("menu-customer");
        ana.sees("customer-bar");
        ana.sees_no("composer-box");
        ana.taps("customer-back");
        ana.sees("composer-box");
    }
}

/// What was written without a signal into a chat that ended meanwhile is kept, says why,
/// and goes out when the chat is opened again.
#[test]
fn a_message_to_a_chat_that_ended_meanwhile_is_kept_and_sent_after_reopening() {
    for held in [Held::Phone, Held::Keys, Held::App] {
        let house = House::open(&folder("house"), &[Account::ANA]);
        house.writes("Kaia Ness", "See you tomorrow?");
        let ana = stage().held_at(&house, held, "late");
        ana.signs_in(Account::ANA);
        ana.goes_to("picklist");
        ana.opens("Kaia Ness");
        ana.taps("pick");
        ana.sees("composer-box");
        let second = stage().browser_at(&house, "late-second", Frame::Wide);
        second.signs_in(Account::ANA);
        second.goes_to("conversations");
        second.opens("Kaia Ness");
        ana.line().cut();
        ana.says("Yes, at nine");
        second.taps("thread-menu");
        second.taps("menu-end");
        second.taps("confirm-yes");
        second.sees("reopen");
        ana.line().heal();
        ana.sees_bubble("the message, kept", |bubble| {
            bubble.text.contains("at nine") && bubble.mark == "stuck"
        });
        ana.sees_bubble("why", |bubble| bubble.text.contains("has ended"));
        ana.photograph("ended-meanwhile");
        second.taps("reopen");
        second.sees("composer-box");
        ana.goes_to("outbox");
        ana.taps("outbox-retry");
        ana.goes_to("conversations");
        ana.opens("Kaia Ness");
        ana.sees_bubble("the message, sent", |bubble| bubble.text.contains("at nine") && bubble.is_sent());
        is_ended_by_both(&ana, &second);
    }
}

/// Both end it: once is enough, and half a sentence outlives it.
fn is_ended_by_both(ana: &Screen, second: &Screen) {
    ana.types("composer-box", "Bring the old");
    ana.taps("thread-menu");
    ana.taps("menu-end");
    ana.is_asked("Kaia Ness");
    second.taps("thread-menu");
    second.taps("menu-end");
    second.taps("confirm-yes");
    second.sees("reopen");
    ana.taps("confirm-yes");
    ana.reads("kept-draft", "Bring the old");
    ana.photograph("ended-by-both");
    ana.goes_to("outbox");
    ana.sees_no("outbox-row");
    ana.goes_to("history");
    ana.opens("Kaia Ness");
    ana.taps("reopen");
    soon("half a sentence is in the box again", || match ana.value_of("composer-box")?.as_str() {
        "Bring the old" => Ok(()),
        other => Err(format!("it holds “{other}”")),
    });
}
