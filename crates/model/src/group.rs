//! A group: a message thread among chosen people, and the rules by which people
//! come to it and leave it. One other person makes it a direct thread.
//!
//! ```text
//! start ─► members ◄─┐ add, remove, rename      everybody left ─► nobody sees it
//!             └──────┘
//! ```
//!
//! The rules are methods that change a copy or refuse with a [`Problem`]; server and
//! device apply the same ones.
//!
//! Invariants
//! - A group is seen by its members alone, no admin included, each from their own
//!   `from_n` on; who was disabled stays a member and sees nothing.
//! - A direct thread has its two people for ever, and an id that both derive.
//! - Its owner is a member and, while a colleague is in it, a colleague. Nobody leaves
//!   clients in a group without one; when its last one is disabled, whoever disables them
//!   takes their place. Where nobody does (a direct thread), clients write nothing that
//!   nobody would read.
//! - The record holds nothing of what was said: that comes as messages alone, so what
//!   was said before somebody came reaches them by no way.

use crate::code::{Code, Problem};
use crate::ids::{GroupId, PersonId};
use crate::mention::Mention;
use crate::people::{Person, PersonCard, Role};
use crate::scope::Scope;
use crate::text::clean_name;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The most people in a group.
pub const PEOPLE_MAX: usize = 500;

/// From where somebody who is added reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// From the line that says they were added.
    #[default]
    FromNow,
    /// All that whoever adds them may read.
    Everything,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Member {
    /// Who.
    pub person: PersonCard,
    /// Whether they are a client.
    #[serde(default)]
    pub client: bool,
    /// The number of the first entry they may read.
    #[ts(type = "number")]
    pub from_n: i64,
    /// Whether they were disabled since: shown as such, and told nothing more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(as = "Option<bool>", optional)]
    pub disabled: bool,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// As somebody named it; without one it is called by its people.
    pub name: Option<String>,
    /// Whether it is between two, for ever.
    pub direct: bool,
    /// In the order they came.
    pub members: Vec<Member>,
    /// Who may not be removed.
    pub owner: PersonId,
    /// When it was made, milliseconds since 1970.
    #[ts(type = "number")]
    pub made_at_ms: i64,
    /// The number of the newest entry when this record last changed; entries are
    /// numbered 1, 2, 3 … without gaps.
    #[ts(type = "number")]
    pub last_n: i64,
}

/// What happened to a group: a line of its timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", tag = "did")]
pub enum GroupChange {
    /// Its author made it.
    Started,
    /// Its author changed who is in it.
    Members {
        /// Who came.
        added: Vec<PersonCard>,
        /// Who had to go.
        removed: Vec<PersonCard>,
    },
    /// Its author left.
    Left,
    /// Its author named it, or took its name away.
    Renamed {
        /// As it is called now.
        name: Option<String>,
    },
}

/// A group's name as it is kept: one line without tricks of direction, at most 120
/// characters; nothing is no name.
pub fn clean_group_name(name: &str) -> Result<Option<String>, Problem> {
    if name.trim().is_empty() { Ok(None) } else { clean_name(name).map(Some) }
}

impl Group {
    /// A new group of `by` and `people`, with its first line to come. With one other
    /// person it is a direct thread, which has no name.
    ///
    /// Refuses with *no_people*, *too_many_people*, *bad_name*; with *not_permitted* a
    /// client who starts one.
    pub fn started(
        id: GroupId,
        by: &Person,
        (people, name): (&[Person], Option<&str>),
        now_ms: i64,
    ) -> Result<Self, Problem> {
        if !by.role.is_staff() {
            return Err(Code::NotPermitted.into());
        }
        let mut members = vec![member(by, 1)];
        for person in people {
            if members.iter().all(|m| m.person.id != person.id) {
                members.push(member(person, 1));
            }
        }
        check_size(members.len())?;
        let direct = members.len() == 2;
        let name = if direct { None } else { clean_group_name(name.unwrap_or_default())? };
        Ok(Self { id, name, direct, members, owner: by.id, made_at_ms: now_ms, last_n: 0 })
    }

    /// Somebody in it.
    pub fn member(&self, who: PersonId) -> Option<&Member> {
        self.members.iter().find(|m| m.person.id == who)
    }

    /// Who may see it.
    pub fn scope(&self) -> Scope {
        self.scope_of(i64::MAX)
    }

    /// Who may see its entry number `n`.
    pub fn scope_of(&self, n: i64) -> Scope {
        let reads = |m: &&Member| m.from_n <= n && !m.disabled;
        Scope::members(self.members.iter().filter(reads).map(|m| m.person.id))
    }

    /// How many clients are told what is said in it.
    pub fn clients(&self) -> usize {
        self.members.iter().filter(|m| m.client && !m.disabled).count()
    }

    /// Whether `who` may write into it; refuses with *not_permitted* who is not in it, and
    /// with *no_colleague* a client where no colleague would read it.
    pub fn may_send(&self, who: PersonId) -> Result<(), Problem> {
        match self.member(who) {
            None => Err(Code::NotPermitted.into()),
            Some(mine) if mine.client && self.is_unattended() => Err(Code::NoColleague.into()),
            Some(_) => Ok(()),
        }
    }

