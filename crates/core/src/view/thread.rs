//! One conversation's or message thread's screen: its bubbles, what may be done, and its draft.

use super::{Mentioned, NoteLine, ThreadGroup};
use fieldline_model::location::Tile;
use fieldline_model::{
    BlobHash, Event, FileType, GroupChange, Location, Mention, MessageId, PersonCard, PlaceId, Problem,
    Rendition, SoundLevel, State,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// It was shown to the customer.
    Seen,
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
    /// Of the map.
    Tile {
        /// Which.
        tile: Tile,
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
    /// When it was taken, as its camera says, by the clock where it was.
    pub taken_at: Option<String>,
    /// How much of it is on the server, 0 to 1; absent once it is sent.
    pub progress: Option<f32>,
}

/// A message as another one, or a draft, quotes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuoteLine {
    /// Which.
    #[ts(type = "string")]
    pub message: MessageId,
    /// Its number in its place; absent when nothing of it is on this device.
    #[ts(type = "number | null")]
    pub n: Option<i64>,
    /// Whether I wrote it.
    pub mine: bool,
    /// The author's shown name; the customer's own name or number for theirs.
    pub author: String,
    /// Its first characters, on one line; may be empty.
    pub text: String,
    /// Photos in it.
    pub photos: u32,
    /// Whether it has a location.
    pub location: bool,
    /// Whether its author deleted it.
    pub deleted: bool,
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
        /// What it answers.
        reply: Option<Box<QuoteLine>>,
        /// Who is mentioned in the text, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<Mentioned>>", optional)]
        mentions: Vec<Mentioned>,
    },
    /// A message its author deleted: nothing of it is left.
    Deleted,
    /// A line across: what happened to the conversation.
    Happened {
        /// Which.
        event: Event,
    },
    /// A line across: what happened to the group.
    Changed {
        /// Which.
        change: GroupChange,
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
    /// Who is mentioned in it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Mention>>", optional)]
    pub mentions: Vec<Mention>,
    /// The photos, in order.
    pub files: Vec<DraftFile>,
    /// A location to go with it.
    pub location: Option<Location>,
    /// What it answers.
    pub reply: Option<QuoteLine>,
}

/// One conversation as its screen shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Thread {
    /// Which.
    pub place: PlaceId,
    /// What it is when it is a message thread; absent: a conversation with a customer.
    pub group: Option<ThreadGroup>,
    /// The customer's name; the title of a message thread.
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
    /// How loud its news is set to be; nothing: as this device is set.
    pub sound: Option<SoundLevel>,
    /// Oldest first: the newest ones, as many as asked for.
    pub bubbles: Vec<Bubble>,
    /// Whether there are entries before the first bubble, here or on the server.
    pub older: bool,
    /// How many entries there are after the last bubble; 0 when the newest are here.
    #[ts(type = "number")]
    pub newer: i64,
    /// The highest number I have read, on any device.
    #[ts(type = "number")]
    pub read_n: i64,
    /// Whether the customer types just now.
    pub customer_typing: bool,
    /// Colleagues who type just now, by shown name.
    pub typing: Vec<String>,
    /// Colleagues who have it open just now, by shown name.
    pub viewing: Vec<String>,
    /// What is being composed. Only the first read of a screen uses its text.
    pub draft: Draft,
    /// The newest internal notes, newest first.
    pub notes: Vec<NoteLine>,
    /// How many there are in all.
    pub note_count: u32,
}
