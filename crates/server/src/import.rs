//! Clients from a CSV file (RFC 4180; semicolons will do): a header of `name`, `phone`, `email` in any
//! order, then one client a line.
//!
//! Whoever has the same e-mail address, else the same number, else the same name
//! without either, is the same client: importing twice adds nobody twice.
//!
//! Invariant: of a file with a line that cannot be, nothing is taken; the line is named
//! by its number, and what stands in it is never logged.

use crate::Server;
use crate::store::{Act, Actor, Stop};
use fieldline_model::text::{clean_name, clean_phone};
use fieldline_model::{Person, PersonId, Role};
use std::collections::BTreeMap;

/// Clients written in one job of the writer.
const AT_ONCE: usize = 500;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// New clients.
    pub added: usize,
    /// Clients whose name, number or address is another now.
    pub changed: usize,
    /// Clients who were there, the same.
    pub same: usize,
}

/// Why nothing was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// The first line does not name a `name` column.
    Header,
    /// A line, counted from 1, has no name, or a number or address that cannot be, or
    /// quotes that do not close.
    Line(usize),
    /// The store.
    Store(Stop),
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Header => f.write_str("the first line must name the columns: name, phone, email"),
            Self::Line(line) => write!(
                f,
                "line {line} is no client (a name of at most 120 characters, a number of 4 to 20 digits, an \
                 e-mail address); nothing was imported"
            ),
            Self::Store(stop) => write!(f, "{stop:?}"),
        }
    }
}

impl std::error::Error for ImportError {}

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

impl Server {
    /// Adds the clients of a CSV file to the contact list, or changes them.
    pub async fn import_contacts(&self, csv: &str) -> Result<Imported, ImportError> {
        let cards = cards(csv)?;
        let mut known = self.known().await.map_err(ImportError::Store)?;
        let (mut done, mut write) = (Imported::default(), Vec::new());
        for card in cards {
            let there = known.get(&card.key());
            let id = match there {
                Some(person) => person.id,
                None => PersonId::mint(self.app.clock.now_ms(), self.app.clock.random()),
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
            let some = some.to_vec();
            let job = self.app.store.write(move |tx| {
                tx.step(Act::new(Actor::Operator, "import_contacts"), |tx| {
                    some.iter().try_for_each(|person| tx.put_contact(person))
                })
            });
            job.await.map_err(ImportError::Store)?;
        }
        Ok(done)
    }

    /// The clients there are, by what they are told apart by.
    async fn known(&self) -> Result<BTreeMap<String, Person>, Stop> {
        let all = self.app.store.read(|look| look.clients(None, usize::MAX >> 1)).await?;
        let keyed = all.into_iter().map(|person| {
            let Person { name, phone, email, .. } = person.clone();
            (Card { name, phone, email }.key(), person)
        });
        Ok(keyed.collect())
    }
}

/// The cards of a file.
fn cards(csv: &str) -> Result<Vec<Card>, ImportError> {
    let mut lines = lines(csv.trim_start_matches('\u{feff}'))?.into_iter();
    let header = lines.next().map(|(_, fields)| fields).unwrap_or_default();
    let at = |name: &str| header.iter().position(|it| it.trim().eq_ignore_ascii_case(name));
    let (name, phone, email) = (at("name").ok_or(ImportError::Header)?, at("phone"), at("email"));
    lines
        .map(|(line, fields)| {
            let field = |at: Option<usize>| {
                at.and_then(|at| fields.get(at)).map(|it| it.trim()).filter(|it| !it.is_empty())
            };
            let wrong = |_| ImportError::Line(line);
            let email = field(email).map(str::to_lowercase);
            let is_address = |it: &String| {
                let plain = |c: char| !c.is_whitespace() && !c.is_control();
                it.len() <= 254 && it.contains('@') && it.chars().all(plain)
            };
            if email.as_ref().is_some_and(|it| !is_address(it)) {
                return Err(ImportError::Line(line));
            }
            Ok(Card {
                name: clean_name(field(Some(name)).unwrap_or_default()).map_err(wrong)?,
                phone: field(phone).map(clean_phone).transpose().map_err(wrong)?,
                email,
            })
        })
        .collect()
}

/// The fields of each line that is not empty, and which line it begins at.
fn lines(csv: &str) -> Result<Vec<(usize, Vec<String>)>, ImportError> {
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
        line += usize::from(c == '\n');
    }
    if quoted {
        return Err(ImportError::Line(began));
    }
    fields.push(field);
    found.push((began, fields));
    found.retain(|(_, fields)| fields.iter().any(|it| !it.trim().is_empty()));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_with_its_quotes_and_a_bad_line_is_named() {
        let csv =
            "Phone,NAME,email\r\n+47 900 12 345,\"Berg, \"\"Jo\"\"\nJonas\",J@Berg.example\r\n\r\n,Kim,\r\n";
        let both = cards(csv).unwrap();
        assert_eq!(both[0].name, "Berg, \"Jo\"Jonas");
        assert_eq!(
            (both[0].phone.as_deref(), both[0].email.as_deref()),
            (Some("+4790012345"), Some("j@berg.example"))
        );
        assert_eq!(both[1], Card { name: "Kim".into(), phone: None, email: None });
        assert_eq!(cards("name;phone\nKim;12345").unwrap()[0].phone.as_deref(), Some("12345"));
        assert_eq!(cards("phone,email\n1,2"), Err(ImportError::Header));
        assert_eq!(cards("name,phone\nKim,12345\nBo,call me"), Err(ImportError::Line(3)));
        assert_eq!(cards("name\n\"Kim"), Err(ImportError::Line(2)));
        assert_eq!(cards("name,email\nKim,nowhere"), Err(ImportError::Line(2)));
    }
}
