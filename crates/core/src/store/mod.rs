//! The device's SQLite file: cache, outbox and drafts. Only this module and its
//! parts speak SQL.
//!
//! Parts: [`runner`] runs the work, `disk` says where the file is, [`schema`]
//! makes and migrates it, [`damage`] notices a broken one and carries over what it can, [`cache`] applies what the server said, [`outbox`] and
//! [`drafts`] keep what the person asked, [`lists`], [`group_lists`] and [`threads`]
//! read what screens show.
//!
//! Invariants
//! - Every function here takes the connection, does one thing in one
//!   transaction, and knows no network and no clock.
//! - WAL with `synchronous=FULL`: an intent is durable before a screen shows it.

mod asked;
mod bubbles;
pub mod cache;
pub mod canned;
pub mod contacts;
pub mod damage;
pub mod deleted;
pub mod drafts;
mod erased;
pub mod facts;
pub mod files;
mod fold;
pub mod group_lists;
pub mod groups;
mod kept;
pub mod left;
pub mod lists;
pub mod marks;
pub mod notes;
pub mod offers;
pub mod outbox;
pub mod pictures;
mod previews;
pub mod previous;
mod quotes;
pub mod reach;
pub mod runner;
pub mod schema;
pub mod search;
mod seen;
pub mod stamp;
mod sums;
pub mod threads;

#[cfg(not(target_arch = "wasm32"))]
mod disk_native;
#[cfg(target_arch = "wasm32")]
mod disk_web;

#[cfg(not(target_arch = "wasm32"))]
pub use disk_native::Disk;
#[cfg(target_arch = "wasm32")]
pub use disk_web::Disk;

use fieldline_model::{Code, Problem};
use rusqlite::Connection;
use serde::de::DeserializeOwned;

/// What a failed statement means to the person.
pub fn problem(error: rusqlite::Error) -> Problem {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
    use rusqlite::ErrorCode;
    match (error.sqlite_error_code(), &error) {
        (Some(ErrorCode::DiskFull), _) => Code::StorageFull.into(),
        (Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase), _)
        | (_, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..)) => {
            Code::StorageDamaged.into()
        }
        _ => Code::StorageFailed.into(),
    }
}

/// Reads all that a screen needs in one transaction: what it shows is of one moment, and
/// the file is locked once and not for every statement, which costs more than most of them.
pub(crate) fn at_once<T>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> Result<T, Problem>,
) -> Result<T, Problem> {
    if !connection.is_autocommit() {
        return read(connection);
    }
    let run = |sql| connection.prepare_cached(sql).and_then(|mut s| s.execute([])).map_err(problem);
    run("BEGIN")?;
    let done = read(connection);
    // Nothing was written; and a connection that damage closed has no transaction to end.
    let ended = if connection.is_autocommit() { Ok(0) } else { run("COMMIT") };
    let value = done?;
    ended?;
    Ok(value)
}

/// A column's text where it lies, without a copy.
pub(crate) fn text<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<&'r str, Problem> {
    row.get_ref(column).and_then(|it| Ok(it.as_str()?)).map_err(problem)
}

/// Reads JSON this crate wrote itself; a row that does not read is damage.
pub(crate) fn json<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|_| Code::StorageDamaged.into())
}

/// Writes JSON; the model's types always serialise.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("the model's types are plain data")
}
