//! What screens show: the cache with the outbox laid over it, ready to be drawn.
//! These types cross to TypeScript; nothing here is stored.
//!
//! Invariants
//! - A view is a pure function of cache, outbox, drafts and what is in flight.
//! - A bubble's mark is derived, never stored; nothing is ever rolled back.

use fieldline_model::{
    BlobHash, Event, FileType, IntentId, Location, Me, MessageId, PersonCard, PlaceId, Policy, Problem,
    Rendition, State,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What part of the truth may have changed: a hint to read again, never the truth.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "topic")]
pub enum Topic {
    /// [`Status`], counts included.
    Status,
    /// Any list of rows.
    Lists,
    /// One thread.
    Thread {
        /// Which.
        place: PlaceId,
    },
    /// The outbox screen.
    Outbox,
    /// Something a person should be told although they are not looking.
    News {
        /// Where.
        place: PlaceId,
        /// The customer's name or number.
        title: String,
        /// The message, or empty.
        text: String,
        /// Whether it is a conversation that waits for anyone.
        waiting: bool,
    },
}

/// Whether this device has somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Nobody.
    SignedOut,
    /// Somebody.
    SignedIn,
    /// Somebody whose session the server ended: the outbox is kept, locked, until they return.
    SignInAgain,
    /// This app is too old for the server: everything is kept, nothing is sent.
    UpdateNeeded,
}

/// The state of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// No answer from the server.
    Offline,
    /// Trying, or catching up.
    Connecting,
    /// The live stream is open and everything before it is applied.
    Live,
}

/// How many there are, for the sidebar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Counts {
    /// Conversations that wait.
    pub picklist: u32,
    /// My open conversations.
    pub conversations: u32,
    /// Unread messages in them.
    pub unread: u32,
    /// Intents not yet answered.
    pub unsent: u32,
    /// Of these, those that need their person.
    pub stuck: u32,
}

/// The state of the whole app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Status {
    /// Whether somebody is signed in.
    pub door: Door,
    /// Who.
    pub me: Option<Me>,
    /// The server's address, as the person gave it.
    pub server: Option<String>,
    /// The connection.
    pub link: Link,
    /// Why there is none, if that is known.
    pub link_problem: Option<Problem>,
    /// When everything was last known to be in step, milliseconds since 1970.
    #[ts(type = "number | null")]
    pub synced_at_ms: Option<i64>,
    /// This device's clock, milliseconds since 1970.
    #[ts(type = "number")]
    pub now_ms: i64,
    /// Whether what is written survives a restart (not so in a browser without OPFS).
    pub durable: bool,
    /// How many there are.
    pub counts: Counts,
    /// What may be sent.
    pub policy: Policy,
}

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
}

/// A list's rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rows {
    /// In order, at most as many as asked for.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub total: u32,
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// On this device; it goes by itself.
    Waiting,
    /// On its way now.
    Sending,
    /// The server has it.
    Sent,
    /// It needs its person.
    Stuck,
}

/// Which picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum PictureOf {
    /// Of a message.
    Message {
        /// Which.
        message: MessageId,
        /// Its place among the message's files, from 0.
        i: u32,
        /// Which form.
        rendition: Rendition,
    },
    /// Of a draft or an unsent message: the bytes as chosen.
    Blob {
        /// Which.
        hash: BlobHash,
    },
}

/// A photo in a bubble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BubbleFile {
    /// Small.
    pub thumb: PictureOf,
    /// Large.
    pub display: PictureOf,
    /// Shown name.
    pub name: String,
    /// By the bytes.
    pub kind: FileType,
    /// Of the original.
    #[ts(type = "number")]
    pub size_bytes: u64,
    /// Pixels; 0 when not known yet.
    pub width: u32,
    /// Pixels; 0 when not known yet.
    pub height: u32,
    /// How much of it is on the server, 0 to 1; absent once it is sent.
    pub progress: Option<f32>,
}

/// On which side a bubble stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Mine, or a colleague's: ours.
    Ours,
    /// The customer's.
    Theirs,
}

/// What a bubble holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum BubbleBody {
    /// A message.
    Said {
        /// Shown as text only.
        text: String,
        /// In order.
        files: Vec<BubbleFile>,
        /// A place on earth.
        location: Option<Location>,
    },
    /// A line across: what happened to the conversation.
    Happened {
        /// Which.
        event: Event,
    },
    /// Entries between here are not on this device.
    Hole {
        /// How many.
        #[ts(type = "number")]
        missing: i64,
    },
}

/// One entry of a thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Bubble {
    /// Stable from the moment it is sent: the intent's and the message's id.
    #[ts(type = "string")]
    pub id: MessageId,
    /// Its number, once the server has it.
    #[ts(type = "number | null")]
    pub n: Option<i64>,
    /// Which side.
    pub side: Side,
    /// Whether I wrote it.
    pub mine: bool,
    /// The author's shown name; the customer's own name or number for theirs.
    pub author: String,
    /// When the server took it, or when it was written while unsent; milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What it holds.
    pub body: BubbleBody,
    /// How far it has come.
    pub mark: Mark,
    /// Why it is stuck.
    pub problem: Option<Problem>,
}

/// What may be done now, with the outbox laid over the cache. Each of these is
/// one row of the table of actions that menus, swipes and keys share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Can {
    /// Pick it.
    pub pick: bool,
    /// Write into it.
    pub send: bool,
    /// End it.
    pub end: bool,
    /// Reopen it.
    pub reopen: bool,
}

/// A photo in a draft: its bytes are on this device already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftFile {
    /// Which.
    pub hash: BlobHash,
    /// Shown name.
    pub name: String,
    /// By the bytes.
    pub kind: FileType,
    /// How large.
    #[ts(type = "number")]
    pub size_bytes: u64,
}

/// What is being composed in a place, on this device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// The photos, in order.
    pub files: Vec<DraftFile>,
    /// A location to go with it.
    pub location: Option<Location>,
}

/// One conversation as its screen shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Thread {
    /// Which.
    pub place: PlaceId,
    /// The customer's name.
    pub name: Option<String>,
    /// The customer's number.
    pub phone: Option<String>,
    /// Where in its life, with the outbox laid over it.
    pub state: State,
    /// Who has it, or had it last.
    pub agent: Option<PersonCard>,
    /// Who ended it.
    pub ended_by: Option<PersonCard>,
    /// When it was ended.
    #[ts(type = "number | null")]
    pub ended_at_ms: Option<i64>,
    /// Since when the customer waits.
    #[ts(type = "number | null")]
    pub waiting_since_ms: Option<i64>,
    /// What may be done now.
    pub can: Can,
    /// Oldest first: the newest ones, as many as asked for.
    pub bubbles: Vec<Bubble>,
    /// Whether there are entries before the first bubble, here or on the server.
    pub older: bool,
    /// The highest number I have read, on any device.
    #[ts(type = "number")]
    pub read_n: i64,
    /// What is being composed. Only the first read of a screen uses its text.
    pub draft: Draft,
}

/// What an unsent intent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutboxKind {
    /// A message.
    Send,
    /// A pick.
    Pick,
    /// An end.
    End,
    /// A reopening.
    Reopen,
}

/// One unsent intent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OutboxRow {
    /// Which.
    pub intent: IntentId,
    /// Where.
    pub place: PlaceId,
    /// The customer's name or number.
    pub title: String,
    /// What.
    pub kind: OutboxKind,
    /// The message's text.
    pub text: String,
    /// The message's photos.
    pub photos: u32,
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
