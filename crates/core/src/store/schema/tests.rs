//! What a file of each release becomes: with data, killed on the way, on a full disk.

use super::*;
use crate::store::facts;
use crate::store::threads::Part;
use fieldline_model::BlobHash;
use rusqlite::Batch;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::Value;
use std::path::Path;

/// What a device of version 1 had: its rows, as it wrote them.
const DATA_1: &str = include_str!("../golden/data-1.sql");
/// What no step may lose.
const PRECIOUS: [&str; 4] = ["outbox", "outbox_file", "draft", "draft_file"];

/// A file as a device of version 1 left it.
fn version_1(file: &Path) -> Connection {
    let connection = Connection::open(file).unwrap();
    settings(&connection).unwrap();
    connection.execute_batch(STEPS[0]).unwrap();
    connection.execute_batch(DATA_1).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    connection
}

/// Every row of what is precious, in order, in the columns that version 1 had.
fn precious(connection: &Connection) -> Vec<Vec<Value>> {
    let old = Connection::open_in_memory().unwrap();
    old.execute_batch(STEPS[0]).unwrap();
    let mut all = Vec::new();
    for table in PRECIOUS {
        let columns = old.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = columns.column_names().collect::<Vec<_>>().join(", ");
        let mut rows = connection.prepare(&format!("SELECT {columns} FROM {table} ORDER BY 1, 2")).unwrap();
        let width = rows.column_count();
        let read = rows.query_map([], |row| (0..width).map(|i| row.get(i)).collect()).unwrap();
        all.extend(read.map(Result::unwrap));
    }
    assert!(all.len() >= 8, "the golden rows have some of each");
    all
}

/// Copies a database with its log as a kill would leave them.
fn killed(from: &Path, to: &Path) {
    for ending in ["", "-wal"] {
        let name = |file: &Path| format!("{}{ending}", file.display());
        if Path::new(&name(from)).exists() {
            std::fs::copy(name(from), name(to)).unwrap();
        }
    }
}

/// FC11: what was released is never changed: files of it are on devices.
#[test]
fn the_released_schema_is_what_it_was() {
    let hash = BlobHash::of(STEPS[0].as_bytes());
    assert_eq!(hash.as_str(), "6cf669f5c59d32883c0d3d6f4deab007ab0981e1f9b45daaf399cf20344fa899");
}

/// FC11: nothing unsent is lost, and the cache is still there to be read.
#[test]
fn a_file_of_version_1_is_brought_up_to_date_with_all_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = version_1(&folder.path().join("p.db"));
    let before = precious(&connection);
    prepare(&mut connection).unwrap();
    assert_eq!(user_version(&connection), Ok(STEPS.len()));
    assert_eq!(precious(&connection), before);
    assert_eq!(facts::get(&connection, "cursor").unwrap().as_deref(), Some("12"));
    let place = fieldline_model::PlaceId(uuid::Uuid::from_u128(0x11));
    let thread = crate::store::threads::thread(
        &connection,
        place,
        Part { limit: 50, until: None },
        &Default::default(),
    )
    .unwrap();
    assert_eq!(thread.bubbles.len(), 5, "{:?}", thread.bubbles);
    assert_eq!(thread.draft.text, "Half a sen");
    assert_eq!(crate::store::outbox::waiting(&connection, 9).unwrap().len(), 1);
}

