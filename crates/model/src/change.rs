//! One fact the server recorded, as one reader gets it: the record whole, as it
//! is now, or that the reader is no longer to have it.
//!
//! Invariants
//! - Each record carries the number of its last change; an older one never
//!   overwrites a newer one, so repeats and reorderings end in the same state.
//! - A reader skips what it does not know and moves its cursor on; so a newer
//!   server can be read by an older app.

use crate::canned::Canned;
use crate::conversation::Conversation;
use crate::group::Group;
use crate::ids::{PersonId, PlaceId};
use crate::message::Message;
use crate::note::Note;
use crate::offer::{Availability, Offer, Queue};
use crate::people::{Me, Person};
use crate::policy::Policy;
use crate::scope::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// One fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Change {
    /// Its place in the workspace.
    #[ts(type = "number")]
    pub seq: i64,
    /// What it is to this reader.
    #[serde(flatten)]
    pub what: What,
}

/// What a change is to its reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The record as it is now.
    Put(Record),
    /// The reader may no longer have it: purge it, and what hangs on it.
    Left(Left),
}

/// Anything the server tells a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Record {
    /// Who is signed in.
    Me(Me),
    /// What may be sent.
    Policy(Policy),
    /// A colleague or client.
    Person(Person),
    /// A conversation.
    Conversation(Box<Conversation>),
    /// An entry of a timeline.
    Message(Box<Message>),
    /// How far the reader has read in a place, on whatever device.
    Read(ReadMark),
    /// Whether a colleague, or the reader, takes conversations.
    Availability(Availability),
    /// A waiting conversation, proposed to the reader.
    Offer(Offer),
    /// How conversations leave the picklist.
    Queue(Queue),
    /// An internal note.
    Note(Box<Note>),
    /// A canned reply.
    Canned(Canned),
    /// A group the reader is in.
    Group(Box<Group>),
    /// How far the members of a group have read.
    Seen(Seen),
}

/// How far somebody has read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ReadMark {
    /// Where.
    pub place: PlaceId,
    /// Who.
    pub person: PersonId,
    /// The highest number read.
    #[ts(type = "number")]
    pub n: i64,
    /// How loud its news is for them; absent: as each of their devices is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sound: Option<SoundLevel>,
}

/// How far the members of a group have read, for all of them to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Seen {
    /// Where.
    pub place: PlaceId,
    /// Who has read something.
    pub by: Vec<SeenBy>,
}

impl Seen {
    /// The most people of a group of which it is told: in a larger one every reading would
    /// be news for too many.
    pub const PEOPLE_MAX: usize = 100;

    /// Who is told of it: the staff in a group. A client is told of what is said, and of
    /// nobody's reading.
    pub fn scope(of: &Group) -> Scope {
        Scope::members(of.members.iter().filter(|m| !m.client && !m.disabled).map(|m| m.person.id))
    }
}

/// How far one of them has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SeenBy {
    /// Who.
    pub person: PersonId,
    /// The highest number read.
    #[ts(type = "number")]
    pub n: i64,
}

/// How loud news is: with sound, shown alone, or not at all.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum SoundLevel {
    /// With sound.
    All,
    /// Shown, without sound.
    Quiet,
    /// Not even shown.
    None,
}

/// A record's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// [`Me`].
    Me,
    /// [`Policy`].
    Policy,
    /// [`Person`].
    Person,
    /// [`Conversation`].
    Conversation,
    /// [`Message`].
    Message,
    /// [`ReadMark`]; its id is the place's.
    Read,
    /// [`Availability`]; its id is the person's.
    Availability,
    /// [`Offer`]; its id is the conversation's.
    Offer,
    /// [`Queue`].
    Queue,
    /// [`Note`].
    Note,
    /// [`Canned`].
    Canned,
    /// [`Group`].
    Group,
    /// [`Seen`]; its id is the group's.
    Seen,
}

/// A record's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
pub struct RecordRef {
    /// Its kind.
    pub kind: RecordKind,
    /// Its id.
    #[ts(type = "string")]
    pub id: Uuid,
}

/// A record that its reader may no longer have; for an app that knows no more of it, its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Left {
    /// Its kind.
    pub kind: RecordKind,
    /// Its id.
    #[ts(type = "string")]
    pub id: Uuid,
    /// It is not there for anybody any more, because its customer was erased: with it goes
    /// what this device itself wrote of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(skip)]
    pub erased: bool,
}

impl Left {
    /// Its name.
    pub fn name(&self) -> RecordRef {
        RecordRef { kind: self.kind, id: self.id }
    }
}

