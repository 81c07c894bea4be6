//! What was being composed where its person can write no more: somebody else was faster to
//! pick the conversation, it was handed on, or they were taken out of the thread. No box is
//! left in which it could stand, so the outbox's screen shows it.
//!
//! Invariant: a draft that can be opened in its place is not among these.

use super::{asked, drafts, notes, problem};
use crate::view::DraftFile;
use fieldline_model::{Code, PlaceId, Problem};
use rusqlite::{Connection, params};

/// A draft that lost its place.
pub struct Left {
    /// Where it was composed.
    pub place: PlaceId,
    /// Whether it is an internal note.
    pub note: bool,
    /// The customer's name or number, as this device's outbox last knew it; may be empty.
    pub title: String,
    /// Its words.
    pub text: String,
    /// Its photos.
    pub files: Vec<DraftFile>,
    /// When it was last touched, milliseconds since 1970.
    pub at_ms: i64,
    /// Why the place is gone.
    pub why: Problem,
}

/// Every draft with something in it whose place is not here, by place.
const LEFT: &str = "
    SELECT place, note, max(at_ms) FROM (
        SELECT place, 0 AS note, saved_at_ms AS at_ms FROM draft
        WHERE trim(text, char(9, 10, 13, 32)) <> '' OR location IS NOT NULL
        UNION ALL SELECT place, 0, 0 FROM draft_file
        UNION ALL SELECT place, 1, saved_at_ms FROM note_draft WHERE trim(text, char(9, 10, 13, 32)) <> '') AS d
    WHERE place <> ?1
        AND NOT EXISTS (SELECT 1 FROM conversation WHERE id = d.place AND body IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM message_group WHERE id = d.place AND body IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE place = d.place AND state <> 'settled' AND kind = 'start')
    GROUP BY place, note";

/// How many there are.
pub fn count(connection: &Connection) -> Result<u32, Problem> {
    connection
        .prepare_cached(&format!("SELECT count(*) FROM ({LEFT})"))
        .and_then(|mut s| s.query_row([PlaceId::NEW_GROUP.0], |r| r.get(0)))
        .map_err(problem)
}

/// All of them.
pub fn all(connection: &Connection) -> Result<Vec<Left>, Problem> {
    let mut rows = connection.prepare_cached(LEFT).map_err(problem)?;
    let rows = rows
        .query_map([PlaceId::NEW_GROUP.0], |r| Ok((PlaceId(r.get(0)?), r.get(1)?, r.get(2)?)))
        .map_err(problem)?;
    rows.map(|row| {
        let (place, note, at_ms) = row.map_err(problem)?;
        left(connection, place, (note, at_ms))
    })
    .collect()
}

fn left(connection: &Connection, place: PlaceId, (note, at_ms): (bool, i64)) -> Result<Left, Problem> {
    let (title, asked_at_ms) = last_asked(connection, place)?;
    let (text, files) = match note {
        true => (notes::draft(connection, place)?, Vec::new()),
        false => {
            let draft = drafts::get(connection, place)?;
            (draft.text, draft.files)
        }
    };
    let why = asked::lost_pick(connection, place)?.unwrap_or(Code::NotFound.into());
    Ok(Left { place, note, title, text, files, at_ms: at_ms.max(asked_at_ms), why })
}

/// The title of what was asked last in a place, and when. The conversation itself, and who
/// it is with, is gone from this device.
fn last_asked(connection: &Connection, place: PlaceId) -> Result<(String, i64), Problem> {
    let sql = "SELECT title, asked_at_ms FROM outbox WHERE place = ?1 ORDER BY pos DESC LIMIT 1";
    let found: Result<Vec<_>, _> = connection
        .prepare_cached(sql)
        .and_then(|mut s| s.query_map(params![place.0], |r| Ok((r.get(0)?, r.get(1)?)))?.collect());
    Ok(found.map_err(problem)?.pop().unwrap_or_default())
}
