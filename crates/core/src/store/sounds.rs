//! How loud the news of a place is for this person: theirs, kept by the server, and
//! the same on every device; where nothing is kept, a device's own setting decides.

use super::{json, outbox, problem};
use fieldline_model::{PlaceId, Problem, SoundLevel};
use rusqlite::{Connection, OptionalExtension};

/// How loud it is set to be, the outbox included.
pub fn of(connection: &Connection, place: PlaceId) -> Result<Option<SoundLevel>, Problem> {
    if let Some(asked) = outbox::sound(connection, place)? {
        return Ok(asked);
    }
    let kept: Option<Option<String>> = connection
        .prepare_cached("SELECT sound FROM read_mark WHERE place = ?1")
        .and_then(|mut s| s.query_row([place.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    read(kept.flatten().as_deref())
}

/// The same of the word that is kept of a place.
pub fn read(word: Option<&str>) -> Result<Option<SoundLevel>, Problem> {
    word.map(json).transpose()
}

/// Whether this person wants no notifications of a place.
pub fn muted(connection: &Connection, place: PlaceId) -> Result<bool, Problem> {
    Ok(of(connection, place)? == Some(SoundLevel::None))
}
