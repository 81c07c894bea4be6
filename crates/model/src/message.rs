//! One entry of a conversation's timeline: something said, or something that
//! happened to the conversation. Internal notes are never entries here.

mod reading;

use crate::code::{Code, Problem};
use crate::group::GroupChange;
use crate::ids::{BlobHash, MessageId, PersonId, PlaceId};
use crate::location::Location;
use crate::media::FileType;
use crate::mention::Mention;
use crate::people::PersonCard;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who wrote or did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Author {
    /// The conversation's customer.
    Customer,
    /// A person of the workspace.
    Person(PersonCard),
}

/// What happened to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// An agent took it.
    Picked,
    /// It was ended.
    Ended,
    /// It was reopened.
    Reopened,
    /// Whoever had it handed it to a colleague, or back to the picklist.
    Transferred,
}

/// A photo as part of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct File {
    /// Shown name, cleaned, with the ending its bytes deserve.
    pub name: String,
    /// By the bytes.
    pub kind: FileType,
    /// Of the original; 0 to who gets none.
    #[serde(default)]
    #[ts(type = "number")]
    pub size_bytes: u64,
    /// Pixels of the display rendition, upright.
    pub width: u32,
    /// Pixels of the display rendition, upright.
    pub height: u32,
    /// When it was taken, as its camera says: `2026-03-02T09:15:00`, by the clock where it
    /// was, and `+01:00` behind it where the camera knew. When it was sent is another
    /// time; outsiders are told none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
}

/// The most characters of a message that are shown in its stead: in lists, in quotes.
pub const EXCERPT_CHARS: usize = 140;

/// A message as another one quotes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Quote {
    /// Which.
    pub message: MessageId,
    /// Its number in its place, the same as the answer's.
    #[ts(type = "number")]
    pub n: i64,
    /// Who wrote it.
    pub author: Author,
    /// The first [`EXCERPT_CHARS`] characters.
    pub text: String,
    /// How many photos it has.
    pub photos: u32,
    /// Whether it has a location.
    pub location: bool,
    /// Whether its author deleted it: then nothing of what was said is left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

impl Quote {
    /// Quotes a message; nobody quotes what only happened.
    pub fn of(it: &Message) -> Option<Self> {
        let Body::Said { text, files, location, .. } = &it.body else { return None };
        Some(Self {
            message: it.id,
            n: it.n,
            author: it.author.clone(),
            text: text.chars().take(EXCERPT_CHARS).collect(),
            photos: files.len() as u32,
            location: location.is_some(),
            deleted: it.deleted,
        })
    }

    /// Leaves who and where, and nothing of what was said.
    pub fn erase(&mut self) {
        (self.text, self.photos, self.location, self.deleted) = (String::new(), 0, false, true);
    }
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Body {
    /// A message.
    Said {
        /// At most [`crate::policy::TEXT_MAX_CHARS`] characters; may be empty when there is a photo or a location.
        text: String,
        /// In the order they were chosen.
        files: Vec<File>,
        /// Where the author was.
        location: Option<Location>,
        /// What it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Box<Quote>>,
        /// Who is mentioned in the text; of a thread alone.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<Mention>,
    },
    /// A change of the conversation's life.
    Happened {
        /// Which.
        event: Event,
    },
    /// A change of a group.
    Changed {
        /// Which.
        change: GroupChange,
    },
}

impl Body {
    /// A message of nothing but a text.
    pub fn said(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::Said { text, files: Vec::new(), location: None, reply_to: None, mentions: Vec::new() }
    }
}

/// One entry as staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// Where.
    pub place: PlaceId,
    /// Its gapless place among the entries, from 1.
    #[ts(type = "number")]
    pub n: i64,
    /// Who wrote it.
    pub author: Author,
    /// When the server took it, milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// When its author wrote it, by their device's clock; only ever shown, to staff.
    #[serde(default)]
    #[ts(type = "number")]
    pub written_at_ms: i64,
    /// What it is.
    pub body: Body,
    /// Whether its author deleted it: then nothing of what was said is left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

impl Message {
    /// Refuses to delete what somebody else wrote, or what only happened, with
    /// [`Code::NotPermitted`].
    pub fn may_delete(&self, by: PersonId) -> Result<(), Problem> {
        match (&self.author, &self.body) {
            (Author::Person(author), Body::Said { .. }) if author.id == by => Ok(()),
            _ => Err(Code::NotPermitted.into()),
        }
    }

    /// Takes away what it answers from a reader who may not read so far back.
    pub fn read_from(&mut self, from_n: i64) {
        if let Body::Said { reply_to, .. } = &mut self.body
            && reply_to.as_ref().is_some_and(|quote| quote.n < from_n)
        {
            *reply_to = None;
        }
    }

    /// Leaves who, when and where, and nothing of what was said. An app that knows no
    /// deletion reads an empty message.
    pub fn erase(&mut self) {
        self.deleted = true;
        self.body = Body::said(String::new());
    }

    /// Whether it mentions `who`.
    pub fn mentions(&self, who: PersonId) -> bool {
        matches!(&self.body, Body::Said { mentions, .. } if mentions.iter().any(|it| it.person == who))
    }

    /// What it answers.
    pub fn reply_to(&self) -> Option<&Quote> {
        if let Body::Said { reply_to, .. } = &self.body { reply_to.as_deref() } else { None }
    }
}

/// A photo as an intent names it: its author's claim on bytes the server has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    /// The bytes.
    pub hash: BlobHash,
    /// As chosen; cleaned by the server.
    pub name: String,
}
