//! Internal notes on this device: what the server said, what is unsent, and what is
//! being written, each in a table of its own.
//!
//! Invariants
//! - A note never stands among a thread's bubbles, nor its draft in the chat's box.
//! - Newest first, by the server's clock; unsent ones before all others.

use super::outbox::{self, Asked};
use super::threads::{InFlight, mark};
use super::{cache, drafts, erased, json, problem, sums, to_json};
use crate::overlay;
use crate::view::{Mark, NoteLine, Notes};
use fieldline_model::{Ask, Code, Note, PersonCard, PlaceId, Problem};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// The most notes a screen is given at once.
const SHOWN_MAX: u32 = 500;

/// Applies a note. Replies whether it was news to this device.
pub fn put(work: &Transaction<'_>, seq: i64, it: &Note) -> Result<bool, Problem> {
    work.prepare_cached(
        "INSERT INTO note VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET seq = ?3, body = ?5 WHERE seq < ?3",
    )
    .and_then(|mut s| s.execute(params![it.id.0, it.place.0, seq, it.at_ms, to_json(it)]))
    .map(|changed| changed > 0)
    .map_err(problem)
}

/// How many notes a conversation has here, unsent ones included.
pub fn count(connection: &Connection, place: PlaceId) -> Result<u32, Problem> {
    connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM note WHERE place = ?1)
                  + (SELECT count(*) FROM outbox WHERE place = ?1 AND kind = 'note' AND state <> 'settled')",
        )
        .and_then(|mut s| s.query_row([place.0], |r| r.get(0)))
        .map_err(problem)
}

/// The newest `limit` notes of a conversation, newest first.
pub fn newest(
    connection: &Connection,
    place: PlaceId,
    limit: u32,
    flying: &InFlight,
) -> Result<Vec<NoteLine>, Problem> {
    let me = cache::my(connection)?.person.card();
    let unsent = outbox::notes_of(connection, place)?;
    let mut lines: Vec<NoteLine> =
        unsent.iter().rev().filter_map(|row| unsent_line(row, &me, flying)).collect();
    lines.extend(kept(connection, place, limit)?);
    lines.truncate(limit as usize);
    Ok(lines)
}

/// The same of those alone that the server has.
pub fn kept(connection: &Connection, place: PlaceId, limit: u32) -> Result<Vec<NoteLine>, Problem> {
    let me = cache::my(connection)?.person.card();
    let mut rows = connection
        .prepare_cached("SELECT body FROM note WHERE place = ?1 ORDER BY at_ms DESC, id DESC LIMIT ?2")
        .map_err(problem)?;
    let bodies = rows.query_map(params![place.0, limit], |r| r.get::<_, String>(0)).map_err(problem)?;
    bodies.map(|body| Ok(line(json(&body.map_err(problem)?)?, &me))).collect()
}

fn line(note: Note, me: &PersonCard) -> NoteLine {
    NoteLine {
        id: note.id,
        mine: note.author.id == me.id,
        author: note.author.name,
        at_ms: note.at_ms,
        text: note.text,
        mark: Mark::Sent,
        problem: None,
    }
}

fn unsent_line(row: &Asked, me: &PersonCard, flying: &InFlight) -> Option<NoteLine> {
    let Ask::Note { text, .. } = &row.intent.ask else { return None };
    Some(NoteLine {
        id: row.intent.id.into(),
        mine: true,
        author: me.name.clone(),
        at_ms: row.asked_at_ms,
        text: text.clone(),
        mark: mark(row, flying),
        problem: row.problem.clone(),
    })
}

/// The page of a conversation's notes.
///
/// Errors: [`Code::NotFound`] when this person may not see the conversation.
pub fn page(connection: &Connection, place: PlaceId, flying: &InFlight) -> Result<Notes, Problem> {
    let me = cache::my(connection)?.person.card();
    let truth = cache::conversation(connection, place)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let it = overlay::lay(truth, &outbox::moves_of(connection, place)?, &me);
    Ok(Notes {
        place,
        name: it.customer.name,
        phone: it.customer.phone,
        notes: newest(connection, place, SHOWN_MAX, flying)?,
        draft: draft(connection, place)?,
    })
}

/// The note being written in a place; empty when there is none.
pub fn draft(connection: &Connection, place: PlaceId) -> Result<String, Problem> {
    let row: Option<(String, Option<i64>)> = connection
        .prepare_cached("SELECT text, sum FROM note_draft WHERE place = ?1")
        .and_then(|mut s| s.query_row([place.0], |r| Ok((r.get(0)?, r.get(1)?))).optional())
        .map_err(problem)?;
    let (text, sum) = row.unwrap_or_default();
    if sums::fits(place, &text, sum) { Ok(text) } else { Err(Code::StorageDamaged.into()) }
}

/// Drops notes being written that do not read. Replies how many.
pub fn drop_unreadable(connection: &Connection) -> Result<u32, Problem> {
    let mut lost = 0;
    for (key, place) in drafts::keys(connection, "SELECT place FROM note_draft")? {
        if place.is_none_or(|place| draft(connection, place).is_err()) {
            connection.execute("DELETE FROM note_draft WHERE place = ?1", [&key]).map_err(problem)?;
            lost += 1;
        }
    }
    Ok(lost)
}

/// How many notes are being written.
pub fn count_drafts(connection: &Connection) -> Result<u32, Problem> {
    connection
        .prepare_cached("SELECT count(*) FROM note_draft WHERE trim(text, char(9, 10, 13, 32)) <> ''")
        .and_then(|mut s| s.query_row([], |r| r.get(0)))
        .map_err(problem)
}

/// Keeps the note being written; an empty one is none.
pub fn save_draft(connection: &Connection, place: PlaceId, text: &str, now_ms: i64) -> Result<(), Problem> {
    erased::refuse(connection, place)?;
    let done = if text.is_empty() {
        connection.execute("DELETE FROM note_draft WHERE place = ?1", [place.0])
    } else {
        connection.execute(
            "INSERT INTO note_draft (place, text, saved_at_ms, sum) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (place) DO UPDATE SET text = ?2, saved_at_ms = ?3, sum = ?4",
            params![place.0, text, now_ms, sums::of(place, text)],
        )
    };
    done.map(|_| ()).map_err(problem)
}

/// Puts an unsent note's text back to what is being written, behind what is there.
pub fn back_to_draft(
    connection: &Connection,
    place: PlaceId,
    text: &str,
    now_ms: i64,
) -> Result<(), Problem> {
    let there = draft(connection, place)?;
    let texts = [there.trim_end(), text];
    let text = texts.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n");
    save_draft(connection, place, &text, now_ms)
}
