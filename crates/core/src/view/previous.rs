//! What stands above a conversation: its customer's previous ones.

use super::{Bubble, NoteLine};
use fieldline_model::{PersonCard, PlaceId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One previous conversation, or its newest part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PreviousConversation {
    /// Which.
    pub place: PlaceId,
    /// When it began, milliseconds since 1970.
    #[ts(type = "number")]
    pub created_at_ms: i64,
    /// When it was ended, milliseconds since 1970.
    #[ts(type = "number | null")]
    pub ended_at_ms: Option<i64>,
    /// Who ended it.
    pub ended_by: Option<PersonCard>,
    /// Oldest first.
    pub bubbles: Vec<Bubble>,
    /// Its internal notes, newest first.
    pub notes: Vec<NoteLine>,
}

/// A customer's previous conversations, one timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Previous {
    /// Oldest first; the newest entries, as many as asked for.
    pub conversations: Vec<PreviousConversation>,
    /// Whether there may be more before these, here or on the server.
    pub more: bool,
}
