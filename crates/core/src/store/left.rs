//! What was being composed where its person can write no more: somebody else was faster to
//! pick the conversation, it was handed on, or they were taken out of the thread. No box is
//! left in which it could stand, so the outbox's screen shows it.
//!
//! The place goes from this device, and who it was with goes too; what it was called is kept
//! with what was being composed there, and goes with that.
//!
//! Invariant: a draft that can be opened in its place is not among these.

use super::{asked, cache, drafts, groups, notes, problem};
use crate::view::DraftFile;
use fieldline_model::{Code, PlaceId, Problem};
use rusqlite::{Connection, OptionalExtension, params};

/// A draft that lost its place.
pub struct Left {
    /// Where it was composed.
    pub place: PlaceId,
    /// Whether it is an internal note.
    pub note: bool,
    /// The customer's name or number, or what the thread was called, as this device last knew it; may
    /// be empty.
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

/// Every draft with something in it, and when it was touched.
const COMPOSED: &str = "
    SELECT place, 0 AS note, saved_at_ms AS at_ms FROM draft
    WHERE trim(text, char(9, 10, 13, 32)) <> '' OR location IS NOT NULL
    UNION ALL SELECT place, 0, 0 FROM draft_file
    UNION ALL SELECT place, 1, saved_at_ms FROM note_draft WHERE trim(text, char(9, 10, 13, 32)) <> ''";

/// Those whose place is not here, by place.
fn left_of_all() -> String {
    format!(
        "SELECT place, note, max(at_ms) FROM ({COMPOSED}) AS d
         WHERE place <> ?1
             AND NOT EXISTS (SELECT 1 FROM conversation WHERE id = d.place AND body IS NOT NULL)
             AND NOT EXISTS (SELECT 1 FROM message_group WHERE id = d.place AND body IS NOT NULL)
             AND NOT EXISTS (SELECT 1 FROM outbox WHERE place = d.place AND state <> 'settled' AND kind = 'start')
         GROUP BY place, note"
    )
}

/// Keeps what a place is called with what is composed there, before the place goes.
pub fn keep_title(connection: &Connection, place: PlaceId) -> Result<(), Problem> {
    if !places(connection)?.contains(&place) {
        return Ok(());
    }
    let Some(title) = title(connection, place)? else { return Ok(()) };
    for keep in [
        // Photos alone have no row of their own there.
        "INSERT INTO draft (place, saved_at_ms, title) SELECT ?1, 0, ?2 WHERE EXISTS (SELECT 1 FROM draft_file WHERE place = ?1)
         ON CONFLICT (place) DO NOTHING",
        "UPDATE draft SET title = ?2 WHERE place = ?1",
        "UPDATE note_draft SET title = ?2 WHERE place = ?1",
    ] {
        connection.prepare_cached(keep).and_then(|mut s| s.execute(params![place.0, title])).map_err(problem)?;
    }
    Ok(())
}

/// The same of every place, before the whole cache goes.
pub fn keep_titles(connection: &Connection) -> Result<(), Problem> {
    places(connection)?.into_iter().try_for_each(|place| keep_title(connection, place))
}

/// Where something is composed.
fn places(connection: &Connection) -> Result<Vec<PlaceId>, Problem> {
    connection
        .prepare_cached(&format!("SELECT DISTINCT place FROM ({COMPOSED})"))
        .and_then(|mut s| s.query_map([], |r| r.get(0).map(PlaceId))?.collect())
        .map_err(problem)
}

/// What a place on this device is called.
fn title(connection: &Connection, place: PlaceId) -> Result<Option<String>, Problem> {
    if let Some(it) = cache::conversation(connection, place)? {
        return Ok(Some(cache::title(&it)));
    }
    let Some(it) = groups::group(connection, place)? else { return Ok(None) };
    Ok(Some(groups::title(&it, cache::my(connection)?.person.id)))
}

/// How many there are.
pub fn count(connection: &Connection) -> Result<u32, Problem> {
    connection
        .prepare_cached(&format!("SELECT count(*) FROM ({})", left_of_all()))
        .and_then(|mut s| s.query_row([PlaceId::NEW_GROUP.0], |r| r.get(0)))
        .map_err(problem)
}

/// All of them.
pub fn all(connection: &Connection) -> Result<Vec<Left>, Problem> {
    let mut rows = connection.prepare_cached(&left_of_all()).map_err(problem)?;
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
    let (asked, asked_at_ms) = last_asked(connection, place)?;
    let title = kept_title(connection, place)?.unwrap_or(asked);
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

/// What the place was called when it went; none where it went before that was kept.
fn kept_title(connection: &Connection, place: PlaceId) -> Result<Option<String>, Problem> {
    let sql = "SELECT title FROM (SELECT title FROM draft WHERE place = ?1
                   UNION ALL SELECT title FROM note_draft WHERE place = ?1) WHERE title IS NOT NULL";
    connection
        .prepare_cached(sql)
        .and_then(|mut s| s.query_row([place.0], |r| r.get(0)).optional())
        .map_err(problem)
}

/// The title of what was asked last in a place, and when.
fn last_asked(connection: &Connection, place: PlaceId) -> Result<(String, i64), Problem> {
    let sql = "SELECT title, asked_at_ms FROM outbox WHERE place = ?1 ORDER BY pos DESC LIMIT 1";
    let found: Result<Vec<_>, _> = connection
        .prepare_cached(sql)
        .and_then(|mut s| s.query_map(params![place.0], |r| Ok((r.get(0)?, r.get(1)?)))?.collect());
    Ok(found.map_err(problem)?.pop().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{schema, to_json};
    use crate::view::Typed;
    use fieldline_model::api::Snapshot;
    use fieldline_model::{Conversation, ConversationId, Customer, CustomerId, FileType};
    use uuid::Uuid;

    fn place(id: u128) -> PlaceId {
        PlaceId(Uuid::from_u128(id))
    }

    #[test]
    fn what_goes_with_a_new_cache_leaves_its_name_with_what_is_composed_there_and_nowhere_else() {
        let mut it = Connection::open_in_memory().unwrap();
        schema::prepare(&mut it).unwrap();
        for (id, name) in [(1, "Rosa"), (2, "Tom"), (3, "Liv"), (4, "Nobody")] {
            let customer =
                Customer { id: CustomerId(Uuid::from_u128(9)), name: Some(name.into()), phone: None };
            let body = to_json(&Conversation::begun(ConversationId(place(id).0), customer, 1));
            let row = params![place(id).0, body];
            it.execute("INSERT INTO conversation (id, seq, body) VALUES (?1, 1, ?2)", row).unwrap();
        }
        let typed = |text: &str| Typed { text: text.into(), mentions: Vec::new() };
        drafts::save_text(&it, place(1), &typed("I am on my"), 5).unwrap();
        let hash = fieldline_model::BlobHash::try_from("a".repeat(64)).unwrap();
        let file = DraftFile { hash, name: "van.png".into(), kind: FileType::Png, size_bytes: 1 };
        drafts::add_file(&it, place(2), &file).unwrap();
        notes::save_draft(&it, place(3), "Rings twi", 5).unwrap();
        drafts::save_text(&it, place(4), &typed(" "), 5).unwrap();
        assert_eq!(count(&it), Ok(0));
        let none = Snapshot { epoch: "a".into(), cursor: 1, at_ms: 0, records: Vec::new() };
        cache::replace(&mut it, none, 9).unwrap();
        let left = all(&it).unwrap();
        let titles: Vec<_> = left.iter().map(|it| (it.title.as_str(), it.note, it.files.len())).collect();
        assert_eq!(titles, [("Rosa", false, 0), ("Tom", false, 1), ("Liv", true, 0)]);
        let kept: Option<String> =
            it.query_row("SELECT title FROM draft WHERE place = ?1", [place(4).0], |row| row.get(0)).unwrap();
        assert_eq!(kept, None, "nothing is composed there");
    }
}
