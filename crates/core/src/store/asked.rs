//! Reading the outbox's rows.
//!
//! Invariants
//! - A row that does not read is nobody else's trouble: what its columns still say
//!   is shown as stuck, so that its person can discard it, and the rest goes on.
//! - What a screen asks about one place costs no more for the thousands of
//!   messages that may wait there.

use super::drafts::file;
use super::{json, problem, sums};
use crate::view::DraftFile;
use fieldline_model::{
    Ask, Code, History, Intent, IntentId, MessageId, PlaceId, Problem, Ready, Send, SoundLevel, Start,
};
use rusqlite::{Connection, Row};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

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
    /// Whether it was on its way to the server once, and may be there.
    pub tried: bool,
}

const COLUMNS: &str =
    "SELECT pos, body, title, state, problem, asked_at_ms, id, place, kind, needs, sum, tried FROM outbox";

fn asked(row: &Row<'_>) -> rusqlite::Result<Asked> {
    let (body, state): (String, String) = (row.get(1)?, row.get(3)?);
    let why: Option<String> = row.get(4)?;
    let mut it = Asked {
        pos: row.get(0)?,
        intent: from_columns(row)?,
        title: row.get(2)?,
        standing: if state == "stuck" { Standing::Stuck } else { Standing::Waiting },
        problem: why.and_then(|p| json(&p).ok()),
        asked_at_ms: row.get(5)?,
        tried: row.get(11)?,
        body,
    };
    match json::<Intent>(&it.body) {
        Ok(intent)
            if intent.id == it.intent.id && sums::fits(it.intent.ask.place(), &it.body, row.get(10)?) =>
        {
            it.intent = intent
        }
        _ => {
            it.standing = Standing::Stuck;
            it.problem = Some(Code::StorageFailed.into());
        }
    }
    Ok(it)
}

/// What the columns beside a body say of its intent.
fn from_columns(row: &Row<'_>) -> rusqlite::Result<Intent> {
    let (place, kind): (PlaceId, String) = (PlaceId(row.get(7)?), row.get(8)?);
    let ask = match kind.as_str() {
        "pick" => Ask::Pick { conversation: place.into() },
        "end" => Ask::End { conversation: place.into() },
        "reopen" => Ask::Reopen { conversation: place.into() },
        "read" => Ask::Read { place, n: 0 },
        "accept" => Ask::Accept { conversation: place.into() },
        "pass" => Ask::Pass { conversation: place.into() },
        "availability" => Ask::Availability { ready: Ready::default() },
        "delete" => Ask::Delete { place, message: MessageId(Uuid::nil()) },
        "transfer" => Ask::Transfer { conversation: place.into(), to: None, note: String::new() },
        "start" => Ask::Start(Start { group: place.into(), people: Vec::new(), name: None, first: None }),
        "members" => Ask::Members {
            group: place.into(),
            add: Vec::new(),
            remove: Vec::new(),
            history: History::default(),
        },
        "leave" => Ask::Leave { group: place.into() },
        "rename" => Ask::Rename { group: place.into(), name: String::new() },
        "sound" => Ask::Sound { place, sound: None },
        "note" => Ask::Note { conversation: place.into(), text: String::new() },
        _ => Ask::Send(Send::text(place, "")),
    };
    let needs: Option<Uuid> = row.get(9)?;
    Ok(Intent { id: IntentId(row.get(6)?), written_at_ms: row.get(5)?, needs: needs.map(IntentId), ask })
}

