//! A device's file as an older app would have left it.

use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// What a device of version 1 had.
const VERSION_1: &str = include_str!("../../../crates/core/src/store/schema-1.sql");

/// The profile's file in a device's folder.
fn profile(folder: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).expect("the folder reads");
    let paths = files.map(|file| file.expect("a file").path());
    let is_it = |path: &PathBuf| {
        path.extension().is_some_and(|e| e == "db") && path.file_stem().is_some_and(|name| name != "home")
    };
    paths.filter(is_it).max()
}

/// Writes the profile's file anew, as an app of version 1 would have written what it holds:
/// the same rows, in the tables and columns there were.
pub(crate) fn as_version_1(folder: &Path) -> rusqlite::Result<()> {
    let Some(file) = profile(folder) else { return Ok(()) };
    let old = file.with_extension("older");
    let it = Connection::open(&old)?;
    it.execute_batch(VERSION_1)?;
    let tables: Vec<String> = it
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")?
        .query_map([], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    it.execute("ATTACH ?1 AS newer", [file.to_str().expect("a path of words")])?;
    for table in tables {
        let columns = it.prepare(&format!("SELECT * FROM main.{table}"))?;
        let columns = columns.column_names().collect::<Vec<_>>().join(", ");
        // Its rows' numbers say when a message was said.
        let columns = if table == "message" { format!("rowid, {columns}") } else { columns };
        it.execute(&format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}"), [])?;
    }
    // What there were no threads for; and which app filled the cache.
    it.execute_batch(
        "DELETE FROM message WHERE place NOT IN (SELECT id FROM conversation);
         DELETE FROM read_mark WHERE place NOT IN (SELECT id FROM conversation);
         UPDATE fact SET value = '0.0.9' WHERE key = 'read_by';",
    )?;
    it.execute("DETACH newer", [])?;
    it.pragma_update(None, "user_version", 1)?;
    drop(it);
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    std::fs::rename(&old, &file).expect("the file is put in its place");
    Ok(())
}
