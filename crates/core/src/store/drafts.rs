//! Drafts: what is being composed, one a place. Never disposable, but with an erased customer.

use super::{erased, json, problem, quotes, sums, to_json};
use crate::view::{Draft, DraftFile, Typed};
use fieldline_model::policy::FILES_MAX;
use fieldline_model::{BlobHash, Code, FileType, Location, MessageId, PlaceId, Problem};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};
use std::borrow::Cow;

/// A draft's text with its mentions and its location, each with its sum, and the message
/// it answers.
type Composed = (String, Option<String>, Option<i64>, Option<String>, Option<i64>, Option<uuid::Uuid>);

/// The draft of a place; empty when there is none.
pub fn get(connection: &Connection, place: PlaceId) -> Result<Draft, Problem> {
    let row: Option<Composed> = connection
        .prepare_cached(
            "SELECT text, mentions, sum, location, location_sum, reply_to FROM draft WHERE place = ?1",
        )
        .and_then(|mut s| {
            let read = |r: &rusqlite::Row<'_>| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?))
            };
            s.query_row([place.0], read).optional()
        })
        .map_err(problem)?;
    let (text, mentions, sum, location, location_sum, reply) = row.unwrap_or_default();
    if !sums::fits(place, &summed(&text, mentions.as_deref()), sum)
        || location.as_ref().is_some_and(|it| !sums::fits(place, it, location_sum))
    {
        return Err(Code::StorageDamaged.into());
    }
    let location = location.map(|it| json::<Location>(&it)).transpose()?;
    let reply = reply.map(|which| quotes::of(connection, place, MessageId(which))).transpose()?;
    let mentions = mentions.map(|it| json(&it)).transpose()?.unwrap_or_default();
    Ok(Draft { text, mentions, files: files(connection, place)?, location, reply })
}

/// What the sum of a text is of: it, and its mentions where it has any.
fn summed<'a>(text: &'a str, mentions: Option<&str>) -> Cow<'a, str> {
    mentions.map_or(Cow::Borrowed(text), |mentions| Cow::Owned(format!("{text}\0{mentions}")))
}

fn files(connection: &Connection, place: PlaceId) -> Result<Vec<DraftFile>, Problem> {
    let mut rows = connection
        .prepare_cached("SELECT hash, name, kind, size_bytes FROM draft_file WHERE place = ?1 ORDER BY pos")
        .map_err(problem)?;
    let rows = rows
        .query_map([place.0], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get::<_, i64>(3)?))
        })
        .map_err(problem)?;
    rows.map(|row| {
        let (hash, name, kind, size) = row.map_err(problem)?;
        file(hash, name, &kind, size)
    })
    .collect()
}

/// A file's row, read.
pub(super) fn file(hash: String, name: String, kind: &str, size: i64) -> Result<DraftFile, Problem> {
    let hash = BlobHash::try_from(hash).map_err(|_| Problem::new(Code::StorageFailed))?;
    Ok(DraftFile { hash, name, kind: json::<FileType>(&format!("\"{kind}\""))?, size_bytes: size as u64 })
}

/// A type as it stands in a row.
pub(super) fn kind_word(kind: FileType) -> String {
    to_json(&kind).trim_matches('"').to_owned()
}

/// Keeps the text, and who is mentioned in it.
pub fn save_text(connection: &Connection, place: PlaceId, typed: &Typed, now_ms: i64) -> Result<(), Problem> {
    erased::refuse(connection, place)?;
    let Typed { text, mentions } = typed;
    let mentions = if mentions.is_empty() { None } else { Some(to_json(mentions)) };
    let sum = sums::of(place, &summed(text, mentions.as_deref()));
    connection
        .prepare_cached(
            "INSERT INTO draft (place, text, saved_at_ms, sum, mentions) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (place) DO UPDATE SET text = ?2, saved_at_ms = ?3, sum = ?4, mentions = ?5",
        )
        .and_then(|mut s| s.execute(params![place.0, text, now_ms, sum, mentions]))
        .map_err(problem)?;
    Ok(())
}

/// Puts a location into the draft, or takes it out.
pub fn set_location(
    connection: &Connection,
    place: PlaceId,
    location: Option<&Location>,
    now_ms: i64,
) -> Result<(), Problem> {
    erased::refuse(connection, place)?;
    let location = location.map(to_json);
    let sum = location.as_ref().map(|it| sums::of(place, it));
    connection
        .execute(
            "INSERT INTO draft (place, location, saved_at_ms, location_sum) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (place) DO UPDATE SET location = ?2, saved_at_ms = ?3, location_sum = ?4",
            params![place.0, location, now_ms, sum],
        )
        .map_err(problem)?;
    Ok(())
}

