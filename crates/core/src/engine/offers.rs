//! Availability, and the answer to an offer.

use super::Engine;
use super::asks::once;
use crate::store::outbox::{self, NewRow};
use crate::view::Topic;
use fieldline_model::{Ask, Intent, IntentId, PlaceId, Problem, Ready};
use rusqlite::Connection;

impl Engine {
    /// Takes an offered conversation.
    ///
    /// Errors: [`fieldline_model::Code::OfferOver`] when it ran out, as far as is known here.
    pub async fn accept(&self, id: IntentId, place: PlaceId) -> Result<(), Problem> {
        self.ask(id, Ask::Accept { conversation: place.into() }).await
    }

    /// Lets an offered conversation go on to the next agent.
    pub async fn pass(&self, id: IntentId, place: PlaceId) -> Result<(), Problem> {
        self.ask(id, Ask::Pass { conversation: place.into() }).await
    }

    /// Sets whether this person takes conversations. Only the newest is sent.
    pub async fn set_availability(&self, id: IntentId, ready: Ready) -> Result<(), Problem> {
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        let work = move |work: &Connection| {
            outbox::drop_availability(work)?;
            let intent = Intent { id, written_at_ms: now_ms, needs: None, ask: Ask::Availability { ready } };
            outbox::add(work, NewRow { intent: &intent, files: &[], title: "" })
        };
        once(&profile, id, work).await?;
        profile.push.news();
        profile.tell([Topic::Status, Topic::Outbox]);
        Ok(())
    }
}
