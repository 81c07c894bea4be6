//! What an admin has granted whom, and who is signed in as they see themself.

use super::look::{Look, of_word, word};
use super::{Stop, Tx};
use fieldline_model::{Me, Module, PersonId, RecordKind, Scope};
use rusqlite::params;

impl Look<'_> {
    /// A person as they see themself.
    pub fn me(&self, who: PersonId) -> Result<Option<Me>, Stop> {
        let Some(person) = self.person(who)? else { return Ok(None) };
        let workspace = self.workspace()?.name;
        let modules = self.modules(who)?;
        Ok(Some(Me { person, workspace, workspace_id: Some(self.workspace), modules }))
    }

    /// What somebody was granted.
    pub fn modules(&self, who: PersonId) -> Result<Vec<Module>, Stop> {
        let sql = "SELECT module FROM granted WHERE workspace = ?1 AND person = ?2 ORDER BY module";
        self.all(sql, params![self.key(), who.0.as_bytes()], |row| of_word(row, 0))
    }
}

impl Tx<'_> {
    /// Grants somebody a module, or takes it away; they alone are told.
    pub fn grant(&mut self, who: PersonId, module: Module, on: bool) -> Result<(), Stop> {
        let sql = if on {
            "INSERT OR IGNORE INTO granted (workspace, person, module) VALUES (?1, ?2, ?3)"
        } else {
            "DELETE FROM granted WHERE workspace = ?1 AND person = ?2 AND module = ?3"
        };
        let row = params![self.key(), who.0.as_bytes(), word(&module)];
        if self.conn.prepare_cached(sql)?.execute(row)? > 0 {
            let only = Scope::Only { person: who };
            self.note((RecordKind::Me, who.0), only.clone(), only);
        }
        Ok(())
    }
}
