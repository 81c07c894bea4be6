//! What this device shows when it connects ([`fieldline_model::stamp`]).
//!
//! Invariants
//! - What is shown was committed before: a device that lost its power shows the same again,
//!   or what follows it.
//! - The next one is minted when it is needed: what was copied before has another.

use super::{cache, facts};
use fieldline_model::{Problem, Shown, Stamp};
use rusqlite::Connection;

const LAST: &str = "stamp";
const NEXT: &str = "stamp_next";

/// What is to be shown: what was before, where no answer was heard, else `fresh` comes next.
pub fn shown(connection: &Connection, fresh: Stamp) -> Result<Shown, Problem> {
    let kept = |key| -> Result<Option<Stamp>, Problem> {
        Ok(facts::get(connection, key)?.and_then(|stamp| stamp.parse().ok()))
    };
    let last = kept(LAST)?;
    if let Some(next) = kept(NEXT)? {
        return Ok(Shown { last, next });
    }
    facts::set(connection, NEXT, &fresh.to_string())?;
    Ok(Shown { last, next: fresh })
}

/// The server took `next`.
pub fn taken(connection: &mut Connection, next: Stamp) -> Result<(), Problem> {
    let work = cache::begin(connection)?;
    facts::set(&work, LAST, &next.to_string())?;
    facts::clear(&work, NEXT)?;
    cache::commit(work)
}