fn collect(
    connection: &Connection,
    which: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Asked>, Problem> {
    let sql = format!("{COLUMNS} WHERE state <> 'settled' AND {which}");
    let mut rows = connection.prepare_cached(&sql).map_err(problem)?;
    let rows = rows.query_map(params, asked).map_err(problem)?;
    rows.collect::<Result<_, _>>().map_err(problem)
}

/// At most `limit` unsettled rows that a screen shows, oldest first: those that
/// need their person before those that go by themselves.
pub fn unsettled(connection: &Connection, limit: u32) -> Result<Vec<Asked>, Problem> {
    let mut rows = collect(
        connection,
        "kind NOT IN ('read', 'pass', 'availability', 'sound') ORDER BY state = 'waiting', pos LIMIT ?1",
        [limit],
    )?;
    rows.sort_by_key(|row| row.pos);
    Ok(rows)
}

/// The first `limit` rows marked as waiting, oldest first. One that does not read
/// is among them, [`Standing::Stuck`]: whoever finds it refuses it.
pub fn waiting(connection: &Connection, limit: u32) -> Result<Vec<Asked>, Problem> {
    collect(connection, "state = 'waiting' ORDER BY pos LIMIT ?1", [limit])
}

/// Why a place was not taken that this person asked for, as far as that is told and not
/// discarded: who was faster, of one that is not here any more.
pub(super) fn lost_pick(connection: &Connection, place: PlaceId) -> Result<Option<Problem>, Problem> {
    let which = "place = ?1 AND state = 'stuck' AND kind IN ('pick', 'accept') ORDER BY pos DESC LIMIT 1";
    Ok(collect(connection, which, [place.0])?.pop().and_then(|row| row.problem))
}

/// Where a message is stuck, and from which place in the outbox on an end or a transfer waits
/// for it: from its own. One that had been sent before its server was restored holds up only
/// what is asked since: at an earlier end it had been said, and the server may have taken
/// that end already.
pub fn stuck_messages(connection: &Connection) -> Result<BTreeMap<PlaceId, i64>, Problem> {
    let mut rows = connection
        .prepare_cached(
            "SELECT place, min(max(pos, again)) FROM outbox
             WHERE state <> 'settled' AND state = 'stuck' AND kind = 'send' GROUP BY place",
        )
        .map_err(problem)?;
    let rows = rows.query_map([], |r| Ok((PlaceId(r.get(0)?), r.get(1)?))).map_err(problem)?;
    rows.collect::<Result<_, _>>().map_err(problem)
}

/// Which unsettled rows move a conversation.
const MOVES: &str = "state = 'waiting' AND kind IN ('pick', 'accept', 'end', 'reopen', 'transfer')";

/// The waiting picks, ends and reopenings of every place, oldest first: what the
/// overlay moves between lists.
pub fn moves(connection: &Connection) -> Result<Vec<Asked>, Problem> {
    collect(connection, &format!("{MOVES} ORDER BY pos"), [])
}

/// The places of those rows, as SQL lists them.
pub fn moved_places() -> String {
    format!("SELECT place FROM outbox WHERE state <> 'settled' AND {MOVES}")
}

/// The waiting picks, ends and reopenings of a place, oldest first: all that the
/// overlay needs of it.
pub fn moves_of(connection: &Connection, place: PlaceId) -> Result<Vec<Asked>, Problem> {
    collect(connection, &format!("place = ?1 AND {MOVES} ORDER BY pos"), [place.0])
}

/// What was asked of all groups: a thread begun, also when that is stuck, and what is
/// waiting to change one; oldest first.
pub fn group_moves(connection: &Connection) -> Result<Vec<Asked>, Problem> {
    collect(connection, "kind IN ('start', 'members', 'leave', 'rename') ORDER BY pos", [])
}

/// The same of one.
pub fn group_moves_of(connection: &Connection, place: PlaceId) -> Result<Vec<Asked>, Problem> {
    let which = "place = ?1 AND kind IN ('start', 'members', 'leave', 'rename') ORDER BY pos";
    collect(connection, which, [place.0])
}

/// How loud this person last wanted the news of a place, while it is not settled.
pub fn sound(connection: &Connection, place: PlaceId) -> Result<Option<Option<SoundLevel>>, Problem> {
    let newest =
        collect(connection, "place = ?1 AND kind = 'sound' ORDER BY pos DESC LIMIT 1", [place.0])?.pop();
    Ok(newest.and_then(|row| if let Ask::Sound { sound, .. } = row.intent.ask { Some(sound) } else { None }))
}

/// When the newest row of a place was asked that its thread shows.
pub fn newest_at(connection: &Connection, place: PlaceId) -> Result<Option<i64>, Problem> {
    Ok(newest_of(connection, place, 1)?.pop().map(|row| row.asked_at_ms))
}

/// The unsent notes of a place, oldest first.
pub fn notes_of(connection: &Connection, place: PlaceId) -> Result<Vec<Asked>, Problem> {
    collect(connection, "place = ?1 AND kind = 'note' ORDER BY pos", [place.0])
}

/// The waiting deletions of every place, oldest first.
pub fn deletions(connection: &Connection) -> Result<Vec<Asked>, Problem> {
    collect(connection, "state = 'waiting' AND kind = 'delete' ORDER BY pos", [])
}

/// The unsent deletions of a place, oldest first.
pub fn deletions_of(connection: &Connection, place: PlaceId) -> Result<Vec<Asked>, Problem> {
    collect(connection, "place = ?1 AND kind = 'delete' ORDER BY pos", [place.0])
}

/// The newest `limit` rows of a place that its thread shows, oldest first.
pub fn newest_of(connection: &Connection, place: PlaceId, limit: u32) -> Result<Vec<Asked>, Problem> {
    let which =
        "place = ?1 AND kind NOT IN ('read', 'note', 'pass', 'availability', 'delete', 'sound', 'leave')
        ORDER BY pos DESC LIMIT ?2";
    let mut rows = collect(connection, which, rusqlite::params![place.0, limit])?;
    rows.reverse();
    Ok(rows)
}

/// What this person last set of their availability, while it is not settled.
pub fn ready(connection: &Connection) -> Result<Option<Ready>, Problem> {
    let newest = collect(connection, "kind = 'availability' ORDER BY pos DESC LIMIT 1", [])?.pop();
    Ok(newest
        .and_then(|row| if let Ask::Availability { ready } = row.intent.ask { Some(ready) } else { None }))
}

/// Whether an offer of a place was answered here and the answer is on its way.
pub fn answered(connection: &Connection, place: PlaceId) -> Result<bool, Problem> {
    let sql = "SELECT 1 FROM outbox WHERE state = 'waiting' AND state <> 'settled' AND place = ?1
               AND kind IN ('accept', 'pass', 'pick')";
    connection.prepare_cached(sql).and_then(|mut s| s.exists([place.0])).map_err(problem)
}

/// The newest unsent message of a place.
pub fn last_message(connection: &Connection, place: PlaceId) -> Result<Option<Asked>, Problem> {
    let which = "place = ?1 AND kind IN ('send', 'start') ORDER BY pos DESC LIMIT 1";
    Ok(collect(connection, which, [place.0])?.pop())
}

/// The highest number that was read in a place and is not settled yet; else 0.
pub fn read_to(connection: &Connection, place: PlaceId) -> Result<i64, Problem> {
    let marks = collect(connection, "place = ?1 AND kind = 'read' ORDER BY pos", [place.0])?;
    let read = |row: &Asked| if let Ask::Read { n, .. } = row.intent.ask { n } else { 0 };
    Ok(marks.iter().map(read).max().unwrap_or(0))
}

/// One unsettled row.
pub fn get(connection: &Connection, id: IntentId) -> Result<Option<Asked>, Problem> {
    Ok(collect(connection, "id = ?1", [id.0])?.pop())
}

/// A row and every row that needs it, oldest first; unsettled ones alone.
pub fn chain(connection: &Connection, id: IntentId) -> Result<Vec<Asked>, Problem> {
    let which = "id IN (
             WITH RECURSIVE chain (id) AS (
                 VALUES (?1) UNION SELECT o.id FROM outbox o JOIN chain c ON o.needs = c.id)
             SELECT id FROM chain) ORDER BY pos";
    collect(connection, which, [id.0])
}

