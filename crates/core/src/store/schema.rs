//! Makes the file and brings an older one up to date, one version a step, all
//! steps in one transaction together with the number that says they were done.

use super::{cache, facts, problem};
use fieldline_model::{Code, Problem};
use rusqlite::{Connection, TransactionBehavior};

/// One script a version; a script is never changed once it was released.
const STEPS: &[&str] = &[include_str!("schema-1.sql"), include_str!("schema-2.sql")];

/// Prepares a fresh connection: settings, then missing steps.
///
/// Errors: [`Code::AppTooOld`] when a newer app made the file; it is not touched.
pub fn prepare(connection: &mut Connection) -> Result<(), Problem> {
    let version = user_version(connection)?;
    if version > STEPS.len() {
        return Err(Code::AppTooOld.into());
    }
    settings(connection).map_err(problem)?;
    if version == STEPS.len() {
        // Nothing is written: an app that opens waits for no disk.
        return Ok(());
    }
    let work = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(problem)?;
    for step in &STEPS[user_version(&work)?..] {
        work.execute_batch(step).map_err(problem)?;
    }
    work.pragma_update(None, "user_version", STEPS.len() as i64).map_err(problem)?;
    work.commit().map_err(problem)
}

fn user_version(connection: &Connection) -> Result<usize, Problem> {
    let version: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(problem)?;
    Ok(version as usize)
}

fn settings(connection: &Connection) -> rusqlite::Result<()> {
    // In a browser WAL has no shared memory: the lock must be exclusive first.
    if cfg!(target_arch = "wasm32") {
        connection.pragma_update(None, "locking_mode", "exclusive")?;
    }
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What was deleted is not to be found in the file by whoever reads its bytes.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(128);
    #[cfg(not(target_arch = "wasm32"))]
    {
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        // Else SQLite may prepare a kept statement anew whenever its values change, for
        // a plan that is always the same.
        connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    }
    Ok(())
}

/// An app of another version than the one that filled the cache takes a snapshot:
/// what that one did not understand, it skipped. Until then the cache is as it was.
pub fn reread_by(connection: &Connection, version: &str) -> Result<(), Problem> {
    if facts::get(connection, "read_by")?.is_none_or(|by| by != version) {
        facts::clear(connection, "cursor")?;
        facts::set(connection, "read_by", version)?;
    }
    Ok(())
}

/// The fact that says that a store was wiped, until somebody signs in to it again.
const WIPED: &str = "wiped";

/// Whether nothing is to be written here any more.
pub fn is_wiped(connection: &Connection) -> Result<bool, Problem> {
    Ok(facts::get(connection, WIPED)?.is_some())
}

/// Somebody signed in: it is written again.
pub fn is_used_again(connection: &Connection) -> Result<(), Problem> {
    facts::clear(connection, WIPED)
}

/// Leaves nothing of the workspace, also where SQLite keeps what it has deleted: its person
/// was blocked. What stays says whose file it
/// is, so that they are told, and that it is the one in use ([`super::damage`]).
pub fn wipe(connection: &mut Connection) -> Result<(), Problem> {
    let work = cache::begin(connection)?;
    cache::empty(&work)?;
    work.execute_batch(
        "DELETE FROM picture; DELETE FROM outbox; DELETE FROM outbox_file; DELETE FROM draft;
         DELETE FROM draft_file; DELETE FROM note_draft;
         DELETE FROM fact WHERE key NOT IN ('server', 'me', 'whole');",
    )
    .map_err(problem)?;
    facts::set(&work, WIPED, "1")?;
    cache::commit(work)?;
    // What the log still has of it.
    facts::empty_log(connection)
}

#[cfg(test)]
mod tests;
