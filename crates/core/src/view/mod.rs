//! What screens show: the cache with the outbox laid over it, ready to be drawn.
//! These types cross to TypeScript; nothing here is stored.
//!
//! Invariants
//! - A view is a pure function of cache, outbox, drafts and what is in flight.
//! - A bubble's mark is derived, never stored; nothing is ever rolled back.

mod groups;
mod notes;
mod offers;
mod previous;
mod rows;
mod thread;
mod typed;

pub use groups::*;
pub use notes::*;
pub use offers::*;
pub use previous::*;
pub use rows::*;
pub use thread::*;
pub use typed::*;

use fieldline_model::{Me, PlaceId, Policy, Problem, QueueMode, Ready, SoundLevel};
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
    /// The contact list.
    Contacts,
    /// Hints were missed: read everything again.
    Everything,
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
        /// How loud it is set to be; nothing: as this device is set.
        sound: Option<SoundLevel>,
    },
    /// A conversation is offered to this person now.
    Offered {
        /// Which.
        place: PlaceId,
        /// The customer's name or number.
        title: String,
        /// Their message, or empty.
        text: String,
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
    /// Unread messages in message threads that are not muted.
    pub messages: u32,
    /// Intents not yet answered, and drafts whose place is gone.
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
    /// When everything was last known to be in step, by the server's clock,
    /// milliseconds since 1970.
    #[ts(type = "number | null")]
    pub synced_at_ms: Option<i64>,
    /// The server's clock as far as this device knows it, milliseconds since 1970.
    #[ts(type = "number")]
    pub now_ms: i64,
    /// Whether what is written survives a restart (not so in a browser without OPFS).
    pub durable: bool,
    /// How many there are.
    pub counts: Counts,
    /// What may be sent.
    pub policy: Policy,
    /// Whether I take conversations, with the outbox laid over it.
    pub ready: Ready,
    /// How conversations leave the picklist.
    pub queue: QueueMode,
    /// What is offered to me, also what ran out a moment ago.
    pub offers: Vec<OfferRow>,
    /// This device's storage was damaged and mended, and its person was not told yet.
    pub mended: Option<Mended>,
}

/// What a mend of the device's storage could not carry over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Mended {
    /// How many things its person wrote could not be read.
    pub lost: u32,
    /// Whether there may be more that nobody can count.
    pub at_least: bool,
}
