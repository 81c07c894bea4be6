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
//!   except that an end waits behind a stuck message.

use super::drafts::{file, kind_word};
use super::{json, problem, to_json};
use crate::view::{DraftFile, OutboxKind};
use fieldline_model::{Ask, Code, Intent, IntentId, PlaceId, Problem};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How long a settled row is kept.
pub const SETTLED_KEPT_MS: i64 = 14 * 24 * 3600 * 1000;

/// Whether a row goes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It goes by itself.
    Waiting,
    /// It needs its person.
    Stuck,
}

/// An unsettled row.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its place in the outbox.
    pub pos: i64,
    /// The intent.
    pub intent: Intent,
    /// The bytes it was minted with.
    pub body: String,
    /// The customer's name or number when it was asked.
    pub title: String,
    /// Whether it goes by itself.
    pub standing: Standing,
    /// Why not.
    pub problem: Option<Problem>,
    /// When it was asked, milliseconds since 1970.
    pub asked_at_ms: i64,
}

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

fn word(ask: &Ask) -> &'static str {
    match ask {
        Ask::Pick { .. } => "pick",
        Ask::Send(_) => "send",
        Ask::End { .. } => "end",
        Ask::Reopen { .. } => "reopen",
        Ask::Read { .. } => "read",
    }
}

/// What a screen calls it; a read mark is never shown.
pub fn kind(ask: &Ask) -> Option<OutboxKind> {
    match ask {
        Ask::Pick { .. } => Some(OutboxKind::Pick),
        Ask::Send(_) => Some(OutboxKind::Send),
        Ask::End { .. } => Some(OutboxKind::End),
        Ask::Reopen { .. } => Some(OutboxKind::Reopen),
        Ask::Read { .. } => None,
    }
}

