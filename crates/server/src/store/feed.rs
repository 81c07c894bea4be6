//! The changes as they are stored, and the numbers of records.

use super::Stop;
use super::look::{Look, id, json, of_word};
use fieldline_model::{RecordKind, RecordRef, Scope};
use rusqlite::params;

/// A stored change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// Its place in the workspace.
    pub seq: i64,
    /// Which record.
    pub record: RecordRef,
    /// Who saw the record before it.
    pub was: Scope,
    /// Who saw it after it.
    pub now: Scope,
}

impl Look<'_> {
    /// The changes after a number, in order.
    pub fn changes(&self, after: i64, limit: usize) -> Result<Vec<FeedRow>, Stop> {
        self.all(
            "SELECT seq, kind, id, was_scope, scope FROM change WHERE workspace = ?1 AND seq > ?2
             ORDER BY seq LIMIT ?3",
            params![self.key(), after, limit as i64],
            |row| {
                let record = RecordRef { kind: of_word(row, 1)?, id: id(row, 2)? };
                Ok(FeedRow { seq: row.get(0)?, record, was: json(row, 3)?, now: json(row, 4)? })
            },
        )
    }

    /// The number of a record: that of its newest change. Of a private record (a
    /// read mark), which shares its id with others', that of `only`'s.
    pub fn seq_of(&self, record: RecordRef, only: Option<&Scope>) -> Result<i64, Stop> {
        let kind = super::look::word::<RecordKind>(&record.kind);
        let found = match only {
            None => self.one(
                "SELECT max(seq) FROM change WHERE workspace = ?1 AND kind = ?2 AND id = ?3",
                params![self.key(), kind, record.id.as_bytes()],
                |row| Ok(row.get::<_, Option<i64>>(0)?),
            )?,
            Some(scope) => self.one(
                "SELECT max(seq) FROM change WHERE workspace = ?1 AND kind = ?2 AND id = ?3 AND scope = ?4",
                params![self.key(), kind, record.id.as_bytes(), serde_json::to_string(scope)?],
                |row| Ok(row.get::<_, Option<i64>>(0)?),
            )?,
        };
        Ok(found.flatten().unwrap_or(0))
    }
}
