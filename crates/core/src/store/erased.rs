//! A customer who was erased: what this device wrote of them goes with what it was told.
//!
//! What a reader may no longer have is purged as any place that left is ([`super::cache`]);
//! here is what otherwise stays with whoever wrote it: what was sent, what waits to be, and
//! what is half-written. The server would take none of it any more, and its titles have the
//! customer's name.
//!
//! Invariant: of an erased place there is no row in outbox and drafts, and no file of theirs
//! that nothing else names; nor does a screen that is still open make one.

use super::cache::{self, Applied};
use super::problem;
use crate::view::Topic;
use fieldline_model::{Code, PlaceId, Problem};
use rusqlite::{Connection, Transaction};

/// Forgets everything this device wrote of a place, readable or not.
pub fn forget(work: &Transaction<'_>, place: PlaceId, to: &mut Applied) -> Result<(), Problem> {
    let mut hashes: Vec<String> = Vec::new();
    for gone in [
        "DELETE FROM outbox_file WHERE intent IN (SELECT id FROM outbox WHERE place = ?1) RETURNING hash",
        "DELETE FROM draft_file WHERE place = ?1 RETURNING hash",
    ] {
        let mut gone = work.prepare_cached(gone).map_err(problem)?;
        for hash in gone.query_map([place.0], |row| row.get(0)).map_err(problem)? {
            hashes.push(hash.map_err(problem)?);
        }
    }
    for table in ["outbox", "draft", "note_draft"] {
        work.execute(&format!("DELETE FROM {table} WHERE place = ?1"), [place.0]).map_err(problem)?;
    }
    work.execute("UPDATE conversation SET state = 'erased' WHERE id = ?1 AND body IS NULL", [place.0])
        .map_err(problem)?;
    to.topics.extend([Topic::Outbox, Topic::Status]);
    cache::drop_files(work, hashes, to)
}

/// Refuses with *not_found* to keep anything more of an erased place.
pub fn refuse(connection: &Connection, place: PlaceId) -> Result<(), Problem> {
    let erased = connection
        .prepare_cached("SELECT 1 FROM conversation WHERE id = ?1 AND state = 'erased'")
        .and_then(|mut s| s.exists([place.0]))
        .map_err(problem)?;
    if erased { Err(Code::NotFound.into()) } else { Ok(()) }
}
