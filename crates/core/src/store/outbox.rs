//! The outbox: what the person asked and the server has not answered, in order.
//!
//! ```text
//!                   later (the wait grows, with jitter)
//!                   ┌─────┐
//!                   ▼     │
//!  asked ────────► waiting ────── refused ──────► stuck
//!                   ▲                               │
//!                   └────── its person retries ─────┘
//!  either ── its change is applied, from the answer or the feed ──► settled
//!  either ── its person discards ────────────────────────────────► gone
//! ```
//!
//! *Waiting* is what every crash leaves; what is in flight lives in memory alone.
//! A settled row stays, hidden, for 14 days.
//!
//! Invariants
//! - `body` is written once, at mint; those bytes are sent and hashed.
//! - A row settles in the transaction that applies its change.
//! - Within a place rows leave in the order of `pos`; a stuck one steps aside,
//!   except that an end waits behind a stuck message (not behind one that had been
//!   sent, and is stuck because its server was restored since).

pub use super::asked::{
    Asked, Standing, answered, any, chain, count, deletions, deletions_of, drop_unreadable, files, get,
    group_moves, group_moves_of, last_message, moved_places, moves, moves_of, newest_at, newest_of, notes_of,
    places, read_to, ready, sound, stuck_messages, unsettled, waiting,
};
use super::drafts::kind_word;
use super::{json, problem, sums, to_json};
use crate::view::{DraftFile, OutboxKind};
use fieldline_model::{Ask, Code, Intent, IntentId, PlaceId, Problem};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// How long a settled row is kept, by the server's clock.
pub const SETTLED_KEPT_MS: i64 = 14 * 24 * 3600 * 1000;

/// A new row.
pub struct NewRow<'a> {
    /// The intent.
    pub intent: &'a Intent,
    /// Its photos, in the order of the message's.
    pub files: &'a [DraftFile],
    /// The customer's name or number.
    pub title: &'a str,
}

/// Whether this intent was ever asked here, settled or not.
pub fn knows(connection: &Connection, id: IntentId) -> Result<bool, Problem> {
    connection
        .prepare_cached("SELECT 1 FROM outbox WHERE id = ?1")
        .and_then(|mut s| s.exists([id.0]))
        .map_err(problem)
}

/// Where an intent of this device was asked, settled or not.
pub fn place_of(connection: &Connection, id: IntentId) -> Result<Option<PlaceId>, Problem> {
    connection
        .prepare_cached("SELECT place FROM outbox WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.0], |r| r.get::<_, Uuid>(0)).optional())
        .map(|place| place.map(PlaceId))
        .map_err(problem)
}

fn word(ask: &Ask) -> &'static str {
    match ask {
        Ask::Pick { .. } => "pick",
        Ask::Send(_) => "send",
        Ask::End { .. } => "end",
        Ask::Reopen { .. } => "reopen",
        Ask::Read { .. } => "read",
        Ask::Accept { .. } => "accept",
        Ask::Pass { .. } => "pass",
        Ask::Availability { .. } => "availability",
        Ask::Note { .. } => "note",
        Ask::Transfer { .. } => "transfer",
        Ask::Delete { .. } => "delete",
        Ask::Start(_) => "start",
        Ask::Members { .. } => "members",
        Ask::Leave { .. } => "leave",
        Ask::Rename { .. } => "rename",
        Ask::Sound { .. } => "sound",
    }
}

/// What a screen calls it; a read mark, an availability, a sound level and an offer that is
/// let pass are never shown.
pub fn kind(ask: &Ask) -> Option<OutboxKind> {
    match ask {
        Ask::Pick { .. } => Some(OutboxKind::Pick),
        Ask::Send(_) => Some(OutboxKind::Send),
        Ask::End { .. } => Some(OutboxKind::End),
        Ask::Reopen { .. } => Some(OutboxKind::Reopen),
        Ask::Accept { .. } => Some(OutboxKind::Accept),
        Ask::Read { .. } | Ask::Pass { .. } | Ask::Availability { .. } | Ask::Sound { .. } => None,
        Ask::Note { .. } => Some(OutboxKind::Note),
        Ask::Transfer { .. } => Some(OutboxKind::Transfer),
        Ask::Delete { .. } => Some(OutboxKind::Delete),
        Ask::Start(_) => Some(OutboxKind::Start),
        Ask::Members { .. } => Some(OutboxKind::Members),
        Ask::Leave { .. } => Some(OutboxKind::Leave),
        Ask::Rename { .. } => Some(OutboxKind::Rename),
    }
}

