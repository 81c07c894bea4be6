//! Clients from a CSV file (RFC 4180; semicolons will do): a header of `name`, `phone`, `email` in any
//! order, then one client a line.
//!
//! Whoever has the same e-mail address, else the same number, else the same name
//! without either, is the same client: importing twice adds nobody twice.
//!
//! Invariants
//! - A line that cannot be is left out and told of by its number; what stands in it is never
//!   logged, and never in an answer.
//! - Who asks is judged anew for each part that is written: a right that is taken away
//!   meanwhile ends the import there.

use super::{Asker, By, looked};
use crate::http::{App, kept_apart};
use crate::store::{Act, Look, Stop};
use fieldline_model::admin::desk::{Imported, LineFault, RefusedLine};
use fieldline_model::text::{clean_email, clean_name, clean_phone};
use fieldline_model::{AdminAnswer, Person, PersonId, Role};
use std::collections::{BTreeMap, BTreeSet};

/// Clients written in one job of the writer.
const AT_ONCE: usize = 500;
const VERB: &str = "import_contacts";

/// A line of the file, cleaned.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Card {
    name: String,
    phone: Option<String>,
    email: Option<String>,
}

impl Card {
    /// Who it is of.
    fn key(&self) -> String {
        let known = self.email.as_ref().map(|it| format!("email {it}"));
        let known = known.or_else(|| self.phone.as_ref().map(|it| format!("phone {it}")));
        known.unwrap_or_else(|| format!("name {}", self.name))
    }
}

/// Adds the clients of a file to the contact list, or changes them.
pub(super) async fn contacts(app: &App, asker: Asker, csv: &str) -> Result<AdminAnswer, Stop> {
    let mut known = looked(app, asker, (VERB, None), |look, _| known(look)).await?;
    let (cards, refused) = cards(csv);
    let (mut done, mut write) = (Imported { refused, ..Imported::default() }, Vec::new());
    for card in cards {
        let there = known.get(&card.key());
        let id = match there {
            Some(person) => person.id,
            None => PersonId::mint(app.clock.now_ms(), app.clock.random()),
        };
        let key = card.key();
        let Card { name, phone, email } = card;
        let signed_up = there.is_some_and(|person| person.signed_up);
        let person = Person { phone, email, signed_up, ..Person::new(id, name, Role::Client) };
        match there {
            None => done.added += 1,
            Some(same) if *same == person => {
                done.same += 1;
                continue;
            }
            Some(_) => done.changed += 1,
        }
        known.insert(key, person.clone());
        write.push(person);
    }
    for some in write.chunks(AT_ONCE) {
        put(app, asker, some.to_vec()).await?;
    }
    Ok(AdminAnswer::Imported(done))
}

async fn put(app: &App, asker: Asker, some: Vec<Person>) -> Result<(), Stop> {
    let now = app.clock.now_ms();
    let done = app.store.write(move |tx| {
        let by = By::of(tx, asker, now)?;
        kept_apart(tx.step(Act::new(by.actor(), VERB), |tx| {
            by.may()?;
            some.iter().try_for_each(|person| tx.put_contact(person))
        }))
    });
    Ok(done.await??)
}

/// The clients there are, by what they are told apart by.
fn known(look: &Look<'_>) -> Result<BTreeMap<String, Person>, Stop> {
    let keyed = look.clients(None, usize::MAX >> 1)?.into_iter().map(|person| {
        let Person { name, phone, email, .. } = person.clone();
        (Card { name, phone, email }.key(), person)
    });
    Ok(keyed.collect())
}

