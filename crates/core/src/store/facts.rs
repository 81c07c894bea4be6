//! Single facts of a profile: its server, its cursor.

use super::problem;
use fieldline_model::Problem;
use rusqlite::{Connection, OptionalExtension};

/// The value under `key`.
pub fn get(connection: &Connection, key: &str) -> Result<Option<String>, Problem> {
    connection
        .prepare_cached("SELECT value FROM fact WHERE key = ?1")
        .and_then(|mut s| s.query_row([key], |row| row.get(0)).optional())
        .map_err(problem)
}

/// Sets the value under `key`.
pub fn set(connection: &Connection, key: &str, value: &str) -> Result<(), Problem> {
    connection
        .prepare_cached("INSERT INTO fact VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")
        .and_then(|mut s| s.execute([key, value]))
        .map_err(problem)?;
    Ok(())
}

/// Forgets `key`.
pub fn clear(connection: &Connection, key: &str) -> Result<(), Problem> {
    connection.execute("DELETE FROM fact WHERE key = ?1", [key]).map_err(problem)?;
    Ok(())
}

/// Forgets `key`, also where SQLite keeps what it has deleted: no byte of it is left.
pub fn erase(connection: &Connection, key: &str) -> Result<(), Problem> {
    clear(connection, key)?;
    empty_log(connection)
}

/// Empties the log into the file.
pub(super) fn empty_log(connection: &Connection) -> Result<(), Problem> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(problem)
}
