//! The people who can sign in.

use crate::ids::PersonId;
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

/// A person as colleagues see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Shown name, 1 to 120 characters.
    pub name: String,
    /// What they are.
    pub role: Role,
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
}
