//! Deleted messages on this device: what is asked to be deleted, and what goes with a
//! message whose tombstone came.
//!
//! Invariant: once the tombstone is applied, neither the text nor a photo of the
//! message is left in this device's tables; the names of the files go to who removes
//! them.

use super::cache::{Applied, drop_pictures};
use super::outbox::{self, Standing};
use super::{cache, groups, json, problem};
use fieldline_model::{Ask, Message, MessageId, PlaceId, Problem};
use rusqlite::{Connection, OptionalExtension, Transaction};
use std::collections::BTreeSet;

/// The message as the server last said.
fn message(connection: &Connection, which: MessageId) -> Result<Option<Message>, Problem> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM message WHERE id = ?1")
        .and_then(|mut s| s.query_row([which.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    body.map(|body| json(&body)).transpose()
}

/// Whether there is anything to delete of a message; refuses what the rule refuses.
pub fn may(connection: &Connection, which: MessageId) -> Result<bool, Problem> {
    let it = message(connection, which)?.ok_or(fieldline_model::Code::NotFound)?;
    it.may_delete(cache::my(connection)?.person.id)?;
    Ok(!it.deleted)
}

/// Which messages of a place are to be deleted, and that is on its way.
pub fn asked(connection: &Connection, place: PlaceId) -> Result<BTreeSet<MessageId>, Problem> {
    let rows = outbox::deletions_of(connection, place)?;
    let waits = rows.into_iter().filter(|row| row.standing == Standing::Waiting);
    Ok(waits
        .filter_map(|row| if let Ask::Delete { message, .. } = row.intent.ask { Some(message) } else { None })
        .collect())
}

/// Which messages anywhere are to be deleted, and that is on its way.
pub fn all_asked(connection: &Connection) -> Result<BTreeSet<MessageId>, Problem> {
    let rows = outbox::deletions(connection)?.into_iter();
    Ok(rows
        .filter_map(|row| if let Ask::Delete { message, .. } = row.intent.ask { Some(message) } else { None })
        .collect())
}

/// Whether the message that a list's preview is of is to be deleted.
pub fn is_last_asked(connection: &Connection, place: PlaceId) -> Result<bool, Problem> {
    let asked = asked(connection, place)?;
    if asked.is_empty() {
        return Ok(false);
    }
    let last: Option<MessageId> = connection
        .prepare_cached(
            "SELECT id FROM message WHERE place = ?1 AND json_extract(body, '$.body.what') = 'said'
             ORDER BY n DESC LIMIT 1",
        )
        .and_then(|mut s| s.query_row([place.0], |r| r.get(0).map(MessageId)).optional())
        .map_err(problem)?;
    Ok(last.is_some_and(|last| asked.contains(&last)))
}

/// Whether a tombstone is of nothing here: neither the message nor its place is.
pub fn is_nothing_here(work: &Transaction<'_>, it: &Message) -> Result<bool, Problem> {
    if !it.deleted || message(work, it.id)?.is_some() {
        return Ok(false);
    }
    Ok(cache::conversation(work, it.place)?.is_none() && groups::group(work, it.place)?.is_none())
}

/// Forgets what this device keeps of a message beside its entry: pictures that were
/// fetched, and the intent that sent it.
pub fn forget(work: &Transaction<'_>, which: MessageId, to: &mut Applied) -> Result<(), Problem> {
    drop_pictures(work, "message = ?1", [which.0], to)?;
    work.prepare_cached("DELETE FROM outbox WHERE id = ?1")
        .and_then(|mut s| s.execute([which.0]))
        .map_err(problem)?;
    let mut gone =
        work.prepare_cached("DELETE FROM outbox_file WHERE intent = ?1 RETURNING hash").map_err(problem)?;
    let hashes: Vec<String> =
        gone.query_map([which.0], |r| r.get(0)).and_then(Iterator::collect).map_err(problem)?;
    drop(gone);
    cache::drop_files(work, hashes, to)
}
