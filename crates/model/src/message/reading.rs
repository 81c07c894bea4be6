//! Reads authors and bodies in one pass over their fields.
//!
//! Why not derived: an enum that is told apart by a field of its own keeps every field
//! aside until that one is met. A device reads its messages by the page, and that was
//! most of what a page cost.

use super::{Author, Body, Event, File, Quote};
use crate::group::GroupChange;
use crate::ids::PersonId;
use crate::location::Location;
use crate::mention::Mention;
use crate::people::PersonCard;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Customer,
    Person,
}

/// The fields of any author.
#[derive(Deserialize)]
struct AnyAuthor {
    by: By,
    id: Option<PersonId>,
    name: Option<String>,
}

impl<'de> Deserialize<'de> for Author {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let AnyAuthor { by, id, name } = AnyAuthor::deserialize(from)?;
        Ok(match by {
            By::Customer => Self::Customer,
            By::Person => Self::Person(PersonCard { id: there(id, "id")?, name: there(name, "name")? }),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Said,
    Happened,
    Changed,
}

/// The fields of any body.
#[derive(Deserialize)]
struct AnyBody {
    what: What,
    text: Option<String>,
    files: Option<Vec<File>>,
    location: Option<Location>,
    reply_to: Option<Box<Quote>>,
    #[serde(default)]
    mentions: Vec<Mention>,
    event: Option<Event>,
    change: Option<GroupChange>,
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let it = AnyBody::deserialize(from)?;
        Ok(match it.what {
            What::Said => Self::Said {
                text: there(it.text, "text")?,
                files: there(it.files, "files")?,
                location: it.location,
                reply_to: it.reply_to,
                mentions: it.mentions,
            },
            What::Happened => Self::Happened { event: there(it.event, "event")? },
            What::Changed => Self::Changed { change: there(it.change, "change")? },
        })
    }
}

fn there<T, E: Error>(field: Option<T>, name: &'static str) -> Result<T, E> {
    field.ok_or_else(|| E::missing_field(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_lacks_a_field_or_is_of_an_unknown_kind_is_refused() {
        let card = PersonCard { id: PersonId(uuid::Uuid::from_u128(3)), name: "Ana".into() };
        for author in [Author::Customer, Author::Person(card)] {
            assert_eq!(
                serde_json::from_str::<Author>(&serde_json::to_string(&author).unwrap()).unwrap(),
                author
            );
        }
        let said = Body::said("Hi");
        let bodies =
            [said, Body::Happened { event: Event::Ended }, Body::Changed { change: GroupChange::Started }];
        for body in bodies {
            // Also from a value, as the feed's changes are read.
            let value = serde_json::to_value(&body).unwrap();
            assert_eq!(serde_json::from_str::<Body>(&value.to_string()).unwrap(), body);
            assert_eq!(serde_json::from_value::<Body>(value).unwrap(), body);
        }
        for wrong in [
            r#"{"what":"said","files":[]}"#,
            r#"{"what":"happened"}"#,
            r#"{"what":"sung","text":"la"}"#,
            r#"{"text":"Hi","files":[]}"#,
        ] {
            assert!(serde_json::from_str::<Body>(wrong).is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<Author>(r#"{"by":"person","name":"Ana"}"#).is_err());
        assert!(serde_json::from_str::<Body>(r#"{"later":1,"what":"said","text":"","files":[]}"#).is_ok());
    }
}
