//! Of the Configurator: people, what they may, and their devices.

use super::*;
use crate::people::Role;

/// Whom to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct PeopleSearch {
    /// A part of a name, login, number or address, or a whole id; empty: everybody.
    #[serde(default)]
    pub search: String,
    /// Only who is this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub role: Option<Role>,
    /// How many to leave out, for the pages after the first.
    #[serde(default)]
    pub from: u32,
}

/// A page of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PeoplePage {
    /// At most [`super::ROWS_MAX`]: admins and agents first, then clients, each by name.
    pub people: Vec<AdminPerson>,
    /// How many there are in all that were searched for.
    pub total: u32,
}

/// A person, as an admin sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AdminPerson {
    /// Who.
    pub id: PersonId,
    /// Shown name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// What they sign in with; absent: a client who was never invited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub login: Option<String>,
    /// A client's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub phone: Option<String>,
    /// A client's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub email: Option<String>,
    /// Whether they may sign in; who may not is chosen no more.
    pub enabled: bool,
    /// Whether they have set a password.
    pub signed_up: bool,
    /// Until when their one-time link works, milliseconds since 1970; absent: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub link_until_ms: Option<i64>,
    /// Since when a code is asked of them at sign-in, milliseconds since 1970; absent: none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub second_factor_since_ms: Option<i64>,
    /// What they were granted.
    pub modules: Vec<Module>,
    /// On how many devices they are signed in.
    pub devices: u32,
    /// How many conversations they have open: those go back to the picklist when they are disabled.
    pub open: u32,
    /// Of which queues they see what waits; a client of none.
    pub queues: Vec<QueueId>,
}

/// Somebody to be added.
///
/// Refuses with *bad_name* a name, login, number or address that cannot be; with
/// *login_taken* a login somebody has; with *id_reused* an id that is somebody else's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct AddPerson {
    /// Minted where it is asked.
    pub id: PersonId,
    /// 1 to 120 characters.
    pub name: String,
    /// What they will be.
    pub role: Role,
    /// What they sign in with, at most 200 bytes, case-folded. Absent: of a client, the address,
    /// else the number, else the name; of the staff it must be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub login: Option<String>,
    /// A client's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub phone: Option<String>,
    /// A client's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub email: Option<String>,
    /// What they are granted; the staff alone.
    #[serde(default)]
    pub modules: Vec<Module>,
}

/// What changes of somebody; what is absent stays.
///
/// Refuses with *last_admin* to disable or demote the last enabled admin, with *yourself* to
/// disable or demote oneself, with *bad_name*, and with *bad_request* a client who is to be of the staff or
/// granted a module, or the reverse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct EditPerson {
    /// Whom.
    pub id: PersonId,
    /// Their shown name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// Admin or agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub role: Option<Role>,
    /// All that they are granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub modules: Option<Vec<Module>>,
    /// Whether they may sign in. `false` ends their sessions and gives their open conversations
    /// back to the picklist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub enabled: Option<bool>,
}

impl EditPerson {
    /// Nothing of somebody.
    pub fn of(id: PersonId) -> Self {
        Self { id, name: None, role: None, modules: None, enabled: None }
    }

    /// Each thing it changes, as a word of the audit, what weighs most first; at least one.
    pub fn verbs(&self) -> Vec<&'static str> {
        let mut verbs = Vec::new();
        verbs.extend(self.enabled.map(|on| if on { "enable_person" } else { "disable_person" }));
        verbs.extend(self.role.map(|_| "set_role"));
        verbs.extend(self.modules.as_ref().map(|_| "set_modules"));
        if self.name.is_some() || verbs.is_empty() {
            verbs.push("rename_person");
        }
        verbs
    }
}

/// A one-time link, by which somebody sets a password. It is shown to the admin once: the
/// server keeps its hash alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OneTimeLink {
    /// Whose.
    pub person: PersonId,
    /// What they will sign in with.
    pub login: String,
    /// Belongs in the address's fragment: `https://SERVER/#invite=…`.
    pub secret: String,
    /// Until when it works, milliseconds since 1970: 72 hours.
    #[ts(type = "number")]
    pub until_ms: i64,
}

/// A device somebody signed in on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AdminDevice {
    /// Which.
    pub id: DeviceId,
    /// What it is called.
    pub name: String,
    /// When it signed in last, milliseconds since 1970.
    #[ts(type = "number")]
    pub signed_in_at_ms: i64,
    /// When it was used last, to the hour.
    #[ts(type = "number")]
    pub seen_at_ms: i64,
    /// How it stands.
    pub state: DeviceState,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// How a device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// It is signed in.
    SignedIn,
    /// Its session is over.
    SignedOut,
    /// Blocked by an admin.
    Blocked,
}