/// FC11: killed after any statement, the next opening does all of it.
#[test]
fn a_step_killed_after_any_statement_is_done_whole_at_the_next_opening() {
    let folder = tempfile::tempdir().unwrap();
    let mut statements = 0;
    loop {
        let (file, copy) = (folder.path().join("p.db"), folder.path().join(format!("{statements}.db")));
        let _ = std::fs::remove_file(&file);
        let _ = std::fs::remove_file(folder.path().join("p.db-wal"));
        let connection = version_1(&file);
        let before = precious(&connection);
        // So little memory that unfinished pages reach the log.
        connection.pragma_update(None, "cache_size", 1).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let all = STEPS[1..].concat();
        let mut batch = Batch::new(&connection, &all);
        let mut done = 0;
        while done < statements
            && let Some(mut statement) = batch.next().unwrap()
        {
            statement.raw_execute().unwrap();
            done += 1;
        }
        killed(&file, &copy);
        let mut reopened = Connection::open(&copy).unwrap();
        assert_eq!(user_version(&reopened), Ok(1), "untouched after {done} statements");
        prepare(&mut reopened).unwrap();
        assert_eq!(precious(&reopened), before, "after {done} statements");
        if done < statements {
            break;
        }
        statements += 1;
    }
    assert!(statements > STEPS.len());
}

/// FC11: no room for the new tables: the file is as it was, and opens when there is.
#[test]
fn a_step_without_room_leaves_the_file_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = version_1(&folder.path().join("p.db"));
    let before = precious(&connection);
    let pages: i64 = connection.pragma_query_value(None, "page_count", |r| r.get(0)).unwrap();
    connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    assert_eq!(prepare(&mut connection), Err(Code::StorageFull.into()));
    assert_eq!(user_version(&connection), Ok(1));
    assert_eq!(precious(&connection), before);
    connection.query_row("PRAGMA max_page_count = 100000", [], |_| Ok(())).unwrap();
    prepare(&mut connection).unwrap();
    assert_eq!(precious(&connection), before);
}

/// FC12: a newer app's file is not touched by a single byte.
#[test]
fn a_file_of_a_newer_app_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.db");
    let newer = version_1(&file);
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let before = std::fs::read(&file).unwrap();
    let mut connection = Connection::open(&file).unwrap();
    assert_eq!(prepare(&mut connection), Err(Code::AppTooOld.into()));
    drop(connection);
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

/// I1, rule 2: what is committed is on the disk before a screen shows it.
#[test]
fn a_commit_waits_for_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = Connection::open(folder.path().join("p.db")).unwrap();
    prepare(&mut connection).unwrap();
    let said = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    assert_eq!((said("synchronous"), said("fullfsync")), (Ok(2), Ok(1)));
    let mode = connection.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
    assert_eq!(mode.as_deref(), Ok("wal"));
}

#[test]
fn preparing_twice_changes_nothing() {
    let mut connection = Connection::open_in_memory().unwrap();
    prepare(&mut connection).unwrap();
    facts::set(&connection, "server", "x").unwrap();
    prepare(&mut connection).unwrap();
    assert_eq!(facts::get(&connection, "server").unwrap().as_deref(), Some("x"));
}

/// FD5: in any table there is, also in one that is added later.
#[test]
fn a_wipe_leaves_no_row_but_those_that_say_whose_file_it_is() {
    let mut connection = Connection::open_in_memory().unwrap();
    prepare(&mut connection).unwrap();
    let tables = |connection: &Connection| -> Vec<String> {
        let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
                   AND name NOT LIKE 'sqlite_%'";
        let mut all = connection.prepare(sql).unwrap();
        all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let all = tables(&connection);
    connection.pragma_update(None, "ignore_check_constraints", true).unwrap();
    for table in &all {
        let columns = connection.prepare(&format!("SELECT * FROM {table}")).unwrap().column_count();
        let row = vec!["1"; columns].join(", ");
        connection.execute(&format!("INSERT INTO {table} VALUES ({row})"), []).unwrap();
    }
    for key in ["server", "me", "whole", "token", "cursor"] {
        facts::set(&connection, key, "x").unwrap();
    }
    wipe(&mut connection).unwrap();
    for table in all.iter().filter(|table| *table != "fact") {
        let there = connection.prepare(&format!("SELECT * FROM {table}")).unwrap().exists([]).unwrap();
        assert!(!there, "{table}");
    }
    let mut left = connection.prepare("SELECT key FROM fact ORDER BY key").unwrap();
    let left: Vec<String> = left.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(left, ["me", "server", "whole", "wiped"]);
}