/// Adds a row at the end.
pub fn add(connection: &Connection, row: NewRow<'_>) -> Result<(), Problem> {
    let it = row.intent;
    let body = to_json(it);
    connection
        .execute(
            "INSERT INTO outbox (id, place, kind, needs, body, title, state, asked_at_ms, sum)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?8)",
            params![
                it.id.0,
                it.ask.place().0,
                word(&it.ask),
                it.needs.map(|n| n.0),
                body,
                row.title,
                it.written_at_ms,
                sums::of(it.ask.place(), &body)
            ],
        )
        .map_err(problem)?;
    if let Some(why) = it.needs.map(|needs| stuck_for(connection, needs)).transpose()?.flatten() {
        refuse(connection, it.id, &why)?;
    }
    for (i, f) in row.files.iter().enumerate() {
        connection
            .execute(
                "INSERT INTO outbox_file VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![it.id.0, i as i64, f.hash.as_str(), f.name, kind_word(f.kind), f.size_bytes as i64],
            )
            .map_err(problem)?;
    }
    Ok(())
}

/// Why a row is stuck, if it is: so is, for the same reason, what needs it.
fn stuck_for(connection: &Connection, id: IntentId) -> Result<Option<Problem>, Problem> {
    let why: Option<String> = connection
        .prepare_cached("SELECT problem FROM outbox WHERE id = ?1 AND state = 'stuck'")
        .and_then(|mut s| s.query_row([id.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    why.map(|why| json(&why)).transpose()
}

/// The last waiting pick, reopening or beginning of a place: what a message there needs. A
/// stuck one opens nothing: what is open nevertheless was opened otherwise.
pub fn opener(connection: &Connection, place: PlaceId) -> Result<Option<IntentId>, Problem> {
    connection
        .prepare_cached(
            "SELECT id FROM outbox WHERE place = ?1 AND state = 'waiting' AND state <> 'settled' AND kind IN ('pick', 'accept', 'reopen', 'start')
             ORDER BY pos DESC LIMIT 1",
        )
        .and_then(|mut s| s.query_row([place.0], |r| r.get::<_, Uuid>(0)).optional())
        .map(|id| id.map(IntentId))
        .map_err(problem)
}

/// Drops the read marks of a place, settled ones too: only the newest is worth sending.
pub fn drop_reads(connection: &Connection, place: PlaceId) -> Result<(), Problem> {
    connection
        .execute("DELETE FROM outbox WHERE place = ?1 AND kind = 'read'", [place.0])
        .map_err(problem)?;
    Ok(())
}

/// Drops what was set of a place's notifications before, settled too: only the newest counts.
pub fn drop_sounds(connection: &Connection, place: PlaceId) -> Result<(), Problem> {
    connection
        .execute("DELETE FROM outbox WHERE place = ?1 AND kind = 'sound'", [place.0])
        .map(|_| ())
        .map_err(problem)
}

/// Drops what was set of availability before, settled too: only the newest counts.
pub fn drop_availability(connection: &Connection) -> Result<(), Problem> {
    connection.execute("DELETE FROM outbox WHERE kind = 'availability'", []).map(|_| ()).map_err(problem)
}

/// After a server was restored from a backup: everything it may have forgotten
/// goes again. What it still knows it answers as before.
pub fn ask_again(connection: &Connection) -> Result<(), Problem> {
    connection
        .execute(
            "UPDATE outbox SET state = 'waiting', settled_at_ms = NULL, again = (SELECT max(pos) FROM outbox)
             WHERE state = 'settled'",
            [],
        )
        .map(|_| ())
        .map_err(problem)
}

/// Takes note that rows are on their way to the server from now on, before they are. Replies
/// which never were before, by their places in the outbox.
pub fn try_them(connection: &Connection, rows: &[Asked]) -> Result<Vec<i64>, Problem> {
    let fresh: Vec<i64> = rows.iter().filter(|row| !row.tried).map(|row| row.pos).collect();
    set_tried(connection, &fresh, true)?;
    Ok(fresh)
}

/// Takes that back for the rows of a try by which nothing left this device.
pub fn never_left(connection: &Connection, fresh: &[i64]) -> Result<(), Problem> {
    set_tried(connection, fresh, false)
}

fn set_tried(connection: &Connection, rows: &[i64], tried: bool) -> Result<(), Problem> {
    if rows.is_empty() {
        return Ok(());
    }
    connection
        .prepare_cached("UPDATE outbox SET tried = ?2 WHERE pos IN (SELECT value FROM json_each(?1))")
        .and_then(|mut s| s.execute(params![to_json(&rows), tried]))
        .map(|_| ())
        .map_err(problem)
}

/// Settles a row. Replies whether it was unsettled.
pub fn settle(connection: &Connection, id: Uuid, now_ms: i64) -> Result<bool, Problem> {
    connection
        .prepare_cached(
            "UPDATE outbox SET state = 'settled', problem = NULL, settled_at_ms = ?2
             WHERE id = ?1 AND state <> 'settled'",
        )
        .and_then(|mut s| s.execute(params![id, now_ms]))
        .map(|changed| changed > 0)
        .map_err(problem)
}

/// Marks a row stuck, and every row that needs it, for the same reason. What no
/// screen shows is dropped: nobody can do anything about it.
pub fn refuse(connection: &Connection, id: IntentId, why: &Problem) -> Result<(), Problem> {
    let unseen = "DELETE FROM outbox WHERE id = ?1 AND (kind IN ('read', 'pass', 'availability', 'sound')
        OR kind = 'delete' AND ?2)";
    // What is not there any more needs no deletion.
    connection.execute(unseen, params![id.0, why.code == Code::NotFound]).map_err(problem)?;
    connection
        .execute(
            "WITH RECURSIVE chain (id) AS (
                 VALUES (?1) UNION SELECT o.id FROM outbox o JOIN chain c ON o.needs = c.id)
             UPDATE outbox SET state = 'stuck', problem = ?2
             WHERE state = 'waiting' AND id IN (SELECT id FROM chain)",
            params![id.0, to_json(why)],
        )
        .map_err(problem)?;
    drop_to_be_deleted(connection)
}

/// A row the server cannot take before the one it needs, which is not here to be sent any
/// more: forgotten in time, or lost with a damaged file, and by a server that was restored.
/// Nobody would ever send it, and the lane would wait for ever.
pub fn give_up_without(connection: &Connection, id: IntentId, needs: IntentId) -> Result<(), Problem> {
    if knows(connection, needs)? {
        return Ok(());
    }
    let deletes = get(connection, id)?.is_some_and(|row| matches!(row.intent.ask, Ask::Delete { .. }));
    // A message that neither has is as good as deleted.
    refuse(connection, id, &if deletes { Code::NotFound } else { Code::NeedsRefused }.into())
}

/// A message that is not there, and is to be deleted, is as its person wants it: neither it
/// nor its deletion needs them.
fn drop_to_be_deleted(connection: &Connection) -> Result<(), Problem> {
    let both = connection
        .prepare_cached(
            "SELECT m.id, d.id FROM outbox d JOIN outbox m ON m.id = d.needs
             WHERE d.state <> 'settled' AND d.kind = 'delete' AND m.state = 'stuck' AND m.kind = 'send'",
        )
        .and_then(|mut s| {
            s.query_map([], |r| Ok([r.get(0)?, r.get(1)?]))?.collect::<Result<Vec<[Uuid; 2]>, _>>()
        })
        .map_err(problem)?;
    both.into_iter().flatten().try_for_each(|id| take(connection, IntentId(id)).map(drop))
}

/// Puts a stuck row, and what it needs and what needs it, or every stuck row,
/// back to waiting.
pub fn retry(connection: &Connection, id: Option<IntentId>) -> Result<(), Problem> {
    let done = match id {
        None => connection
            .execute("UPDATE outbox SET state = 'waiting', problem = NULL WHERE state = 'stuck'", []),
        Some(id) => connection.execute(
            "WITH RECURSIVE chain (id) AS (
                 VALUES (?1)
                 UNION SELECT o.id FROM outbox o JOIN chain c ON o.needs = c.id
                 UNION SELECT o.needs FROM outbox o JOIN chain c ON o.id = c.id WHERE o.needs IS NOT NULL)
             UPDATE outbox SET state = 'waiting', problem = NULL
             WHERE state = 'stuck' AND id IN (SELECT id FROM chain)",
            [id.0],
        ),
    };
    done.map(|_| ()).map_err(problem)
}

