//! The lists, and the outbox screen.

use super::{DraftFile, Mark};
use fieldline_model::{IntentId, MessageId, PersonId, PlaceId, Problem, Ready, SoundLevel, State};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Conversations that wait.
    Picklist,
    /// My open conversations.
    Conversations,
    /// Ended ones.
    History,
}

/// How a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Newest message first.
    Newest,
    /// Who has waited longest first.
    LongestWaiting,
}

/// A part of a list: no list is ever read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// From which row, the first being 0.
    pub from: u32,
    /// At most so many.
    pub limit: u32,
}

impl Page {
    /// The first `limit` rows.
    pub fn first(limit: u32) -> Self {
        Self { from: 0, limit }
    }
}

/// Whose words a row's preview is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum PreviewBy {
    /// The customer's.
    Customer,
    /// Mine.
    You,
    /// A colleague's.
    Colleague {
        /// Shown name.
        name: String,
    },
    /// Nobody's yet: what is being composed here.
    Draft,
}

/// The one-line preview of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowPreview {
    /// Whose.
    pub author: PreviewBy,
    /// The first characters, on one line; may be empty.
    pub text: String,
    /// Photos in it.
    pub photos: u32,
    /// Whether it has a location.
    pub location: bool,
    /// Whether its author deleted it.
    pub deleted: bool,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Row {
    /// What it opens.
    pub place: PlaceId,
    /// The customer's name.
    pub name: Option<String>,
    /// The customer's number, digits with an optional plus.
    pub phone: Option<String>,
    /// Where in its life, with the outbox laid over it.
    pub state: State,
    /// Who has it, when that is somebody else.
    pub agent: Option<String>,
    /// The preview.
    pub preview: Option<RowPreview>,
    /// When it last moved, milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Since when the customer waits, milliseconds since 1970.
    #[ts(type = "number | null")]
    pub waiting_since_ms: Option<i64>,
    /// Unread messages.
    pub unread: u32,
    /// Unsent intents here.
    pub unsent: u32,
    /// Whether one of them needs its person.
    pub stuck: bool,
    /// How loud its news is set to be; nothing: as this device is set.
    pub sound: Option<SoundLevel>,
    /// Internal notes kept with it, unsent ones included.
    pub notes: u32,
    /// The newest message with the words that were searched for.
    pub hit: Option<RowHit>,
}

/// A message that has the words of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowHit {
    /// Which.
    #[ts(type = "string")]
    pub message: MessageId,
    /// Its number in its place.
    #[ts(type = "number")]
    pub n: i64,
    /// Whose.
    pub author: PreviewBy,
    /// Its text around the first of the words, on one line.
    pub text: String,
    /// When the server took it, milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// A list's rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rows {
    /// In order, from where they were asked and at most as many as asked for.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub total: u32,
}

/// A colleague a conversation may be handed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Colleague {
    /// Who.
    pub id: PersonId,
    /// Shown name.
    pub name: String,
    /// Whether they take conversations, as they last said.
    pub ready: Ready,
}

/// What an unsent intent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutboxKind {
    /// A message.
    Send,
    /// A pick.
    Pick,
    /// An offer that was accepted.
    Accept,
    /// An end.
    End,
    /// A reopening.
    Reopen,
    /// An internal note.
    Note,
    /// A transfer.
    Transfer,
    /// The deletion of a message.
    Delete,
    /// A message thread that is begun, with its first message.
    Start,
    /// People added to a group and removed.
    Members,
    /// Going out of a group.
    Leave,
    /// A group's name.
    Rename,
    /// What was being composed in a place that is not here any more: it was asked of nobody.
    Draft,
    /// The same of an internal note.
    NoteDraft,
}

/// One unsent intent, or a draft whose place is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OutboxRow {
    /// Which; of a draft its place's id.
    pub intent: IntentId,
    /// Where.
    pub place: PlaceId,
    /// The customer's name or number; empty of a draft where nobody knows it any more.
    pub title: String,
    /// What.
    pub kind: OutboxKind,
    /// The message's text.
    pub text: String,
    /// The message's photos.
    pub photos: u32,
    /// Those of a draft, which can be looked at nowhere else.
    pub files: Vec<DraftFile>,
    /// Waiting, sending or stuck.
    pub mark: Mark,
    /// Why it is stuck, or why it waits.
    pub problem: Option<Problem>,
    /// When it was asked.
    #[ts(type = "number")]
    pub asked_at_ms: i64,
    /// How much of its photos is on the server, 0 to 1.
    pub progress: Option<f32>,
}
