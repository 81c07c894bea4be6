//! The Configurator: what an admin asks of the server, and what it answers. One verb is
//! one variant of [`AdminAsk`]; the screens, the API (`POST /v1/admin`) and the command
//! line (`fieldline-server admin …`) ask by these alone.
//!
//! Online only: nothing here goes through a device's outbox, and nothing is kept there.
//!
//! Invariants
//! - An ask is judged and done in one transaction of the server, as one line of the audit.
//! - An ask that makes something carries the id of what it makes, minted where it is
//!   asked: sent again after a lost answer, it makes nothing twice.
//! - Of an ask that changes something, only the fields that are there change.

pub mod desk;
pub mod people;
pub mod trail;

use crate::ids::{ConversationId, CustomerId, DeviceId, PersonId, QueueId};
use crate::media::FileType;
use crate::people::Module;
use desk::{AdminCanned, AdminQueue, ChatPage, Imported, MapSource, PolicyEffect, PolicyRules};
use people::{AddPerson, AdminDevice, EditPerson, OneTimeLink, PeoplePage, PeopleSearch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trail::{AuditPage, AuditSearch, CustomersPage, CustomersSearch, Erase};
use ts_rs::TS;
use uuid::Uuid;

/// The most bytes of one ask; what has more than a list of contacts has no more.
pub const ASK_MAX_BYTES: usize = 8 * 1024 * 1024;
/// The most rows in one page of an answer.
pub const ROWS_MAX: usize = 50;

/// What an admin asks.
///
/// Every ask refuses with *not_permitted* who is no admin, with *not_found* what is not there
/// or of another workspace, and what its own lines say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", tag = "ask", deny_unknown_fields)]
pub enum AdminAsk {
    // People.
    /// Everybody, staff first, then by name → [`AdminAnswer::People`].
    People(PeopleSearch),
    /// Add somebody → [`AdminAnswer::Link`], by which they set their password. Asked again, a new link.
    AddPerson(AddPerson),
    /// Change somebody → [`AdminAnswer::Done`].
    EditPerson(EditPerson),
    /// A new one-time link, by which somebody sets a password, also for the first time (who is
    /// *not signed up*); the one before it is over, and so are their sessions
    /// → [`AdminAnswer::Link`]. Refuses with *person_gone* who is disabled. A second factor stays:
    /// its code is asked by the link, too.
    Reset {
        /// Whose.
        person: PersonId,
    },
    /// Take somebody's second factor away, who lost their codes: their password alone signs them
    /// in → [`AdminAnswer::Done`], also when they had none. Refuses with *yourself* one's own,
    /// which is turned off by password and code.
    RemoveSecondFactor {
        /// Whose.
        person: PersonId,
    },
    /// The devices somebody signed in on → [`AdminAnswer::Devices`].
    Devices {
        /// Whose.
        person: PersonId,
    },
    /// End a session, or every one of a person → [`AdminAnswer::Done`].
    SignOut {
        /// Whose.
        person: PersonId,
        /// On which device; absent: on all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        device: Option<DeviceId>,
    },
    /// Block a device: its session is over, its copy is wiped, and nobody signs in on it as this
    /// person until it is unblocked → [`AdminAnswer::Done`].
    BlockDevice {
        /// Whose.
        person: PersonId,
        /// Which.
        device: DeviceId,
        /// Or unblock it.
        blocked: bool,
    },
    // How customers are served.
    /// The queues behind the picklist, the first one first → [`AdminAnswer::Queues`].
    Queues,
    /// Add a queue, or change one: it is after this as it stands here → [`AdminAnswer::Queues`].
    ///
    /// Refuses with *bad_name* its name, with *bad_request* a time no offer may stand, with
    /// *person_gone* a member who is not among the enabled staff.
    PutQueue {
        /// Which; a new one's is minted where it is asked.
        id: QueueId,
        /// 1 to 120 characters; the first one's may be empty.
        #[serde(default)]
        name: String,
        /// Picked, or offered too.
        mode: crate::offer::QueueMode,
        /// How long an offer stands, [`crate::offer::OFFER_MS`].
        #[serde(default = "crate::offer::default_ms")]
        #[ts(type = "number")]
        offer_ms: i64,
        /// Who sees what waits in it; absent: all the staff. (Admins always do.)
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        members: Option<Vec<PersonId>>,
    },
    /// What may be sent → [`AdminAnswer::Policy`].
    Policy,
    /// Set what may be sent: told to every device and chat page → [`AdminAnswer::Policy`].
    ///
    /// Refuses with *bad_request* a list without a type, or a number out of its bounds.
    SetPolicy(PolicyRules),
    /// What setting it would do → [`AdminAnswer::PolicyEffect`]. Changes nothing.
    PreviewPolicy(PolicyRules),
    /// Where the map's tiles come from → [`AdminAnswer::Map`].
    Map,
    /// Set it, or take the map away → [`AdminAnswer::Map`].
    ///
    /// Refuses with *bad_address* an address no tile can be fetched from, with *text_too_long*
    /// a credit of more than 200 characters.
    SetMap(MapSource),
    /// What the chat page says to who comes → [`AdminAnswer::ChatPage`].
    ChatPage,
    /// Set it: told to every open chat page → [`AdminAnswer::ChatPage`].
    ///
    /// Refuses with *text_too_long* a greeting of more than [`desk::GREETING_MAX_CHARS`]
    /// characters, with *bad_hours* hours or a time zone that cannot be.
    SetChatPage(ChatPage),
    /// Add clients to the contact list, or change who is there, from a CSV file; lines that
    /// cannot be are left out and told of → [`AdminAnswer::Imported`].
    ImportContacts {
        /// The file: a header of `name`, `phone`, `email` in any order, one client a line,
        /// separated by commas or semicolons (RFC 4180).
        csv: String,
    },
    /// The canned replies, by shortcut → [`AdminAnswer::Canned`].
    Canned,
    /// Add a canned reply, or change the text of one → [`AdminAnswer::Canned`].
    PutCanned(AdminCanned),
    /// Remove one → [`AdminAnswer::Canned`].
    RemoveCanned {
        /// By what it is called.
        shortcut: String,
    },
    // What was done, and what is kept.
    /// The audit, newest first → [`AdminAnswer::Audit`].
    Audit(AuditSearch),
    /// Customers, who came last first, each with their conversations → [`AdminAnswer::Customers`].
    Customers(CustomersSearch),
    /// Erase a customer: their messages, files, notes and all that is found of them, here and on
    /// every device → [`AdminAnswer::Done`]. Nobody gets it back but from a backup.
    ///
    /// Refuses with *bad_name* a name that is not theirs.
    Erase(Erase),
}

/// What is answered to an [`AdminAsk`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum AdminAnswer {
    /// It is done.
    Done,
    /// A page of people.
    People(PeoplePage),
    /// A one-time link, shown this once.
    Link(OneTimeLink),
    /// Somebody's devices, the one used last first.
    Devices {
        /// They.
        devices: Vec<AdminDevice>,
        /// On how many one person may be signed in; absent: on any number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        devices_max: Option<u32>,
    },
    /// Every queue.
    Queues {
        /// They, the first one first.
        queues: Vec<AdminQueue>,
    },
    /// What may be sent.
    Policy(PolicyRules),
    /// What setting it would do.
    PolicyEffect(PolicyEffect),
    /// Where the map comes from.
    Map(MapSource),
    /// What the chat page says.
    ChatPage(ChatPage),
    /// What an import did.
    Imported(Imported),
    /// Every canned reply.
    Canned {
        /// They, by shortcut.
        canned: Vec<AdminCanned>,
    },
    /// A page of the audit.
    Audit(AuditPage),
    /// A page of customers.
    Customers(CustomersPage),
}

