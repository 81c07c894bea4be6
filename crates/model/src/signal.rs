//! What needs no memory: who is typing, who is looking. It is told while it lasts
//! and never stored; losing it loses nothing.
//!
//! Invariant: what a customer hears is of a type of their own and says only that
//! somebody types to them, never who looks.

use crate::ids::PlaceId;
use crate::message::Author;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How long somebody is taken to type after they said so, unless they say it again.
pub const TYPING_MS: i64 = 6_000;
/// How long somebody is taken to look, likewise.
pub const VIEWING_MS: i64 = 45_000;

/// `POST /v1/signals`: what a person does in a conversation just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// Where.
    pub place: PlaceId,
    /// Whether they write a message to the customer.
    pub typing: bool,
    /// Whether they have it open.
    pub viewing: bool,
}

/// Somebody who does something just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Doing {
    /// Where.
    pub place: PlaceId,
    /// Who.
    pub who: Author,
    /// Whether they type; else they look.
    pub typing: bool,
    /// For how long this holds unless it is said again.
    #[ts(type = "number")]
    pub left_ms: i64,
}

/// The `signals` event of `GET /v1/live`: everything others do just now, where the
/// reader may see. What is not in it any more is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signals {
    /// In no order.
    #[serde(deserialize_with = "crate::change::known")]
    pub doing: Vec<Doing>,
}

/// `POST /v1/customer/signals`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerSignal {
    /// Whether they write a message.
    pub typing: bool,
}

/// The `signals` event of `GET /v1/customer/live`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicSignals {
    /// Who writes to the customer just now, by shown name.
    pub typing: Option<String>,
    /// For how long this holds unless it is said again.
    pub left_ms: i64,
}

/// `POST /v1/customer/read`: everything up to here was shown to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerRead {
    /// The number of the newest entry shown.
    pub public_seq: i64,
}
