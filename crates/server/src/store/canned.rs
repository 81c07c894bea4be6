//! Canned replies.

use super::look::{Look, id};
use super::{Stop, Tx};
use fieldline_model::{Canned, CannedId, Record, RecordKind, Scope};
use rusqlite::{Row, params};

fn canned(row: &Row<'_>) -> Result<Canned, Stop> {
    Ok(Canned { id: CannedId(id(row, 0)?), shortcut: row.get(1)?, text: row.get(2)? })
}

impl Look<'_> {
    /// Every canned reply, by shortcut.
    pub fn canned_all(&self) -> Result<Vec<Canned>, Stop> {
        let sql = "SELECT id, shortcut, text FROM canned WHERE workspace = ?1 ORDER BY shortcut";
        self.all(sql, params![self.key()], canned)
    }

    /// One canned reply.
    pub fn canned(&self, which: CannedId) -> Result<Option<Canned>, Stop> {
        let sql = "SELECT id, shortcut, text FROM canned WHERE workspace = ?1 AND id = ?2";
        self.one(sql, params![self.key(), which.0.as_bytes()], canned)
    }

    /// The canned reply called by a shortcut.
    pub fn canned_called(&self, shortcut: &str) -> Result<Option<Canned>, Stop> {
        let sql = "SELECT id, shortcut, text FROM canned WHERE workspace = ?1 AND shortcut = ?2";
        self.one(sql, params![self.key(), shortcut], canned)
    }
}

impl Tx<'_> {
    /// Adds a canned reply, or changes the text of one.
    pub fn put_canned(&mut self, it: &Canned) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "INSERT INTO canned (workspace, id, shortcut, text) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (workspace, id) DO UPDATE SET text = excluded.text",
            )?
            .execute(params![self.key(), it.id.0.as_bytes(), it.shortcut, it.text])?;
        self.note_put(Record::Canned(it.clone()), Scope::Agents, Scope::Agents);
        Ok(())
    }

    /// Removes a canned reply.
    pub fn drop_canned(&mut self, which: CannedId) -> Result<(), Stop> {
        self.conn
            .prepare_cached("DELETE FROM canned WHERE workspace = ?1 AND id = ?2")?
            .execute(params![self.key(), which.0.as_bytes()])?;
        self.note((RecordKind::Canned, which.0), Scope::Agents, Scope::Nobody);
        Ok(())
    }
}
