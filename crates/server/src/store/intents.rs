//! The idempotency rows: what became of each intent.

use super::look::{Look, id, word};
use super::{Stop, Tx};
use fieldline_model::{Code, DeviceId, IntentId};
use rusqlite::params;
use uuid::Uuid;

/// The idempotency row of an intent; a customer's device is the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentRow {
    /// Which.
    pub id: IntentId,
    /// The person's or the customer's id.
    pub asker: Uuid,
    /// Which of their devices.
    pub device: DeviceId,
    /// SHA-256 of the bytes as sent.
    pub hash: [u8; 32],
    /// Why it was refused last; `None` when it was accepted.
    pub code: Option<Code>,
}

impl Look<'_> {
    /// The idempotency row of `id`, if it was ever used.
    pub fn intent(&self, which: IntentId) -> Result<Option<IntentRow>, Stop> {
        self.one(
            "SELECT asker, device, hash, code FROM intent_log WHERE workspace = ?1 AND id = ?2",
            params![self.key(), which.0.as_bytes()],
            |row| {
                let code: Option<String> = row.get(3)?;
                let code = code.map(|word| serde_json::from_value(word.into())).transpose()?;
                let (asker, device) = (id(row, 0)?, DeviceId(id(row, 1)?));
                Ok(IntentRow { id: which, asker, device, hash: row.get(2)?, code })
            },
        )
    }
}

impl Tx<'_> {
    /// Writes an idempotency row; one that was refused before may be accepted now.
    pub(super) fn log_intent(&self, row: &IntentRow, seq: i64) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "INSERT INTO intent_log (workspace, id, asker, device, hash, code, seq)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (workspace, id) DO UPDATE SET code = excluded.code, seq = excluded.seq
                 WHERE code IS NOT NULL",
            )?
            .execute(params![
                self.key(),
                row.id.0.as_bytes(),
                row.asker.as_bytes(),
                row.device.0.as_bytes(),
                row.hash,
                row.code.as_ref().map(word),
                seq
            ])?;
        Ok(())
    }

    /// Writes the idempotency row of an intent that was refused.
    pub fn log_refused(&mut self, row: &IntentRow) -> Result<(), Stop> {
        self.log_intent(row, self.upcoming_number() - 1)
    }
}
