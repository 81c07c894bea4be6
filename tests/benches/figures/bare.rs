//! The bare SQLite transaction of one intent: the same rows into a file of the
//! same tables, set up the same, by prepared statements that know every value.
//!
//! Its rows are copies of the newest the server wrote, moved on by one number and
//! one millisecond each time.

use super::disk::durable;
use rusqlite::types::Value;
use rusqlite::{Connection, Statement, params_from_iter};
use std::path::Path;
use std::time::Instant;

/// How many changes one message makes.
const CHANGES: i64 = 3;

/// The rows a message adds: where the newest one is, and how far each column moves.
const ADDED: [(&str, &[(&str, i64)]); 6] = [
    ("message ORDER BY public_seq DESC", &[("id", 1), ("n", 1), ("public_seq", 1)]),
    ("change WHERE kind = 'conversation' ORDER BY seq DESC", &[("seq", CHANGES)]),
    ("change WHERE kind = 'message' ORDER BY seq DESC", &[("seq", CHANGES), ("id", 1)]),
    ("change WHERE kind = 'read' ORDER BY seq DESC", &[("seq", CHANGES)]),
    ("intent_log ORDER BY seq DESC", &[("id", 1), ("seq", CHANGES)]),
    ("audit ORDER BY line DESC", &[("line", 1)]),
];

/// The rows it writes over: what is set, and where the row's key comes from.
const WRITTEN_OVER: [(&str, &str); 4] = [
    (
        "UPDATE conversation SET body = ?3 WHERE workspace = ?1 AND id = ?2",
        "SELECT c.workspace, c.id, c.body FROM message m JOIN conversation c ON c.id = m.place",
    ),
    (
        "UPDATE customer SET public_seq = public_seq + 1 WHERE workspace = ?1 AND id = ?2",
        "SELECT workspace, customer FROM message m",
    ),
    (
        "UPDATE read_mark SET n = n + 1 WHERE workspace = ?1 AND person = ?2 AND place = ?3",
        "SELECT r.workspace, r.person, r.place FROM message m JOIN read_mark r ON r.place = m.place",
    ),
    ("UPDATE workspace SET seq = seq + 3 WHERE id = ?1", "SELECT workspace FROM message m"),
];

/// A copy of a server's file, to be written to directly.
pub struct Bare {
    conn: Connection,
    added: Vec<Added>,
    written_over: Vec<(String, Vec<Value>)>,
}

/// A row, and how far each column moves for the next.
struct Added {
    insert: String,
    row: Vec<Value>,
    steps: Vec<i64>,
}

impl Bare {
    /// Copies `of`, the database of a server where somebody has sent a message, to `file`.
    pub fn copy(of: &Path, file: &Path) -> Self {
        let server = Connection::open(of).expect("the server's file opens");
        server.execute("VACUUM INTO ?1", [file.to_str()]).expect("a copy");
        let conn = durable(file);
        let added = ADDED.iter().map(|(newest, steps)| Added::read(&conn, newest, steps)).collect();
        let key = |select: &str| read_row(&conn, &format!("{select} ORDER BY m.public_seq DESC LIMIT 1")).1;
        let written_over = WRITTEN_OVER.iter().map(|(sql, from)| ((*sql).to_owned(), key(from))).collect();
        Self { conn, added, written_over }
    }

    /// Writes `count` transactions; gives how many went through in a second.
    pub fn per_second(&mut self, count: usize) -> f64 {
        let Self { conn, added, written_over } = self;
        let prepare = |sql: &String| conn.prepare(sql).expect("a statement");
        let mut inserts: Vec<Statement<'_>> = added.iter().map(|it| prepare(&it.insert)).collect();
        let mut updates: Vec<Statement<'_>> = written_over.iter().map(|it| prepare(&it.0)).collect();
        let [mut begin, mut commit] = ["BEGIN IMMEDIATE", "COMMIT"].map(|sql| prepare(&sql.to_owned()));
        let began = Instant::now();
        for _ in 0..count {
            begin.execute([]).expect("the file is ours");
            for (insert, it) in inserts.iter_mut().zip(&mut *added) {
                it.moves();
                assert_eq!(insert.execute(params_from_iter(&it.row)), Ok(1));
            }
            for (update, it) in updates.iter_mut().zip(&*written_over) {
                assert_eq!(update.execute(params_from_iter(&it.1)), Ok(1));
            }
            commit.execute([]).expect("the disk has room");
        }
        count as f64 / began.elapsed().as_secs_f64()
    }
}

impl Added {
    fn read(conn: &Connection, newest: &str, steps: &[(&str, i64)]) -> Self {
        let (columns, row) = read_row(conn, &format!("SELECT * FROM {newest} LIMIT 1"));
        let table = newest.split(' ').next().unwrap_or_default();
        let marks = vec!["?"; row.len()].join(", ");
        let step = |name: &String| steps.iter().find(|(moves, _)| moves == name).map_or(0, |step| step.1);
        let steps = columns.iter().map(step).collect();
        Self { insert: format!("INSERT INTO {table} VALUES ({marks})"), row, steps }
    }

    fn moves(&mut self) {
        for (value, step) in self.row.iter_mut().zip(&self.steps) {
            match value {
                Value::Integer(number) => *number += step,
                // A UUIDv7 begins with 48 bits of milliseconds.
                Value::Blob(id) if *step != 0 => {
                    let head = u64::from_be_bytes(id[..8].try_into().expect("an id"));
                    id[..8].copy_from_slice(&(head + (1 << 16)).to_be_bytes());
                }
                _ => {}
            }
        }
    }
}

fn read_row(conn: &Connection, sql: &str) -> (Vec<String>, Vec<Value>) {
    let mut statement = conn.prepare(sql).expect("a statement");
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let row = statement
        .query_row([], |row| (0..columns.len()).map(|i| row.get(i)).collect::<Result<_, _>>())
        .expect("the server wrote one");
    (columns, row)
}
