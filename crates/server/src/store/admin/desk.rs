//! How customers are served and what may be sent, as an admin sets it.

use crate::store::look::{Look, json, of_word};
use crate::store::people::IDLE_MAX_MS;
use crate::store::{Stop, Tx};
use fieldline_model::admin::desk::{ChatPage, KeptFiles, PolicyRules};
use fieldline_model::{DeviceId, FileType, RecordKind, Scope};
use rusqlite::params;
use uuid::Uuid;

impl Look<'_> {
    /// What the chat page says to who comes.
    pub fn chat_page(&self) -> Result<ChatPage, Stop> {
        let sql = "SELECT chat_page FROM workspace WHERE id = ?1";
        Ok(self.one(sql, params![self.key()], |row| json(row, 0))?.unwrap_or_default())
    }

    /// What is kept of each type, and how much of it `rules` would refuse.
    pub fn kept_files(&self, rules: &PolicyRules) -> Result<Vec<KeptFiles>, Stop> {
        let sql = "SELECT kind, count(*), sum(size_bytes > ?2) FROM blob WHERE workspace = ?1 GROUP BY kind";
        self.all(sql, params![self.key(), rules.file_max_bytes as i64], |row| {
            let (kind, files, too_large): (FileType, u32, u32) = (of_word(row, 0)?, row.get(1)?, row.get(2)?);
            let refused = if rules.types.contains(&kind) { too_large } else { files };
            Ok(KeptFiles { kind, files, refused })
        })
    }

    /// How many people are signed in on more than `max` devices.
    pub fn people_over(&self, max: u32, now_ms: i64) -> Result<u32, Stop> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM device
                   WHERE workspace = ?1 AND revoked_at_ms IS NULL AND copied = 0 AND seen_at_ms > ?3
                   GROUP BY person HAVING count(*) > ?2)";
        let asked = params![self.key(), max, now_ms - IDLE_MAX_MS];
        Ok(self.one(sql, asked, |row| Ok(row.get(0)?))?.unwrap_or(0))
    }
}

impl Tx<'_> {
    /// Sets what the chat page says. It is told as a change of the policy: whoever is outside
    /// reads both together.
    pub fn put_chat_page(&mut self, page: &ChatPage) -> Result<(), Stop> {
        if self.chat_page()? == *page {
            return Ok(());
        }
        self.conn
            .prepare_cached("UPDATE workspace SET chat_page = ?2 WHERE id = ?1")?
            .execute(params![self.key(), serde_json::to_string(page)?])?;
        self.note((RecordKind::Policy, Uuid::nil()), Scope::Everyone, Scope::Everyone);
        Ok(())
    }

    /// Sets on how many devices one person may be signed in; those beyond it are signed out, the
    /// one used least lately first.
    pub fn set_devices_max(&mut self, max: Option<u32>) -> Result<(), Stop> {
        self.conn
            .prepare_cached("UPDATE workspace SET devices_max = ?2 WHERE id = ?1")?
            .execute(params![self.key(), max])?;
        if max.is_some() {
            let sql = "SELECT DISTINCT person FROM device WHERE workspace = ?1 AND revoked_at_ms IS NULL";
            for who in self.all(sql, params![self.key()], |row| Ok(row.get::<_, [u8; 16]>(0)?))? {
                self.keep_to_max(&who, None)?;
            }
        }
        Ok(())
    }

    /// Signs a person out where they are beyond the number of devices, but for `keep`.
    pub(in crate::store) fn keep_to_max(
        &mut self,
        who: &[u8; 16],
        keep: Option<DeviceId>,
    ) -> Result<(), Stop> {
        let Some(max) = self.devices_max()? else { return Ok(()) };
        let sql = "UPDATE device SET revoked_at_ms = ?3
                   WHERE workspace = ?1 AND person = ?2 AND id IN (
                       SELECT id FROM device
                       WHERE workspace = ?1 AND person = ?2 AND revoked_at_ms IS NULL
                       ORDER BY id IS ?5 DESC, max(seen_at_ms, signed_in_at_ms) DESC, id DESC
                       LIMIT -1 OFFSET ?4)
                   RETURNING token";
        let keep = keep.map(|it| it.0.into_bytes());
        let asked = params![self.key(), who, self.clock.now_ms(), max, keep];
        for token in self.all(sql, asked, |row| Ok(row.get(0)?))? {
            self.tell_ended(token);
        }
        Ok(())
    }
}
