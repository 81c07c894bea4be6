//! The races that a run sets up, judged by the truth in the end.

use super::acts::Act;
use super::agent::{Agent, Said};
use super::truth::Truth;
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
