//! What is deleted: a message becomes its tombstone, its photos' bytes nobody's.
//!
//! Invariants
//! - A tombstone, the customer's fact of it and the end of its photos commit together.
//! - Bytes that no message and no claim names are listed here until their files are
//!   gone: a crash between the two leaves nothing behind.

use super::look::{Look, id, json, of_word};
use super::{Stop, Tx};
use crate::store::Owner;
use fieldline_model::{Author, BlobHash, CustomerId, Message, MessageId, Record, RecordKind, Scope};
use rusqlite::params;

impl Look<'_> {
    /// The messages that answer one.
    pub fn replies_to(&self, which: MessageId) -> Result<Vec<Message>, Stop> {
        let sql = "SELECT body FROM message WHERE workspace = ?1 AND reply_to = ?2 ORDER BY n";
        self.all(sql, params![self.key(), which.0.as_bytes()], |row| json(row, 0))
    }

    /// Which of a customer's entries were deleted after a public number, in order.
    pub fn public_deleted(&self, who: CustomerId, after: i64) -> Result<Vec<MessageId>, Stop> {
        self.all(
            "SELECT message FROM public_deleted WHERE workspace = ?1 AND customer = ?2 AND public_seq > ?3
             ORDER BY public_seq",
            params![self.key(), who.0.as_bytes(), after],
            |row| Ok(MessageId(id(row, 0)?)),
        )
    }

    /// At most `limit` blobs whose files are to go.
    pub fn blobs_gone(&self, limit: usize) -> Result<Vec<BlobHash>, Stop> {
        let sql = "SELECT hash FROM blob_gone WHERE workspace = ?1 LIMIT ?2";
        self.all(sql, params![self.key(), limit as i64], |row| of_word(row, 0))
    }
}

impl Tx<'_> {
    /// Puts a message's tombstone in its place, which `scope` and `customer` see; `also` may
    /// have read it by another right.
    pub fn erase_message(
        &mut self,
        message: &Message,
        customer: Option<CustomerId>,
        scope: Scope,
        also: &[Scope],
    ) -> Result<(), Stop> {
        // Also the pages that were its own are to be empty. At all times that would cost each
        // commit the pages that it frees.
        self.conn.pragma_update(None, "secure_delete", true)?;
        let rewritten = self.rewrite_message(message, scope, also);
        self.conn.pragma_update(None, "secure_delete", "fast")?;
        rewritten?;
        if let Some(customer) = customer {
            self.tell_deleted(message.id, customer)?;
        }
        match (&message.author, customer) {
            (Author::Person(card), _) => self.drop_files(message.id, Owner::Person(card.id)),
            (Author::Customer, Some(customer)) => self.drop_files(message.id, Owner::Customer(customer)),
            (Author::Customer, None) => Ok(()),
        }
    }

    /// That a message is deleted is a fact of its customer's too.
    fn tell_deleted(&mut self, message: MessageId, customer: CustomerId) -> Result<(), Stop> {
        let public_seq = self.next_public_seq(customer, false)?;
        self.conn
            .prepare_cached(
                "INSERT INTO public_deleted (workspace, customer, public_seq, message) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![self.key(), customer.0.as_bytes(), public_seq, message.0.as_bytes()])?;
        self.tell_customer(customer);
        Ok(())
    }

    /// Puts a message as it now is in its place, which `scope` sees; `also` may have read
    /// it by another right.
    pub fn rewrite_message(&mut self, message: &Message, scope: Scope, also: &[Scope]) -> Result<(), Stop> {
        let seq = self.note_held(Record::Message(Box::new(message.clone())), scope.clone(), scope);
        for scope in also {
            self.note((RecordKind::Message, message.id.0), scope.clone(), scope.clone());
        }
        self.conn
            .prepare_cached("UPDATE message SET body = ?3, seq = ?4 WHERE workspace = ?1 AND id = ?2")?
            .execute(params![self.key(), message.id.0.as_bytes(), serde_json::to_string(message)?, seq])?;
        Ok(())
    }

    /// Takes a message's photos from it, and from their owner what no other message has.
    pub(in crate::store) fn drop_files(&mut self, message: MessageId, owner: Owner) -> Result<(), Stop> {
        let key = params![self.key(), message.0.as_bytes()];
        let hashes: Vec<BlobHash> =
            self.all("SELECT hash FROM file WHERE workspace = ?1 AND message = ?2", key, |row| {
                of_word(row, 0)
            })?;
        self.conn.prepare_cached("DELETE FROM file WHERE workspace = ?1 AND message = ?2")?.execute(key)?;
        hashes.iter().try_for_each(|hash| self.drop_claim(hash, owner))
    }

    /// Takes an owner's claim on bytes that no message has, and lists those that nobody has.
    pub(in crate::store) fn drop_claim(&mut self, hash: &BlobHash, owner: Owner) -> Result<(), Stop> {
        let named = [
            "DELETE FROM claim WHERE workspace = ?1 AND hash = ?2 AND owner = ?3
               AND NOT EXISTS (SELECT 1 FROM file f WHERE f.workspace = ?1 AND f.hash = ?2)",
            "INSERT OR IGNORE INTO blob_gone (workspace, hash)
             SELECT workspace, hash FROM blob b WHERE workspace = ?1 AND hash = ?2 AND ?3 IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM file f WHERE f.workspace = ?1 AND f.hash = ?2)
               AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.workspace = ?1 AND c.hash = ?2)",
            "DELETE FROM blob WHERE workspace = ?1 AND hash = ?2 AND ?3 IS NOT NULL
               AND EXISTS (SELECT 1 FROM blob_gone g WHERE g.workspace = ?1 AND g.hash = ?2)",
        ];
        for sql in named {
            self.conn.prepare_cached(sql)?.execute(params![self.key(), hash.as_str(), owner.key()])?;
        }
        Ok(())
    }

    /// The files of these blobs are gone.
    pub fn forget_gone(&mut self, hashes: &[BlobHash]) -> Result<(), Stop> {
        let mut forget =
            self.conn.prepare_cached("DELETE FROM blob_gone WHERE workspace = ?1 AND hash = ?2")?;
        for hash in hashes {
            forget.execute(params![self.key(), hash.as_str()])?;
        }
        Ok(())
    }
}
