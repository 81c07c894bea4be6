//! The feeds of clients with a login, each numbered by a `public_seq` of its own.
//!
//! A row is a record as one client was told of it; a change moves it to their next
//! number. So a feed is as long as its records are many, and is never compacted.
//!
//! Invariants
//! - A number is taken by a change this client is in the audience of, and by no other:
//!   neither what staff keep to themselves nor other people's threads move it.
//! - Who has no login has no feed; it begins with the sign-up.

use super::look::{Look, id, of_word, word};
use super::{Stop, Tx};
use fieldline_model::{PersonId, RecordKind, RecordRef, Scope};
use rusqlite::params;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A record in a client's feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientRow {
    /// Its newest number.
    pub public_seq: i64,
    /// Which record.
    pub record: RecordRef,
}

const TELL: &str = "INSERT INTO client_record (workspace, person, kind, id, public_seq, came_seq)
     SELECT workspace, id, ?3, ?4, next, next FROM (
         SELECT p.workspace, p.id, 1 + coalesce((SELECT max(c.public_seq) FROM client_record c
             WHERE c.workspace = p.workspace AND c.person = p.id), 0) AS next
         FROM person p
         WHERE p.workspace = ?1 AND p.id = ?2 AND p.role = 'client' AND p.password IS NOT NULL)
     WHERE true
     ON CONFLICT (workspace, person, kind, id) DO UPDATE SET public_seq = excluded.public_seq,
         came_seq = CASE WHEN ?5 THEN excluded.came_seq ELSE came_seq END";

impl Look<'_> {
    /// The number of the newest change of a client's feed.
    pub fn client_head(&self, who: PersonId) -> Result<i64, Stop> {
        let sql = "SELECT max(public_seq) FROM client_record WHERE workspace = ?1 AND person = ?2";
        let head = self.one(sql, params![self.key(), who.0.as_bytes()], |row| Ok(row.get(0)?))?;
        Ok(head.flatten().unwrap_or(0))
    }

    /// The records of a client's feed after a number, in order.
    pub fn client_rows(&self, who: PersonId, after: i64, limit: usize) -> Result<Vec<ClientRow>, Stop> {
        self.all(
            "SELECT public_seq, kind, id FROM client_record
             WHERE workspace = ?1 AND person = ?2 AND public_seq > ?3 ORDER BY public_seq LIMIT ?4",
            params![self.key(), who.0.as_bytes(), after, limit as i64],
            |row| {
                let record = RecordRef { kind: of_word(row, 1)?, id: id(row, 2)? };
                Ok(ClientRow { public_seq: row.get(0)?, record })
            },
        )
    }

    /// The threads that came to a client after a number, each with that number.
    pub fn came_to(&self, who: PersonId, after: i64) -> Result<BTreeMap<Uuid, i64>, Stop> {
        let came = self.all(
            "SELECT id, came_seq FROM client_record
             WHERE workspace = ?1 AND person = ?2 AND kind = ?3 AND came_seq > ?4",
            params![self.key(), who.0.as_bytes(), word(&RecordKind::Group), after],
            |row| Ok((id(row, 0)?, row.get(1)?)),
        )?;
        Ok(came.into_iter().collect())
    }

    /// A record's newest number in a client's feed; 0 when it did not change since they
    /// signed up.
    pub fn client_seq_of(&self, who: PersonId, record: RecordRef) -> Result<i64, Stop> {
        let seq = self.one(
            "SELECT public_seq FROM client_record
             WHERE workspace = ?1 AND person = ?2 AND kind = ?3 AND id = ?4",
            params![self.key(), who.0.as_bytes(), word(&record.kind), record.id.as_bytes()],
            |row| Ok(row.get(0)?),
        )?;
        Ok(seq.unwrap_or(0))
    }

    /// Every client with a login.
    fn all_clients(&self) -> Result<Vec<PersonId>, Stop> {
        let sql = "SELECT id FROM person
                   WHERE workspace = ?1 AND role = 'client' AND password IS NOT NULL ORDER BY id";
        self.all(sql, params![self.key()], |row| Ok(PersonId(id(row, 0)?)))
    }
}

impl Tx<'_> {
    /// Whether any client has a login. Everybody is looked through for it, so once for all
    /// the jobs of a commit; who is taken back with their step only makes it look in vain.
    fn has_clients(&self) -> Result<bool, Stop> {
        if let Some(known) = self.clients.get() {
            return Ok(known);
        }
        let sql = "SELECT 1 FROM person
                   WHERE workspace = ?1 AND role = 'client' AND password IS NOT NULL LIMIT 1";
        let found = self.one(sql, params![self.key()], |_| Ok(()))?.is_some();
        self.clients.set(Some(found));
        Ok(found)
    }

    /// Moves a record to the next number of every client who was or is its audience.
    pub(super) fn tell_clients(&self, record: RecordRef, was: &Scope, now: &Scope) -> Result<(), Stop> {
        let mut told = Vec::new();
        for scope in [was, now] {
            match scope {
                Scope::Everyone => told.extend(self.all_clients()?),
                Scope::Members { people } => told.extend(people),
                Scope::Only { person } => told.push(*person),
                // Staff's alone.
                Scope::Nobody | Scope::Agents | Scope::People { .. } => {}
            }
        }
        if told.is_empty() || !self.has_clients()? {
            return Ok(());
        }
        told.sort_unstable();
        told.dedup();
        for who in told {
            let came = in_person(now, who) && !in_person(was, who);
            self.tell_client(who, record, came)?;
        }
        Ok(())
    }

    /// The same for one person; of who is no client with a login, nothing is kept.
    fn tell_client(&self, who: PersonId, record: RecordRef, came: bool) -> Result<(), Stop> {
        let kind = word(&record.kind);
        self.conn.prepare_cached(TELL)?.execute(params![
            self.key(),
            who.0.as_bytes(),
            kind,
            record.id.as_bytes(),
            came
        ])?;
        Ok(())
    }
}

/// Whether a scope holds a client; no role opens one to them.
fn in_person(scope: &Scope, who: PersonId) -> bool {
    scope.holds(&fieldline_model::Reader { id: who, role: fieldline_model::Role::Client })
}
