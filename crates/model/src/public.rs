//! What the customer sees: types of their own, public by construction.
//!
//! Invariant: every field here is a function of public records alone, so that
//! two worlds that differ only in what staff keep to themselves give the customer
//! the same bytes. Nothing staff-only can be expressed in these types.

use crate::ids::{IntentId, MessageId, QueueId};
use crate::location::Location;
use crate::media::FileType;
use crate::message::{Event, FileRef};
use crate::policy::Policy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The chat as its customer sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublicChat {
    /// The workspace's shown name.
    pub workspace: String,
    /// How the customer called themself.
    pub name: Option<String>,
    /// Their number, as they gave it.
    pub phone: Option<String>,
    /// Where the newest conversation is in its life; absent before the first message.
    pub state: Option<crate::conversation::State>,
    /// Who has it.
    pub agent: Option<String>,
    /// What may be sent.
    pub policy: Policy,
    /// What the page says, and whether somebody answers now.
    #[serde(default)]
    pub desk: PublicDesk,
    /// The number of the newest entry that who has the conversation, or who had it before,
    /// had read meanwhile. It never goes back.
    #[serde(default)]
    pub seen: i64,
}

/// `GET /v1/customer/desk`: what everybody outside is told of the desk, before they begin too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicDesk {
    /// What the page says to who comes; may be empty.
    pub greeting: String,
    /// Whether it is the time somebody answers, or nothing is known of such times.
    pub open: bool,
    /// Until when that holds, milliseconds since 1970: when it closes, or opens next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
}

/// Who wrote an entry, as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum PublicAuthor {
    /// The customer.
    You,
    /// Somebody of the workspace, by shown name.
    Staff {
        /// Shown name.
        name: String,
    },
}

/// A photo, as the customer sees it: always re-encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicFile {
    /// Shown name.
    pub name: String,
    /// By the bytes.
    pub kind: FileType,
    /// Pixels of the display rendition.
    pub width: u32,
    /// Pixels of the display rendition.
    pub height: u32,
}

/// An entry as another one quotes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicQuote {
    /// Which.
    pub message: MessageId,
    /// Who wrote it.
    pub author: PublicAuthor,
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
pub enum PublicBody {
    /// A message.
    Said {
        /// Its text.
        text: String,
        /// Its photos.
        files: Vec<PublicFile>,
        /// Its location.
        location: Option<Location>,
        /// What it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Box<PublicQuote>>,
        /// Whether its author deleted it: then there is nothing else in it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        deleted: bool,
    },
    /// A change of the conversation's life.
    Happened {
        /// Which.
        event: Event,
    },
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublicMessage {
    /// Which.
    pub id: MessageId,
    /// Its place among this customer's public facts.
    pub public_seq: i64,
    /// Who.
    pub author: PublicAuthor,
    /// When the server took it, milliseconds since 1970.
    pub at_ms: i64,
    /// What.
    pub body: PublicBody,
}

/// A page of what is new to the customer: all entries after the cursor they gave
/// (at most 200), and the chat as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublicPage {
    /// Of which epoch the cursor is: a server that was restored begins another, and whoever
    /// comes with a cursor of the one before is told all.
    pub epoch: String,
    /// The cursor to ask with next.
    pub cursor: i64,
    /// Whether there are more entries after it.
    pub more: bool,
    /// The chat as it is now.
    pub chat: PublicChat,
    /// In order.
    pub messages: Vec<PublicMessage>,
    /// Which entries were deleted after the cursor they gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deleted: Vec<MessageId>,
}

/// How a customer begins: a name, or only a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerStart {
    /// 1 to 120 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// 4 to 20 digits.
    #[serde(default)]
    pub phone: Option<String>,
    /// The queue whose address they came by; absent, or one that is not there: the first.
    #[serde(default)]
    pub queue: Option<QueueId>,
}

/// The private link's secret, given once when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkSecret {
    /// 256 random bits, URL-safe base64; belongs in the address's fragment.
    pub secret: String,
}

/// A message a customer sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerSend {
    /// Idempotency key and the message's id, a UUIDv7.
    pub id: IntentId,
    /// By the customer's device's clock; only ever shown.
    pub written_at_ms: i64,
    /// May be empty when there is a photo or a location.
    #[serde(default)]
    pub text: String,
    /// Photos uploaded before.
    #[serde(default)]
    pub files: Vec<FileRef>,
    /// Where they are.
    #[serde(default)]
    pub location: Option<Location>,
}
