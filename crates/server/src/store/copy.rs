//! A copy of the file at one moment, and a copy made the truth again.

use super::{OpenError, connect, migrate, workspace};
use crate::clock::Clock;
use fieldline_model::BlobHash;
use rusqlite::{Connection, OpenFlags, params};
use std::path::Path;

/// Writes the file in `dir`, as it is at this moment, to `to`; beside a running server
/// too. What is only in its log is in the copy; what commits meanwhile is not.
pub fn copy(dir: &Path, to: &Path) -> Result<(), OpenError> {
    let file = dir.join("fieldline.db");
    if !file.exists() {
        return Err(OpenError::Empty);
    }
    let conn = connect(&file)?;
    conn.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    Ok(())
}

/// Every blob the rows of a copy name.
pub fn blobs(copy: &Path) -> Result<Vec<BlobHash>, OpenError> {
    let conn = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut rows = conn.prepare("SELECT hash FROM blob ORDER BY hash")?;
    let texts = rows.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let broken = |_| OpenError::Broken("a row names a blob by what is no hash".into());
    texts.iter().map(|text| text.parse().map_err(broken)).collect()
}

/// Looks a copy over, brings it to the newest schema and mints its feed's new epoch:
/// devices take a snapshot, and send again what this copy does not know.
pub fn renew(copy: &Path, clock: &Clock) -> Result<(), OpenError> {
    let mut conn = connect(copy)?;
    let found: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found != "ok" || conn.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err(OpenError::Broken("its database is damaged".into()));
    }
    migrate::to_newest(&mut conn)?;
    let workspace = workspace::only(&conn)?.ok_or(OpenError::Empty)?;
    let key = workspace.0.as_bytes();
    let tx = conn.unchecked_transaction()?;
    tx.execute("UPDATE workspace SET epoch = ?2 WHERE id = ?1", params![key, workspace::mint_epoch(clock)])?;
    // Every device went on since; that makes none of them a copy.
    tx.execute("UPDATE device SET stamps = ''", [])?;
    tx.execute(
        "INSERT INTO audit (workspace, at_ms, actor, act) VALUES (?1, ?2, 'operator', 'restore')",
        params![key, clock.now_ms()],
    )?;
    tx.commit()?;
    // All of it into the one file, which is then moved alone.
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    conn.close().map_err(|(_, error)| error.into())
}