/// Lets the draft answer a message, or none.
pub fn set_reply(
    connection: &Connection,
    place: PlaceId,
    to: Option<MessageId>,
    now_ms: i64,
) -> Result<(), Problem> {
    erased::refuse(connection, place)?;
    connection
        .prepare_cached(
            "INSERT INTO draft (place, reply_to, saved_at_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (place) DO UPDATE SET reply_to = ?2, saved_at_ms = ?3",
        )
        .and_then(|mut s| s.execute(params![place.0, to.map(|to| to.0), now_ms]))
        .map_err(problem)?;
    Ok(())
}

/// Puts a photo into the draft; the same bytes twice are one.
///
/// Errors: [`Code::TooManyFiles`].
pub fn add_file(connection: &Connection, place: PlaceId, file: &DraftFile) -> Result<(), Problem> {
    erased::refuse(connection, place)?;
    let there = files(connection, place)?;
    if there.iter().any(|f| f.hash == file.hash) {
        return Ok(());
    }
    if there.len() >= FILES_MAX {
        return Err(Problem::limit(Code::TooManyFiles, FILES_MAX as u64));
    }
    connection
        .execute(
            "INSERT INTO draft_file (place, hash, name, kind, size_bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![place.0, file.hash.as_str(), file.name, kind_word(file.kind), file.size_bytes as i64],
        )
        .map_err(problem)?;
    Ok(())
}

/// Puts a photo where another one of the draft stands; where that one is not any more, behind the rest.
///
/// Errors: [`Code::TooManyFiles`], only then.
pub fn replace_file(
    connection: &Connection,
    place: PlaceId,
    instead: &BlobHash,
    file: &DraftFile,
) -> Result<(), Problem> {
    let there = files(connection, place)?;
    if file.hash != *instead && there.iter().any(|f| f.hash == file.hash) {
        return remove_file(connection, place, instead);
    }
    let (hash, kind) = (file.hash.as_str(), kind_word(file.kind));
    let replaced = connection
        .execute(
            "UPDATE draft_file SET hash = ?3, name = ?4, kind = ?5, size_bytes = ?6 WHERE place = ?1 AND hash = ?2",
            params![place.0, instead.as_str(), hash, file.name, kind, file.size_bytes as i64],
        )
        .map_err(problem)?;
    if replaced == 0 { add_file(connection, place, file) } else { Ok(()) }
}

/// Takes a photo out of the draft.
pub fn remove_file(connection: &Connection, place: PlaceId, hash: &BlobHash) -> Result<(), Problem> {
    connection
        .execute("DELETE FROM draft_file WHERE place = ?1 AND hash = ?2", params![place.0, hash.as_str()])
        .map_err(problem)?;
    Ok(())
}

/// How many drafts have something in them.
pub fn count(connection: &Connection) -> Result<u32, Problem> {
    connection
        .prepare_cached(
            "SELECT count(*) FROM (
                 SELECT place FROM draft
                 WHERE trim(text, char(9, 10, 13, 32)) <> '' OR location IS NOT NULL
                 UNION SELECT place FROM draft_file)",
        )
        .and_then(|mut s| s.query_row([], |r| r.get(0)))
        .map_err(problem)
}

/// Drops of drafts what does not read, and no more than that: their location, their text,
/// their photos. Replies how much.
pub fn drop_unreadable(connection: &Connection) -> Result<u32, Problem> {
    let mut lost = 0;
    for (key, place) in keys(connection, "SELECT place FROM draft UNION SELECT place FROM draft_file")? {
        let reads = || place.is_some_and(|place| get(connection, place).is_ok());
        for drop in [
            "UPDATE draft SET location = NULL, location_sum = NULL WHERE place = ?1 AND location IS NOT NULL",
            "DELETE FROM draft WHERE place = ?1",
            "DELETE FROM draft_file WHERE place = ?1",
        ] {
            if reads() {
                break;
            }
            lost += connection.execute(drop, [&key]).map_err(problem)?.min(1) as u32;
        }
    }
    Ok(lost)
}

/// The keys of rows that may be damaged, and the places they are, if they are any.
pub(super) fn keys(connection: &Connection, sql: &str) -> Result<Vec<(Value, Option<PlaceId>)>, Problem> {
    let all = connection
        .prepare(sql)
        .and_then(|mut all| all.query_map([], |r| r.get(0))?.collect::<Result<Vec<Value>, _>>())
        .map_err(problem)?;
    let place = |key: &Value| match key {
        Value::Blob(id) => uuid::Uuid::from_slice(id).ok().map(PlaceId),
        _ => None,
    };
    Ok(all
        .into_iter()
        .map(|key| {
            let at = place(&key);
            (key, at)
        })
        .collect())
}

/// Empties the draft.
pub fn clear(connection: &Connection, place: PlaceId) -> Result<(), Problem> {
    connection.execute("DELETE FROM draft WHERE place = ?1", [place.0]).map_err(problem)?;
    connection.execute("DELETE FROM draft_file WHERE place = ?1", [place.0]).map_err(problem)?;
    Ok(())
}
