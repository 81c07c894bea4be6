//! Which files of the profile's folder are mentioned by a row: no others are kept.

use super::problem;
use fieldline_model::Problem;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Every name an outbox row, a draft or a fetched picture mentions: the rest
/// of the folder is what a crash left between bytes and row.
pub fn mentioned(connection: &Connection) -> Result<BTreeSet<String>, Problem> {
    let mut names = connection
        .prepare(
            "SELECT hash FROM outbox_file UNION SELECT hash FROM draft_file UNION SELECT name FROM picture",
        )
        .map_err(problem)?;
    let names = names.query_map([], |r| r.get(0)).map_err(problem)?;
    names.collect::<Result<_, _>>().map_err(problem)
}

/// Whether a row mentions this one.
pub fn is_mentioned(connection: &Connection, name: &str) -> Result<bool, Problem> {
    connection
        .prepare_cached(
            "SELECT 1 FROM outbox_file WHERE hash = ?1 UNION ALL SELECT 1 FROM draft_file WHERE hash = ?1
             UNION ALL SELECT 1 FROM picture WHERE name = ?1",
        )
        .and_then(|mut s| s.exists([name]))
        .map_err(problem)
}
