//! A customer who is erased: no row of the truth holds anything of them any more.
//!
//! Invariants
//! - One transaction: whoever reads sees all of them, or nothing.
//! - What stays are ids and numbers: changes that say a record is gone, idempotency rows, and
//!   the audit, none of which holds a text or a name.
//! - Bytes that no message and no claim names any more are listed until their files are gone.

use crate::store::look::{Look, of_word};
use crate::store::{Owner, Stop, Tx};
use fieldline_model::{Author, BlobHash, Conversation, CustomerId, Message, PlaceId, RecordKind, Scope};
use rusqlite::params;

impl Look<'_> {
    /// Every entry of a place, oldest first.
    pub fn whole(&self, place: PlaceId) -> Result<Vec<Message>, Stop> {
        let mut all = self.entries(place, i64::MAX, usize::MAX >> 1)?;
        all.reverse();
        Ok(all)
    }
}

/// Who may have something of a conversation: who sees it, and whoever wrote in it before it
/// was handed on, whose device keeps what it sent.
fn had(it: &Conversation) -> Scope {
    let Scope::People { mut people } = it.scope() else { return it.scope() };
    people.extend(it.took_part.iter().map(|person| person.id));
    Scope::People { people }
}

impl Tx<'_> {
    /// Erases a customer.
    pub fn erase_customer(&mut self, who: CustomerId) -> Result<(), Stop> {
        // Also the pages that become free are to be empty.
        self.conn.pragma_update(None, "secure_delete", true)?;
        let erased = self.erase_all_of(who);
        self.conn.pragma_update(None, "secure_delete", "fast")?;
        erased
    }

    fn erase_all_of(&mut self, who: CustomerId) -> Result<(), Stop> {
        let sql = "DELETE FROM public_deleted WHERE workspace = ?1 AND customer = ?2";
        self.conn.prepare_cached(sql)?.execute(params![self.key(), who.0.as_bytes()])?;
        for it in self.conversations_of(who)? {
            self.erase_conversation(&it)?;
        }
        self.end_customer_sessions(who)?;
        self.drop_claims(Owner::Customer(who))?;
        for sql in [
            "DELETE FROM customer_link WHERE workspace = ?1 AND customer = ?2",
            "DELETE FROM customer_session WHERE workspace = ?1 AND customer = ?2",
            "DELETE FROM customer WHERE workspace = ?1 AND id = ?2",
        ] {
            self.conn.prepare_cached(sql)?.execute(params![self.key(), who.0.as_bytes()])?;
        }
        Ok(())
    }

    fn erase_conversation(&mut self, it: &Conversation) -> Result<(), Stop> {
        if let Some(offer) = self.offer(it.id)? {
            self.end_offer(&offer, false)?;
        }
        for message in self.whole(it.id.into())? {
            let owner = match &message.author {
                Author::Person(card) => Owner::Person(card.id),
                Author::Customer => Owner::Customer(it.customer.id),
            };
            self.drop_files(message.id, owner)?;
            let sql = "DELETE FROM message WHERE workspace = ?1 AND id = ?2";
            self.conn.prepare_cached(sql)?.execute(params![self.key(), message.id.0.as_bytes()])?;
        }
        // Notes are append-only, but for this.
        let place = it.id.0.as_bytes();
        for sql in [
            "INSERT INTO erasing (workspace, conversation) VALUES (?1, ?2)",
            "DELETE FROM note WHERE workspace = ?1 AND conversation = ?2",
            "DELETE FROM erasing WHERE workspace = ?1 AND conversation = ?2",
            "DELETE FROM offer_passed WHERE workspace = ?1 AND conversation = ?2",
            "DELETE FROM took_part WHERE workspace = ?1 AND conversation = ?2
               AND person IN (SELECT id FROM person WHERE workspace = ?1)",
            "DELETE FROM read_mark WHERE workspace = ?1 AND place = ?2
               AND person IN (SELECT id FROM person WHERE workspace = ?1)",
            "DELETE FROM conversation WHERE workspace = ?1 AND id = ?2",
        ] {
            self.conn.prepare_cached(sql)?.execute(params![self.key(), place])?;
        }
        self.note((RecordKind::Conversation, it.id.0), had(it), Scope::Nobody);
        Ok(())
    }

    /// Takes from an owner what they uploaded and no message has.
    fn drop_claims(&mut self, owner: Owner) -> Result<(), Stop> {
        let sql = "SELECT hash FROM claim WHERE workspace = ?1 AND owner = ?2";
        let hashes: Vec<BlobHash> = self.all(sql, params![self.key(), owner.key()], |row| of_word(row, 0))?;
        hashes.iter().try_for_each(|hash| self.drop_claim(hash, owner))
    }
}
