//! The words and the rules of Fieldline.
//!
//! Everything two rooms must agree on stands here once: the records the server
//! keeps, the intents a device asks, the verdicts it gets, who may see what, and
//! the rules by which a conversation lives. The server applies a rule to the
//! truth; a device applies the same rule to show what its outbox will do.
//!
//! Invariants
//! - Pure: no IO, no clock, no randomness, no async. Time and random bytes are
//!   arguments. (Held by `scripts/lint-rooms.sh`.)
//! - Every type that crosses a wire says here how it looks in JSON.
//! - Outsiders have types of their own ([`public`], [`client`]); nothing staff-only can be
//!   expressed in them.

pub mod admin;
pub mod api;
pub mod canned;
pub mod change;
pub mod client;
pub mod code;
pub mod conversation;
pub mod group;
pub mod ids;
pub mod intent;
pub mod location;
pub mod media;
pub mod mention;
pub mod message;
pub mod note;
pub mod offer;
pub mod people;
pub mod policy;
pub mod public;
pub mod scope;
pub mod second_factor;
pub mod signal;
pub mod stamp;
pub mod text;
pub mod verdict;

pub use admin::{AdminAnswer, AdminAsk};
pub use canned::Canned;
pub use change::{Change, Left, Record, RecordKind, RecordRef, SoundLevel, What};
pub use code::{Code, Problem};
pub use conversation::{Conversation, Customer, State};
pub use group::{Group, GroupChange, History, Member};
pub use ids::*;
pub use intent::{Ask, Intent, Send, Start};
pub use location::Location;
pub use media::{FileType, Rendition, gif_frames};
pub use mention::Mention;
pub use message::{Author, Body, Event, File, Message, Quote};
pub use note::Note;
pub use offer::{Availability, Offer, Queue, QueueMode, Ready};
pub use people::{Me, Module, Person, PersonCard, Role};
pub use policy::Policy;
pub use scope::{Reader, Scope};
pub use stamp::{STAMP_HEADER, Shown, Stamp};
pub use verdict::{Outcome, Verdict};
