//! The races that a run sets up, judged by the truth in the end.

use super::acts::Act;
use super::agent::{Agent, Said};
use super::drive::Sim;
use super::truth::Truth;
use fieldline_core::view::Section;
use fieldline_model::{Body, Event, IntentId, MessageId, PlaceId};

/// A race.
pub enum Race {
    /// Several pick one conversation.
    Picks(PlaceId),
    /// One device of an agent says something, another ends.
    EndSend(IntentId, IntentId),
    /// An agent ends, the customer writes.
    EndCustomer(IntentId, MessageId),
    /// An agent takes it back, the customer writes.
    ReopenCustomer(PlaceId, MessageId),
    /// Two begin the thread between them.
    Starts(IntentId, IntentId),
    /// One adds somebody to a thread, another removes them.
    AddRemove(IntentId, IntentId),
    /// Somebody is removed from a thread, and says something there.
    RemoveSend(IntentId, IntentId),
    /// Somebody says something and deletes it at once.
    SendDelete(IntentId),
    /// Somebody begins a thread, and may not any more.
    StartModule(IntentId),
}

impl Sim {
    /// Several pick one conversation.
    pub(super) async fn several_pick(&mut self) {
        let Some(who) = self.colleague_up() else { return };
        let places = self.agents[who].places(Section::Picklist).await;
        let Some(place) = self.dice.among(&places) else { return };
        self.races.push(Race::Picks(place));
        let first = self.dice.below(self.agents.len());
        for at in 0..self.agents.len() {
            let at = (first + at) % self.agents.len();
            let agent = &mut self.agents[at];
            if agent.is_up() && !agent.client && self.dice.chance(60) {
                agent.asks(place, Act::Pick).await;
            }
        }
    }

    /// While one device of an agent ends, another says something, or the customer does.
    pub(super) async fn end_races(&mut self) {
        let Some(who) = self.colleague_up() else { return };
        let places = self.agents[who].places(Section::Conversations).await;
        let Some(place) = self.dice.among(&places) else { return };
        let person = self.agents[who].person;
        let other = (0..self.agents.len()).find(|i| *i != who && self.agents[*i].person == person);
        let other = other.filter(|i| self.agents[*i].device.is_running());
        let (text, first) = (self.words(), self.dice.chance(50));
        match other.filter(|_| self.dice.chance(50)) {
            Some(other) => {
                let turns = if first { [other, who] } else { [who, other] };
                let mut ids = Vec::new();
                for at in turns {
                    let act = if at == who { Act::End } else { Act::Send(text.clone()) };
                    ids.push(self.agents[at].asks(place, act).await);
                }
                let (end, send) = if first { (ids[1], ids[0]) } else { (ids[0], ids[1]) };
                self.races.push(Race::EndSend(end, send));
            }
            None => {
                let Some(customer) = self.customer_of(place) else { return };
                let early = first.then(|| self.chatters[customer].writes(&text, None));
                let end = self.agents[who].asks(place, Act::End).await;
                let said = early.unwrap_or_else(|| self.chatters[customer].writes(&text, None));
                self.races.push(Race::EndCustomer(end, said));
            }
        }
    }

    /// An agent takes one back that was ended, most often while its customer writes.
    pub(super) async fn reopen_races(&mut self) {
        let Some(who) = self.colleague_up() else { return };
        let places = self.agents[who].places(Section::History).await;
        let Some(place) = self.dice.among(&places) else { return };
        if let Some(customer) = self.customer_of(place)
            && self.dice.chance(70)
        {
            let text = self.words();
            let early = self.dice.chance(50).then(|| self.chatters[customer].writes(&text, None));
            self.agents[who].asks(place, Act::Reopen).await;
            let said = early.unwrap_or_else(|| self.chatters[customer].writes(&text, None));
            self.races.push(Race::ReopenCustomer(place, said));
            return;
        }
        self.agents[who].asks(place, Act::Reopen).await;
    }

    fn customer_of(&self, place: PlaceId) -> Option<usize> {
        let truth = self.truth();
        let name = truth.conversations.get(&place.0)?.customer.name.clone()?;
        self.chatters.iter().position(|chatter| chatter.name == name)
    }
}

impl Race {
    /// Who was first, if it came to that.
    pub fn judged(&self, agents: &[Agent], truth: &Truth) -> Option<&'static str> {
        let entry = |id: uuid::Uuid| truth.entry(id);
        let done = |id: &IntentId| truth.intents.get(&id.0).is_some_and(Option::is_none);
        match self {
            Self::Picks(place) => picks(*place, agents, truth),
            Self::EndSend(end, send) => {
                let end = entry(end.0)?;
                Some(match entry(send.0) {
                    Some(send) if send.n < end.n => "race end/send: message first",
                    _ => "race end/send: end first",
                })
            }
            Self::EndCustomer(end, said) => {
                let (end, said) = (entry(end.0)?, entry(said.0)?);
                Some(match said.place == end.place && said.n < end.n {
                    true => "race end/customer: customer first",
                    false => "race end/customer: end first",
                })
            }
            Self::ReopenCustomer(place, said) => Some(match entry(said.0)?.place == *place {
                true => "race reopen/customer: reopen first",
                false => "race reopen/customer: customer first",
            }),
            Self::Starts(one, two) => {
                (done(one) && done(two)).then_some("race start/start: one thread of both")
            }
            Self::AddRemove(add, remove) => {
                let (add, remove) = (entry(add.0)?, entry(remove.0)?);
                Some(match add.n < remove.n {
                    true => "race add/remove: removed last",
                    false => "race add/remove: added last",
                })
            }
            Self::RemoveSend(remove, send) => {
                let remove = entry(remove.0)?;
                Some(match entry(send.0) {
                    Some(send) if send.n < remove.n => "race remove/send: message first",
                    Some(_) => return None,
                    None => "race remove/send: removed first",
                })
            }
            Self::SendDelete(send) => match entry(send.0) {
                Some(it) => it.deleted.then_some("race send/delete: deleted after it came"),
                None => Some("race send/delete: it never came"),
            },
            Self::StartModule(start) => Some(match truth.intents.get(&start.0)?.as_deref() {
                None => "race start/module: begun first",
                Some("module_needed") => "race start/module: taken away first",
                Some(_) => return None,
            }),
        }
    }
}

fn picks(place: PlaceId, agents: &[Agent], truth: &Truth) -> Option<&'static str> {
    let moves =
        |act: &Act| matches!(act, Act::Pick | Act::Accept | Act::Reopen | Act::End | Act::Transfer(..));
    let mut asked: Vec<_> = agents
        .iter()
        .flat_map(|agent| agent.asked.iter().map(move |(id, it)| (it.at, id, agent.person, it)))
        .filter(|(_, _, _, it)| it.place == place && moves(&it.act) && it.said == Said::Yes)
        .collect();
    asked.sort_by_key(|(at, id, ..)| (*at, **id));
    let (first, person) = asked.first().map(|(_, id, person, _)| (**id, *person))?;
    if asked.iter().all(|(_, _, other, _)| *other == person) {
        return None;
    }
    let won =
        truth.entries.iter().map(|e| &e.message).find(|m| {
            m.place == place && matches!(m.body, Body::Happened { event } if event == Event::Picked)
        })?;
    Some(match won.id.0 == first.0 {
        true => "race pick/pick: first asked wins",
        false => "race pick/pick: second asked wins",
    })
}