impl From<RecordRef> for Left {
    fn from(RecordRef { kind, id }: RecordRef) -> Self {
        Self { kind, id, erased: false }
    }
}

/// Reads a list and leaves out what this app does not know.
pub(crate) fn known<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    let all = Vec::<serde_json::Value>::deserialize(from)?;
    Ok(all.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect())
}

impl Record {
    /// Its name. `Me` and `Policy` stand alone in their kind: their id is nil.
    pub fn name(&self) -> RecordRef {
        let (kind, id) = match self {
            Self::Me(_) => (RecordKind::Me, Uuid::nil()),
            Self::Policy(_) => (RecordKind::Policy, Uuid::nil()),
            Self::Person(p) => (RecordKind::Person, p.id.0),
            Self::Conversation(c) => (RecordKind::Conversation, c.id.0),
            Self::Message(m) => (RecordKind::Message, m.id.0),
            Self::Read(r) => (RecordKind::Read, r.place.0),
            Self::Canned(c) => (RecordKind::Canned, c.id.0),
            Self::Availability(a) => (RecordKind::Availability, a.person.0),
            Self::Offer(o) => (RecordKind::Offer, o.conversation.0),
            Self::Queue(q) => (RecordKind::Queue, q.id.0),
            Self::Note(n) => (RecordKind::Note, n.id.0),
            Self::Group(g) => (RecordKind::Group, g.id.0),
            Self::Seen(s) => (RecordKind::Seen, s.place.0),
        };
        RecordRef { kind, id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FN9: new kinds, new words of known kinds, new fields.
    #[test]
    fn an_older_app_reads_what_it_knows_of_a_newer_servers_answers() {
        let old = r#"{"seq":5,"new":1,"put":{"kind":"read","place":"00000000-0000-0000-0000-000000000001",
            "person":"00000000-0000-0000-0000-000000000002","n":3,"new":1}}"#;
        let policy = r#"{"seq":6,"put":{"kind":"policy","types":["png","webp"],"file_max_bytes":7}}"#;
        let new = r#"{"seq":7,"put":{"kind":"riddle","id":"x"}},{"seq":8,"left":{"kind":"riddle","id":"x"}}"#;
        let all = format!("[{old},{policy},{new}]");
        let snapshot = format!(r#"{{"epoch":"a","cursor":8,"at_ms":1,"new":1,"records":{all}}}"#);
        let snapshot: crate::api::Snapshot = serde_json::from_str(&snapshot).unwrap();
        assert_eq!(snapshot.records.iter().map(|c| c.seq).collect::<Vec<_>>(), [5, 6]);
        let What::Put(Record::Policy(policy)) = &snapshot.records[1].what else { panic!("a policy") };
        assert_eq!(policy.types, [crate::FileType::Png]);
        let older = format!(r#"{{"more":false,"messages":{all}}}"#);
        assert_eq!(serde_json::from_str::<crate::api::OlderPage>(&older).unwrap().messages.len(), 2);
        let accepted = format!(r#"{{"intent":null,"outcome":{{"outcome":"accepted","changes":{all}}}}}"#);
        let accepted: crate::Verdict = serde_json::from_str(&accepted).unwrap();
        assert!(matches!(accepted.outcome, crate::Outcome::Accepted { changes } if changes.len() == 2));
        let outcome: crate::Outcome = serde_json::from_str(r#"{"outcome":"juggled","new":1}"#).unwrap();
        assert_eq!(outcome, crate::Outcome::UpdateNeeded);
        let problem: crate::Problem = serde_json::from_str(r#"{"code":"juggled"}"#).unwrap();
        assert_eq!(problem.code, crate::Code::UpdateNeeded);
        let place = r#"{"latitude":1.0,"longitude":2.0,"altitude_m":3.0}"#;
        assert!(serde_json::from_str::<crate::Location>(place).is_ok());
    }

    #[test]
    fn a_change_reads_as_the_api_page_shows_it() {
        let change = Change { seq: 5, what: What::Put(Record::Policy(Policy::default())) };
        let json = r#"{"seq":5,"put":{"kind":"policy","types":["gif","heic","jpeg","png"],"file_max_bytes":20971520}}"#;
        assert_eq!(serde_json::to_string(&change).unwrap(), json);
        assert_eq!(serde_json::from_str::<Change>(json).unwrap(), change);
        let left = r#"{"seq":6,"left":{"kind":"conversation","id":"00000000-0000-0000-0000-000000000001"}}"#;
        let change: Change = serde_json::from_str(left).unwrap();
        assert_eq!(serde_json::to_string(&change).unwrap(), left);
    }
}
