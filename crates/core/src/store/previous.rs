//! A customer's previous conversations, as who holds one of that customer reads them.
//!
//! The server gives them one by one, each right before another: a chain of links that
//! begins at the held conversation (`via`) and ends where there is none before. What
//! this person took part in is in the cache anyway and is shown without the chain.
//!
//! Invariants
//! - What is here only because `via` is held goes with it, pictures and notes too.
//! - A previous conversation is in no list: it is its customer's past, not one's own.

use super::bubbles::{Ears, newest, with_holes};
use super::cache::{Applied, drop_pictures, write_message};
use super::reach::missing_of;
use super::{cache, json, notes, outbox, problem, to_json};
use crate::overlay;
use crate::view::{Previous, PreviousConversation, Topic};
use fieldline_model::api::PreviousPage;
use fieldline_model::{
    Change, Code, Conversation, ConversationId, Me, PlaceId, Problem, Reader, Record, What,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// Internal notes shown of one, the newest.
const NOTES_SHOWN: u32 = 100;

/// What to ask the server for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// What comes right before this conversation.
    Link(ConversationId),
    /// A previous conversation's entries before a number.
    Entries(ConversationId, i64),
}

fn reader(me: &Me) -> Reader {
    Reader { id: me.person.id, role: me.person.role }
}

/// What is known of the past before a conversation.
struct Past {
    /// Newest first.
    known: Vec<Conversation>,
    /// Where the chain goes on; `None` when it is whole or empty, or this person has none.
    link: Option<ConversationId>,
}

fn past(connection: &Connection, place: PlaceId) -> Result<Past, Problem> {
    let me = cache::my(connection)?;
    let truth = cache::conversation(connection, place)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let it = overlay::lay(truth, &outbox::moves_of(connection, place)?, &me.person.card());
    let (mut known, link) = chain(connection, it.id)?;
    for own in taken_part(connection, &it)? {
        if !known.iter().any(|one| one.id == own.id) {
            known.push(own);
        }
    }
    known.sort_by_key(|one| std::cmp::Reverse((one.created_at_ms, one.id)));
    Ok(Past { known, link: link.filter(|_| !it.first && it.is_held_by(&reader(&me))) })
}

/// The chain from `via`, newest first, and where it goes on. It leads back in time: a link
/// that does not is a server's fault, and its end.
fn chain(
    connection: &Connection,
    via: ConversationId,
) -> Result<(Vec<Conversation>, Option<ConversationId>), Problem> {
    let (mut found, mut next): (Vec<Conversation>, _) = (Vec::new(), via);
    loop {
        let link: Option<Option<String>> = connection
            .prepare_cached("SELECT body FROM previous WHERE via = ?1 AND next = ?2")
            .and_then(|mut s| s.query_row([via.0, next.0], |r| r.get(0)).optional())
            .map_err(problem)?;
        match link {
            None => return Ok((found, Some(next))),
            Some(None) => return Ok((found, None)),
            Some(Some(body)) => {
                let it: Conversation = json(&body)?;
                let began = |it: &Conversation| (it.created_at_ms, it.id);
                if it.id == via || found.last().is_some_and(|last| began(last) <= began(&it)) {
                    return Ok((found, None));
                }
                next = it.id;
                found.push(it);
            }
        }
    }
}

/// The customer's ended ones before `it` that are this person's own.
fn taken_part(connection: &Connection, it: &Conversation) -> Result<Vec<Conversation>, Problem> {
    let mut rows = connection
        .prepare_cached(
            "SELECT body FROM conversation
             WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.customer.id') END = ?1
               AND state = 'ended'",
        )
        .map_err(problem)?;
    let rows = rows.query_map([it.customer.id.to_string()], |r| r.get::<_, String>(0)).map_err(problem)?;
    let mut own: Vec<Conversation> =
        rows.map(|body| json(&body.map_err(problem)?)).collect::<Result<_, Problem>>()?;
    own.retain(|one| (one.created_at_ms, one.id) < (it.created_at_ms, it.id));
    Ok(own)
}

/// The newest `limit` entries of the conversations before `place`, one timeline.
///
/// Errors: [`Code::NotFound`] when this person may not see `place`.
pub fn previous(connection: &Connection, place: PlaceId, limit: u32) -> Result<Previous, Problem> {
    let me = cache::my(connection)?.person.card();
    let past = past(connection, place)?;
    let mut left = limit;
    let mut more = past.link.is_some();
    let mut conversations = Vec::new();
    for it in past.known {
        let entries = newest(connection, it.id.into(), (left, i64::MAX), &Ears::of(&it, &me))?;
        let first_n = entries.first().and_then(|bubble| bubble.n).unwrap_or(it.last_n + 1);
        more |= first_n > 1;
        if entries.is_empty() {
            // Nothing of it is here yet, or there is no room for it.
            continue;
        }
        left -= entries.len() as u32;
        conversations.push(PreviousConversation {
            place: it.id.into(),
            created_at_ms: it.created_at_ms,
            ended_at_ms: it.ended_at_ms,
            ended_by: it.ended_by.clone(),
            bubbles: with_holes(entries, it.last_n),
            notes: notes::kept(connection, it.id.into(), NOTES_SHOWN)?,
        });
    }
    conversations.reverse();
    Ok(Previous { conversations, more })
}