/// Takes a row out of the outbox. Replies its photos.
pub fn take(connection: &Connection, id: IntentId) -> Result<Vec<DraftFile>, Problem> {
    let photos = files(connection, id.0)?;
    connection.execute("DELETE FROM outbox WHERE id = ?1", [id.0]).map_err(problem)?;
    connection.execute("DELETE FROM outbox_file WHERE intent = ?1", [id.0]).map_err(problem)?;
    Ok(photos)
}

/// Takes an unsettled row, and every row that needs it, out of the outbox.
pub fn discard(connection: &Connection, id: IntentId) -> Result<(), Problem> {
    for it in chain(connection, id)? {
        take(connection, it.intent.id)?;
    }
    Ok(())
}

/// Forgets settled rows that were kept long enough when this device was last in step,
/// by the server's clock: whoever sets the device's own forgets nothing.
pub fn forget_old(connection: &Connection, synced_at_ms: i64) -> Result<(), Problem> {
    let before = synced_at_ms.saturating_sub(SETTLED_KEPT_MS);
    connection
        .execute(
            "DELETE FROM outbox_file WHERE intent IN
                 (SELECT id FROM outbox WHERE state = 'settled' AND settled_at_ms < ?1)",
            [before],
        )
        .and_then(|_| {
            connection.execute("DELETE FROM outbox WHERE state = 'settled' AND settled_at_ms < ?1", [before])
        })
        .map(|_| ())
        .map_err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;

    fn store() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::prepare(&mut connection).unwrap();
        connection
    }

    fn ask(connection: &Connection, n: u128, ask: Ask) -> IntentId {
        let id = IntentId(Uuid::from_u128(n));
        let intent = Intent { id, written_at_ms: 5, needs: None, ask };
        add(connection, NewRow { intent: &intent, files: &[], title: "Rosa" }).unwrap();
        id
    }

    #[test]
    fn a_stuck_reopening_opens_nothing_for_later_messages() {
        let (it, place) = (store(), PlaceId(Uuid::from_u128(1)));
        let first = ask(&it, 2, Ask::Reopen { conversation: place.into() });
        assert_eq!(opener(&it, place), Ok(Some(first)));
        refuse(&it, first, &Code::AlreadyPicked.into()).unwrap();
        let second = ask(&it, 3, Ask::Reopen { conversation: place.into() });
        assert_eq!(opener(&it, place), Ok(Some(second)));
        settle(&it, second.0, 7).unwrap();
        assert_eq!(opener(&it, place), Ok(None));
    }

    /// A restored server knows nothing of what is stuck: what waited for it would for ever.
    /// (Simulation: seed 1072.)
    #[test]
    fn what_needs_something_stuck_is_stuck_at_once_for_the_same_reason() {
        let (it, place) = (store(), PlaceId(Uuid::from_u128(1)));
        let first = ask(&it, 2, Ask::Reopen { conversation: place.into() });
        refuse(&it, first, &Code::AlreadyPicked.into()).unwrap();
        let (id, end) = (IntentId(Uuid::from_u128(3)), Ask::End { conversation: place.into() });
        let intent = Intent { id, written_at_ms: 6, needs: Some(first), ask: end };
        add(&it, NewRow { intent: &intent, files: &[], title: "Rosa" }).unwrap();
        let row = super::super::asked::get(&it, id).unwrap().unwrap();
        assert_eq!(row.problem.unwrap().code, Code::AlreadyPicked);
        retry(&it, Some(id)).unwrap();
        assert_eq!(super::super::asked::waiting(&it, 9).unwrap().len(), 2);
    }

    #[test]
    fn a_read_mark_that_settled_is_not_kept_once_there_is_a_newer_one() {
        let (it, place) = (store(), PlaceId(Uuid::from_u128(1)));
        let old = ask(&it, 2, Ask::Read { place, n: 4 });
        settle(&it, old.0, 7).unwrap();
        drop_reads(&it, place).unwrap();
        ask(&it, 3, Ask::Read { place, n: 9 });
        assert_eq!((knows(&it, old), read_to(&it, place)), (Ok(false), Ok(9)));
    }
}
