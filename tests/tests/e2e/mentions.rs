//! Somebody of a message thread is called by name: from the list, by a finger and by keys.

use fieldline_tests::e2e::{Account, Screen, soon};
use serde_json::json;

use crate::groups::{ROSA, begins, held, house};
use crate::stage::Held;

const DOWN: char = '\u{E015}';
const ENTER: char = '\u{E007}';

/// Who is called in the thread that is open, in order, as its reader sees them.
const CALLED: &str = "
    return [...document.querySelectorAll('[data-testid=mention]')]
        .map((it) => `${it.firstChild.textContent} ${it.dataset.of}`);";

fn reads_called(screen: &Screen, wanted: &[&str]) {
    soon(&format!("{wanted:?} are called"), || match screen.driver().run(CALLED, &[])? {
        called if called == json!(wanted) => Ok(()),
        called => Err(called.to_string()),
    });
}

/// Who is offered in the list, by name.
fn offered(screen: &Screen, wanted: &[&str]) {
    soon(&format!("{wanted:?} are offered"), || {
        let mut names = Vec::new();
        for one in screen.shown("mentions-item")? {
            names.push(screen.driver().text(&one)?);
        }
        let fits = names.len() == wanted.len()
            && wanted.iter().all(|name| names.iter().any(|offered| offered.contains(name)));
        if fits { Ok(()) } else { Err(format!("{names:?}")) }
    });
}

#[test]
fn somebody_is_called_from_the_list_by_a_finger_and_by_keys_and_sees_that_it_is_them() {
    let house = house();
    let bo = held(&house, Held::App, "mention", Account::BO);
    let ana = held(&house, Held::Phone, "mention", Account::ANA);
    let eva = held(&house, Held::Keys, "mention", Account::EVA);
    begins(&ana, &[Account::BO.name, Account::EVA.name, ROSA], "Who opens on Monday?");
    ana.types("composer-box", "I cannot, @");
    offered(&ana, &[Account::BO.name, Account::EVA.name, ROSA]);
    ana.types("composer-box", "I cannot, @da");
    offered(&ana, &[Account::BO.name]);
    ana.photograph("list");
    ana.taps("mentions-item");
    ana.sees_no("mentions");
    assert_eq!(ana.value_of("composer-box").unwrap(), "I cannot, @Bo Dahl ");
    ana.taps("send");
    bo.sees_row("I cannot, @Bo Dahl");
    bo.sees("mentioned");
    bo.photograph("row");
    bo.opens_row("I cannot");
    reads_called(&bo, &["@Bo Dahl me"]);
    bo.goes_to("settings");
    bo.goes_to("messaging");
    bo.sees_no("mentioned");
    eva.sees_row("I cannot, @Bo Dahl");
    eva.sees_no("mentioned");
    eva.opens_row("I cannot");
    reads_called(&eva, &["@Bo Dahl somebody"]);
    eva.types("composer-box", "Nor I, @");
    offered(&eva, &[Account::ANA.name, Account::BO.name, ROSA]);
    eva.driver().key(DOWN).unwrap();
    eva.driver().key(ENTER).unwrap();
    eva.sees_no("mentions");
    eva.photograph("chosen-by-keys");
    eva.taps("send");
    eva.sees_bubble("it is sent", |bubble| bubble.text.contains("Nor I, @Bo Dahl") && bubble.is_sent());
    bo.sees("mentioned");
    bo.opens_row("Nor I");
    reads_called(&bo, &["@Bo Dahl me", "@Bo Dahl me"]);
    reads_called(&ana, &["@Bo Dahl somebody", "@Bo Dahl somebody"]);
}
