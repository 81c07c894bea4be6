//! The changes as they are stored, and the numbers of records.

use super::look::{Look, id, json, of_word, word};
use super::{Stop, Tx};
use fieldline_model::{RecordKind, RecordRef, Scope};
use rusqlite::params;

/// Of a record that keeps no number of its own: the index leaves the others out.
pub(super) const NEWEST_CHANGE: &str =
    "SELECT max(seq) FROM change WHERE workspace = ?1 AND kind = ?2 AND id = ?3 AND held = 0";

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
                let now: Scope = json(row, 4)?;
                let was = if row.get::<_, String>(3)?.is_empty() { now.clone() } else { json(row, 3)? };
                Ok(FeedRow { seq: row.get(0)?, record, was, now })
            },
        )
    }

    /// Of the `limit` changes after a number, but for the newest `left_alone` of the
    /// feed: the last one's number, and the numbers of those that say nothing, since a
    /// later one of them is of the same record and has the same scopes.
    pub fn said_again(
        &self,
        after: i64,
        left_alone: i64,
        limit: usize,
    ) -> Result<Option<(i64, Vec<i64>)>, Stop> {
        let rows = self.all(
            "SELECT seq, row_number() OVER (PARTITION BY kind, id, scope, was_scope ORDER BY seq DESC) > 1
             FROM (SELECT * FROM change WHERE workspace = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4)
             ORDER BY seq",
            params![self.key(), after, self.head()? - left_alone, limit as i64],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)),
        )?;
        let idle = rows.iter().filter(|(_, again)| *again).map(|(seq, _)| *seq).collect();
        Ok(rows.last().map(|(last, _)| (*last, idle)))
    }

    /// The number of a record: that of its newest change. Of a private record (a
    /// read mark), which shares its id with others', that of `only`'s.
    pub fn seq_of(&self, record: RecordRef, only: Option<&Scope>) -> Result<i64, Stop> {
        let id = record.id.as_bytes();
        let held = match (record.kind, only) {
            (RecordKind::Conversation, _) => {
                let sql = "SELECT seq FROM conversation WHERE workspace = ?1 AND id = ?2";
                self.one(sql, params![self.key(), id], |row| Ok(row.get(0)?))?
            }
            (RecordKind::Message, _) => {
                let sql = "SELECT seq FROM message WHERE workspace = ?1 AND id = ?2";
                self.one(sql, params![self.key(), id], |row| Ok(row.get(0)?))?
            }
            (RecordKind::Read, Some(Scope::Only { person })) => {
                let sql = "SELECT seq FROM read_mark WHERE workspace = ?1 AND person = ?2 AND place = ?3";
                self.one(sql, params![self.key(), person.0.as_bytes(), id], |row| Ok(row.get(0)?))?
            }
            _ => None,
        };
        match held {
            Some(seq) => Ok(seq),
            None => {
                let kind = word(&record.kind);
                let newest: Option<Option<i64>> =
                    self.one(NEWEST_CHANGE, params![self.key(), kind, id], |row| Ok(row.get(0)?))?;
                Ok(newest.flatten().unwrap_or(0))
            }
        }
    }
}

impl Tx<'_> {
    /// Drops changes that say nothing.
    pub fn drop_changes(&mut self, numbers: &[i64]) -> Result<(), Stop> {
        let mut drop = self.conn.prepare_cached("DELETE FROM change WHERE workspace = ?1 AND seq = ?2")?;
        for seq in numbers {
            drop.execute(params![self.key(), seq])?;
        }
        Ok(())
    }
}
