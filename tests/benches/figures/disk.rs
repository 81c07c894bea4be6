//! What the disk takes for one durable commit: the measure of all else here.

use super::Bench;
use super::figure::median;
use rusqlite::Connection;
use std::path::Path;
use std::time::{Duration, Instant};

const COMMITS: usize = 300;

/// A file set up as the store's: WAL, every commit durable.
pub fn durable(file: &Path) -> Connection {
    let conn = Connection::open(file).expect("the file opens");
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;")
        .expect("the file is set up");
    conn
}

/// Notes what one commit of one small row takes.
pub fn measure(bench: &mut Bench) {
    let folder = bench.folder();
    let conn = durable(&folder.path().join("disk.db"));
    conn.execute_batch("CREATE TABLE line (id INTEGER PRIMARY KEY, body BLOB)").expect("a table");
    let mut insert = conn.prepare("INSERT INTO line (body) VALUES (zeroblob(300))").expect("a statement");
    let mut took = Vec::with_capacity(COMMITS);
    for _ in 0..COMMITS {
        let began = Instant::now();
        insert.execute([]).expect("a row");
        took.push(micros(began.elapsed()));
    }
    bench.sheet.fact("one FULL commit of one row", format!("{:.0} µs", median(&took)));
}

/// A time in microseconds.
pub fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
