//! The contact list: everybody who may be addressed, staff and clients.

use super::look::{Look, word};
use super::people::person;
use super::{Stop, Tx};
use fieldline_model::{Person, PersonId, RecordKind, Scope};
use rusqlite::params;

/// The columns of a person.
pub(in crate::store) const COLUMNS: &str = "id, name, role, phone, email, password IS NOT NULL";

impl Look<'_> {
    /// Somebody in the contact list: who was disabled is not in it.
    pub fn contact(&self, who: PersonId) -> Result<Option<Person>, Stop> {
        let sql = format!("SELECT {COLUMNS} FROM person WHERE workspace = ?1 AND id = ?2 AND blocked = 0");
        self.one(&sql, params![self.key(), who.0.as_bytes()], person)
    }

    /// The staff in the contact list, oldest first.
    pub fn staff(&self) -> Result<Vec<Person>, Stop> {
        let sql = format!(
            "SELECT {COLUMNS} FROM person WHERE workspace = ?1 AND role <> 'client' AND blocked = 0 ORDER BY id"
        );
        self.all(&sql, params![self.key()], person)
    }

    /// At most `limit` clients in the contact list after somebody, by id.
    pub fn clients(&self, after: Option<PersonId>, limit: usize) -> Result<Vec<Person>, Stop> {
        let sql = format!(
            "SELECT {COLUMNS} FROM person WHERE workspace = ?1 AND role = 'client' AND blocked = 0 AND id > ?2
             ORDER BY id LIMIT ?3"
        );
        let after = after.map_or([0; 16], |id| id.0.into_bytes());
        self.all(&sql, params![self.key(), after, limit as i64], person)
    }
}

impl Tx<'_> {
    /// Adds a person without a login, or changes one's name, number and address.
    pub fn put_contact(&mut self, it: &Person) -> Result<(), Stop> {
        let was = if self.person(it.id)?.is_some() { Scope::Agents } else { Scope::Nobody };
        self.conn
            .prepare_cached(
                "INSERT INTO person (workspace, id, name, role, phone, email) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (workspace, id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
                     email = excluded.email",
            )?
            .execute(params![self.key(), it.id.0.as_bytes(), it.name, word(&it.role), it.phone, it.email])?;
        self.note((RecordKind::Person, it.id.0), was, Scope::Agents);
        Ok(())
    }
}
