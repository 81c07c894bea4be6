//! What a message is judged by when it is applied: read once for each run of one
//! place's messages, since a device that was away gets thousands.

use super::{Applied, me, title};
use crate::store::{json, problem};
use fieldline_model::{Conversation, PlaceId, Problem};
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

/// A place, as its messages find it.
#[derive(Debug)]
pub(super) struct Heard {
    place: PlaceId,
    /// When this reader left it: what is older is not theirs.
    pub left: Option<i64>,
    /// Its customer's name or number, when this person has it open: what the customer
    /// says is news then.
    pub title: Option<String>,
    /// The first number they may read.
    pub from_n: i64,
    /// Whether it is a group they are in.
    pub of_group: bool,
}

/// Reads it, unless the last message applied was of the same place.
pub(super) fn of<'a>(
    connection: &Connection,
    place: PlaceId,
    to: &'a mut Applied,
) -> Result<&'a Heard, Problem> {
    let known = to.heard.take().filter(|heard| heard.place == place);
    let heard = match known {
        Some(heard) => heard,
        None => read(connection, place)?,
    };
    Ok(to.heard.insert(heard))
}

fn read(connection: &Connection, place: PlaceId) -> Result<Heard, Problem> {
    type Row = (i64, Option<String>, Option<Uuid>);
    let row: Option<Row> = connection
        .prepare_cached(
            "SELECT seq, body, CASE state WHEN 'open' THEN agent END FROM conversation WHERE id = ?1",
        )
        .and_then(|mut s| s.query_row([place.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional())
        .map_err(problem)?;
    let mut heard = Heard { place, left: None, title: None, from_n: 1, of_group: false };
    match row {
        Some((left, None, _)) => heard.left = Some(left),
        Some((_, Some(body), Some(agent))) if me(connection)?.is_some_and(|me| me.person.id.0 == agent) => {
            heard.title = Some(title(&json::<Conversation>(&body)?));
        }
        Some(_) => {}
        None => read_group(connection, &mut heard)?,
    }
    Ok(heard)
}

/// The same of a group.
fn read_group(connection: &Connection, heard: &mut Heard) -> Result<(), Problem> {
    let row: Option<(i64, bool, i64)> = connection
        .prepare_cached("SELECT seq, body IS NOT NULL, from_n FROM message_group WHERE id = ?1")
        .and_then(|mut s| s.query_row([heard.place.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional())
        .map_err(problem)?;
    match row {
        Some((_, true, from_n)) => (heard.of_group, heard.from_n) = (true, from_n),
        Some((left, false, _)) => heard.left = Some(left),
        None => {}
    }
    Ok(())
}
