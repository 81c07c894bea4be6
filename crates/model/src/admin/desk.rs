//! Of the Configurator: how customers are served, and what may be sent.

use super::*;
use crate::offer::QueueMode;
use crate::people::PersonCard;

/// The longest greeting, in characters.
pub const GREETING_MAX_CHARS: usize = 500;
/// What an admin may set as the largest file, in bytes: 100 KiB to 100 MiB.
pub const FILE_MAX_BYTES: std::ops::RangeInclusive<u64> = 100 * 1024..=100 * 1024 * 1024;
/// On how many devices at most a person may be let be signed in.
pub const DEVICES_MAX: std::ops::RangeInclusive<u32> = 1..=50;

/// A queue, as an admin sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AdminQueue {
    /// Which; the first one's is the workspace's.
    pub id: QueueId,
    /// What it is called; the first one's may be empty, then screens say "Picklist".
    pub name: String,
    /// Picked, or offered too.
    pub mode: QueueMode,
    /// How long an offer stands.
    #[ts(type = "number")]
    pub offer_ms: i64,
    /// Who sees what waits in it; absent: all the staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub members: Option<Vec<PersonCard>>,
    /// How many conversations wait in it now.
    pub waiting: u32,
    /// Where its customers begin: after the server's address, `/chat` or `/chat?queue=…`.
    pub chat_path: String,
}

/// What may be sent, and from how many devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PolicyRules {
    /// The types out of the fixed super-set, at least one (jpg and jpeg are one type with two endings).
    pub types: Vec<FileType>,
    /// The largest file, in bytes; [`FILE_MAX_BYTES`].
    #[ts(type = "number")]
    pub file_max_bytes: u64,
    /// On how many devices one person may be signed in, [`DEVICES_MAX`]; absent: on any number.
    /// One more signs out the one that was used least lately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub devices_max: Option<u32>,
}

/// What setting a policy would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PolicyEffect {
    /// Of each type, what is kept here of it.
    pub kept: Vec<KeptFiles>,
    /// How many of those could not be sent any more. They stay.
    pub refused: u32,
    /// How many people are signed in on more devices than `devices_max`.
    pub people_over: u32,
}

/// What is kept of one type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct KeptFiles {
    /// Which.
    pub kind: FileType,
    /// How many files.
    pub files: u32,
    /// How many of them could not be sent any more.
    pub refused: u32,
}

/// Where the map's tiles come from. Devices get them from the server alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MapSource {
    /// An https address with `{z}`, `{x}` and `{y}` in it; absent: there is no map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tiles: Option<String>,
    /// Whose map it is, shown on every map; at most 200 characters.
    #[serde(default)]
    pub credit: String,
}

/// What the chat page says to who comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ChatPage {
    /// Above the chat; at most [`GREETING_MAX_CHARS`] characters, may be empty.
    #[serde(default)]
    pub greeting: String,
    /// When somebody answers; absent: nothing is said of it. Messages are taken at all times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hours: Option<OpeningHours>,
}

/// Opening hours of a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OpeningHours {
    /// The IANA name of the time zone the hours are in: `Europe/Oslo`.
    pub zone: String,
    /// Each day's, Monday first: seven lists. A day without any is closed.
    pub days: Vec<Vec<OpenSpan>>,
}

/// A time somebody answers, within one day. Spans of a day do not overlap, and are in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OpenSpan {
    /// In minutes from midnight, 0 to 1439.
    pub from_min: u16,
    /// In minutes from midnight, more than `from_min` and at most 1440.
    pub to_min: u16,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Imported {
    /// New clients.
    pub added: u32,
    /// Clients whose name, number or address is another now.
    pub changed: u32,
    /// Clients who were there, the same.
    pub same: u32,
    /// The lines that were left out, in order.
    pub refused: Vec<RefusedLine>,
}

/// A line that was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct RefusedLine {
    /// Which, from 1; the header is 1.
    pub line: u32,
    /// Why.
    pub why: LineFault,
}

/// Why a line of contacts was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineFault {
    /// The first line does not name a `name` column: then nothing was taken.
    Header,
    /// There is no name, or one of more than 120 characters.
    Name,
    /// The number has other than 4 to 20 digits.
    Phone,
    /// The e-mail address is none.
    Email,
    /// Quotes that do not close: this line and all after it were left out.
    Quotes,
    /// An earlier line of the file is the same client.
    Twice,
}

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AdminCanned {
    /// The word after the slash.
    pub shortcut: String,
    /// What is inserted; `{name}` in it stands for the customer's name.
    pub text: String,
}
