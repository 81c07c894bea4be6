//! Offers and availability, as agents meet them: in the app, in a wide browser, and
//! on a phone.

use fieldline_tests::e2e::{Account, Frame, House, Screen};

use crate::stage::{Held, folder, stage, three};

/// Long enough for a busy machine to see it, and to answer.
const STANDS_S: u32 = 120;

/// A workspace whose queue offers, with nobody available yet.
fn house() -> House {
    let house = House::open(&folder("house"), &[Account::ANA, Account::BO]);
    house.offers(STANDS_S);
    house
}

/// Sets the availability where the sections are: at the side, or in the drawer.
fn is_available(screen: &Screen) {
    if screen.shown("nav-open").is_ok_and(|found| !found.is_empty()) {
        screen.taps("nav-open");
        screen.taps("ready-available");
        screen.presses_escape();
    } else {
        screen.taps("ready-available");
    }
}

/// Ana lets it pass, and Bo has it on a phone, by keys alone, and in the app.
#[test]
fn b01_an_offer_that_is_passed_goes_on_to_the_next_agent_who_accepts_it() {
    for held in Held::ALL {
        let house = house();
        let ana = stage().browser_at(&house, "b01-passes", Frame::Keys);
        let bo = stage().held_at(&house, held, "b01");
        ana.signs_in(Account::ANA);
        bo.signs_in(Account::BO);
        is_available(&ana);
        house.writes("Rosa", "No hot water since last night");
        ana.reads("offer", "No hot water since last night");
        ana.photograph("offer");
        is_available(&bo);
        bo.sees_no("offer");
        ana.taps("offer-pass");
        ana.sees_no("offer");
        bo.reads("offer", "Rosa");
        bo.photograph("offer");
        bo.taps("offer-accept");
        bo.reads("thread-title", "Rosa");
        bo.sees("composer-box");
        bo.goes_to("conversations");
        bo.sees_row("Rosa");
        ana.goes_to("picklist");
        ana.sees_no_row("Rosa");
    }
}

#[test]
fn b01_a_conversation_that_is_picked_is_in_conversations_and_in_no_picklist() {
    let house = House::open(&folder("house"), &[Account::ANA, Account::BO]);
    let bo = stage().browser_at(&house, "b01-bo", Frame::Wide);
    bo.signs_in(Account::BO);
    for (held, name) in three(["Runa Moe", "Rolf Moe", "Rita Moe"]) {
        house.writes(name, "Is anybody there?");
        bo.goes_to("picklist");
        bo.sees_row(name);
        let ana = stage().held_at(&house, held, "b01-pick");
        ana.signs_in(Account::ANA);
        ana.goes_to("picklist");
        ana.opens(name);
        ana.taps("pick");
        ana.sees("composer-box");
        ana.photograph("picked");
        ana.goes_to("conversations");
        ana.sees_row(name);
        for screen in [&ana, &bo] {
            screen.goes_to("picklist");
            screen.sees_no_row(name);
        }
    }
}

/// All three are Ana's. One picks or accepts, the second has it at once, and the third, which had no
/// signal then, when it has one again.
#[test]
fn b03_what_one_device_picks_or_accepts_is_on_the_others_also_on_one_that_was_offline() {
    let house = house();
    let devices = Held::ALL.map(|held| stage().held_at(&house, held, "b03"));
    for device in &devices {
        device.signs_in(Account::ANA);
    }
    for (at, name) in ["Mateo", "Marta", "Milan"].into_iter().enumerate() {
        let [first, second, third] = [0, 1, 2].map(|step| &devices[(at + step) % devices.len()]);
        third.line().cut();
        house.writes(name, "Could someone come today?");
        first.goes_to("picklist");
        first.opens(name);
        first.taps("pick");
        first.sees("composer-box");
        second.goes_to("conversations");
        second.sees_row(name);
        third.line().heal();
        third.goes_to("conversations");
        third.opens(name);
        third.says("Yes, before noon");
        first.sees_bubble("what she wrote elsewhere", |bubble| {
            bubble.text.contains("before noon") && bubble.is_sent()
        });
    }
    is_available(&devices[0]);
    for (device, name) in devices.iter().zip(["Ivar", "Ines", "Isak"]) {
        house.writes(name, "And me?");
        for shown in &devices {
            shown.reads("offer", name);
        }
        device.photograph("offer");
        device.taps("offer-accept");
        device.reads("thread-title", name);
        for other in &devices {
            other.sees_no("offer");
            other.goes_to("conversations");
            other.sees_row(name);
        }
    }
}