/// What of the past before `place` is to be fetched next; `None` when all is here.
pub fn next(connection: &Connection, place: PlaceId) -> Result<Option<Next>, Problem> {
    let past = past(connection, place)?;
    let (chain, _) = chain(connection, place.into())?;
    let own = past.known.iter().filter(|it| !chain.iter().any(|one| one.id == it.id));
    let missing = |it: &Conversation| -> Result<Option<Next>, Problem> {
        let before = missing_of(connection, it.id.into(), (1, it.last_n))?;
        Ok(before.map(|before| Next::Entries(it.id, before)))
    };
    for it in &chain {
        if let Some(next) = missing(it)? {
            return Ok(Some(next));
        }
    }
    if let Some(link) = past.link {
        return Ok(Some(Next::Link(link)));
    }
    for it in own {
        if let Some(next) = missing(it)? {
            return Ok(Some(next));
        }
    }
    Ok(None)
}

/// Keeps a link of the chain, and the entries that came with it.
pub fn put_link(
    work: &Transaction<'_>,
    (via, next): (ConversationId, ConversationId),
    page: &PreviousPage,
    to: &mut Applied,
) -> Result<(), Problem> {
    let it = page.conversation.as_ref();
    write_link(work, (via, next), it)?;
    if let (Some(it), true) = (it, page.first) {
        write_link(work, (via, it.id), None)?;
    }
    for change in &page.notes {
        if let What::Put(Record::Note(note)) = &change.what {
            notes::put(work, change.seq, note)?;
        }
    }
    put_entries(work, via, &page.messages, to)
}

/// What comes right before `next`, in the chain of `via`.
fn write_link(
    work: &Transaction<'_>,
    (via, next): (ConversationId, ConversationId),
    it: Option<&Conversation>,
) -> Result<(), Problem> {
    work.prepare_cached("INSERT OR REPLACE INTO previous VALUES (?1, ?2, ?3, ?4)")
        .and_then(|mut s| s.execute(params![via.0, next.0, it.map(|it| it.id.0), it.map(to_json)]))
        .map_err(problem)?;
    Ok(())
}

/// Keeps entries of a previous conversation. A tombstone of that conversation does
/// not keep them out: they are here by another right.
pub fn put_entries(
    work: &Transaction<'_>,
    via: ConversationId,
    messages: &[Change],
    to: &mut Applied,
) -> Result<(), Problem> {
    for change in messages {
        if let What::Put(Record::Message(message)) = &change.what {
            write_message(work, change.seq, message)?;
        }
    }
    to.topics.insert(Topic::Thread { place: via.into() });
    Ok(())
}

/// Takes one that left out of every chain it is in: what was before it is asked for anew.
pub fn leave(work: &Transaction<'_>, id: uuid::Uuid, to: &mut Applied) -> Result<(), Problem> {
    let mut gone =
        work.prepare_cached("DELETE FROM previous WHERE id = ?1 RETURNING via").map_err(problem)?;
    for via in gone.query_map([id], |r| r.get(0).map(PlaceId)).map_err(problem)? {
        to.topics.insert(Topic::Thread { place: via.map_err(problem)? });
    }
    Ok(())
}

/// Drops what was read through `it` once this person does not hold it any more.
pub fn keep_while_held(work: &Transaction<'_>, it: &Conversation, to: &mut Applied) -> Result<(), Problem> {
    let any = work
        .prepare_cached("SELECT 1 FROM previous WHERE via = ?1")
        .and_then(|mut s| s.exists([it.id.0]))
        .map_err(problem)?;
    if any && !it.is_held_by(&reader(&cache::my(work)?)) {
        drop_through(work, it.id.into(), to)?;
    }
    Ok(())
}

/// Drops what was read through `via`, but for what is this person's own or is read
/// through another.
pub fn drop_through(work: &Transaction<'_>, via: PlaceId, to: &mut Applied) -> Result<(), Problem> {
    let places = "SELECT id FROM previous WHERE via = ?1 AND id IS NOT NULL
        AND id NOT IN (SELECT id FROM conversation WHERE body IS NOT NULL)
        AND id NOT IN (SELECT id FROM previous WHERE via <> ?1 AND id IS NOT NULL)";
    let its = format!("message IN (SELECT id FROM message WHERE place IN ({places}))");
    drop_pictures(work, &its, [via.0], to)?;
    work.execute(&format!("DELETE FROM message WHERE place IN ({places})"), [via.0]).map_err(problem)?;
    work.execute(&format!("DELETE FROM note WHERE place IN ({places})"), [via.0]).map_err(problem)?;
    work.execute("DELETE FROM previous WHERE via = ?1", [via.0]).map_err(problem)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;
    use fieldline_model::{Customer, CustomerId};
    use uuid::Uuid;

    #[test]
    fn a_chain_that_leads_round_ends_where_it_would_begin_again() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::prepare(&mut connection).unwrap();
        let id = |n| ConversationId(Uuid::from_u128(n));
        let customer = Customer { id: CustomerId(Uuid::from_u128(9)), name: None, phone: Some("1".into()) };
        // 3 is held; before it come 2, 1 and, says the server, 2 again.
        for (next, before) in [(3, 2), (2, 1), (1, 2)] {
            let body = to_json(&Conversation::begun(id(before), customer.clone(), before as i64));
            connection
                .execute(
                    "INSERT INTO previous VALUES (?1, ?2, ?3, ?4)",
                    params![id(3).0, id(next).0, id(before).0, body],
                )
                .unwrap();
        }
        let (found, link) = chain(&connection, id(3)).unwrap();
        assert_eq!((found.iter().map(|it| it.id).collect::<Vec<_>>(), link), (vec![id(2), id(1)], None));
    }
}
