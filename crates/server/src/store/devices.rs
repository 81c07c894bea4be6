//! Where a person is signed in.

use super::look::{Look, id};
use super::people::IDLE_MAX_MS;
use super::{Session, Stop, Tx};
use crate::secrets::SecretHash;
use fieldline_model::api::OwnDevice;
use fieldline_model::{Code, DeviceId, PersonId};
use rusqlite::params;

impl Look<'_> {
    /// The devices the person of `session` is signed in on, the one used last first.
    pub fn own_devices(&self, session: &Session, now_ms: i64) -> Result<Vec<OwnDevice>, Stop> {
        let sql = "SELECT id, name, signed_in_at_ms, seen_at_ms FROM device
                   WHERE workspace = ?1 AND person = ?2 AND revoked_at_ms IS NULL AND copied = 0 AND seen_at_ms > ?3
                   ORDER BY seen_at_ms DESC, id";
        self.all(sql, params![self.key(), session.person.id.0.as_bytes(), now_ms - IDLE_MAX_MS], |row| {
            let id = DeviceId(id(row, 0)?);
            let (name, signed_in_at_ms, seen_at_ms) = (row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(OwnDevice { id, name, signed_in_at_ms, seen_at_ms, this: id == session.device })
        })
    }
}

impl Tx<'_> {
    /// Ends a person's session on one device; refuses with *not_found* one that is not
    /// signed in or another person's.
    pub fn end_device(&mut self, who: PersonId, which: DeviceId) -> Result<(), Stop> {
        let sql = "UPDATE device SET revoked_at_ms = ?3 WHERE workspace = ?1 AND person = ?2 AND id = ?4
                   AND revoked_at_ms IS NULL RETURNING token";
        let now = self.clock.now_ms();
        let values = params![self.key(), who.0.as_bytes(), now, which.0.as_bytes()];
        let ended = self.one(sql, values, |row| Ok(row.get::<_, SecretHash>(0)?))?;
        self.tell_ended(ended.ok_or(Code::NotFound)?);
        Ok(())
    }

    /// Ends every session of a person, but that of the device to be kept.
    pub fn end_devices(&mut self, who: PersonId, keep: Option<DeviceId>) -> Result<(), Stop> {
        let sql = "UPDATE device SET revoked_at_ms = ?3 WHERE workspace = ?1 AND person = ?2 AND id IS NOT ?4
                   AND revoked_at_ms IS NULL RETURNING token";
        let (now, keep) = (self.clock.now_ms(), keep.map(|it| it.0.into_bytes()));
        let values = params![self.key(), who.0.as_bytes(), now, keep];
        for token in self.all(sql, values, |row| Ok(row.get::<_, SecretHash>(0)?))? {
            self.tell_ended(token);
        }
        Ok(())
    }
}
