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
//! - Its owner is a member and, while a colleague is in it, a colleague. Clients are
//!   never in a group without one.
//! - The record holds nothing of what was said: that comes as messages alone, so what
//!   was said before somebody came reaches them by no way.

use crate::code::{Code, Problem};
use crate::ids::{GroupId, PersonId};
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

    /// Whether `who` may write into it; refuses with *not_permitted*.
    pub fn may_send(&self, who: PersonId) -> Result<(), Problem> {
        if self.member(who).is_some() { Ok(()) } else { Err(Code::NotPermitted.into()) }
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
        if next.is_none() && self.clients() > 0 {
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
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(n: u128, role: Role) -> Person {
        Person::new(PersonId(Uuid::from_u128(n)), format!("P{n}"), role)
    }

    fn agent(n: u128) -> Person {
        person(n, Role::Agent)
    }

    fn group(people: &[Person]) -> Group {
        let id = GroupId(Uuid::from_u128(99));
        let mut it = Group::started(id, &agent(1), (people, Some("Roof")), 5).unwrap();
        it.last_n = 7;
        it
    }

    fn ids(it: &Group) -> Vec<u128> {
        it.members.iter().map(|m| m.person.id.0.as_u128()).collect()
    }

    #[test]
    fn nobody_oneself_alone_and_too_many_people_start_nothing() {
        let start = |people: &[Person], name: Option<&str>| {
            Group::started(GroupId(Uuid::nil()), &agent(1), (people, name), 5).map_err(|p| p.code)
        };
        assert_eq!(start(&[], None), Err(Code::NoPeople));
        assert_eq!(start(&[agent(1)], None), Err(Code::NoPeople));
        let many: Vec<_> = (2..=501).map(agent).collect();
        assert_eq!(start(&many, None), Err(Code::TooManyPeople));
        assert!(start(&many[1..], None).is_ok());
        let three = [agent(2), agent(3)];
        assert_eq!(start(&three, Some(&"x".repeat(10_000))), Err(Code::BadName));
        assert_eq!(start(&three, Some("a\u{202e}b")).unwrap().name.unwrap(), "ab");
        assert_eq!(start(&three, Some("  ")).unwrap().name, None);
        let direct = start(&[agent(2), agent(2)], Some("ignored")).unwrap();
        assert!(direct.direct && direct.name.is_none());
        let by = person(4, Role::Client);
        assert!(Group::started(GroupId(Uuid::nil()), &by, (&three, None), 5).is_err());
    }

    #[test]
    fn who_is_added_reads_from_the_line_that_says_so_or_what_the_adder_reads() {
        let mut it = group(&[agent(2), agent(3)]);
        it.change(agent(1).id, (&[agent(4)], &[]), History::FromNow).unwrap();
        assert_eq!(it.member(agent(4).id).unwrap().from_n, 8);
        it.last_n = 9;
        it.change(agent(4).id, (&[agent(5)], &[]), History::Everything).unwrap();
        assert_eq!(it.member(agent(5).id).unwrap().from_n, 8, "no more than who added them");
        it.change(agent(1).id, (&[agent(6)], &[]), History::Everything).unwrap();
        assert_eq!(it.member(agent(6).id).unwrap().from_n, 1);
        assert_eq!(it.scope_of(7), Scope::members([1, 2, 3, 6].map(|n| agent(n).id)));
    }

    #[test]
    fn saving_members_twice_changes_nothing_and_is_whole_or_nothing() {
        let mut it = group(&[agent(2), agent(3)]);
        let save = |it: &mut Group, add: &[Person], remove: &[PersonId]| {
            it.change(agent(2).id, (add, remove), History::FromNow).map_err(|p| p.code)
        };
        assert!(save(&mut it, &[agent(4)], &[agent(3).id]).unwrap().is_some());
        assert_eq!(ids(&it), [1, 2, 4]);
        assert_eq!(save(&mut it, &[agent(4)], &[agent(3).id]), Ok(None));
        let before = it.clone();
        assert_eq!(save(&mut it, &[agent(5)], &[agent(1).id]), Err(Code::OwnerStays));
        let many: Vec<_> = (10..600).map(agent).collect();
        assert_eq!(save(&mut it, &many, &[]), Err(Code::TooManyPeople));
        assert_eq!(it, before);
        let stranger = it.change(agent(9).id, (&[agent(5)], &[]), History::FromNow);
        assert_eq!(stranger.unwrap_err().code, Code::NotPermitted);
    }

    #[test]
    fn an_owner_who_leaves_is_followed_and_clients_are_never_left_alone() {
        let kim = person(5, Role::Client);
        let mut it = group(&[kim.clone(), agent(2)]);
        assert_eq!(it.clients(), 1);
        assert_eq!(it.leave(agent(1).id), Ok(Some(GroupChange::Left)));
        assert_eq!((it.owner, it.leave(agent(1).id)), (agent(2).id, Ok(None)));
        assert_eq!(it.leave(agent(2).id).unwrap_err().code, Code::LastColleague);
        assert_eq!(it.rename(kim.id, "Mine").unwrap_err().code, Code::NotPermitted);
        assert_eq!(it.leave(kim.id), Ok(Some(GroupChange::Left)));
        assert!(it.leave(agent(2).id).is_ok());
        assert_eq!(it.scope(), Scope::members([]));
    }

    #[test]
    fn who_was_disabled_stays_in_it_and_is_told_nothing_more() {
        let mut it = group(&[agent(2), person(5, Role::Client)]);
        assert!(it.disable(agent(1).id) && !it.disable(agent(1).id) && !it.disable(agent(9).id));
        assert_eq!((ids(&it), it.owner), (vec![1, 2, 5], agent(2).id));
        assert_eq!(it.scope(), Scope::members([agent(2).id, agent(5).id]));
        assert_eq!(it.leave(agent(2).id).unwrap_err().code, Code::LastColleague, "a disabled one is none");
        assert!(it.change(agent(2).id, (&[], &[agent(1).id]), History::FromNow).is_ok(), "may be removed");
        assert!(it.disable(agent(5).id));
        assert_eq!(it.clients(), 0);
    }

    #[test]
    fn a_direct_thread_keeps_its_two_people_and_needs_no_name() {
        let mut it = group(&[agent(2)]);
        let (by, three) = (agent(1).id, [agent(3)]);
        assert_eq!(it.change(by, (&three, &[]), History::FromNow).unwrap_err().code, Code::DirectThread);
        assert_eq!(it.leave(by).unwrap_err().code, Code::DirectThread);
        assert_eq!(it.rename(by, "Us").unwrap_err().code, Code::DirectThread);
    }

    #[test]
    fn a_name_is_given_changed_and_taken_away() {
        let mut it = group(&[agent(2), agent(3)]);
        assert_eq!(it.rename(agent(2).id, " Roof "), Ok(None));
        let name = Some("Cellar".to_owned());
        assert_eq!(it.rename(agent(2).id, "Cellar"), Ok(Some(GroupChange::Renamed { name })));
        assert_eq!(it.rename(agent(3).id, ""), Ok(Some(GroupChange::Renamed { name: None })));
    }
}
