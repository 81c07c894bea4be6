//! Message threads: their lists, who is in them, and the contact list they are
//! chosen from.

use super::{Draft, RowPreview, Typed};
use fieldline_model::{History, PersonId, PlaceId, SoundLevel};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A tab above the list of message threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GroupTab {
    /// Every thread.
    All,
    /// Those without customers.
    Internal,
    /// Those with customers.
    Customers,
    /// Those of more than two people.
    Groups,
}

/// One message thread in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupRow {
    /// What it opens.
    pub place: PlaceId,
    /// Its name; without one, the names of the others, as many as fit.
    pub title: String,
    /// Whether it is called by a name of its own.
    pub named: bool,
    /// Whether it is between two.
    pub direct: bool,
    /// How many are in it, myself included.
    pub people: u32,
    /// How many of them are customers.
    pub customers: u32,
    /// The others' names, at most five: its picture is made of them.
    pub names: Vec<String>,
    /// What is being composed here, or was said last.
    pub preview: Option<RowPreview>,
    /// When it last moved, milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Unread messages.
    pub unread: u32,
    /// Whether one of them mentions me; also of a thread that is muted.
    #[ts(as = "Option<bool>", optional)]
    pub mentioned: bool,
    /// How loud its news is set to be; nothing: as this device is set.
    pub sound: Option<SoundLevel>,
    /// Unsent intents here.
    pub unsent: u32,
    /// Whether one of them needs its person.
    pub stuck: bool,
    /// Whether the server does not have it yet.
    pub pending: bool,
}

/// Unread messages by tab; muted threads are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupsUnread {
    /// In all.
    pub all: u32,
    /// Without customers.
    pub internal: u32,
    /// With customers.
    pub customers: u32,
    /// Of more than two people.
    pub groups: u32,
}

/// A list of message threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Groups {
    /// Newest first, at most as many as asked for.
    pub rows: Vec<GroupRow>,
    /// How many there are in this tab that fit the search.
    pub total: u32,
    /// Of every tab, whatever is searched for.
    pub unread: GroupsUnread,
}

/// A block of the contact list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Staff.
    Internal,
    /// Clients.
    Customer,
}

/// Somebody who may be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Contact {
    /// Who.
    pub id: PersonId,
    /// Shown name.
    pub name: String,
    /// In which block.
    pub block: Block,
    /// Their number, digits with an optional plus.
    pub phone: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Whether they can sign in; who cannot may be in a group all the same.
    pub signed_up: bool,
}

/// A part of a block, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Contacts {
    /// From where it was asked, at most as many as asked for; oneself is not among them.
    pub contacts: Vec<Contact>,
    /// How many there are in this block that fit the search.
    pub total: u32,
    /// Whether the whole contact list is on this device yet.
    pub complete: bool,
}

/// A message thread that is being composed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NewGroup {
    /// Where its draft is: text, photos and location are kept there as in any place.
    pub place: PlaceId,
    /// What is composed. Only the first read of a screen uses its text.
    pub draft: Draft,
    /// The most people in a group, oneself included.
    pub people_max: u32,
}

/// A message thread to be begun.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// A fresh UUIDv7; with one person the thread has the id of their direct thread instead.
    pub group: PlaceId,
    /// Who beside oneself.
    pub people: Vec<PersonId>,
    /// At most 120 characters.
    pub name: Option<String>,
    /// Of the first message; photos and location are those of the draft at
    /// [`NewGroup::place`]. All of it empty: the thread begins without one.
    pub text: Typed,
}

/// What was changed of who is in a group, against what was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MembersChange {
    /// Who is to be in it.
    pub add: Vec<PersonId>,
    /// Who is not.
    pub remove: Vec<PersonId>,
    /// From where those who come read.
    pub history: History,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupPerson {
    /// Who.
    pub id: PersonId,
    /// Shown name.
    pub name: String,
    /// Whether they are a customer.
    pub customer: bool,
    /// Whether that is me.
    pub me: bool,
    /// Whether it is theirs: nobody removes them.
    pub owner: bool,
    /// Whether they were disabled: they read nothing of what is said here now.
    pub disabled: bool,
}

/// Who is in a group, with what was asked and not answered yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupPeople {
    /// Which.
    pub place: PlaceId,
    /// In the order they came.
    pub people: Vec<GroupPerson>,
    /// What may be done.
    pub can: GroupCan,
}

/// What may be done with a group now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupCan {
    /// Add and remove people.
    pub members: bool,
    /// Name it.
    pub rename: bool,
    /// Go out of it.
    pub leave: bool,
}

/// How far somebody else in a group has read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupSeen {
    /// Who.
    pub id: PersonId,
    /// Shown name.
    pub name: String,
    /// The highest number they have read.
    #[ts(type = "number")]
    pub n: i64,
}

/// What a thread is beside its bubbles, when it is a message thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ThreadGroup {
    /// Whether it is between two.
    pub direct: bool,
    /// Whether it is called by a name of its own.
    pub named: bool,
    /// How many are in it, myself included.
    pub people: u32,
    /// How many of them are customers: said at all times when there are any.
    pub customers: u32,
    /// The others' names, at most five.
    pub names: Vec<String>,
    /// Whether there is more before the first entry that I may not read: "history
    /// starts here".
    pub starts_here: bool,
    /// Whether the server does not have it yet.
    pub pending: bool,
    /// How far the others have read, in the order they came; nobody of a group so large that
    /// it is not told.
    pub seen: Vec<GroupSeen>,
    /// What may be done.
    pub can: GroupCan,
}
