//! Pages beside the feed: older entries, previous conversations, the contact list.

use super::{Failure, Remote};
use fieldline_model::api::{ClientInvite, ContactsPage, OlderPage, PreviousPage};
use fieldline_model::{ConversationId, GroupId, PersonId};

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

    /// Invites a client of the contact list.
    pub async fn invite_client(&self, who: PersonId) -> Result<ClientInvite, Failure> {
        self.post(&format!("/v1/contacts/{who}/invite"), &serde_json::json!({})).await
    }

    /// The clients of the contact list after one of them.
    pub async fn contacts(&self, after: Option<PersonId>) -> Result<ContactsPage, Failure> {
        let after = after.map(|id| format!("?after_id={id}")).unwrap_or_default();
        self.get(&format!("/v1/contacts{after}")).await
    }
}
