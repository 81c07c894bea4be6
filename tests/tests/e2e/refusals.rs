//! Bad input, as a person meets it: refused in words, and nothing is lost.

use fieldline_tests::e2e::{
    Account, CustomerPage, Frame, House, PASSWORD, Screen, Stranger, free_port, soon,
};

use crate::stage::{Held, folder, stage};

#[test]
fn a_wrong_password_is_refused_in_words_and_the_right_one_still_works() {
    for screen in [stage().app("refused-app"), stage().browser("refused-browser", Frame::Wide)] {
        screen.tries_to_sign_in(Account::ANA, "not the password", &screen.line().address());
        screen.sees("sign-in-problem");
        screen.reads("sign-in-problem", "password");
        screen.photograph("wrong-password");
        screen.signs_in(Account::ANA);
    }
}

#[test]
fn an_address_of_somebody_elses_server_is_refused_in_words() {
    let app = stage().app("lost-app");
    app.tries_to_sign_in(Account::ANA, PASSWORD, &Stranger::start().address());
    app.reads("sign-in-problem", "not a Fieldline server");
    app.photograph("not-a-server");
    app.tries_to_sign_in(Account::ANA, PASSWORD, &format!("http://127.0.0.1:{}", free_port()));
    app.reads("sign-in-problem", "does not answer");
    app.tries_to_sign_in(Account::ANA, PASSWORD, &app.line().address().replace("http:", "https:"));
    app.reads("sign-in-problem", "cannot be trusted");
    app.signs_in(Account::ANA);
}

/// On the chat page, where the customer is told at once and goes on.
#[test]
fn what_cannot_be_sent_is_refused_in_words_on_the_chat_page_and_the_rest_goes() {
    let customer = CustomerPage::open(&folder("customer"), stage().house.line(), (59.913, 10.739));
    customer.starts_with_number("+47 414 90 118");
    let (screen, files) = (customer.screen(), &stage().fixtures);
    for (file, words) in [
        (&files.webp, "not a photo"),
        (&files.forged, "not a photo"),
        (&files.torn, "damaged"),
        (&files.garbled, "damaged"),
    ] {
        screen.attaches(file);
        screen.reads("tray-problem", words);
        screen.photograph("refused");
        screen.taps("tray-remove");
        screen.sees_no("tray-item");
    }
    customer.writes("This one is whole", &files.worn);
}

/// Bo picks without a signal what Ana picked meanwhile: he reads who has it, and what he was
/// composing is kept.
#[test]
fn b01_a_pick_that_came_too_late_says_who_has_it_and_keeps_what_was_composed() {
    for held in Held::ALL {
        let house = House::open(&folder("house"), &[Account::ANA, Account::BO]);
        house.writes("Runa Vik", "Can anybody come?");
        let ana = stage().browser_at(&house, "late-ana", Frame::Wide);
        let bo = stage().held_at(&house, held, "late");
        ana.signs_in(Account::ANA);
        bo.signs_in(Account::BO);
        for screen in [&ana, &bo] {
            screen.goes_to("picklist");
            screen.opens("Runa Vik");
        }
        bo.line().cut();
        bo.taps("pick");
        bo.types("composer-box", "I can be there at nine");
        bo.attaches(&stage().fixtures.new);
        bo.sees("tray-item");
        ana.taps("pick");
        ana.sees("composer-box");
        bo.line().heal();
        bo.reads("thread", "Ana Lund already has this conversation");
        // A moment later the feed has it too.
        bo.reads("thread", "Not here any more");
        bo.photograph("lost");
        bo.goes_to("outbox");
        is_kept(&bo);
        match held {
            Held::Phone => bo.publishes("kept"),
            Held::Keys | Held::App => bo.photograph("kept"),
        }
        // The draft names the customer also when the pick is gone.
        for left in [1, 0] {
            bo.taps("outbox-discard");
            bo.is_asked("Runa Vik");
            bo.taps("confirm-yes");
            soon("one thing less", || match bo.shown("outbox-row")?.len() {
                count if count == left => Ok(()),
                count => Err(format!("{count} are left")),
            });
        }
    }
}

/// The pick with who was faster, and the draft with all of it.
fn is_kept(bo: &Screen) {
    soon("the pick and the draft in the outbox", || {
        let rows = bo.shown("outbox-row")?;
        let texts: Result<Vec<_>, _> = rows.iter().map(|row| bo.driver().text(row)).collect();
        match texts?.as_slice() {
            [pick, draft]
                if pick.contains("Ana Lund already has")
                    && ["Runa Vik", "I can be there at nine", "new-gear.png"]
                        .iter()
                        .all(|it| draft.contains(it)) =>
            {
                Ok(())
            }
            others => Err(format!("{others:?}")),
        }
    });
}
