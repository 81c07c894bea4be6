//! Queues: their mode, and who sees what waits in them.
//!
//! Invariants
//! - There is always a first queue, whose id is the workspace's; no queue is ever taken away:
//!   customers keep the one they came by.
//! - Admins see all that waits; a queue without members is theirs alone.

use crate::store::{Look, QueueRow, Stop, Tx};
use fieldline_model::admin::desk::AdminQueue;
use fieldline_model::offer::OFFER_MS;
use fieldline_model::text::clean_name;
use fieldline_model::{AdminAnswer, Code, PersonId, Queue, QueueId, State};
use std::collections::BTreeSet;

/// Every queue.
pub(super) fn list(look: &Look<'_>) -> Result<AdminAnswer, Stop> {
    let (first, waiting) = (look.first_queue(), look.conversations(State::Waiting)?);
    let mut queues = Vec::new();
    for QueueRow { queue: Queue { id, mode, offer_ms }, name, members } in look.queues()? {
        let cards = |members: BTreeSet<PersonId>| {
            let people = members.into_iter().map(|who| look.contact(who));
            people.filter_map(|found| found.map(|it| it.map(|it| it.card())).transpose()).collect()
        };
        let members = members.map(cards).transpose()?;
        let waiting = waiting.iter().filter(|it| it.queue.unwrap_or(first) == id).count() as u32;
        let chat_path = if id == first { "/chat".into() } else { format!("/chat?queue={id}") };
        queues.push(AdminQueue { id, name, mode, offer_ms, members, waiting, chat_path });
    }
    Ok(AdminAnswer::Queues { queues })
}

/// A queue as it is asked to be.
pub(super) struct Asked<'a> {
    /// What devices are told.
    pub queue: Queue,
    /// What it is to be called.
    pub name: &'a str,
    /// Who is to see what waits in it.
    pub members: Option<&'a [PersonId]>,
}

/// Adds a queue, or sets one.
pub(super) fn put(tx: &mut Tx<'_>, asked: Asked<'_>) -> Result<AdminAnswer, Stop> {
    let Asked { queue, name, members } = asked;
    let is_first = queue.id == tx.first_queue();
    let name = if is_first && name.trim().is_empty() { String::new() } else { clean_name(name)? };
    if !OFFER_MS.contains(&queue.offer_ms) {
        return Err(Code::BadRequest.into());
    }
    for who in members.into_iter().flatten() {
        tx.colleague(*who)?.ok_or(Code::PersonGone)?;
    }
    let members = members.map(|members| members.iter().copied().collect());
    tx.put_queue(&QueueRow { queue, name, members })?;
    list(tx)
}

/// The queues that somebody of the staff sees waiting.
pub(super) fn of(queues: &[QueueRow], who: PersonId) -> Vec<QueueId> {
    let is_in = |row: &&QueueRow| row.members.as_ref().is_none_or(|members| members.contains(&who));
    queues.iter().filter(is_in).map(|row| row.queue.id).collect()
}
