//! Blocking a person: they are out at once, and neither their customers nor the clients of
//! their threads wait for somebody who will not come.

use super::groups;
use crate::store::{Stop, Tx};
use fieldline_model::{Person, PersonId, State};

/// Ends a person's sessions, gives their open conversations back to the picklist, and takes
/// them out of the audience of their threads, where they are shown as disabled; clients who
/// would be left there without a colleague get `heir`.
pub fn block(tx: &mut Tx<'_>, who: PersonId, heir: Option<&Person>) -> Result<(), Stop> {
    tx.block(who)?;
    groups::disable(tx, who, heir)?;
    for mut it in tx.conversations(State::Open)? {
        if it.agent.as_ref().is_none_or(|agent| agent.id != who) {
            continue;
        }
        let (was, now) = (it.scope(), tx.clock.now_ms());
        it.give_back(now);
        it.members = tx.waiting_members(&it)?;
        let customer = it.customer.id;
        tx.put_conversation(it, was)?;
        // That nobody has their chat any more is a fact of the customer's too.
        tx.public_fact(customer)?;
    }
    Ok(())
}

/// Lets a person in again, and back into the audience of their threads. They sign in anew:
/// what was taken from their devices is not given back.
pub fn unblock(tx: &mut Tx<'_>, who: PersonId) -> Result<(), Stop> {
    tx.unblock(who)?;
    for mut it in tx.groups_of(who)? {
        let was = it.scope();
        if let Some(mine) = it.members.iter_mut().find(|m| m.person.id == who && m.disabled) {
            mine.disabled = false;
            tx.put_group(&it, was)?;
        }
    }
    Ok(())
}
