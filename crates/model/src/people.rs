//! The people who can sign in.

use crate::ids::{PersonId, WorkspaceId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person is to the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Staff who serves customers.
    Agent,
    /// Staff who also configures.
    Admin,
    /// An outside contact with a login.
    Client,
}

impl Role {
    /// Agents and admins.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Agent | Self::Admin)
    }
}

/// A permission an admin grants a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
pub enum Module {
    /// May start message threads, and choose who is in them.
    #[serde(rename = "messaging.company")]
    MessagingCompany,
}

impl Module {
    /// Every module there is.
    pub const ALL: [Self; 1] = [Self::MessagingCompany];
}

/// A person as colleagues see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Shown name, 1 to 120 characters.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// A client's number, digits with an optional leading plus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub phone: Option<String>,
    /// A client's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub email: Option<String>,
    /// Whether they have a password, and so can sign in.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub signed_up: bool,
}

/// A person as part of another record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
pub struct PersonCard {
    /// Who.
    pub id: PersonId,
    /// Shown name.
    pub name: String,
}

impl Person {
    /// Somebody of whom no more is known.
    pub fn new(id: PersonId, name: impl Into<String>, role: Role) -> Self {
        Self { id, name: name.into(), role, phone: None, email: None, signed_up: false }
    }

    /// The short form.
    pub fn card(&self) -> PersonCard {
        PersonCard { id: self.id, name: self.name.clone() }
    }
}

/// The person who is signed in, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Me {
    /// Who.
    pub person: Person,
    /// The workspace's shown name.
    pub workspace: String,
    /// Which workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub workspace_id: Option<WorkspaceId>,
    /// What an admin has granted them.
    #[serde(default, deserialize_with = "crate::change::known")]
    pub modules: Vec<Module>,
}

impl Me {
    /// Whether they were granted `module`.
    pub fn has(&self, module: Module) -> bool {
        self.modules.contains(&module)
    }
}
