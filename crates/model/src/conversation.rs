//! A conversation and the rules of its life.
//!
//! ```text
//!            pick                end
//! waiting ─────────► open ─────────────► ended
//!    ▲ ◄───────────── ▲ ┐ transfer         │
//!    │   given back   │◄┘                  │
//!    │   or transfer  └────── reopen ──────┘
//!    └ a customer's first message; also their next one after an end
//! ```
//!
//! The rules are methods that change a copy or refuse with a [`Problem`]. The
//! server applies them to the truth inside its transaction; a device applies the
//! same ones to its cache, to show what its outbox will do.
//!
//! Invariants
//! - At most one agent; an open conversation has one, a waiting one has none.
//! - After the entry *ended* no message, unless *reopened* stands between.

use crate::code::{Code, Problem};
use crate::ids::{ConversationId, CustomerId, PersonId, QueueId};
use crate::message::{Author, Event};
use crate::people::{PersonCard, Role};
use crate::scope::{Reader, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// Somebody outside who is being served; has a name, or only a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Customer {
    /// Who.
    pub id: CustomerId,
    /// As they gave it.
    pub name: Option<String>,
    /// Digits with an optional leading plus; typed by them, never verified here.
    pub phone: Option<String>,
}

/// Where in its life a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// In the picklist.
    Waiting,
    /// An agent has it.
    Open,
    /// In history.
    Ended,
}

/// What a list shows of the newest message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Preview {
    /// Who wrote it.
    pub author: Author,
    /// The first 140 characters.
    pub text: String,
    /// How many photos it has.
    pub photos: u32,
    /// Whether it has a location.
    pub location: bool,
    /// When the server took it, milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Whether its author deleted it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

impl Preview {
    /// Leaves who and when, and nothing of what was said.
    pub fn erase(&mut self) {
        (self.text, self.photos, self.location, self.deleted) = (String::new(), 0, false, true);
    }
}

/// A conversation as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// With whom.
    pub customer: Customer,
    /// Where in its life.
    pub state: State,
    /// Who has it, or had it last.
    pub agent: Option<PersonCard>,
    /// Everyone who ever had it, in the order they first did.
    pub took_part: Vec<PersonCard>,
    /// When it began, milliseconds since 1970.
    #[ts(type = "number")]
    pub created_at_ms: i64,
    /// Since when the customer waits for an agent or for an answer; milliseconds since 1970.
    #[ts(type = "number | null")]
    pub waiting_since_ms: Option<i64>,
    /// When it was ended, milliseconds since 1970.
    #[ts(type = "number | null")]
    pub ended_at_ms: Option<i64>,
    /// Who ended it.
    pub ended_by: Option<PersonCard>,
    /// The newest message that is no event.
    pub last: Option<Preview>,
    /// The number of the newest entry; entries are numbered 1, 2, 3 … without gaps.
    #[ts(type = "number")]
    pub last_n: i64,
    /// The number of the newest entry that was shown to the customer.
    #[serde(default)]
    #[ts(type = "number")]
    pub seen_n: i64,
    /// Whether it is known to be its customer's first: none stands before it.
    #[serde(default)]
    pub first: bool,
    /// The queue it waits in; absent: the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub queue: Option<QueueId>,
    /// Who sees it wait, beside admins: the members of its queue; absent: all the staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub members: Option<BTreeSet<PersonId>>,
}

impl Conversation {
    /// A new waiting conversation with nothing in it.
    pub fn begun(id: ConversationId, customer: Customer, now_ms: i64) -> Self {
        Self {
            id,
            customer,
            state: State::Waiting,
            agent: None,
            took_part: Vec::new(),
            created_at_ms: now_ms,
            waiting_since_ms: Some(now_ms),
            ended_at_ms: None,
            ended_by: None,
            last: None,
            last_n: 0,
            seen_n: 0,
            first: false,
            queue: None,
            members: None,
        }
    }

    /// Who may see it now.
    pub fn scope(&self) -> Scope {
        match self.state {
            State::Waiting => match &self.members {
                None => Scope::Agents,
                Some(members) => Scope::people(members.iter().copied()),
            },
            State::Open => Scope::people(self.agent.iter().map(|p| p.id)),
            State::Ended => Scope::people(self.took_part.iter().map(|p| p.id)),
        }
    }

    /// Whether `reader` saw it wait, or would have.
    pub fn waited_for(&self, reader: &Reader) -> bool {
        Self { state: State::Waiting, ..self.clone() }.scope().holds(reader)
    }

