//! Pages beside the feed: older entries, previous conversations, the contact list, and the Configurator.

use super::{Failure, PATIENCE, Remote, WireBody};
use bytes::Bytes;
use fieldline_model::api::{ContactsPage, OlderPage, PreviousPage};
use fieldline_model::{AdminAnswer, AdminAsk, Code, ConversationId, GroupId, PersonId};
use futures_util::StreamExt;
use http::Method;

/// A file on its way, which may be larger than memory.
pub struct Parts {
    body: WireBody,
    remote: Remote,
}

impl Parts {
    /// The next part; `None` when that was all of it.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        match self.remote.timed(PATIENCE, self.body.next()).await {
            Some(Some(Ok(part))) => Ok(Some(part)),
            Some(None) => Ok(None),
            Some(Some(Err(_))) | None => Err(Failure::later(Code::Unreachable)),
        }
    }
}

impl Remote {
    /// Entries before `before`, newest first.
    pub async fn older(&self, conversation: ConversationId, before: i64) -> Result<OlderPage, Failure> {
        self.get(&format!("/v1/conversations/{conversation}/messages?before={before}")).await
    }

    /// The customer's ended conversation before `before`, for who holds `held`.
    pub async fn previous(
        &self,
        held: ConversationId,
        before: ConversationId,
    ) -> Result<PreviousPage, Failure> {
        self.get(&format!("/v1/conversations/{held}/previous?before={before}")).await
    }

    /// Entries of a group before `before`, newest first.
    pub async fn group_older(&self, group: GroupId, before: i64) -> Result<OlderPage, Failure> {
        self.get(&format!("{}/groups/{group}/messages?before={before}", self.own)).await
    }

    /// One verb of the Configurator.
    pub async fn admin(&self, ask: &AdminAsk) -> Result<AdminAnswer, Failure> {
        self.post("/v1/admin", ask).await
    }

    /// A conversation as a file, for an admin.
    pub async fn export(&self, conversation: ConversationId) -> Result<Parts, Failure> {
        let path = format!("/v1/admin/exports/{conversation}");
        let answer = self.send(Method::GET, &path, Bytes::new(), PATIENCE).await?;
        if !answer.status().is_success() {
            return Err(self.refusal(answer).await);
        }
        Ok(Parts { body: answer.into_body(), remote: self.clone() })
    }

    /// The clients of the contact list after one of them.
    pub async fn contacts(&self, after: Option<PersonId>) -> Result<ContactsPage, Failure> {
        let after = after.map(|id| format!("?after_id={id}")).unwrap_or_default();
        self.get(&format!("/v1/contacts{after}")).await
    }
}
