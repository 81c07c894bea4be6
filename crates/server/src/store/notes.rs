//! Internal notes: rows of their own, read by staff alone.

use super::look::{Look, json};
use super::{Stop, Tx};
use fieldline_model::{ConversationId, Note, NoteId, Record, Scope};
use rusqlite::params;

impl Look<'_> {
    /// A note.
    pub fn note(&self, which: NoteId) -> Result<Option<Note>, Stop> {
        let sql = "SELECT body FROM note WHERE workspace = ?1 AND id = ?2";
        self.one(sql, params![self.key(), which.0.as_bytes()], |row| json(row, 0))
    }

    /// The `limit` newest notes of a conversation, newest first.
    pub fn notes(&self, of: ConversationId, limit: usize) -> Result<Vec<Note>, Stop> {
        self.all(
            "SELECT body FROM note WHERE workspace = ?1 AND conversation = ?2 ORDER BY at_ms DESC, id DESC
             LIMIT ?3",
            params![self.key(), of.0.as_bytes(), limit as i64],
            |row| json(row, 0),
        )
    }
}

impl Tx<'_> {
    /// Adds a note to the conversation it names, which `scope` sees.
    pub fn add_note(&mut self, note: &Note, scope: Scope) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "INSERT INTO note (workspace, id, conversation, at_ms, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                self.key(),
                note.id.0.as_bytes(),
                note.place.0.as_bytes(),
                note.at_ms,
                serde_json::to_string(note)?
            ])?;
        self.note_put(Record::Note(Box::new(note.clone())), Scope::Nobody, scope);
        Ok(())
    }
}
