//! How far back a place is on this device without a hole.
//!
//! Why it is kept: a thread may have fifty thousand entries, and whoever pages back
//! asks at every page. What was walked once is never walked again, so a question
//! costs what came since the last one.
//!
//! Invariant: every number from `n` to `top` is here. A trigger forgets a place's row
//! when one of its entries goes.

use super::{cache, groups, problem};
use fieldline_model::{PlaceId, Problem};
use rusqlite::{Connection, OptionalExtension, params};

/// The lowest number before which entries are missing on this device: where the
/// next older page ends. `None` when nothing is missing.
pub fn missing_before(connection: &Connection, place: PlaceId) -> Result<Option<i64>, Problem> {
    if let Some(it) = cache::conversation(connection, place)? {
        return missing_of(connection, place, (1, it.last_n));
    }
    let Some(it) = groups::group(connection, place)? else { return Ok(None) };
    let me = cache::my(connection)?.person.id;
    let first_n = it.member(me).map_or(1, |m| m.from_n);
    missing_of(connection, place, (first_n, it.last_n))
}

/// The same of a place of which this person may read the numbers `first_n` to `last_n`.
pub(super) fn missing_of(
    connection: &Connection,
    place: PlaceId,
    (first_n, last_n): (i64, i64),
) -> Result<Option<i64>, Problem> {
    let known: Option<(i64, i64)> = connection
        .prepare_cached("SELECT n, top FROM reach WHERE place = ?1")
        .and_then(|mut s| s.query_row([place.0], |r| Ok((r.get(0)?, r.get(1)?))).optional())
        .map_err(problem)?;
    let mut lowest = last_n.saturating_add(1);
    if let Some((n, top)) = known {
        lowest = walk(connection, place, lowest, top.saturating_add(1))?;
        if lowest == top.saturating_add(1) {
            lowest = n;
        }
    }
    if known.is_none_or(|(n, _)| lowest <= n) {
        lowest = walk(connection, place, lowest, first_n)?;
    }
    if lowest <= last_n {
        connection
            .prepare_cached(
                "INSERT INTO reach VALUES (?1, ?2, ?3) ON CONFLICT (place) DO UPDATE SET n = ?2, top = ?3",
            )
            .and_then(|mut s| s.execute(params![place.0, lowest, last_n]))
            .map_err(problem)?;
    }
    Ok((lowest > first_n).then_some(lowest))
}

/// From `lowest` down to `end`, as far as every number is here.
fn walk(connection: &Connection, place: PlaceId, mut lowest: i64, end: i64) -> Result<i64, Problem> {
    let mut rows = connection
        .prepare_cached("SELECT n FROM message WHERE place = ?1 AND n < ?2 AND n >= ?3 ORDER BY n DESC")
        .map_err(problem)?;
    for n in rows.query_map(params![place.0, lowest, end], |r| r.get::<_, i64>(0)).map_err(problem)? {
        if n.map_err(problem)? != lowest - 1 {
            break;
        }
        lowest -= 1;
    }
    Ok(lowest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;
    use fieldline_model::{Conversation, ConversationId, Customer, CustomerId};
    use uuid::Uuid;

    fn here(connection: &Connection, numbers: impl IntoIterator<Item = i64>) {
        let mut add =
            connection.prepare("INSERT INTO message (id, place, n, seq, files, theirs, body) VALUES (?1, ?2, ?3, 1, 0, 0, '{}')").unwrap();
        for n in numbers {
            add.execute(params![Uuid::from_u128(1000 + n as u128), Uuid::from_u128(1), n]).unwrap();
        }
    }

    #[test]
    fn the_first_hole_from_the_top_is_found_also_after_pages_came_and_entries_went() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::prepare(&mut connection).unwrap();
        let id = ConversationId(Uuid::from_u128(1));
        let customer = Customer { id: CustomerId(Uuid::from_u128(2)), name: None, phone: Some("1".into()) };
        let mut it = Conversation::begun(id, customer, 1);
        let mut grows_to = |connection: &Connection, last_n: i64| {
            it.last_n = last_n;
            let body = serde_json::to_string(&it).unwrap();
            connection
                .execute(
                    "INSERT OR REPLACE INTO conversation (id, seq, body) VALUES (?1, 1, ?2)",
                    params![id.0, body],
                )
                .unwrap();
        };
        let place = PlaceId(id.0);
        let ask = |connection: &Connection| missing_before(connection, place).unwrap();
        grows_to(&connection, 100);
        assert_eq!(ask(&connection), Some(101));
        here(&connection, 51..=100);
        assert_eq!((ask(&connection), ask(&connection)), (Some(51), Some(51)));
        here(&connection, 31..=50);
        assert_eq!(ask(&connection), Some(31));
        grows_to(&connection, 110);
        here(&connection, [110]);
        assert_eq!(ask(&connection), Some(110), "a hole above what was walked");
        here(&connection, 101..=109);
        assert_eq!(ask(&connection), Some(31));
        connection.execute("DELETE FROM message WHERE n = 60", []).unwrap();
        assert_eq!(ask(&connection), Some(61));
        here(&connection, [60]);
        here(&connection, 1..=30);
        assert_eq!(ask(&connection), None);
    }
}
