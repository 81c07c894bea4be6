//! A contact list of ten thousand, imported as an admin does, in a browser.

use std::fmt::Write;

use fieldline_tests::e2e::{Account, House, Screen, eventually, seconds, soon};

use crate::groups::{comes_to_the_contacts, held};
use crate::stage::{Held, folder};

const CONTACTS: usize = 10_000;
/// More elements than a page with a screen of contacts has, and far fewer than one with all.
const ELEMENTS: u64 = 1_500;

/// The clients' block says how many it has; and how many elements the page has.
const BLOCK: &str = "
    const all = document.querySelector('[data-block=customer]')?.querySelector('[aria-setsize]');
    return [Number(all?.getAttribute('aria-setsize') ?? 0), document.querySelectorAll('*').length];";

/// Waits until the clients' block has so many, drawn by few elements.
fn has_clients(ana: &Screen, wanted: usize) {
    eventually(&format!("{wanted} clients"), seconds(30), || {
        let seen = ana.driver().run(BLOCK, &[])?;
        let (clients, elements) = (seen[0].as_u64().unwrap_or(0), seen[1].as_u64().unwrap_or(0));
        assert!(elements < ELEMENTS, "{elements} elements for {clients} contacts");
        if clients == wanted as u64 { Ok(()) } else { Err(seen.to_string()) }
    });
}

#[test]
fn a08_ten_thousand_contacts_are_searched_key_by_key_with_few_elements_and_the_right_results() {
    let house = House::open(&folder("house"), &[Account::ANA, Account::BO]);
    house.grants_threads(Account::ANA, true);
    let mut lines = String::new();
    for n in 0..CONTACTS {
        writeln!(lines, "Name{n:05} Berg,,name{n:05}@berg.example").expect("a line can be written");
    }
    house.imports_clients(&lines);
    let ana = held(&house, Held::Keys, "a08-many", Account::ANA);
    comes_to_the_contacts(&ana);
    has_clients(&ana, CONTACTS);
    ana.types("picker-search", "");
    // What is found grows less by each key, and nothing is left of what was found before.
    for (key, found) in [
        ('n', 10_000),
        ('a', 10_000),
        ('m', 10_000),
        ('e', 10_000),
        ('0', 10_000),
        ('4', 1_000),
        ('2', 100),
        ('0', 10),
    ] {
        ana.driver().key(key).unwrap();
        has_clients(&ana, found);
    }
    ana.photograph("found");
    ana.ticks("Name04207 Berg");
    ana.has_chosen(&["Name04207 Berg"]);
    ana.types("picker-search", "berg name09999");
    has_clients(&ana, 1);
    ana.ticks("Name09999 Berg");
    ana.types("picker-search", "zeppelin");
    soon("nobody is found", || match ana.shown("contact")?.len() {
        0 => Ok(()),
        count => Err(format!("{count} are there")),
    });
    ana.types("picker-search", "");
    has_clients(&ana, CONTACTS);
    ana.has_chosen(&["Name04207 Berg", "Name09999 Berg"]);
    ana.says("Two of ten thousand");
    ana.reads("customers-bar", "2 customers are in this group");
}
