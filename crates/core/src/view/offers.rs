//! What is offered to this person.

use fieldline_model::PlaceId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One offer. It is over when [`super::Status::now_ms`] has reached its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OfferRow {
    /// Which conversation.
    pub place: PlaceId,
    /// The customer's name.
    pub name: Option<String>,
    /// The customer's number, digits with an optional plus.
    pub phone: Option<String>,
    /// The first characters of what they said last; may be empty.
    pub text: String,
    /// Photos in it.
    pub photos: u32,
    /// Since when they wait, milliseconds since 1970.
    #[ts(type = "number | null")]
    pub waiting_since_ms: Option<i64>,
    /// When the offer was made, milliseconds since 1970.
    #[ts(type = "number")]
    pub made_at_ms: i64,
    /// When it runs out by the server's clock, milliseconds since 1970.
    #[ts(type = "number")]
    pub expires_at_ms: i64,
}
