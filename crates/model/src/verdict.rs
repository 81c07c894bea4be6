//! The answer to an intent.

use crate::change::Change;
use crate::code::Problem;
use crate::ids::IntentId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The server's answer to one intent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Verdict {
    /// Which; absent when the item was too broken to tell.
    pub intent: Option<IntentId>,
    /// The answer.
    pub outcome: Outcome,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Done and durable; the records it touched, as they are now for the asker.
    Accepted {
        /// Today's records. An older copy never overwrites a newer one.
        #[serde(deserialize_with = "crate::change::known")]
        changes: Vec<Change>,
    },
    /// Not now: the same intent again after `wait_ms`; the rest of its lane waits too.
    Later {
        /// Milliseconds.
        #[ts(type = "number")]
        wait_ms: u64,
    },
    /// Never, as things stand.
    Refused {
        /// Why.
        problem: Problem,
    },
    /// The session is over: sign in and send it again.
    SignInAgain,
    /// This app is too old to say it; also what an app reads that is too old to
    /// understand the answer.
    #[serde(other)]
    UpdateNeeded,
}