    /// Whether `reader` has it now, or is an admin: who does may read the customer's
    /// previous conversations, whoever had those.
    pub fn is_held_by(&self, reader: &Reader) -> bool {
        let has = self.agent.as_ref().is_some_and(|a| a.id == reader.id);
        reader.role == Role::Admin || self.state == State::Open && has
    }

    /// Whether `person` has it, or had it last.
    pub fn is_with(&self, person: &PersonCard) -> bool {
        self.agent.as_ref().is_some_and(|a| a.id == person.id)
    }

    fn held_by_other(&self) -> Problem {
        let who = self.agent.as_ref().map(|a| a.name.clone());
        Problem { code: Code::AlreadyPicked, who, limit: None }
    }

    fn take(&mut self, by: &PersonCard) {
        self.state = State::Open;
        self.agent = Some(by.clone());
        if !self.took_part.iter().any(|p| p.id == by.id) {
            self.took_part.push(by.clone());
        }
    }

    /// Picks it for `by`. Picking one's own open conversation again is no error
    /// and changes nothing (`Ok(None)`).
    pub fn pick(&mut self, by: &PersonCard) -> Result<Option<Event>, Problem> {
        match self.state {
            State::Waiting => {
                self.take(by);
                Ok(Some(Event::Picked))
            }
            State::Open if self.is_with(by) => Ok(None),
            State::Open => Err(self.held_by_other()),
            State::Ended => Err(Code::ConversationEnded.into()),
        }
    }

    /// Whether `by` may send a message into it.
    pub fn may_send(&self, by: &PersonCard) -> Result<(), Problem> {
        match self.state {
            State::Waiting => Err(Code::NotPicked.into()),
            State::Open if self.is_with(by) => Ok(()),
            State::Open => Err(self.held_by_other()),
            State::Ended => Err(Code::ConversationEnded.into()),
        }
    }

    /// Ends it. Ending an ended one is no error and changes nothing (`Ok(None)`).
    pub fn end(&mut self, by: &PersonCard, now_ms: i64) -> Result<Option<Event>, Problem> {
        match self.state {
            State::Waiting => Err(Code::NotPicked.into()),
            State::Open if !self.is_with(by) => Err(self.held_by_other()),
            State::Open => {
                self.state = State::Ended;
                self.ended_at_ms = Some(now_ms);
                self.ended_by = Some(by.clone());
                self.waiting_since_ms = None;
                Ok(Some(Event::Ended))
            }
            State::Ended => Ok(None),
        }
    }

    /// Reopens an ended one for `by`, who must have taken part or be an admin
    /// (the caller has checked that `by` may see it).
    pub fn reopen(&mut self, by: &PersonCard) -> Result<Option<Event>, Problem> {
        match self.state {
            State::Ended => {
                self.take(by);
                self.ended_at_ms = None;
                self.ended_by = None;
                Ok(Some(Event::Reopened))
            }
            State::Open if self.is_with(by) => Ok(None),
            State::Open => Err(self.held_by_other()),
            State::Waiting => Err(Code::NotEnded.into()),
        }
    }

    /// Hands `by`'s own open conversation to a colleague, or to nobody: back to the
    /// picklist. To oneself changes nothing (`Ok(None)`).
    pub fn transfer(
        &mut self,
        by: &PersonCard,
        to: Option<&PersonCard>,
        now_ms: i64,
    ) -> Result<Option<Event>, Problem> {
        self.may_send(by)?;
        match to {
            Some(to) if to.id == by.id => return Ok(None),
            Some(to) => {
                self.take(to);
                // Their customer waits for somebody who has only just come.
                self.waiting_since_ms.get_or_insert(now_ms);
            }
            None => _ = self.give_back(now_ms),
        }
        Ok(Some(Event::Transferred))
    }

    /// Gives an open one back to the picklist: whoever had it cannot go on. Replies
    /// whether it was open.
    pub fn give_back(&mut self, now_ms: i64) -> bool {
        if self.state != State::Open {
            return false;
        }
        self.state = State::Waiting;
        self.agent = None;
        self.waiting_since_ms.get_or_insert(now_ms);
        true
    }

