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
    // The write lock first: two servers that start at once do not both migrate.
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let have = version(&tx)?;
    let todo = STEPS.get(have..).ok_or(OpenError::Newer)?;
    for step in todo {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", newest as i64)?;
    tx.commit()?;
    Ok(())
}

fn version(conn: &Connection) -> rusqlite::Result<usize> {
    conn.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).map(|v| v as usize)
}
