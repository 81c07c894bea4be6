//! Emptying the cache, before a snapshot fills it anew.
//!
//! A trigger of a table sees each of its rows go: a million messages would be taken out of
//! the index of words one by one, which takes minutes in which nothing else is read or
//! written. Without triggers SQLite empties a table at once (sqlite.org/lang_delete.html,
//! "The Truncate Optimization"), and so does the index. So they stand aside meanwhile, in
//! the one transaction that also has them back.

use crate::store::problem;
use fieldline_model::Problem;
use rusqlite::Transaction;

/// Empties every table of the cache, but for the pictures, whose files somebody has to remove.
pub(in crate::store) fn empty(work: &Transaction<'_>) -> Result<(), Problem> {
    let triggers: Vec<(String, String)> = work
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('message', 'contact')")
        .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .map_err(problem)?;
    for (name, _) in &triggers {
        work.execute_batch(&format!("DROP TRIGGER {name}")).map_err(problem)?;
    }
    work.execute_batch(
        "DELETE FROM record; DELETE FROM conversation; DELETE FROM read_mark; DELETE FROM message;
         DELETE FROM reach; DELETE FROM note; DELETE FROM previous; DELETE FROM message_group;
         DELETE FROM seen; DELETE FROM contact;
         INSERT INTO search (search) VALUES ('delete-all');
         INSERT INTO contact_search (contact_search) VALUES ('delete-all');",
    )
    .map_err(problem)?;
    triggers.iter().try_for_each(|(_, sql)| work.execute_batch(sql).map_err(problem))
}
