//! What stands in the bodies of the staff API's requests and answers
//! (docs/API.md has the routes).

use crate::change::Change;
use crate::code::Problem;
use crate::conversation::Conversation;
use crate::ids::{BlobHash, DeviceId, PersonId};
use crate::media::FileType;
use crate::people::Me;
use crate::verdict::Verdict;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The number of this API; a server answers [`crate::Code::UpdateNeeded`] to an
/// app that speaks an older one than it still understands.
pub const API: u32 = 1;
/// What [`Hello::product`] says.
pub const PRODUCT: &str = "fieldline";
/// The most intents in one batch.
pub const BATCH_MAX: usize = 100;
/// The most changes in one page of the feed, but for what comes along with the last of them
/// (a conversation's newest notes and entries); and the most messages in one older page.
pub const PAGE_MAX: usize = 200;
/// The largest part of a blob in one request, in bytes.
pub const PART_MAX_BYTES: usize = 1024 * 1024;

/// `GET /v1/hello`: proves that this is a Fieldline server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Hello {
    /// [`PRODUCT`].
    pub product: String,
    /// [`API`].
    pub api: u32,
    /// The server's version, for people.
    pub version: String,
    /// The workspace's shown name.
    pub workspace: String,
}

/// One of one's own devices that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OwnDevice {
    /// Which.
    pub id: DeviceId,
    /// What it is called.
    pub name: String,
    /// Since when.
    #[ts(type = "number")]
    pub signed_in_at_ms: i64,
    /// When it was used last, to the hour.
    #[ts(type = "number")]
    pub seen_at_ms: i64,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// `GET /v1/devices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnDevices {
    /// The one used last first.
    pub devices: Vec<OwnDevice>,
}

/// `POST /v1/password`: one's own is changed, and one's other devices are signed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// As it is.
    pub old: String,
    /// As it is to be: 8 to 1024 bytes.
    pub new: String,
}

/// Where the session's token is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// In the answer: an installed app keeps it and sends it as `Authorization: Bearer`.
    Token,
    /// In a `__Host-` HttpOnly cookie: a browser.
    Cookie,
}

/// The device that signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct DeviceCard {
    /// Minted by the device at its first start.
    pub id: DeviceId,
    /// For the list of devices, at most 120 characters.
    pub name: String,
    /// How it keeps the token.
    pub hold: Hold,
}

/// `POST /v1/sign-in`. Refuses with *code_needed* who has a second factor and gave no code, once
/// the password is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The person's login, case-folded by the server.
    pub login: String,
    /// 10 to 1024 bytes.
    pub password: String,
    /// Of who has a second factor: a code of their authenticator app, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<String>,
    /// Which device.
    pub device: DeviceCard,
}

/// `POST /v1/join`: an invited person sets their own password and is signed in. A second factor
/// that somebody has is asked here too: a link takes none away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// From the invite link's fragment; works once.
    pub secret: String,
    /// 10 to 1024 bytes.
    pub password: String,
    /// Of who has a second factor: a code of their authenticator app, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<String>,
    /// Which device.
    pub device: DeviceCard,
}

/// `POST /v1/invite`: who an invite is for. Spends nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Invited {
    /// Shown name.
    pub name: String,
    /// What they will sign in with.
    pub login: String,
    /// The workspace's shown name.
    pub workspace: String,
}

/// The answer to [`SignIn`] and [`Join`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SignedIn {
    /// Present when the device holds it itself.
    pub token: Option<String>,
    /// Who is signed in.
    pub me: Me,
}

/// `GET /v1/snapshot`: everything a new device needs for its first screens, read
/// in one transaction: me, policy, people, every waiting and own open
/// conversation, the newest 50 ended ones, their read marks, and the last
/// [`crate::api::SNAPSHOT_TAIL`] entries of each waiting and open one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Snapshot {
    /// The feed's epoch.
    pub epoch: String,
    /// The cursor it was read at.
    #[ts(type = "number")]
    pub cursor: i64,
    /// The server's clock, milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The records, each with its own number.
    #[serde(deserialize_with = "crate::change::known")]
    pub records: Vec<Change>,
}

/// How many entries of a conversation a snapshot carries.
pub const SNAPSHOT_TAIL: usize = 50;

/// `GET /v1/changes?after=&epoch=` and the `changes` event of `GET /v1/live`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ChangesPage {
    /// The feed's epoch.
    pub epoch: String,
    /// The cursor to ask with next.
    #[ts(type = "number")]
    pub cursor: i64,
    /// The server's clock, milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Whether there is more after the cursor now.
    pub more: bool,
    /// The reader's cursor means nothing here (another epoch, ahead of the head, or
    /// before the tail): take a snapshot. No changes come with it.
    pub resync: bool,
    /// In order. Unknown kinds are skipped by the reader.
    #[schemars(with = "Vec<Change>")]
    #[ts(type = "Array<unknown>")]
    pub changes: Vec<serde_json::Value>,
}

/// `POST /v1/intents`: the intents in order, each as the bytes it was minted with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct IntentsAnswer {
    /// One for each, in order.
    pub verdicts: Vec<Verdict>,
}

/// `GET /v1/conversations/{id}/messages?before=`: a page of older entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OlderPage {
    /// Whether there are entries before these.
    pub more: bool,
    /// Newest first, as changes, each with its own number.
    #[serde(deserialize_with = "crate::change::known")]
    pub messages: Vec<Change>,
}

/// `GET /v1/conversations/{id}/previous?before=`: the customer's ended conversation
/// right before one of theirs, for who holds `{id}` now, with its newest entries. The
/// entries before those are older pages of that conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PreviousPage {
    /// Absent: there is none before.
    pub conversation: Option<Conversation>,
    /// Whether there is none before this one either, so that nobody needs to ask.
    #[serde(default)]
    pub first: bool,
    /// Whether it has entries before these.
    pub more: bool,
    /// Newest first, as changes, each with its own number.
    #[serde(deserialize_with = "crate::change::known")]
    pub messages: Vec<Change>,
    /// Its newest internal notes, newest first, likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "crate::change::known")]
    pub notes: Vec<Change>,
}

/// `GET /v1/contacts?after_id=`: a page of the clients in the contact list. The
/// snapshot has the staff; a device takes these pages after it, and the feed keeps both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactsPage {
    /// The feed's number it was read at.
    #[ts(type = "number")]
    pub as_of: i64,
    /// After whom to ask next; absent when these were the last.
    pub next: Option<PersonId>,
    /// By id, as changes, each with its own number.
    #[serde(deserialize_with = "crate::change::known")]
    pub contacts: Vec<Change>,
}

/// `GET` and `PUT /v1/blobs/{hash}`: how much of the asker's own upload is here.
/// A `PUT` carries the bytes from `offset` on in its body and says so in the query:
/// `?offset=0&size=12345`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct BlobProgress {
    /// Which.
    pub hash: BlobHash,
    /// How many bytes are durably here; the next part begins there.
    #[ts(type = "number")]
    pub offset: u64,
    /// Set when all are here, checked and made ready to be shown: the asker has a
    /// claim, and a message may name it.
    pub ready: Option<BlobReady>,
}

/// A blob that may be named by a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct BlobReady {
    /// By the bytes.
    pub kind: FileType,
    /// Of the original.
    #[ts(type = "number")]
    pub size_bytes: u64,
    /// Pixels of the display rendition.
    pub width: u32,
    /// Pixels of the display rendition.
    pub height: u32,
    /// When it was taken, as its camera says; see [`crate::File`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
}

/// The body of every answer that is no success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Refusal {
    /// Why.
    pub problem: Problem,
}
