//! What a client with a login sees and may ask: types of their own, public by
//! construction.
//!
//! They read as the staff's types of the same name do (a client's device is the same
//! core), but a conversation, an internal note, the picklist, availability, the contact
//! list and what only staff know of a message cannot be expressed in them.
//!
//! Invariants
//! - Every field here is a function of what this client may read, so that two worlds
//!   that differ only in what staff keep to themselves give them the same bytes.
//! - Every number is a `public_seq`: the place of a change among those of this client
//!   alone. (A message's `n` is its place in its thread, the same to all its members.)

mod wire;

pub use wire::*;

use crate::change::ReadMark;
use crate::group::GroupChange;
use crate::ids::{GroupId, MessageId, PersonId, PlaceId, WorkspaceId};
use crate::location::Location;
use crate::media::FileType;
use crate::mention::Mention;
use crate::message::{Author, Body, Message, Quote};
use crate::people::{Me, PersonCard, Role};
use crate::policy::Policy;
use crate::{Group, Record, RecordKind, What};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientChange {
    /// Its `public_seq`.
    pub seq: i64,
    /// What it is to this client.
    #[serde(flatten)]
    pub what: ClientWhat,
}

/// What a change is to its client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientWhat {
    /// The record as it is now.
    Put(ClientRecord),
    /// The client is not in that thread any more.
    Left(ClientLeft),
}

/// Anything the server tells a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ClientRecord {
    /// Who is signed in.
    Me(ClientMe),
    /// What may be sent.
    Policy(Policy),
    /// A thread the client is in.
    Group(Box<ClientGroup>),
    /// An entry of it.
    Message(Box<ClientMessage>),
    /// How far the client has read in it, on whatever device.
    Read(ReadMark),
}

/// What a client may lose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ClientLeft {
    /// A thread, and all that hangs on it.
    Group {
        /// Which.
        id: GroupId,
    },
}

/// The client who is signed in, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientMe {
    /// Who.
    pub person: ClientPerson,
    /// The workspace's shown name.
    pub workspace: String,
    /// Which workspace.
    pub workspace_id: Option<WorkspaceId>,
}

/// A client as they see themself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientPerson {
    /// Who.
    pub id: PersonId,
    /// Shown name.
    pub name: String,
    /// A client.
    pub role: Role,
}

/// A thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientGroup {
    /// Which.
    pub id: GroupId,
    /// As somebody named it.
    pub name: Option<String>,
    /// Whether it is between two, for ever.
    pub direct: bool,
    /// In the order they came.
    pub members: Vec<ClientMember>,
    /// Who may not be removed.
    pub owner: PersonId,
    /// When it was made, milliseconds since 1970.
    pub made_at_ms: i64,
    /// The number of the newest entry when this record last changed.
    pub last_n: i64,
}

/// Somebody in a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientMember {
    /// Who.
    pub person: PersonCard,
    /// Whether they are a client.
    pub client: bool,
    /// The number of the first entry this client may read; of others it is not said.
    pub from_n: i64,
    /// Whether they were disabled since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
}

/// Who wrote an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum ClientAuthor {
    /// Somebody who is, or was, in the thread.
    Person(PersonCard),
}

/// A photo: always re-encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientFile {
    /// Shown name.
    pub name: String,
    /// By the bytes.
    pub kind: FileType,
    /// Pixels of the display rendition.
    pub width: u32,
    /// Pixels of the display rendition.
    pub height: u32,
}

/// A message as another one quotes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientQuote {
    /// Which.
    pub message: MessageId,
    /// Its number in the thread.
    pub n: i64,
    /// Who wrote it.
    pub author: ClientAuthor,
    /// Its first characters.
    pub text: String,
    /// How many photos it has.
    pub photos: u32,
    /// Whether it has a location.
    pub location: bool,
    /// Whether its author deleted it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum ClientBody {
    /// A message.
    Said {
        /// Its text.
        text: String,
        /// Its photos.
        files: Vec<ClientFile>,
        /// Its location.
        location: Option<Location>,
        /// What it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Box<ClientQuote>>,
        /// Who is mentioned in the text, of those who are or were in the thread.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<Mention>,
    },
    /// A change of the thread.
    Changed {
        /// Which.
        change: GroupChange,
    },
}

