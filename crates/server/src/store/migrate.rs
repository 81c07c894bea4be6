//! The steps from an empty file to the newest schema.
//!
//! Invariants
//! - All steps and the new `user_version` are one transaction: a kill between them
//!   leaves the file as it was.
//! - A step that was released is never edited; a new one follows it.

use super::OpenError;
use rusqlite::{Connection, TransactionBehavior};

const STEPS: &[&str] = &[include_str!("schema.sql"), include_str!("schema-2.sql")];

/// Brings `conn`'s file to the newest schema, or refuses a newer one untouched.
pub fn to_newest(conn: &mut Connection) -> Result<(), OpenError> {
    let newest = STEPS.len();
    if version(conn)? == newest {
        return Ok(());
    }
    // A step may make a table anew, which others refer to: they are looked at in the end.
    conn.pragma_update(None, "foreign_keys", false)?;
    let done = steps(conn);
    conn.pragma_update(None, "foreign_keys", true)?;
    done
}

fn steps(conn: &mut Connection) -> Result<(), OpenError> {
    let newest = STEPS.len();
    // The write lock first: two servers that start at once do not both migrate.
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let have = version(&tx)?;
    let todo = STEPS.get(have..).ok_or(OpenError::Newer)?;
    for step in todo {
        tx.execute_batch(step)?;
    }
    let dangling = tx.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if dangling {
        return Err(OpenError::Broken("after the step to the newer format, rows refer to none".into()));
    }
    tx.pragma_update(None, "user_version", newest as i64)?;
    tx.commit()?;
    Ok(())
}

/// Whether `conn`'s file is of this server's version.
pub fn is_newest(conn: &Connection) -> rusqlite::Result<bool> {
    Ok(version(conn)? == STEPS.len())
}

fn version(conn: &Connection) -> rusqlite::Result<usize> {
    conn.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).map(|v| v as usize)
}

#[cfg(test)]
mod tests {
    use super::super::connect;
    use super::*;

    const ROWS: &str = r#"
        INSERT INTO workspace VALUES (x'01', 'Nordlys', 'e', 9, 0, '{}');
        INSERT INTO person VALUES (x'01', x'a1', 'ana', 'Ana', 'agent', NULL, 0);
        INSERT INTO person VALUES (x'01', x'b2', 'bo', 'Bo', 'agent', NULL, 0);
        INSERT INTO customer VALUES (x'01', x'c1', 'Rosa', NULL, 1, 5);
        INSERT INTO conversation VALUES (x'01', x'd1', x'c1', 'open', 5, NULL, '{"agent":{"id":"a-1"}}');
        INSERT INTO took_part VALUES (x'01', x'a1', x'd1');
        INSERT INTO message VALUES (x'01', x'e1', x'd1', 1, x'c1', 1, '{"text":"Hello?"}');
        INSERT INTO blob VALUES (x'01', 'h', 'jpeg', 1, 1, 1);
        INSERT INTO file VALUES (x'01', x'e1', 0, 'h');
        INSERT INTO read_mark VALUES (x'01', x'a1', x'd1', 1);
        INSERT INTO read_mark VALUES (x'01', x'b2', x'd1', 1);
        INSERT INTO change VALUES (x'01', 3, 'conversation', x'd1', '{"to":"agents"}', '{"to":"nobody"}');
        INSERT INTO change VALUES (x'01', 4, 'message', x'e1', '{"to":"agents"}', '{"to":"nobody"}');
        INSERT INTO change VALUES (x'01', 5, 'conversation', x'd1', '{"to":"agents"}', '{"to":"agents"}');
        INSERT INTO change VALUES (x'01', 6, 'read', x'd1', '{"to":"only","person":"a-1"}', '{}');
        INSERT INTO change VALUES (x'01', 7, 'read', x'd1', '{"to":"only","person":"b-2"}', '{}');
        INSERT INTO audit (workspace, at_ms, actor, act) VALUES (x'01', 1, 'nobody', 'customer_start');"#;

    /// FC11 for the server: everything of a file of version 1 is there, each record
    /// with the number of its newest change.
    #[test]
    fn a_file_of_version_one_is_brought_up_to_date_with_all_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = connect(&folder.path().join("fieldline.db")).unwrap();
        conn.execute_batch(STEPS[0]).unwrap();
        conn.execute_batch(ROWS).unwrap();
        conn.pragma_update(None, "user_version", 1).unwrap();
        to_newest(&mut conn).unwrap();
        let number = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(number("SELECT seq FROM conversation"), 5);
        assert_eq!(number("SELECT read_seq FROM customer"), 1);
        assert_eq!(number("SELECT seq FROM message WHERE body = '{\"text\":\"Hello?\"}'"), 4);
        assert_eq!(number("SELECT seq FROM read_mark WHERE person = x'a1'"), 6);
        assert_eq!(number("SELECT seq FROM read_mark WHERE person = x'b2'"), 7);
        assert_eq!(number("SELECT count(*) FROM file JOIN message ON file.message = message.id"), 1);
        assert_eq!(number("SELECT count(*) FROM change WHERE held = 1"), 5);
        assert_eq!(number("SELECT line FROM audit"), 1);
        assert_eq!(number("SELECT count(*) FROM second_factor"), 0, "nobody is asked for a code");
        assert!(conn.execute("DELETE FROM audit", []).is_err());
        assert_eq!(number("PRAGMA foreign_keys"), 1);
        assert!(conn.execute("DELETE FROM message", []).is_err(), "a file refers to it");
    }

    /// FS8: killed half-way is the same as failed half-way: nothing of a step is there.
    #[test]
    fn a_step_that_does_not_end_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = connect(&folder.path().join("fieldline.db")).unwrap();
        conn.execute_batch(STEPS[0]).unwrap();
        conn.execute_batch(ROWS).unwrap();
        // What the step ends with cannot be: the rest of it has been done by then.
        conn.execute_batch("CREATE TABLE audit_2 (line INTEGER)").unwrap();
        conn.pragma_update(None, "user_version", 1).unwrap();
        let before = layout(&conn);
        assert!(to_newest(&mut conn).is_err());
        assert_eq!((layout(&conn), version(&conn)), (before, Ok(1)));
    }

    fn layout(conn: &Connection) -> Vec<String> {
        let mut all = conn.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").unwrap();
        all.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }
}