/// How many rows of a place, or of all, need an answer (read marks not counted),
/// and how many of them their person.
pub fn count(connection: &Connection, place: Option<PlaceId>) -> Result<(u32, u32), Problem> {
    connection
        .prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE state = 'stuck') FROM outbox
             WHERE state <> 'settled' AND kind NOT IN ('read', 'pass', 'availability', 'sound') AND (?1 IS NULL OR place = ?1)",
        )
        .and_then(|mut s| s.query_row([place.map(|p| p.0)], |r| Ok((r.get(0)?, r.get(1)?))))
        .map_err(problem)
}

/// Whether anything of a place is unsettled.
pub fn any(connection: &Connection, place: PlaceId) -> Result<bool, Problem> {
    let sql = "SELECT 1 FROM outbox WHERE state <> 'settled' AND place = ?1";
    connection.prepare_cached(sql).and_then(|mut s| s.exists([place.0])).map_err(problem)
}

/// Where anything is unsettled.
pub fn places(connection: &Connection) -> Result<BTreeSet<PlaceId>, Problem> {
    connection
        .prepare_cached("SELECT DISTINCT place FROM outbox WHERE state <> 'settled'")
        .and_then(|mut s| s.query_map([], |r| r.get(0).map(PlaceId))?.collect())
        .map_err(problem)
}

/// Drops what not even shows as stuck. Replies how much, and how much of the rest
/// has lost its words.
pub fn drop_unreadable(connection: &Connection) -> Result<u32, Problem> {
    let all = connection
        .prepare("SELECT pos FROM outbox")
        .and_then(|mut all| all.query_map([], |r| r.get(0))?.collect::<Result<Vec<i64>, _>>())
        .map_err(problem)?;
    let mut lost = 0;
    for pos in all {
        match connection.query_row(&format!("{COLUMNS} WHERE pos = ?1"), [pos], asked) {
            Ok(row) if matches!(&row.problem, Some(p) if p.code == Code::StorageFailed) => lost += 1,
            Ok(_) => {}
            Err(_) => {
                connection.execute("DELETE FROM outbox WHERE pos = ?1", [pos]).map_err(problem)?;
                lost += 1;
            }
        }
    }
    Ok(lost)
}

/// The photos of an intent, settled or not. One whose row does not read is left
/// out: the server, which misses it, then says so of the message.
pub fn files(connection: &Connection, id: Uuid) -> Result<Vec<DraftFile>, Problem> {
    let mut rows = connection
        .prepare_cached("SELECT hash, name, kind, size_bytes FROM outbox_file WHERE intent = ?1 ORDER BY i")
        .map_err(problem)?;
    let rows = rows
        .query_map([id], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get::<_, i64>(3)?))
        })
        .map_err(problem)?;
    let read = rows.map(|row| row.map(|(hash, name, kind, size)| file(hash, name, &kind, size).ok()));
    let read: Vec<Option<DraftFile>> = read.collect::<Result<_, _>>().map_err(problem)?;
    Ok(read.into_iter().flatten().collect())
}
