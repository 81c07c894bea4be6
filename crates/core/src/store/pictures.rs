//! Which pictures are on this device, and which should be.

use super::{json, problem};
use fieldline_model::{Body, Message, MessageId, PersonId, Problem, Rendition};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// The most bytes of fetched pictures that are kept on a device.
pub const KEPT_MAX_BYTES: i64 = 512 * 1024 * 1024;
/// The most messages whose pictures are fetched ahead.
const AHEAD: i64 = 200;

/// A picture of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Picture {
    /// Of which.
    pub message: MessageId,
    /// Its place among the message's files, from 0.
    pub i: u32,
    /// Which form.
    pub rendition: Rendition,
}

impl Picture {
    /// What its bytes are called on this device.
    pub fn name(&self) -> String {
        format!("{}-{}-{}", self.message.0.simple(), self.i, self.rendition.as_str())
    }
}

/// Takes note that a picture's bytes are here. They must be durable already.
/// Replies whether they are to be kept: not when their message left meanwhile.
pub fn keep(connection: &Connection, picture: &Picture, size_bytes: usize) -> Result<bool, Problem> {
    connection
        .execute(
            "INSERT OR REPLACE INTO picture (name, message, size_bytes, turn)
             SELECT ?1, ?2, ?3, (SELECT coalesce(max(turn), 0) + 1 FROM picture) FROM message WHERE id = ?2",
            params![picture.name(), picture.message.0, size_bytes as i64],
        )
        .map(|kept| kept > 0)
        .map_err(problem)
}

/// Makes room when more than `most` bytes of pictures are kept: those go that were
/// kept first, and none that is worth having without signal. What an unsent message
/// or a draft needs is not among them: it is kept by its own rows. Replies the names
/// of the files that are to go.
pub fn make_room(connection: &Connection, me: PersonId, most: i64) -> Result<Vec<String>, Problem> {
    let mut over = kept_bytes(connection)? - most;
    let mut gone = Vec::new();
    if over <= 0 {
        return Ok(gone);
    }
    let wanted: BTreeSet<String> = wanted(connection, me)?.iter().map(Picture::name).collect();
    let mut rows =
        connection.prepare_cached("SELECT name, size_bytes FROM picture ORDER BY turn").map_err(problem)?;
    let rows = rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).map_err(problem)?;
    for row in rows {
        let (name, size_bytes): (String, i64) = row.map_err(problem)?;
        if over <= 0 {
            break;
        }
        if !wanted.contains(&name) {
            over -= size_bytes;
            gone.push(name);
        }
    }
    let mut forget = connection.prepare_cached("DELETE FROM picture WHERE name = ?1").map_err(problem)?;
    for name in &gone {
        forget.execute([name]).map_err(problem)?;
    }
    Ok(gone)
}

fn kept_bytes(connection: &Connection) -> Result<i64, Problem> {
    connection
        .prepare_cached("SELECT coalesce(sum(size_bytes), 0) FROM picture")
        .and_then(|mut s| s.query_row([], |r| r.get(0)))
        .map_err(problem)
}

/// What is worth having and not here; nothing while there is no room for it.
pub fn missing(connection: &Connection, me: PersonId, most: i64) -> Result<Vec<Picture>, Problem> {
    if kept_bytes(connection)? >= most {
        return Ok(Vec::new());
    }
    let mut is_here = connection.prepare_cached("SELECT 1 FROM picture WHERE name = ?1").map_err(problem)?;
    let mut missing = Vec::new();
    for picture in wanted(connection, me)? {
        if !is_here.exists([picture.name()]).map_err(problem)? {
            missing.push(picture);
        }
    }
    Ok(missing)
}

/// What is worth having before the signal goes: thumbnails of all that wait, and
/// both forms of what is in my open conversations and groups; newest first.
fn wanted(connection: &Connection, me: PersonId) -> Result<Vec<Picture>, Problem> {
    // From the places to their photos: those of a million other messages are not looked at.
    let mut rows = connection
        .prepare_cached(
            "WITH wanted (place, mine) AS MATERIALIZED (
                 SELECT id, 0 FROM conversation WHERE state = 'waiting'
                 UNION ALL SELECT id, 1 FROM conversation WHERE state = 'open' AND agent = ?1
                 UNION ALL SELECT id, 1 FROM message_group WHERE body IS NOT NULL),
             newest (at, mine) AS MATERIALIZED (
                 SELECT m.rowid, w.mine FROM wanted w
                 CROSS JOIN message m INDEXED BY message_photos ON m.place = w.place AND m.files > 0
                 ORDER BY m.rowid DESC LIMIT ?2)
             SELECT m.body, n.mine FROM newest n CROSS JOIN message m ON m.rowid = n.at ORDER BY n.at DESC",
        )
        .map_err(problem)?;
    let rows = rows
        .query_map(params![me.0, AHEAD], |r| Ok((r.get::<_, String>(0)?, r.get::<_, bool>(1)?)))
        .map_err(problem)?;
    let mut wanted = Vec::new();
    for row in rows {
        let (body, mine) = row.map_err(problem)?;
        let message: Message = json(&body)?;
        let Body::Said { files, .. } = &message.body else { continue };
        for i in 0..files.len() as u32 {
            let forms: &[Rendition] =
                if mine { &[Rendition::Thumb, Rendition::Display] } else { &[Rendition::Thumb] };
            for rendition in forms {
                wanted.push(Picture { message: message.id, i, rendition: *rendition });
            }
        }
    }
    Ok(wanted)
}