/// One entry of a thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientMessage {
    /// Which.
    pub id: MessageId,
    /// Where.
    pub place: PlaceId,
    /// Its place among the thread's entries.
    pub n: i64,
    /// Who wrote it.
    pub author: ClientAuthor,
    /// When the server took it, milliseconds since 1970.
    pub at_ms: i64,
    /// What it is.
    pub body: ClientBody,
    /// Whether its author deleted it: then there is nothing else in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

impl ClientMe {
    /// What of `me` a client is told.
    pub fn of(me: Me) -> Self {
        let person = ClientPerson { id: me.person.id, name: me.person.name, role: me.person.role };
        Self { person, workspace: me.workspace, workspace_id: me.workspace_id }
    }
}

impl ClientGroup {
    /// What of `it` its client `who` is told.
    pub fn of(it: Group, who: PersonId) -> Self {
        let Group { id, name, direct, members, owner, made_at_ms, last_n } = it;
        let member = |m: crate::Member| {
            let from_n = if m.person.id == who { m.from_n } else { 1 };
            ClientMember { person: m.person, client: m.client, from_n, disabled: m.disabled }
        };
        let members = members.into_iter().map(member).collect();
        Self { id, name, direct, members, owner, made_at_ms, last_n }
    }
}

impl ClientAuthor {
    /// Nobody but people writes in a thread.
    pub fn of(it: Author) -> Option<Self> {
        match it {
            Author::Person(card) => Some(Self::Person(card)),
            Author::Customer => None,
        }
    }
}

fn quote(it: Quote) -> Option<ClientQuote> {
    let Quote { message, n, author, text, photos, location, deleted } = it;
    Some(ClientQuote { message, n, author: ClientAuthor::of(author)?, text, photos, location, deleted })
}

impl ClientMessage {
    /// An entry of a thread as its clients see it; `None`: it is no thread's.
    pub fn of(it: Message) -> Option<Self> {
        let body = match it.body {
            Body::Said { text, files, location, reply_to, mentions } => {
                let file = |f: crate::File| ClientFile {
                    name: f.name,
                    kind: f.kind,
                    width: f.width,
                    height: f.height,
                };
                let files = files.into_iter().map(file).collect();
                let reply_to = reply_to.and_then(|it| quote(*it)).map(Box::new);
                ClientBody::Said { text, files, location, reply_to, mentions }
            }
            Body::Changed { change } => ClientBody::Changed { change },
            Body::Happened { .. } => return None,
        };
        let author = ClientAuthor::of(it.author)?;
        let Message { id, place, n, at_ms, deleted, .. } = it;
        Some(Self { id, place, n, author, at_ms, body, deleted })
    }
}

impl ClientWhat {
    /// What of a change the client `who` is told; `None`: nothing, it is staff's.
    pub fn of(it: What, who: PersonId) -> Option<Self> {
        Some(match it {
            What::Put(Record::Me(me)) => Self::Put(ClientRecord::Me(ClientMe::of(me))),
            What::Put(Record::Policy(it)) => Self::Put(ClientRecord::Policy(it)),
            What::Put(Record::Group(it)) => {
                Self::Put(ClientRecord::Group(Box::new(ClientGroup::of(*it, who))))
            }
            What::Put(Record::Message(it)) => {
                Self::Put(ClientRecord::Message(Box::new(ClientMessage::of(*it)?)))
            }
            What::Put(Record::Read(it)) => Self::Put(ClientRecord::Read(it)),
            What::Left(name) if name.kind == RecordKind::Group => {
                Self::Left(ClientLeft::Group { id: GroupId(name.id) })
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests;
