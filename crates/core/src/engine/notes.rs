//! Internal notes: reading their page, keeping one, and the one being written.

use super::Engine;
use super::asks::{Minted, asked, mint};
use crate::store::{cache, notes, outbox};
use crate::view::{Notes, Topic};
use fieldline_model::{Ask, IntentId, PlaceId, Problem};

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
        profile.run(move |c| notes::save_draft(c, place, &text, now_ms)).await
    }

    /// Saves a note: what was being written is, in one step, in the outbox instead.
    ///
    /// Errors: [`fieldline_model::Code::NoteEmpty`], [`fieldline_model::Code::TextTooLong`],
    /// [`fieldline_model::Code::NotFound`].
    pub async fn note(&self, id: IntentId, place: PlaceId, text: String) -> Result<(), Problem> {
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        profile
            .run(move |c| {
                let work = cache::begin(c)?;
                if outbox::knows(&work, id)? {
                    return Ok(());
                }
                mint(
                    &work,
                    id,
                    Ask::Note { conversation: place.into(), text },
                    Minted { files: &[], now_ms },
                )?;
                notes::save_draft(&work, place, "", now_ms)?;
                cache::commit(work)
            })
            .await?;
        asked(&profile, place);
        profile.tell([Topic::Thread { place }]);
        Ok(())
    }
}
