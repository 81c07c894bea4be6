//! What can go wrong, as one closed list. A code exists only if somebody branches
//! on it or has a sentence to say about it; the sentences are in `ui/src/words`
//! and, for the customer page, beside it.
//!
//! Invariant: a [`Problem`] carries no message text, no token and no path.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    // What was sent is not understood.
    /// The bytes are no JSON, or not of the shape the API page gives.
    BadRequest,
    /// An intent of a kind this server does not know.
    UnknownIntent,
    /// The id was used before, for other bytes or by somebody else.
    IdReused,
    // Who asks, and what they may.
    /// No such thing, or not for you: the two read the same.
    NotFound,
    /// You may see it, but not do this.
    NotPermitted,
    /// Login or password is wrong.
    WrongPassword,
    /// The password is right, and a code of the second factor is needed too.
    CodeNeeded,
    /// The code of the second factor is wrong, too old, or was used already.
    WrongCode,
    /// The password is too short, too long or too common.
    WeakPassword,
    /// Too many tries; `limit` says after how many seconds to try again.
    TooManyTries,
    /// The session is over.
    SignedOut,
    /// The person was blocked by an admin.
    Blocked,
    /// The session is over because a second copy of the device's files went on with it.
    Copied,
    /// The invite or private link was used, revoked or never existed.
    LinkInvalid,
    // The life of a conversation.
    /// Somebody has it; `who` says who.
    AlreadyPicked,
    /// It waits: pick it first.
    NotPicked,
    /// It was ended.
    ConversationEnded,
    /// It is not ended, so it cannot be reopened.
    NotEnded,
    /// The offer ran out, went on to somebody else, or was withdrawn.
    OfferOver,
    /// The intent this one needs was refused.
    NeedsRefused,
    /// It may be on the server already, so it is not taken back.
    OnItsWay,
    // Message threads.
    /// Nobody was chosen but oneself.
    NoPeople,
    /// More people than `limit` in one group.
    TooManyPeople,
    /// `who` was chosen and was disabled, or is not there any more.
    PersonGone,
    /// The module that lets somebody start message threads was not granted.
    ModuleNeeded,
    /// A direct thread is between two: it has no other people and no name.
    DirectThread,
    /// Nobody removes a group's owner, nor themself.
    OwnerStays,
    /// Somebody is mentioned who is not in the thread.
    NotInThread,
    /// Customers would be left in a group without a colleague.
    LastColleague,
    /// Every colleague in this thread was disabled: what a client writes would be read by nobody.
    NoColleague,
    // The Configurator.
    /// Somebody has that login.
    LoginTaken,
    /// Nobody closes their own access, or gives up being an admin, by themself.
    Yourself,
    /// Nobody else could configure any more.
    LastAdmin,
    /// Opening hours or their time zone cannot be.
    BadHours,
    // Messages.
    /// Nothing to send: no text, no photo, no location.
    MessageEmpty,
    /// Nothing to keep: an internal note without text.
    NoteEmpty,
    /// The text is longer than `limit` characters.
    TextTooLong,
    /// More photos than `limit` in one message.
    TooManyFiles,
    /// A name or a phone number is needed, or is too long.
    BadName,
    /// Latitude, longitude, accuracy or time of the fix cannot be.
    BadLocation,
    // Files.
    /// The bytes of the file never arrived, or are not its author's.
    FileMissing,
    /// The admin does not allow files of this type.
    FileTypeForbidden,
    /// The bytes are not one of the picture types, whatever the name says.
    FileNotPicture,
    /// A HEIC photo, which this server was built without a decoder for.
    FileHeic,
    /// Larger than `limit` bytes.
    FileTooLarge,
    /// More pixels than `limit`.
    PictureTooLarge,
    /// The picture is cut off or broken.
    FileDamaged,
    // The server.
    /// The server is busy; `limit` says after how many seconds to try again.
    Busy,
    /// No room left on the server or the device.
    StorageFull,
    /// A fault of the server, logged there.
    Internal,
    // The device.
    /// No network, or the server does not answer.
    Unreachable,
    /// Something answered that is not a Fieldline server.
    NotAServer,
    /// The server's certificate is not trusted.
    TlsFailed,
    /// The address is no web address.
    BadAddress,
    /// The address is one without protection (`http`), and not this device's own.
    NotProtected,
    /// Another window or tab has this profile open.
    InUse,
    /// The device's database is from a newer app.
    AppTooOld,
    /// The device's keychain, which has the session, is locked or does not answer.
    KeychainShut,
    /// The device's storage does not work.
    StorageFailed,
    /// A part of the device's storage does not read; it is being mended.
    StorageDamaged,
    /// Unsent work would be lost: `limit` says how much.
    UnsentWork,
    /// This app is too old for the server; also what an app reads that is too old
    /// for the server's own word.
    #[serde(other)]
    UpdateNeeded,
}

/// A code with the two facts a sentence may need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Problem {
    /// What happened.
    pub code: Code,
    /// A person's name, where the code says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub who: Option<String>,
    /// A number, in the unit the code says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub limit: Option<u64>,
}

impl Problem {
    /// The code alone.
    pub const fn new(code: Code) -> Self {
        Self { code, who: None, limit: None }
    }

    /// A code about a person.
    pub fn about(code: Code, who: impl Into<String>) -> Self {
        Self { code, who: Some(who.into()), limit: None }
    }

    /// A code with its number.
    pub const fn limit(code: Code, limit: u64) -> Self {
        Self { code, who: None, limit: Some(limit) }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.code)
    }
}

impl std::error::Error for Problem {}
