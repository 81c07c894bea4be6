//! Internal notes: what staff keep with a customer's conversation, for staff alone.
//!
//! A record of its own, with an intent and routes of its own, and never a kind of
//! message: the types that outsiders get ([`crate::public`]) have no place for one,
//! so no mistake in a filter can show it to a customer.
//!
//! Invariants
//! - Append-only: a note is never changed, and never deleted by a person.
//! - Seen by whoever sees its conversation as staff, at the moment of reading.
//! - It has no place among a conversation's numbered entries, and moves nothing
//!   that a customer gets: neither numbers nor counts, times or order.

use crate::code::{Code, Problem};
use crate::ids::{NoteId, PlaceId};
use crate::people::PersonCard;
use crate::text::check_text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Note {
    /// Which.
    pub id: NoteId,
    /// Of which conversation.
    pub place: PlaceId,
    /// Who wrote it.
    pub author: PersonCard,
    /// When the server took it, milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// When its author wrote it, by their device's clock; only ever shown.
    #[ts(type = "number")]
    pub written_at_ms: i64,
    /// 1 to [`crate::policy::TEXT_MAX_CHARS`] characters, shown as text only.
    pub text: String,
}

/// Refuses what no server would keep: nothing, or too much.
pub fn check_note(text: &str) -> Result<(), Problem> {
    check_text(text)?;
    if text.trim().is_empty() { Err(Code::NoteEmpty.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_note_and_one_of_a_megabyte_are_refused() {
        assert_eq!(check_note(" \n"), Err(Code::NoteEmpty.into()));
        assert_eq!(check_note(&"a".repeat(1 << 20)).unwrap_err().code, Code::TextTooLong);
        assert!(check_note("Gate code 4711").is_ok());
    }
}
