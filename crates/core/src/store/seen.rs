//! How far the members of message threads have read, as the server last said.
//!
//! Invariant: nothing of a thread this person is not in; who was removed from one is
//! not told of.

use super::cache::Applied;
use super::{json, problem, to_json};
use crate::view::{GroupSeen, Topic};
use fieldline_model::change::{Seen, SeenBy};
use fieldline_model::{Group, PersonId, PlaceId, Problem};
use rusqlite::{OptionalExtension, Transaction, params};

/// Applies how far they have read, where the thread is here and no newer copy is.
pub(super) fn put(work: &Transaction<'_>, seq: i64, it: &Seen, to: &mut Applied) -> Result<(), Problem> {
    let changed = work
        .prepare_cached(
            "INSERT INTO seen (place, seq, body)
             SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM message_group WHERE id = ?1 AND body IS NOT NULL)
             ON CONFLICT (place) DO UPDATE SET seq = ?2, body = ?3 WHERE seq < ?2",
        )
        .and_then(|mut s| s.execute(params![it.place.0, seq, to_json(&it.by)]))
        .map_err(problem)?;
    if changed > 0 {
        to.topics.insert(Topic::Thread { place: it.place });
    }
    Ok(())
}

/// Drops what is known of a thread.
pub(super) fn forget(work: &Transaction<'_>, place: PlaceId) -> Result<(), Problem> {
    work.execute("DELETE FROM seen WHERE place = ?1", [place.0]).map(|_| ()).map_err(problem)
}

/// How far the others of a group have read, in the order they came into it.
pub(super) fn of(
    connection: &rusqlite::Connection,
    group: &Group,
    me: PersonId,
) -> Result<Vec<GroupSeen>, Problem> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM seen WHERE place = ?1")
        .and_then(|mut s| s.query_row([group.id.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    let by: Vec<SeenBy> = body.map(|body| json(&body)).transpose()?.unwrap_or_default();
    let line = |member: &fieldline_model::Member| {
        let n = by.iter().find(|it| it.person == member.person.id)?.n;
        (member.person.id != me && !member.disabled).then(|| GroupSeen {
            id: member.person.id,
            name: member.person.name.clone(),
            n,
        })
    };
    Ok(group.members.iter().filter_map(line).collect())
}
