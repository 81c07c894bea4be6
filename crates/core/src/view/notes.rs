//! A conversation's internal notes, for staff.

use super::Mark;
use fieldline_model::{NoteId, PlaceId, Problem};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NoteLine {
    /// Which; stable from the moment it is saved.
    pub id: NoteId,
    /// Whether I wrote it.
    pub mine: bool,
    /// The author's shown name.
    pub author: String,
    /// When the server took it, or when it was written while unsent; milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Shown as text only.
    pub text: String,
    /// How far it has come.
    pub mark: Mark,
    /// Why it is stuck.
    pub problem: Option<Problem>,
}

/// The page of a conversation's notes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Notes {
    /// Of which conversation.
    pub place: PlaceId,
    /// The customer's name.
    pub name: Option<String>,
    /// The customer's number.
    pub phone: Option<String>,
    /// Newest first.
    pub notes: Vec<NoteLine>,
    /// The note being written. Only the first read of a screen uses it.
    pub draft: String,
}
