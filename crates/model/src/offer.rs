//! Offers: a waiting conversation the server proposes to one available agent, who
//! accepts it or lets it pass; and what decides to whom: each agent's availability,
//! and the mode of the queue behind the picklist.
//!
//! Invariants
//! - Availability is what its person set, until they set another: a phone in a
//!   pocket is not away.
//! - An offer runs out by the server's clock alone.

use crate::code::{Code, Problem};
use crate::ids::{ConversationId, PersonId, QueueId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The shortest time an offer may stand, and the longest.
pub const OFFER_MS: std::ops::RangeInclusive<i64> = 5_000..=600_000;
/// How long an offer stands when nobody says.
pub const OFFER_DEFAULT_MS: i64 = 30_000;

pub(crate) fn default_ms() -> i64 {
    OFFER_DEFAULT_MS
}

/// Whether somebody takes conversations now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Ready {
    /// Offers come to them.
    Available,
    /// At work, and no offers.
    Busy,
    /// Not at work; also who never said anything.
    #[default]
    Away,
}

/// What somebody set of themself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Availability {
    /// Who.
    pub person: PersonId,
    /// What.
    pub ready: Ready,
    /// Since when, milliseconds since 1970.
    #[ts(type = "number")]
    pub since_ms: i64,
}

/// How conversations leave the picklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum QueueMode {
    /// Agents pick.
    #[default]
    Pick,
    /// The server offers them, one agent after another; agents may still pick.
    Offer,
}

/// The routing unit behind the picklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Queue {
    /// Which.
    pub id: QueueId,
    /// Its mode.
    pub mode: QueueMode,
    /// How long an offer stands.
    #[ts(type = "number")]
    pub offer_ms: i64,
}

/// A waiting conversation, proposed to one agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Offer {
    /// Which conversation; it has one offer at a time, which is named by it.
    pub conversation: ConversationId,
    /// To whom.
    pub agent: PersonId,
    /// When it was made, milliseconds since 1970.
    #[ts(type = "number")]
    pub made_at_ms: i64,
    /// When it runs out by the server's clock, milliseconds since 1970.
    #[ts(type = "number")]
    pub expires_at_ms: i64,
}

impl Offer {
    /// Whether it still stands for `agent`; refuses with [`Code::OfferOver`].
    pub fn stands_for(&self, agent: PersonId, now_ms: i64) -> Result<(), Problem> {
        if self.agent == agent && now_ms < self.expires_at_ms { Ok(()) } else { Err(Code::OfferOver.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_offer_stands_for_its_agent_until_it_runs_out() {
        let (ana, bo) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let conversation = ConversationId(Uuid::from_u128(3));
        let offer = Offer { conversation, agent: ana, made_at_ms: 0, expires_at_ms: 30_000 };
        assert_eq!(offer.stands_for(ana, 29_999), Ok(()));
        assert_eq!(offer.stands_for(ana, 30_000), Err(Code::OfferOver.into()));
        assert_eq!(offer.stands_for(bo, 1), Err(Code::OfferOver.into()));
    }
}
