//! How far this person has read a place, and how loud its news is for them: theirs, kept
//! by the server, and the same on every device; where no sound is kept, a device's own
//! setting decides.

use super::{json, outbox, problem};
use fieldline_model::{PlaceId, Problem, SoundLevel};
use rusqlite::{Connection, OptionalExtension};

/// What this person's mark of a place says, the outbox included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The highest number they have read.
    pub n: i64,
    /// How loud it is set to be, if they set it.
    pub sound: Option<SoundLevel>,
}

impl Mark {
    /// Whether this person wants no notifications of the place.
    pub fn is_muted(self) -> bool {
        self.sound == Some(SoundLevel::None)
    }
}

/// The mark of a place; where nothing of the place `has_unsent` in the outbox, what the
/// server has is all.
pub fn of(connection: &Connection, place: PlaceId, has_unsent: bool) -> Result<Mark, Problem> {
    let kept = connection
        .prepare_cached("SELECT n, sound FROM read_mark WHERE place = ?1")
        .and_then(|mut s| {
            let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?));
            s.query_row([place.0], read).optional()
        })
        .map_err(problem)?;
    let mut mark = match kept {
        Some((n, word)) => Mark { n, sound: sound(word.as_deref())? },
        None => Mark::default(),
    };
    if has_unsent {
        mark.n = mark.n.max(outbox::read_to(connection, place)?);
        mark.sound = outbox::sound(connection, place)?.unwrap_or(mark.sound);
    }
    Ok(mark)
}

/// The sound that a word in the database stands for.
pub fn sound(word: Option<&str>) -> Result<Option<SoundLevel>, Problem> {
    word.map(json).transpose()
}