    /// Whether clients are in it, and no colleague who was not disabled.
    pub fn is_unattended(&self) -> bool {
        self.clients() > 0 && self.members.iter().all(|m| m.client || m.disabled)
    }

    /// Refuses to mention anybody who is not in it, with *not_in_thread*; it never says who,
    /// for whoever asks need not know them.
    pub fn may_mention(&self, mentions: &[Mention]) -> Result<(), Problem> {
        let all = mentions.iter().all(|it| self.member(it.person).is_some());
        if all { Ok(()) } else { Err(Code::NotInThread.into()) }
    }

    /// Adds and removes people, all of it or nothing. What is so already changes
    /// nothing (`Ok(None)` when that is all).
    ///
    /// Refuses with *not_permitted* who is no colleague in it, with *direct_thread*,
    /// *owner_stays*, *last_colleague*, *no_people*, *too_many_people*.
    pub fn change(
        &mut self,
        by: PersonId,
        (add, remove): (&[Person], &[PersonId]),
        history: History,
    ) -> Result<Option<GroupChange>, Problem> {
        let mine = self.colleague(by)?;
        if self.direct {
            return Err(Code::DirectThread.into());
        }
        let first = match history {
            History::FromNow => self.last_n + 1,
            History::Everything => mine.from_n,
        };
        let gone = |m: &Member| remove.contains(&m.person.id);
        if self.members.iter().any(|m| gone(m) && (m.person.id == self.owner || m.person.id == by)) {
            return Err(Code::OwnerStays.into());
        }
        let removed: Vec<_> = self.members.iter().filter(|m| gone(m)).map(|m| m.person.clone()).collect();
        let mut members = self.members.clone();
        members.retain(|m| !gone(m));
        let mut added = Vec::new();
        for person in add.iter().filter(|p| !remove.contains(&p.id)) {
            if members.iter().all(|m| m.person.id != person.id) {
                members.push(member(person, first));
                added.push(person.card());
            }
        }
        if added.is_empty() && removed.is_empty() {
            return Ok(None);
        }
        check_size(members.len())?;
        self.members = members;
        Ok(Some(GroupChange::Members { added, removed }))
    }

    /// Takes `who` out of it at their own wish; who is not in it changes nothing. An
    /// owner who leaves is followed by the colleague who has been in it longest.
    ///
    /// Refuses with *direct_thread*; with *last_colleague* whoever would leave clients
    /// by themselves.
    pub fn leave(&mut self, who: PersonId) -> Result<Option<GroupChange>, Problem> {
        if self.member(who).is_none() {
            return Ok(None);
        }
        if self.direct {
            return Err(Code::DirectThread.into());
        }
        let next = self.next_owner(who);
        if next.is_none() && self.clients() > 0 && !self.is_unattended() {
            return Err(Code::LastColleague.into());
        }
        self.members.retain(|m| m.person.id != who);
        if self.owner == who {
            self.owner = next.unwrap_or(who);
        }
        Ok(Some(GroupChange::Left))
    }

    /// Names it, or takes its name away.
    ///
    /// Refuses with *not_permitted* who is no colleague in it, with *direct_thread*,
    /// *bad_name*.
    pub fn rename(&mut self, by: PersonId, name: &str) -> Result<Option<GroupChange>, Problem> {
        self.colleague(by)?;
        if self.direct {
            return Err(Code::DirectThread.into());
        }
        let name = clean_group_name(name)?;
        if name == self.name {
            return Ok(None);
        }
        self.name = name.clone();
        Ok(Some(GroupChange::Renamed { name }))
    }

    /// Takes somebody who was disabled out of its audience; they stay in it, as somebody
    /// who was there, and another owns what was theirs. Replies whether that is news.
    pub fn disable(&mut self, who: PersonId) -> bool {
        let next = self.next_owner(who);
        let Some(mine) = self.members.iter_mut().find(|m| m.person.id == who && !m.disabled) else {
            return false;
        };
        mine.disabled = true;
        if self.owner == who {
            self.owner = next.unwrap_or(who);
        }
        true
    }

    /// Gives a group of clients whose last colleague was disabled to `to`, who reads all of it
    /// and owns it from now on. A direct thread stays between its two.
    pub fn hand_to(&mut self, to: &Person) -> Option<GroupChange> {
        if self.direct || !self.is_unattended() {
            return None;
        }
        self.members.push(member(to, 1));
        self.owner = to.id;
        Some(GroupChange::Members { added: vec![to.card()], removed: Vec::new() })
    }

    /// The colleague who has been in it longest, but for `who`.
    fn next_owner(&self, who: PersonId) -> Option<PersonId> {
        let may = |m: &&Member| !m.client && !m.disabled && m.person.id != who;
        self.members.iter().find(may).map(|m| m.person.id)
    }

    fn colleague(&self, who: PersonId) -> Result<&Member, Problem> {
        self.member(who).filter(|m| !m.client).ok_or_else(|| Code::NotPermitted.into())
    }
}

fn member(person: &Person, from_n: i64) -> Member {
    Member { person: person.card(), client: person.role == Role::Client, from_n, disabled: false }
}

fn check_size(people: usize) -> Result<(), Problem> {
    match people {
        0 | 1 => Err(Code::NoPeople.into()),
        many if many > PEOPLE_MAX => Err(Problem::limit(Code::TooManyPeople, PEOPLE_MAX as u64)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
