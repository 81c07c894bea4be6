//! Deleting a message of one's own, for everybody.
//!
//! What stays is a tombstone: who, when, and its number, so that nothing after it
//! moves. Its text and its photos go from the truth, from what lists and answers show
//! of it, and from every device that gets the tombstone.

use crate::store::{Stop, Tx};
use fieldline_model::{Body, Code, Conversation, Group, Message, MessageId, PersonId, PlaceId, Scope};

/// Deletes `which` of the conversation `it`, which was seen by `was`. A repeat changes
/// nothing; what another wrote is refused with *not_permitted*.
pub fn delete(
    tx: &mut Tx<'_>,
    by: PersonId,
    which: MessageId,
    (mut it, was): (Conversation, Scope),
) -> Result<(), Stop> {
    let Some(message) = erased(tx, by, (it.id.into(), which))? else { return Ok(()) };
    let is_last = !tx.said_after(&message)?;
    if let Some(last) = it.last.as_mut().filter(|_| is_last) {
        last.erase();
        tx.put_conversation(it.clone(), was)?;
    }
    // Who holds another conversation of the customer may have read this one there.
    let mut also: Vec<Scope> = tx.open_of(it.customer.id)?.iter().map(Conversation::scope).collect();
    also.retain(|scope| *scope != it.scope());
    tx.erase_message(&message, Some(it.customer.id), it.scope(), &also)?;
    for reply in erased_quotes(tx, which)? {
        tx.rewrite_message(&reply, it.scope(), &also)?;
    }
    Ok(())
}

/// The same of a message of a group.
pub fn delete_of_group(tx: &mut Tx<'_>, by: PersonId, which: MessageId, it: &Group) -> Result<(), Stop> {
    let Some(message) = erased(tx, by, (it.id.into(), which))? else { return Ok(()) };
    tx.erase_message(&message, None, it.scope_of(message.n), &[])?;
    for reply in erased_quotes(tx, which)? {
        // To who reads from later on, that answer never had a quote: nothing changes for them.
        tx.rewrite_message(&reply, it.scope_of(message.n), &[])?;
    }
    Ok(())
}

/// The messages that answer a deleted one, with nothing of it left in them.
fn erased_quotes(tx: &Tx<'_>, which: MessageId) -> Result<Vec<Message>, Stop> {
    let mut replies = tx.replies_to(which)?;
    for reply in &mut replies {
        if let Body::Said { reply_to: Some(quote), .. } = &mut reply.body {
            quote.erase();
        }
    }
    Ok(replies)
}

/// What is left of a message of one's own; `None`: it is deleted already.
fn erased(tx: &Tx<'_>, by: PersonId, (place, which): (PlaceId, MessageId)) -> Result<Option<Message>, Stop> {
    let mut message = tx.message(which)?.filter(|m| m.place == place).ok_or(Code::NotFound)?;
    message.may_delete(by)?;
    if message.deleted {
        return Ok(None);
    }
    message.erase();
    Ok(Some(message))
}