/// The cards of a file, and its lines that are none.
fn cards(csv: &str) -> (Vec<Card>, Vec<RefusedLine>) {
    let (lines, open) = lines(csv.trim_start_matches('\u{feff}'));
    let mut lines = lines.into_iter();
    let header = lines.next().map(|(_, fields)| fields).unwrap_or_default();
    let at = |name: &str| header.iter().position(|it| it.trim().eq_ignore_ascii_case(name));
    let Some(name) = at("name") else {
        return (Vec::new(), vec![RefusedLine { line: 1, why: LineFault::Header }]);
    };
    let columns = (name, at("phone"), at("email"));
    let (mut cards, mut refused, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (line, fields) in lines {
        match card(&fields, columns) {
            Ok(card) if seen.insert(card.key()) => cards.push(card),
            Ok(_) => refused.push(RefusedLine { line, why: LineFault::Twice }),
            Err(why) => refused.push(RefusedLine { line, why }),
        }
    }
    refused.extend(open.map(|line| RefusedLine { line, why: LineFault::Quotes }));
    (cards, refused)
}

fn card(
    fields: &[String],
    (name, phone, email): (usize, Option<usize>, Option<usize>),
) -> Result<Card, LineFault> {
    let field =
        |at: Option<usize>| at.and_then(|at| fields.get(at)).map(|it| it.trim()).filter(|it| !it.is_empty());
    Ok(Card {
        name: clean_name(field(Some(name)).unwrap_or_default()).map_err(|_| LineFault::Name)?,
        phone: field(phone).map(clean_phone).transpose().map_err(|_| LineFault::Phone)?,
        email: field(email).map(clean_email).transpose().map_err(|_| LineFault::Email)?,
    })
}

/// The fields of each line that is not empty, and which line it begins at.
/// With the line whose quotes do not close, if there is one.
fn lines(csv: &str) -> (Vec<(u32, Vec<String>)>, Option<u32>) {
    let first = csv.lines().next().unwrap_or_default();
    // Where a comma is part of a number, spreadsheets part fields by semicolons.
    let parted = if first.contains(';') && !first.contains(',') { ';' } else { ',' };
    let (mut found, mut fields, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut began, mut quoted) = (1, 1, false);
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            c if c == parted && !quoted => fields.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                fields.push(std::mem::take(&mut field));
                found.push((began, std::mem::take(&mut fields)));
                began = line + 1;
            }
            c => field.push(c),
        }
        line += u32::from(c == '\n');
    }
    if !quoted {
        fields.push(field);
        found.push((began, fields));
    }
    found.retain(|(_, fields)| fields.iter().any(|it| !it.trim().is_empty()));
    (found, quoted.then_some(began))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(csv: &str) -> Vec<(u32, LineFault)> {
        cards(csv).1.into_iter().map(|it| (it.line, it.why)).collect()
    }

    #[test]
    fn a_file_is_read_with_its_quotes_and_each_bad_line_is_named() {
        let csv =
            "Phone,NAME,email\r\n+47 900 12 345,\"Berg, \"\"Jo\"\"\nJonas\",J@Berg.example\r\n\r\n,Kim,\r\n";
        let (both, none) = cards(csv);
        assert_eq!((both[0].name.as_str(), none), ("Berg, \"Jo\"Jonas", vec![]));
        assert_eq!(
            (both[0].phone.as_deref(), both[0].email.as_deref()),
            (Some("+4790012345"), Some("j@berg.example"))
        );
        assert_eq!(both[1], Card { name: "Kim".into(), phone: None, email: None });
        assert_eq!(cards("name;phone\nKim;12345").0[0].phone.as_deref(), Some("12345"));
        assert_eq!(refused("phone,email\n1,2"), [(1, LineFault::Header)]);
        assert_eq!(refused(""), [(1, LineFault::Header)]);
        let all =
            "name,phone,email\nKim,12345,\nBo,call me,\n,1234567,\nLi,,nowhere\nKim,12345,\n\"Eva,,\nUma,,";
        use LineFault::*;
        assert_eq!(refused(all), [(3, Phone), (4, Name), (5, Email), (6, Twice), (7, Quotes)]);
        assert_eq!(cards(all).0.len(), 1);
    }
}
