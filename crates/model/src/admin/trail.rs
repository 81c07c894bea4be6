//! Of the Configurator: what was done, what is kept of customers, and its erasure.
//!
//! Invariant: the audit holds ids and words of the program alone. Names beside them are
//! today's, looked up as it is read; of who was erased there is none.

use super::*;
use crate::code::Code;

/// Which lines of the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct AuditSearch {
    /// Only what this person did, or what was done about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub person: Option<PersonId>,
    /// Only this verb, as [`AuditPage::verbs`] has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub verb: Option<String>,
    /// Only from this moment on, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub from_ms: Option<i64>,
    /// Only before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub to_ms: Option<i64>,
    /// Only lines before this one, for the pages after the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub before: Option<i64>,
}

/// A page of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AuditPage {
    /// At most [`super::ROWS_MAX`], newest first.
    pub lines: Vec<AuditLine>,
    /// Whether there are older ones.
    pub more: bool,
    /// The verbs of the newest 100,000 lines, to choose from; in the order of the alphabet.
    pub verbs: Vec<String>,
}

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AuditLine {
    /// Which.
    #[ts(type = "number")]
    pub line: i64,
    /// When, milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Who.
    pub by: AuditParty,
    /// What, as a word of the program: `edit_person`.
    pub verb: String,
    /// What it was about; absent: nothing with an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub about: Option<AuditAbout>,
    /// Why it was refused; absent: it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<Code>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum AuditParty {
    /// At the server's command line.
    Operator,
    /// The server by itself.
    Server,
    /// Somebody not signed in.
    Nobody,
    /// A person.
    Person {
        /// Who.
        id: PersonId,
        /// Today's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        name: Option<String>,
    },
    /// A customer.
    Customer {
        /// Who.
        id: CustomerId,
        /// Today's name or number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        name: Option<String>,
    },
}

/// What something was done about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AuditAbout {
    /// Its id.
    #[ts(type = "string")]
    pub id: Uuid,
    /// What it is today.
    pub kind: AboutKind,
    /// Today's name of a person, a customer, a conversation's customer or a queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
}

/// What a line's record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum AboutKind {
    /// Somebody who can sign in.
    Person,
    /// A customer.
    Customer,
    /// A conversation.
    Conversation,
    /// A group.
    Group,
    /// A queue.
    Queue,
    /// Something else, or nothing any more.
    Other,
}

/// Which customers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct CustomersSearch {
    /// A part of a name or number, or a whole id; empty: all.
    #[serde(default)]
    pub search: String,
    /// How many to leave out, for the pages after the first.
    #[serde(default)]
    pub from: u32,
}

/// A page of customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomersPage {
    /// At most [`super::ROWS_MAX`], who came last first.
    pub customers: Vec<AdminCustomer>,
    /// How many there are in all that were searched for.
    pub total: u32,
}

/// A customer, as an admin sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AdminCustomer {
    /// Who.
    pub id: CustomerId,
    /// As they called themself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// As they gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub phone: Option<String>,
    /// When they came first, milliseconds since 1970.
    #[ts(type = "number")]
    pub created_at_ms: i64,
    /// Their conversations, newest first.
    pub conversations: Vec<AdminConversation>,
}

/// A conversation, to be exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AdminConversation {
    /// Which.
    pub id: ConversationId,
    /// Where it is in its life.
    pub state: crate::conversation::State,
    /// When it began, milliseconds since 1970.
    #[ts(type = "number")]
    pub created_at_ms: i64,
    /// How many entries it has.
    #[ts(type = "number")]
    pub entries: i64,
}

/// A customer to be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// Who.
    pub customer: CustomerId,
    /// Their name, or their number when they have none, as the admin typed it: so that
    /// nobody is erased by a slip.
    pub name: String,
}
