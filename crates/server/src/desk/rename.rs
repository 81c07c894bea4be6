//! Somebody is called something else: also where their name is part of a record that lives.
//! What has ended keeps the name by which it was done.

use crate::store::{Stop, Tx};
use fieldline_model::{Person, State};

/// Gives a person, their threads and the conversations they have open the new name.
pub fn rename(tx: &mut Tx<'_>, person: &Person) -> Result<(), Stop> {
    tx.rename_person(person.id, &person.name)?;
    for mut it in tx.groups_of(person.id)? {
        let was = it.scope();
        it.members.iter_mut().filter(|m| m.person.id == person.id).for_each(|m| m.person = person.card());
        tx.put_group(&it, was)?;
    }
    for mut it in tx.conversations(State::Open)? {
        if it.is_with(&person.card()) {
            let was = it.scope();
            let cards = it.agent.iter_mut().chain(&mut it.took_part);
            cards.filter(|card| card.id == person.id).for_each(|card| *card = person.card());
            let customer = it.customer.id;
            tx.put_conversation(it, was)?;
            // Who answers them is a fact of the customer's too.
            tx.public_fact(customer)?;
        }
    }
    Ok(())
}