    /// Takes note of a new message: what lists show, and who waits for whom.
    pub fn said(&mut self, preview: Preview) {
        match (&preview.author, self.waiting_since_ms) {
            (Author::Customer, None) => self.waiting_since_ms = Some(preview.at_ms),
            (Author::Person(_), Some(_)) => self.waiting_since_ms = None,
            _ => {}
        }
        self.last = Some(preview);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PersonId;
    use uuid::Uuid;

    fn person(n: u128, name: &str) -> PersonCard {
        PersonCard { id: PersonId(Uuid::from_u128(n)), name: name.into() }
    }

    fn waiting() -> Conversation {
        let customer = Customer { id: CustomerId(Uuid::from_u128(9)), name: None, phone: Some("+47".into()) };
        Conversation::begun(ConversationId(Uuid::from_u128(1)), customer, 5)
    }

    #[test]
    fn only_one_agent_has_it_and_the_other_reads_who() {
        let (ana, bo) = (person(1, "Ana"), person(2, "Bo"));
        let mut it = waiting();
        assert_eq!(it.pick(&ana), Ok(Some(Event::Picked)));
        assert_eq!(it.pick(&ana), Ok(None));
        assert_eq!(it.pick(&bo), Err(Problem::about(Code::AlreadyPicked, "Ana")));
        assert_eq!(it.may_send(&bo).unwrap_err().code, Code::AlreadyPicked);
        assert_eq!(it.end(&bo, 7).unwrap_err().code, Code::AlreadyPicked);
    }

    #[test]
    fn nothing_is_sent_before_the_pick_or_after_the_end_until_it_is_reopened() {
        let ana = person(1, "Ana");
        let mut it = waiting();
        assert_eq!(it.may_send(&ana), Err(Code::NotPicked.into()));
        it.pick(&ana).unwrap();
        assert!(it.may_send(&ana).is_ok());
        assert_eq!(it.end(&ana, 7), Ok(Some(Event::Ended)));
        assert_eq!(it.end(&ana, 8), Ok(None));
        assert_eq!(it.ended_at_ms, Some(7));
        assert_eq!(it.may_send(&ana), Err(Code::ConversationEnded.into()));
        assert_eq!(it.reopen(&ana), Ok(Some(Event::Reopened)));
        assert!(it.may_send(&ana).is_ok());
        assert_eq!(it.took_part, vec![ana]);
    }

    #[test]
    fn an_open_one_that_is_given_back_waits_for_any_agent_and_its_customer_no_shorter() {
        let ana = person(1, "Ana");
        let mut it = waiting();
        assert!(!it.give_back(6));
        it.pick(&ana).unwrap();
        assert!(it.give_back(9));
        assert_eq!((it.state, &it.agent, it.waiting_since_ms), (State::Waiting, &None, Some(5)));
        assert_eq!((it.scope(), it.took_part.len()), (Scope::Agents, 1));
        it.pick(&ana).unwrap();
        it.waiting_since_ms = None;
        assert!(it.give_back(9));
        assert_eq!(it.waiting_since_ms, Some(9));
    }

    #[test]
    fn only_who_has_it_hands_it_on_and_whom_it_goes_to_has_it_then() {
        let (ana, bo) = (person(1, "Ana"), person(2, "Bo"));
        let mut it = waiting();
        assert_eq!(it.transfer(&ana, Some(&bo), 6), Err(Code::NotPicked.into()));
        it.pick(&ana).unwrap();
        assert_eq!(it.transfer(&bo, Some(&bo), 6), Err(Problem::about(Code::AlreadyPicked, "Ana")));
        assert_eq!(it.transfer(&ana, Some(&ana), 6), Ok(None));
        assert_eq!(it.transfer(&ana, Some(&bo), 6), Ok(Some(Event::Transferred)));
        assert_eq!((it.scope(), it.took_part.len()), (Scope::people([bo.id]), 2));
        assert_eq!(it.transfer(&bo, None, 9), Ok(Some(Event::Transferred)));
        assert_eq!((it.state, &it.agent, it.waiting_since_ms), (State::Waiting, &None, Some(5)));
    }

    #[test]
    fn an_agent_holds_an_open_one_that_is_with_them_and_no_other() {
        let (ana, bo) = (person(1, "Ana"), person(2, "Bo"));
        let of = |who: &PersonCard| Reader { id: who.id, role: Role::Agent };
        let mut it = waiting();
        assert!(!it.is_held_by(&of(&ana)));
        it.pick(&ana).unwrap();
        assert!(it.is_held_by(&of(&ana)) && !it.is_held_by(&of(&bo)));
        it.end(&ana, 7).unwrap();
        assert!(!it.is_held_by(&of(&ana)));
    }

    #[test]
    fn a_waiting_one_is_for_all_agents_an_ended_one_for_who_took_part() {
        let (ana, bo) = (person(1, "Ana"), person(2, "Bo"));
        let mut it = waiting();
        assert_eq!(it.scope(), Scope::Agents);
        it.pick(&ana).unwrap();
        assert_eq!(it.scope(), Scope::people([ana.id]));
        it.end(&ana, 7).unwrap();
        it.reopen(&bo).unwrap();
        assert_eq!(it.scope(), Scope::people([bo.id]));
        it.end(&bo, 9).unwrap();
        assert_eq!(it.scope(), Scope::people([ana.id, bo.id]));
    }
}
