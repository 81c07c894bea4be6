//! To whom a waiting conversation is offered, and when an offer is over.
//!
//! ```text
//! waiting ─► the available agent who is idle longest, and has no other offer
//!               ├ accepts, or anybody picks ─► open
//!               ├ passes, lets it run out, is available no more ─► the next one
//!               └ nobody left ─► stays in the picklist until somebody becomes available
//! ```
//!
//! Invariants
//! - What is to be done is a function of what is stored and of the server's clock,
//!   so any node may do it, at any time, and doing it late or twice is no harm.
//! - An agent has one offer at a time; a conversation too.

use crate::store::{Look, Session, Stop, Tx};
use fieldline_model::{Code, Conversation, ConversationId, Offer, PersonId, QueueMode, Ready, State};

/// What is to be done now.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Turn {
    over: Vec<Offer>,
    made: Vec<Offer>,
    /// When the next offer runs out.
    pub next_ms: Option<i64>,
}

impl Turn {
    /// Whether there is nothing to do.
    pub fn is_idle(&self) -> bool {
        self.over.is_empty() && self.made.is_empty()
    }
}

/// What is to be done at `now_ms`.
pub fn plan(look: &Look<'_>, now_ms: i64) -> Result<Turn, Stop> {
    let queues = look.queues()?;
    let offering = queues.iter().any(|row| row.queue.mode == QueueMode::Offer);
    let idle = if offering { look.idle()? } else { Vec::new() };
    let queue_of = |it: &Conversation| {
        let which = it.queue.unwrap_or(look.first_queue());
        queues.iter().find(|row| row.queue.id == which)
    };
    let (mut over, mut live) = (Vec::new(), Vec::new());
    for offer in look.offers()? {
        let it = look.conversation(offer.conversation)?;
        let queue = it.as_ref().and_then(queue_of);
        let stands = now_ms < offer.expires_at_ms
            && idle.contains(&offer.agent)
            && queue.is_some_and(|row| row.offers_to(offer.agent));
        if stands { live.push(offer) } else { over.push(offer) }
    }
    let mut made = Vec::new();
    let mut free: Vec<PersonId> =
        idle.into_iter().filter(|who| live.iter().all(|o| o.agent != *who)).collect();
    if !free.is_empty() {
        let mut waiting = look.conversations(State::Waiting)?;
        waiting.retain(|it| live.iter().all(|offer| offer.conversation != it.id));
        waiting.sort_by_key(|it| (it.waiting_since_ms, it.id));
        for it in waiting {
            let Some(queue) = queue_of(&it) else { continue };
            let passed = look.passed(it.id)?;
            let ran_out = |who: &PersonId| over.iter().any(|o| o.conversation == it.id && o.agent == *who);
            let may = |who: &PersonId| queue.offers_to(*who) && !passed.contains(who) && !ran_out(who);
            let Some(at) = free.iter().position(may) else { continue };
            let agent = free.remove(at);
            let expires_at_ms = now_ms + queue.queue.offer_ms;
            made.push(Offer { conversation: it.id, agent, made_at_ms: now_ms, expires_at_ms });
        }
    }
    live.extend(made.iter().cloned());
    Ok(Turn { over, made, next_ms: live.iter().map(|offer| offer.expires_at_ms).min() })
}

/// Does what is to be done now.
pub fn take(tx: &mut Tx<'_>) -> Result<Turn, Stop> {
    let turn = plan(tx, tx.clock.now_ms())?;
    for offer in &turn.over {
        tx.end_offer(offer, true)?;
    }
    for offer in &turn.made {
        tx.put_offer(offer)?;
    }
    Ok(turn)
}

/// Refuses to accept what is offered to another, or what its asker let pass. One that waits
/// no more, or is not theirs to see, is judged by its own life instead; one that nobody is known to have been
/// offered (a server that was restored forgot it) is picked as by hand.
pub fn check(tx: &Tx<'_>, by: &Session, of: ConversationId) -> Result<(), Stop> {
    let who = by.person.id;
    let waits = |it: Conversation| it.state == State::Waiting && it.scope().holds(&by.reader());
    if !tx.conversation(of)?.is_some_and(waits) {
        return Ok(());
    }
    match tx.offer(of)? {
        Some(offer) => Ok(offer.stands_for(who, tx.clock.now_ms())?),
        None if tx.passed(of)?.contains(&who) => Err(Code::OfferOver.into()),
        None => Ok(()),
    }
}

/// Lets an offer pass; one that is over already is no error.
pub fn pass(tx: &mut Tx<'_>, who: PersonId, of: ConversationId) -> Result<(), Stop> {
    match tx.offer(of)? {
        Some(offer) if offer.agent == who => tx.end_offer(&offer, true),
        _ => Ok(()),
    }
}

/// A step of a conversation's life was made by `who`: its offer is over, and they
/// have something to do.
pub fn moved(tx: &mut Tx<'_>, who: PersonId, it: &Conversation) -> Result<(), Stop> {
    if let Some(offer) = tx.offer(it.id)? {
        tx.end_offer(&offer, false)?;
    }
    tx.forget_passed(it.id)?;
    tx.touch_idle(who)
}

/// Sets one's own availability.
pub fn set(tx: &mut Tx<'_>, session: &Session, ready: Ready) -> Result<(), Stop> {
    tx.put_availability(session.person.id, ready)
}
