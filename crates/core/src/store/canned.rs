//! Canned replies on this device.

use super::{json, problem};
use fieldline_model::{Canned, Problem, Record};
use rusqlite::Connection;

/// Every canned reply of the workspace, by shortcut.
pub fn all(connection: &Connection) -> Result<Vec<Canned>, Problem> {
    let mut rows = connection
        .prepare_cached("SELECT body FROM record WHERE kind = 'canned' AND body IS NOT NULL")
        .map_err(problem)?;
    let mut found = Vec::new();
    for body in rows.query_map([], |r| r.get::<_, String>(0)).map_err(problem)? {
        if let Record::Canned(it) = json(&body.map_err(problem)?)? {
            found.push(it);
        }
    }
    found.sort_by(|a, b| a.shortcut.cmp(&b.shortcut));
    Ok(found)
}
