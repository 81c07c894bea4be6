//! What stands in the bodies of a client's requests and answers.

use super::{ClientAuthor, ClientChange, ClientMe};
use crate::change::SoundLevel;
use crate::code::Problem;
use crate::ids::{GroupId, IntentId, MessageId, PlaceId};
use crate::intent::{Ask, Intent, Send};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `GET /v1/client/snapshot`: me, policy, my threads with their last entries and my read
/// marks, read at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientSnapshot {
    /// The feed's epoch.
    pub epoch: String,
    /// The `public_seq` it was read at.
    pub cursor: i64,
    /// The server's clock, milliseconds since 1970.
    pub at_ms: i64,
    /// The records, each with its own number.
    pub records: Vec<ClientChange>,
}

/// `GET /v1/client/changes?after=&epoch=`, and the `changes` event of the stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientPage {
    /// The feed's epoch.
    pub epoch: String,
    /// The `public_seq` to ask with next.
    pub cursor: i64,
    /// The server's clock, milliseconds since 1970.
    pub at_ms: i64,
    /// Whether there is more after the cursor now.
    pub more: bool,
    /// The reader's cursor means nothing here: take a snapshot.
    pub resync: bool,
    /// In order.
    pub changes: Vec<ClientChange>,
}

/// `GET /v1/client/groups/{id}/messages?before=`: older entries of a thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientOlder {
    /// Whether there are entries before these that the client may read.
    pub more: bool,
    /// Newest first.
    pub messages: Vec<ClientChange>,
}

/// The answer to `POST /v1/sign-in` and `POST /v1/join`, to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientSignedIn {
    /// Present when the device holds it itself.
    pub token: Option<String>,
    /// Who is signed in.
    pub me: ClientMe,
}

/// One thing a client asks for. It reads as [`Intent`] does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientIntent {
    /// Idempotency key; for a message also its id.
    pub id: IntentId,
    /// By the device's clock; only ever shown to staff.
    pub written_at_ms: i64,
    /// The intent that must be accepted before this one.
    #[serde(default)]
    pub needs: Option<IntentId>,
    /// What is asked.
    pub ask: ClientAsk,
}

/// What a client may ask, of threads they are in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum ClientAsk {
    /// Send a message.
    Send(Send),
    /// Everything up to `n` was read.
    Read {
        /// Where.
        place: PlaceId,
        /// The highest number seen.
        n: i64,
    },
    /// Delete a message of one's own, for everybody.
    Delete {
        /// Where it is.
        place: PlaceId,
        /// Which.
        message: MessageId,
    },
    /// Go out of a thread.
    Leave {
        /// Which.
        group: GroupId,
    },
    /// Set how loud the news of a thread is for oneself.
    Sound {
        /// Which.
        place: PlaceId,
        /// Nothing: as each device is set.
        #[serde(default)]
        sound: Option<SoundLevel>,
    },
}

/// The answers to a client's intents, one for each, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientAnswer {
    /// One for each.
    pub verdicts: Vec<ClientVerdict>,
}

/// The answer to one intent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientVerdict {
    /// Which; absent when the item was too broken to tell.
    pub intent: Option<IntentId>,
    /// The answer.
    pub outcome: ClientOutcome,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum ClientOutcome {
    /// Done and durable; the records it touched, as they are now.
    Accepted {
        /// Today's records.
        changes: Vec<ClientChange>,
    },
    /// Not now: the same intent again after `wait_ms`; the rest of its lane waits too.
    Later {
        /// Milliseconds.
        wait_ms: u64,
    },
    /// Never, as things stand.
    Refused {
        /// Why.
        problem: Problem,
    },
    /// This app is too old to say it.
    UpdateNeeded,
}

/// The `signals` event of `GET /v1/client/live`: who types in the client's threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientSignals {
    /// In no order.
    pub doing: Vec<ClientDoing>,
}

/// Somebody who types just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientDoing {
    /// Where.
    pub place: PlaceId,
    /// Who.
    pub who: ClientAuthor,
    /// Always: who only looks is nobody's to know.
    pub typing: bool,
    /// For how long this holds unless it is said again.
    pub left_ms: i64,
}

impl From<ClientIntent> for Intent {
    fn from(it: ClientIntent) -> Self {
        let ask = match it.ask {
            ClientAsk::Send(send) => Ask::Send(send),
            ClientAsk::Read { place, n } => Ask::Read { place, n },
            ClientAsk::Delete { place, message } => Ask::Delete { place, message },
            ClientAsk::Leave { group } => Ask::Leave { group },
            ClientAsk::Sound { place, sound } => Ask::Sound { place, sound },
        };
        Self { id: it.id, written_at_ms: it.written_at_ms, needs: it.needs, ask }
    }
}
