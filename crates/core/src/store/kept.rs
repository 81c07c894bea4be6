//! A kept message as its bubble needs it, read from the JSON this crate wrote.
//!
//! Nearly every message is plain: somebody said a text, and nothing else. Reading such a
//! one as any JSON was most of what a page of a thread cost, so it is looked at as the
//! very words [`super::to_json`] makes of it; whatever differs is read as JSON. What reads
//! as plain is that JSON, so neither can say another thing than the other.

use super::json;
use fieldline_model::{Author, Body, Problem};
use serde::Deserialize;

/// A kept message.
#[derive(Debug, PartialEq)]
pub(super) enum Kept<'a> {
    /// Somebody said a text, and nothing else.
    Plain(Plain<'a>),
    /// Whatever else it is.
    Other(Other),
}

/// A plain one, where it lies: nothing of it is copied before it is its bubble's.
#[derive(Debug, PartialEq)]
pub(super) struct Plain<'a> {
    /// Whose, by id and name; nobody's: the customer's.
    pub by: Option<(&'a str, &'a str)>,
    pub at_ms: i64,
    pub text: &'a str,
}

/// What is read of another; what has columns of its own is not.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Other {
    pub author: Author,
    pub at_ms: i64,
    pub body: Body,
    #[serde(default)]
    pub deleted: bool,
}

impl<'a> Kept<'a> {
    /// Reads it.
    pub fn read(text: &'a str) -> Result<Self, Problem> {
        Plain::read(text).map_or_else(|| json(text).map(Self::Other), |it| Ok(Self::Plain(it)))
    }
}

impl<'a> Plain<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut it = Words(text);
        it.are(r#"{"id":""#)?.id()?;
        it.are(r#"","place":""#)?.id()?;
        it.are(r#"","n":"#)?.number()?;
        let by = match it.are(r#","author":{"by":""#)?.string()? {
            "customer" => None,
            "person" => {
                let id = it.are(r#","id":""#)?.id()?;
                Some((id, it.are(r#"","name":""#)?.string()?))
            }
            _ => return None,
        };
        let at_ms = it.are(r#"},"at_ms":"#)?.number()?;
        it.are(r#","written_at_ms":"#)?.number()?;
        let text = it.are(r#","body":{"what":"said","text":""#)?.string()?;
        let end = it.are(r#","files":[],"location":null}}"#)?;
        end.0.is_empty().then_some(Self { by, at_ms, text })
    }
}

/// Characters of an id as JSON has it.
const ID_CHARS: usize = uuid::fmt::Hyphenated::LENGTH;

/// What is left of a text.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    /// Passes over these words, if they come next.
    fn are(&mut self, words: &str) -> Option<&mut Self> {
        self.0 = self.0.strip_prefix(words)?;
        Some(self)
    }

    /// An id, whose length is always the same.
    fn id(&mut self) -> Option<&'a str> {
        let (id, rest) = self.0.split_at_checked(ID_CHARS)?;
        self.0 = rest;
        Some(id)
    }

    /// The rest of a string, and past its end; none of a string in which anything is escaped.
    fn string(&mut self) -> Option<&'a str> {
        let (string, rest) = self.0.split_once('"')?;
        self.0 = rest;
        (!string.contains('\\')).then_some(string)
    }

    /// A whole number.
    fn number(&mut self) -> Option<i64> {
        let end = self.0.bytes().position(|byte| byte != b'-' && !byte.is_ascii_digit())?;
        let (number, rest) = self.0.split_at(end);
        self.0 = rest;
        number.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::to_json;
    use super::*;
    use fieldline_model::{Event, Message, MessageId, PersonCard, PersonId, PlaceId};
    use uuid::Uuid;

    fn message(author: Author, body: Body) -> Message {
        let (id, place) = (MessageId(Uuid::from_u128(7)), PlaceId(Uuid::from_u128(8)));
        Message { id, place, n: 9, author, at_ms: -5, written_at_ms: 1_772_438_400_000, body, deleted: false }
    }

    fn said(text: &str) -> Body {
        Body::said(text)
    }

    #[test]
    fn a_plain_message_is_read_by_its_words_and_says_what_its_json_says() {
        let ana = Author::Person(PersonCard { id: PersonId(Uuid::from_u128(3)), name: "Ana 🔧".into() });
        for (author, text) in [(Author::Customer, "Hei, ¿qué tal?"), (ana, ""), (Author::Customer, "},{")] {
            let text = to_json(&message(author, said(text)));
            // Words that are written no more would still be right, and slow: this notices.
            let Plain { by, at_ms, text: said } = Plain::read(&text).expect("it is plain");
            let card = |(id, name): (&str, &str)| PersonCard { id: id.parse().unwrap(), name: name.into() };
            let author = by.map_or(Author::Customer, |by| Author::Person(card(by)));
            let plain = Other { author, at_ms, body: Body::said(said), deleted: false };
            assert_eq!(plain, json::<Other>(&text).unwrap());
        }
    }

    #[test]
    fn whatever_is_not_plain_is_read_as_json() {
        let happened = message(Author::Customer, Body::Happened { event: Event::Ended });
        let mut deleted = message(Author::Customer, said(""));
        deleted.deleted = true;
        let quoting = message(Author::Customer, said("say \"hi\"\n\\"));
        for it in [happened, deleted, quoting] {
            let text = to_json(&it);
            let Kept::Other(kept) = Kept::read(&text).unwrap() else { panic!("{text} is plain") };
            assert_eq!((kept.body, kept.deleted), (it.body, it.deleted));
        }
        assert!(Kept::read("{\"id\":\"").is_err());
    }
}
