//! Deleting a message of one's own.
//!
//! ```text
//! on the server ───────────────► an intent, laid over the thread at once
//! never on its way, or refused ► discarded: nobody ever gets it
//! on its way once (it may be
//! there, unanswered), or the
//! first of a thread ───────────► an intent that needs the message's own
//! ```

use super::Engine;
use super::asks::{Minted, asked, mint_needing, once};
use crate::store::outbox::Standing;
use crate::store::{deleted, outbox};
use fieldline_model::{Ask, IntentId, MessageId, PlaceId, Problem};
use rusqlite::Connection;

impl Engine {
    /// Deletes a message of one's own for everybody. One that is deleted already, or
    /// that is to be, is left as it is.
    ///
    /// Errors: [`fieldline_model::Code::NotPermitted`] for what somebody else wrote,
    /// [`fieldline_model::Code::NotFound`] for what is not on this device.
    pub async fn delete(&self, id: IntentId, place: PlaceId, message: MessageId) -> Result<(), Problem> {
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        let work = move |work: &Connection| {
            if deleted::asked(work, place)?.contains(&message) {
                return Ok(());
            }
            let sending = IntentId(message.0);
            let mut needs = None;
            if let Some(row) = outbox::get(work, sending)? {
                // The message that begins a thread is sent, and deleted there.
                let begins = matches!(row.intent.ask, Ask::Start(_));
                if !begins && (row.standing == Standing::Stuck || !row.tried) {
                    return outbox::discard(work, sending);
                }
                needs = Some(sending);
            } else if !deleted::may(work, message)? {
                return Ok(());
            }
            let with = Minted { files: &[], now_ms };
            mint_needing(work, id, Ask::Delete { place, message }, (with, needs))
        };
        once(&profile, id, work).await?;
        asked(&profile, place);
        Ok(())
    }
}
