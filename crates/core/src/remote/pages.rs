//! Pages of message threads and of the contact list.

use super::{Failure, Remote};
use fieldline_model::api::{ContactsPage, OlderPage};
use fieldline_model::{GroupId, PersonId};

impl Remote {
    /// Entries of a group before `before`, newest first.
    pub async fn group_older(&self, group: GroupId, before: i64) -> Result<OlderPage, Failure> {
        self.get(&format!("/v1/groups/{group}/messages?before={before}")).await
    }

    /// The clients of the contact list after one of them.
    pub async fn contacts(&self, after: Option<PersonId>) -> Result<ContactsPage, Failure> {
        let after = after.map(|id| format!("?after_id={id}")).unwrap_or_default();
        self.get(&format!("/v1/contacts{after}")).await
    }
}
