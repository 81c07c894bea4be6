//! The Configurator: asked of the server while it answers, and kept nowhere here.
//!
//! Invariant: nothing of it goes through the outbox. An ask that no answer came to was done
//! or was not: whoever asks again asks with the same ids.

use super::Engine;
use crate::remote::Parts;
use fieldline_model::{AdminAnswer, AdminAsk, ConversationId, Problem};

impl Engine {
    /// One verb of the Configurator, for admins.
    ///
    /// Errors: what [`AdminAsk`] says of each; [`fieldline_model::Code::Unreachable`] and what
    /// else keeps the server from answering.
    pub async fn admin(&self, ask: AdminAsk) -> Result<AdminAnswer, Problem> {
        Ok(self.profile()?.remote().admin(&ask).await?)
    }

    /// A conversation as a ZIP file, for admins; a browser asks for it by its address.
    pub async fn export(&self, conversation: ConversationId) -> Result<Parts, Problem> {
        Ok(self.profile()?.remote().export(conversation).await?)
    }
}
