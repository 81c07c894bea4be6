//! Who sees what: one predicate, in one place, the same for lists, pages, search,
//! counts, files and streams.

use crate::ids::PersonId;
use crate::people::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// The audience of a record. Stored with every change, as it was and as it became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", tag = "to")]
pub enum Scope {
    /// Nobody: it does not exist yet, or no longer.
    Nobody,
    /// Everyone who can sign in.
    Everyone,
    /// Agents and admins.
    Agents,
    /// These people, and admins.
    People {
        /// Who.
        people: BTreeSet<PersonId>,
    },
    /// These people, admins not included.
    Members {
        /// Who.
        people: BTreeSet<PersonId>,
    },
    /// This person alone, admins not included.
    Only {
        /// Who.
        person: PersonId,
    },
}

/// Somebody who asks to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Who.
    pub id: PersonId,
    /// As what.
    pub role: Role,
}

impl Scope {
    /// These people, and admins.
    pub fn people(people: impl IntoIterator<Item = PersonId>) -> Self {
        Self::People { people: people.into_iter().collect() }
    }

    /// These people, admins not included.
    pub fn members(people: impl IntoIterator<Item = PersonId>) -> Self {
        Self::Members { people: people.into_iter().collect() }
    }

    /// Whether `reader` is in it.
    pub fn holds(&self, reader: &Reader) -> bool {
        match self {
            Self::Nobody => false,
            Self::Everyone => true,
            Self::Agents => reader.role.is_staff(),
            Self::People { people } => reader.role == Role::Admin || people.contains(&reader.id),
            Self::Members { people } => people.contains(&reader.id),
            Self::Only { person } => *person == reader.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_client_sees_no_agents_record_and_an_admin_no_private_one() {
        let reader = |n, role| Reader { id: PersonId(Uuid::from_u128(n)), role };
        let (ana, root, kim) = (reader(1, Role::Agent), reader(2, Role::Admin), reader(3, Role::Client));
        assert!(Scope::Agents.holds(&ana) && !Scope::Agents.holds(&kim));
        let anas = Scope::people([ana.id]);
        assert!(anas.holds(&ana) && anas.holds(&root) && !anas.holds(&kim));
        let private = Scope::Only { person: ana.id };
        assert!(private.holds(&ana) && !private.holds(&root));
        let group = Scope::members([ana.id, kim.id]);
        assert!(group.holds(&ana) && group.holds(&kim) && !group.holds(&root));
    }
}