impl AdminAsk {
    /// Its word in the audit; of an edit, what of it weighs most.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::People(_) => "people",
            Self::AddPerson(_) => "add_person",
            Self::EditPerson(edit) => edit.verbs()[0],
            Self::Reset { .. } => "reset",
            Self::RemoveSecondFactor { .. } => "remove_second_factor",
            Self::Devices { .. } => "devices",
            Self::SignOut { .. } => "sign_out_person",
            Self::BlockDevice { blocked: true, .. } => "block_device",
            Self::BlockDevice { .. } => "unblock_device",
            Self::Queues => "queues",
            Self::PutQueue { .. } => "put_queue",
            Self::Policy => "policy",
            Self::SetPolicy(_) => "set_policy",
            Self::PreviewPolicy(_) => "preview_policy",
            Self::Map => "map",
            Self::SetMap(_) => "set_map",
            Self::ChatPage => "chat_page",
            Self::SetChatPage(_) => "set_chat_page",
            Self::ImportContacts { .. } => "import_contacts",
            Self::Canned => "canned",
            Self::PutCanned(_) => "put_canned",
            Self::RemoveCanned { .. } => "remove_canned",
            Self::Audit(_) => "audit",
            Self::Customers(_) => "customers",
            Self::Erase(_) => "erase_customer",
        }
    }

    /// The record it is about, for the audit.
    pub fn about(&self) -> Option<Uuid> {
        match self {
            Self::AddPerson(add) => Some(add.id.0),
            Self::EditPerson(edit) => Some(edit.id.0),
            Self::Reset { person } | Self::Devices { person } | Self::SignOut { person, .. } => {
                Some(person.0)
            }
            Self::RemoveSecondFactor { person } | Self::BlockDevice { person, .. } => Some(person.0),
            Self::PutQueue { id, .. } => Some(id.0),
            Self::Erase(erase) => Some(erase.customer.0),
            _ => None,
        }
    }

    /// Whether it changes nothing.
    pub fn is_reading(&self) -> bool {
        use AdminAsk::*;
        matches!(
            self,
            People(_)
                | Devices { .. }
                | Queues
                | Policy
                | PreviewPolicy(_)
                | Map
                | ChatPage
                | Canned
                | Audit(_)
                | Customers(_)
        )
    }
}
