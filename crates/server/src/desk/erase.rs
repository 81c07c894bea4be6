//! Deleting a message of one's own, for everybody.
//!
//! What stays is a tombstone: who, when, and its number, so that nothing after it
//! moves. Its text and its photos go from the truth, from what lists and answers show
//! of it, and from every device that gets the tombstone.

use crate::store::{Stop, Tx};
use fieldline_model::{Body, Code, Conversation, MessageId, PersonId, Scope};

/// Deletes `which` of the conversation `it`, which was seen by `was`. A repeat changes
/// nothing; what another wrote is refused with *not_permitted*.
pub fn delete(
    tx: &mut Tx<'_>,
    by: PersonId,
    which: MessageId,
    (mut it, was): (Conversation, Scope),
) -> Result<(), Stop> {
    let mut message = tx.message(which)?.filter(|m| m.place == it.id.into()).ok_or(Code::NotFound)?;
    message.may_delete(by)?;
    if message.deleted {
        return Ok(());
    }
    message.erase();
    let is_last = !tx.said_after(&message)?;
    if let Some(last) = it.last.as_mut().filter(|_| is_last) {
        last.erase();
        tx.put_conversation(&it, was)?;
    }
    // Who holds another conversation of the customer may have read this one there.
    let mut also: Vec<Scope> = tx.open_of(it.customer.id)?.iter().map(Conversation::scope).collect();
    also.retain(|scope| *scope != it.scope());
    tx.erase_message(&message, it.customer.id, it.scope(), &also)?;
    for mut reply in tx.replies_to(which)? {
        if let Body::Said { reply_to: Some(quote), .. } = &mut reply.body {
            quote.erase();
        }
        tx.rewrite_message(&reply, it.scope(), &also)?;
    }
    Ok(())
}