/// Adds a row at the end.
pub fn add(connection: &Connection, row: NewRow<'_>) -> Result<(), Problem> {
    let it = row.intent;
    connection
        .execute(
            "INSERT INTO outbox (id, place, kind, needs, body, title, state, asked_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7)",
            params![
                it.id.0,
                it.ask.place().0,
                word(&it.ask),
                it.needs.map(|n| n.0),
                to_json(it),
                row.title,
                it.written_at_ms
            ],
        )
        .map_err(problem)?;
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

/// The last unsettled pick or reopening of a place: what a message there needs.
pub fn opener(connection: &Connection, place: PlaceId) -> Result<Option<IntentId>, Problem> {
    connection
        .prepare_cached(
            "SELECT id FROM outbox WHERE place = ?1 AND state <> 'settled' AND kind IN ('pick', 'reopen')
             ORDER BY pos DESC LIMIT 1",
        )
        .and_then(|mut s| s.query_row([place.0], |r| r.get::<_, Uuid>(0)).optional())
        .map(|id| id.map(IntentId))
        .map_err(problem)
}

/// Drops the waiting read marks of a place: only the newest is worth sending.
pub fn drop_reads(connection: &Connection, place: PlaceId) -> Result<(), Problem> {
    connection
        .execute("DELETE FROM outbox WHERE place = ?1 AND kind = 'read' AND state = 'waiting'", [place.0])
        .map_err(problem)?;
    Ok(())
}

type Parts = (i64, String, String, String, Option<String>, i64);

fn parts(row: &Row<'_>) -> rusqlite::Result<Parts> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

fn asked((pos, body, title, state, why, asked_at_ms): Parts) -> Result<Asked, Problem> {
    let standing = if state == "stuck" { Standing::Stuck } else { Standing::Waiting };
    let why = why.map(|p| json(&p)).transpose()?;
    Ok(Asked { pos, intent: json(&body)?, body, title, standing, problem: why, asked_at_ms })
}

const COLUMNS: &str = "SELECT pos, body, title, state, problem, asked_at_ms FROM outbox";

/// The first `limit` unsettled rows, oldest first.
pub fn unsettled(connection: &Connection, limit: u32) -> Result<Vec<Asked>, Problem> {
    let sql = format!("{COLUMNS} WHERE state <> 'settled' ORDER BY pos LIMIT ?1");
    collect(connection, &sql, [limit])
}

/// The first `limit` rows that go by themselves, oldest first.
pub fn waiting(connection: &Connection, limit: u32) -> Result<Vec<Asked>, Problem> {
    let sql = format!("{COLUMNS} WHERE state = 'waiting' ORDER BY pos LIMIT ?1");
    collect(connection, &sql, [limit])
}

/// Where a message is stuck, and at which place in the outbox the first one is.
pub fn stuck_messages(connection: &Connection) -> Result<BTreeMap<PlaceId, i64>, Problem> {
    let mut rows = connection
        .prepare_cached(
            "SELECT place, min(pos) FROM outbox WHERE state = 'stuck' AND kind = 'send' GROUP BY place",
        )
        .map_err(problem)?;
    let rows = rows.query_map([], |r| Ok((PlaceId(r.get(0)?), r.get(1)?))).map_err(problem)?;
    rows.collect::<Result<_, _>>().map_err(problem)
}

/// After a server was restored from a backup: everything it may have forgotten
/// goes again. What it still knows it answers as before.
pub fn ask_again(connection: &Connection) -> Result<(), Problem> {
    connection
        .execute("UPDATE outbox SET state = 'waiting', settled_at_ms = NULL WHERE state = 'settled'", [])
        .map(|_| ())
        .map_err(problem)
}

/// The unsettled rows of a place, oldest first.
pub fn of_place(connection: &Connection, place: PlaceId) -> Result<Vec<Asked>, Problem> {
    let sql = format!("{COLUMNS} WHERE place = ?1 AND state <> 'settled' ORDER BY pos");
    collect(connection, &sql, [place.0])
}

/// The waiting picks, ends and reopenings of every place, oldest first: what the
/// overlay moves between lists.
pub fn moves(connection: &Connection) -> Result<Vec<Asked>, Problem> {
    let sql = format!("{COLUMNS} WHERE state = 'waiting' AND kind IN ('pick', 'end', 'reopen') ORDER BY pos");
    collect(connection, &sql, [])
}

/// One unsettled row.
pub fn get(connection: &Connection, id: IntentId) -> Result<Option<Asked>, Problem> {
    let sql = format!("{COLUMNS} WHERE id = ?1 AND state <> 'settled'");
    Ok(collect(connection, &sql, [id.0])?.pop())
}

fn collect(connection: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Asked>, Problem> {
    let mut rows = connection.prepare_cached(sql).map_err(problem)?;
    let rows = rows.query_map(params, parts).map_err(problem)?;
    rows.map(|row| asked(row.map_err(problem)?)).collect()
}

/// The photos of an intent, settled or not.
pub fn files(connection: &Connection, id: Uuid) -> Result<Vec<DraftFile>, Problem> {
    let mut rows = connection
        .prepare_cached("SELECT hash, name, kind, size_bytes FROM outbox_file WHERE intent = ?1 ORDER BY i")
        .map_err(problem)?;
    let rows = rows
        .query_map([id], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get::<_, i64>(3)?))
        })
        .map_err(problem)?;
    rows.map(|row| {
        let (hash, name, kind, size) = row.map_err(problem)?;
        file(hash, name, &kind, size)
    })
    .collect()
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

/// Marks a row stuck, and every row that needs it, for the same reason. A refused
/// read mark is dropped: nobody can do anything about it.
pub fn refuse(connection: &Connection, id: IntentId, why: &Problem) -> Result<(), Problem> {
    connection.execute("DELETE FROM outbox WHERE id = ?1 AND kind = 'read'", [id.0]).map_err(problem)?;
    connection
        .execute(
            "WITH RECURSIVE chain (id) AS (
                 VALUES (?1) UNION SELECT o.id FROM outbox o JOIN chain c ON o.needs = c.id)
             UPDATE outbox SET state = 'stuck', problem = ?2
             WHERE state = 'waiting' AND id IN (SELECT id FROM chain)",
            params![id.0, to_json(why)],
        )
        .map_err(problem)?;
    Ok(())
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

/// Takes an unsettled row, and every row that needs it, out of the outbox.
/// Replies what was taken, oldest first.
///
/// Errors: [`Code::NotFound`] when the row is settled or was never there.
pub fn discard(connection: &Connection, id: IntentId) -> Result<Vec<Asked>, Problem> {
    let sql = format!(
        "{COLUMNS} WHERE state <> 'settled' AND id IN (
             WITH RECURSIVE chain (id) AS (
                 VALUES (?1) UNION SELECT o.id FROM outbox o JOIN chain c ON o.needs = c.id)
             SELECT id FROM chain) ORDER BY pos"
    );
    let taken = collect(connection, &sql, [id.0])?;
    if !taken.iter().any(|a| a.intent.id == id) {
        return Err(Code::NotFound.into());
    }
    for it in &taken {
        connection.execute("DELETE FROM outbox WHERE id = ?1", [it.intent.id.0]).map_err(problem)?;
        connection.execute("DELETE FROM outbox_file WHERE intent = ?1", [it.intent.id.0]).map_err(problem)?;
    }
    Ok(taken)
}

/// How many unsettled rows there are (read marks not counted), and how many of
/// them are stuck.
pub fn count(connection: &Connection) -> Result<(u32, u32), Problem> {
    connection
        .prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE state = 'stuck') FROM outbox
             WHERE state <> 'settled' AND kind <> 'read'",
        )
        .and_then(|mut s| s.query_row([], |r| Ok((r.get(0)?, r.get(1)?))))
        .map_err(problem)
}

/// Forgets settled rows that were kept long enough.
pub fn forget_old(connection: &Connection, now_ms: i64) -> Result<(), Problem> {
    let before = now_ms - SETTLED_KEPT_MS;
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

/// Every blob name an outbox row, a draft or a fetched picture mentions: the rest
/// of the folder is what a crash left between bytes and row.
pub fn mentioned(connection: &Connection) -> Result<BTreeSet<String>, Problem> {
    let mut names = connection
        .prepare(
            "SELECT hash FROM outbox_file UNION SELECT hash FROM draft_file UNION SELECT name FROM picture",
        )
        .map_err(problem)?;
    let names = names.query_map([], |r| r.get(0)).map_err(problem)?;
    names.collect::<Result<_, _>>().map_err(problem)
}
