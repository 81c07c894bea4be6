//! What a customer does: begins, and writes.

use super::ask::{self, put_said};
use super::{Before, settled};
use crate::clock::Clock;
use crate::secrets;
use crate::store::{Act, Actor, IntentRow, Owner, Stop, Tx};
use fieldline_model::public::{CustomerSend, CustomerStart};
use fieldline_model::text::{clean_name, clean_phone};
use fieldline_model::{
    Author, Code, Conversation, ConversationId, Customer, CustomerId, DeviceId, MessageId, PlaceId, Problem,
    Scope, Send, State,
};

/// A new customer by what they typed: a name, or only a number.
///
/// Refuses with *bad_name* when there is neither, or one cannot be.
pub fn start(clock: &Clock, begin: &CustomerStart) -> Result<Customer, Problem> {
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let name = given(&begin.name).map(|name| clean_name(&name)).transpose()?;
    let phone = given(&begin.phone).map(|phone| clean_phone(&phone)).transpose()?;
    if name.is_none() && phone.is_none() {
        return Err(Code::BadName.into());
    }
    Ok(Customer { id: CustomerId::mint(clock.now_ms(), clock.random()), name, phone })
}

/// A message of a customer and the hash of the bytes it came in.
pub struct Said {
    /// Who.
    pub customer: CustomerId,
    /// SHA-256 of the body as sent.
    pub hash: secrets::SecretHash,
    /// What.
    pub send: CustomerSend,
}

/// Adds a customer's message to the conversation they are in, or, when that was
/// ended (also while the message was on its way), to a new waiting one. A repeat
/// adds nothing. Gives the message's id.
pub fn say(tx: &mut Tx<'_>, said: &Said) -> Result<MessageId, Stop> {
    let act = Act::new(Actor::Customer(said.customer), "customer_send").about(said.send.id.0);
    let row = IntentRow {
        id: said.send.id,
        asker: said.customer.0,
        device: DeviceId(said.customer.0),
        hash: said.hash,
        code: None,
    };
    match settled(tx, &row)? {
        Before::Accepted => return Ok(said.send.id.into()),
        Before::Another => {
            let problem = Problem::new(Code::IdReused);
            tx.deny(act, &problem)?;
            return Err(problem.into());
        }
        Before::Nothing => {}
    }
    tx.step(act, |tx| {
        let (it, was) = place(tx, said.customer)?;
        let send = Send {
            files: said.send.files.clone(),
            location: said.send.location.clone(),
            ..Send::text(PlaceId::from(it.id), said.send.text.clone())
        };
        let said = ask::Said {
            id: said.send.id,
            written_at_ms: said.send.written_at_ms,
            author: Author::Customer,
            owner: Owner::Customer(said.customer),
            send: &send,
        };
        let id = said.id;
        put_said(tx, it, was, said)?;
        tx.answers(row);
        Ok(id.into())
    })
}

/// Everything up to a public number was shown to a customer: of the conversation they
/// are in, its people see it.
pub fn read(tx: &mut Tx<'_>, who: CustomerId, public_seq: i64) -> Result<(), Stop> {
    let Some(mut it) = tx.newest_of(who)? else { return Ok(()) };
    let n = tx.n_at(it.id.into(), public_seq)?;
    if n <= it.seen_n {
        return Ok(());
    }
    it.seen_n = n;
    let act = Act::new(Actor::Customer(who), "customer_read").about(it.id.0);
    tx.step(act, |tx| {
        let scope = it.scope();
        tx.put_conversation(it, scope)
    })
}

fn place(tx: &mut Tx<'_>, who: CustomerId) -> Result<(Conversation, Scope), Stop> {
    let newest = tx.newest_of(who)?;
    let first = newest.is_none();
    if let Some(it) = newest.filter(|it| it.state != State::Ended) {
        let was = it.scope();
        return Ok((it, was));
    }
    // What was said before was ended by who had it: it is as good as read.
    tx.all_read_for_customer(who)?;
    let customer = tx.customer(who)?.ok_or(Code::NotFound)?;
    let now = tx.clock.now_ms();
    let id = ConversationId::mint(now, tx.clock.random());
    let queue = tx.queue_of_customer(who)?;
    let mut it = Conversation { first, queue, ..Conversation::begun(id, customer, now) };
    it.members = tx.waiting_members(&it)?;
    Ok((it, Scope::Nobody))
}
