//! The truth of message threads: who was in one at each of its entries.

use super::acts::Act;
use super::truth::Truth;
use fieldline_model::{Author, Body, Group, GroupChange, History, Message, PersonId};
use std::collections::BTreeMap;

/// Who is in a thread, and from which number they read.
type Members = BTreeMap<PersonId, i64>;

impl Truth {
    /// I6, I14: entries are numbered as they came; only who was in it wrote, and who is in it
    /// now came by what somebody asked: of one changed both ways the later wins.
    pub fn grown(&self, it: &Group, entries: &[&Message]) -> Result<(), String> {
        let mut members: Members = it.members.iter().map(|m| (m.person.id, m.from_n)).collect();
        let now = members.clone();
        for entry in entries {
            let wrong = |why: &str| Err(format!("{why}: {} at {} by {:?}", it.id, entry.n, entry.author));
            let Author::Person(by) = &entry.author else { return wrong("I14: a customer wrote") };
            if let Body::Changed { change: GroupChange::Started } = &entry.body {
                match self.begun(it, by.id) {
                    Some(first) if entry.n == 1 => members = first,
                    _ => return wrong("I4: begun, which nobody asked for"),
                }
                continue;
            }
            let Some(from_n) = members.get(&by.id).copied() else {
                return wrong("I14: by who is not in it");
            };
            match &entry.body {
                Body::Said { mentions, .. } => {
                    if mentions.iter().any(|it| !members.contains_key(&it.person)) {
                        return wrong("I14: mentions who is not in it");
                    }
                }
                Body::Changed { change: GroupChange::Left } => drop(members.remove(&by.id)),
                Body::Changed { change: GroupChange::Members { added, removed } } => {
                    let Some(Act::Members(asked)) = self.asked.get(&entry.id.0) else {
                        return wrong("I4: changed, which nobody asked for");
                    };
                    members.retain(|who, _| removed.iter().all(|card| card.id != *who));
                    let first = if asked.history == History::FromNow { entry.n } else { from_n };
                    if added.iter().any(|card| members.insert(card.id, first).is_some()) {
                        return wrong("I4: somebody came twice");
                    }
                }
                Body::Changed { .. } => {}
                Body::Happened { .. } => return wrong("I17: what is of conversations"),
            }
        }
        if members != now {
            return Err(format!("I14: {} has {now:?}, its entries say {members:?}", it.id));
        }
        Ok(())
    }

    /// Whom it began with.
    fn begun(&self, it: &Group, by: PersonId) -> Option<Members> {
        let starts = self.asked.iter().filter_map(|(id, act)| match act {
            Act::Start(begin, _) => Some((id, begin)),
            _ => None,
        });
        let others = starts.filter(|(id, _)| self.intents.get(*id) == Some(&None)).map(|(_, begin)| begin);
        let mut found = others.filter(|begin| match it.direct {
            true => begin.people.len() == 1 && it.member(begin.people[0]).is_some(),
            false => begin.group == it.id.into(),
        });
        let people = &found.next()?.people;
        if it.direct {
            return Some(it.members.iter().map(|m| (m.person.id, 1)).collect());
        }
        Some(people.iter().copied().chain([by]).map(|who| (who, 1)).collect())
    }
}
