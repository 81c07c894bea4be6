//! Internal notes: reading their page, keeping one, and the one being written.

use super::Engine;
use super::asks::{Minted, asked, mint, once};
use crate::store::notes;
use crate::view::Notes;
use fieldline_model::{Ask, IntentId, PlaceId, Problem};
use rusqlite::Connection;

impl Engine {
    /// A conversation's notes, and the one being written.
    pub async fn notes(&self, place: PlaceId) -> Result<Notes, Problem> {
        let profile = self.profile()?;
        let flying = profile.flying();
        profile.run(move |c| notes::page(c, place, &flying)).await
    }

    /// Keeps the note being written.
    pub async fn save_note_draft(&self, place: PlaceId, text: String) -> Result<(), Problem> {
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        profile.keep(move |c| notes::save_draft(c, place, &text, now_ms)).await
    }

    /// Saves a note: what was being written is, in one step, in the outbox instead.
    ///
    /// Errors: [`fieldline_model::Code::NoteEmpty`], [`fieldline_model::Code::TextTooLong`],
    /// [`fieldline_model::Code::NotFound`].
    pub async fn note(&self, id: IntentId, place: PlaceId, text: String) -> Result<(), Problem> {
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        let work = move |work: &Connection| {
            let ask = Ask::Note { conversation: place.into(), text };
            mint(work, id, ask, Minted { files: &[], now_ms })?;
            notes::save_draft(work, place, "", now_ms)
        };
        once(&profile, id, work).await?;
        asked(&profile, place);
        Ok(())
    }
}
