//! Customers, their private links and their sessions.

use super::look::{Look, id, json};
use super::{Stop, Tx};
use crate::secrets::SecretHash;
use fieldline_model::{Code, Conversation, Customer, CustomerId, Message, PlaceId};
use rusqlite::params;

/// A customer's cookie works this long; the private link gives a new one: 30 days.
const SESSION_MAX_MS: i64 = 30 * 24 * 3600 * 1000;

impl Look<'_> {
    /// A customer.
    pub fn customer(&self, who: CustomerId) -> Result<Option<Customer>, Stop> {
        self.one(
            "SELECT name, phone FROM customer WHERE workspace = ?1 AND id = ?2",
            params![self.key(), who.0.as_bytes()],
            |row| Ok(Customer { id: who, name: row.get(0)?, phone: row.get(1)? }),
        )
    }

    /// Whose cookie this is, at `now_ms`; refuses with *signed_out*.
    pub fn customer_session(&self, token: &SecretHash, now_ms: i64) -> Result<CustomerId, Stop> {
        let found = self.one(
            "SELECT customer FROM customer_session
             WHERE workspace = ?1 AND token = ?2 AND revoked_at_ms IS NULL AND made_at_ms > ?3",
            params![self.key(), token, now_ms - SESSION_MAX_MS],
            |row| Ok(CustomerId(id(row, 0)?)),
        )?;
        found.ok_or(Code::SignedOut.into())
    }

    /// Whose private link this is; refuses with *link_invalid*.
    pub fn customer_of_link(&self, secret: &SecretHash) -> Result<CustomerId, Stop> {
        let found = self.one(
            "SELECT customer FROM customer_link WHERE workspace = ?1 AND secret = ?2 AND revoked_at_ms IS NULL",
            params![self.key(), secret],
            |row| Ok(CustomerId(id(row, 0)?)),
        )?;
        found.ok_or(Code::LinkInvalid.into())
    }

    /// The number of a customer's newest public fact.
    pub fn public_head(&self, who: CustomerId) -> Result<i64, Stop> {
        let found = self.one(
            "SELECT public_seq FROM customer WHERE workspace = ?1 AND id = ?2",
            params![self.key(), who.0.as_bytes()],
            |row| Ok(row.get(0)?),
        )?;
        found.ok_or(Code::NotFound.into())
    }

    /// A customer's entries after a number, in order, each with its own.
    pub fn public_entries(
        &self,
        who: CustomerId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, Message)>, Stop> {
        let places = self.all(
            "SELECT id FROM conversation WHERE workspace = ?1 AND customer = ?2 ORDER BY created_at_ms DESC",
            params![self.key(), who.0.as_bytes()],
            |row| Ok(PlaceId(id(row, 0)?)),
        )?;
        let mut found = Vec::new();
        for place in places {
            found.extend(self.entries_after(place, self.n_at(place, after)?, limit)?);
        }
        found.sort_by_key(|(seq, _)| *seq);
        found.truncate(limit);
        Ok(found)
    }

    /// The number of one of a customer's entries, if it is theirs.
    pub fn public_seq_of(&self, who: CustomerId, message: &Message) -> Result<Option<i64>, Stop> {
        self.one(
            "SELECT public_seq FROM message WHERE workspace = ?1 AND id = ?2 AND customer = ?3",
            params![self.key(), message.id.0.as_bytes(), who.0.as_bytes()],
            |row| Ok(row.get(0)?),
        )
    }

    /// The number of the newest of a customer's entries that who had the conversation has
    /// read, or was as good as read; 0 when none was. It never goes back.
    pub fn seen_of(&self, who: CustomerId) -> Result<i64, Stop> {
        let sql = "SELECT read_seq FROM customer WHERE workspace = ?1 AND id = ?2";
        let found = self.one(sql, params![self.key(), who.0.as_bytes()], |row| Ok(row.get(0)?))?;
        found.ok_or(Code::NotFound.into())
    }

    /// The conversation a customer is in: the newest that is not ended, else the
    /// newest; `None` before their first message.
    pub fn newest_of(&self, who: CustomerId) -> Result<Option<Conversation>, Stop> {
        self.one(
            "SELECT body FROM conversation WHERE workspace = ?1 AND customer = ?2
             ORDER BY state = 'ended', created_at_ms DESC, id DESC LIMIT 1",
            params![self.key(), who.0.as_bytes()],
            |row| json(row, 0),
        )
    }

    /// A customer's ended conversation right before `it`, by when they began.
    pub fn ended_before(&self, it: &Conversation) -> Result<Option<Conversation>, Stop> {
        self.one(
            "SELECT body FROM conversation WHERE workspace = ?1 AND customer = ?2 AND state = 'ended'
               AND (created_at_ms, id) < (?3, ?4)
             ORDER BY created_at_ms DESC, id DESC LIMIT 1",
            params![self.key(), it.customer.id.0.as_bytes(), it.created_at_ms, it.id.0.as_bytes()],
            |row| json(row, 0),
        )
    }

    /// A customer's open conversations: one, but for a reopening beside a newer one.
    pub fn open_of(&self, who: CustomerId) -> Result<Vec<Conversation>, Stop> {
        self.all(
            "SELECT body FROM conversation WHERE workspace = ?1 AND customer = ?2 AND state = 'open'",
            params![self.key(), who.0.as_bytes()],
            |row| json(row, 0),
        )
    }
}

impl Tx<'_> {
    /// Adds a customer.
    pub fn add_customer(&mut self, customer: &Customer) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "INSERT INTO customer (workspace, id, name, phone, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                self.key(),
                customer.id.0.as_bytes(),
                customer.name,
                customer.phone,
                self.clock.now_ms()
            ])?;
        Ok(())
    }

    /// Makes a private link the only one its customer has.
    pub fn put_link(&mut self, who: CustomerId, secret: &SecretHash) -> Result<(), Stop> {
        self.revoke_links(who)?;
        self.conn
            .prepare_cached(
                "INSERT INTO customer_link (workspace, secret, customer, made_at_ms) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![self.key(), secret, who.0.as_bytes(), self.clock.now_ms()])?;
        Ok(())
    }

    /// Revokes a customer's links.
    pub fn revoke_links(&mut self, who: CustomerId) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "UPDATE customer_link SET revoked_at_ms = ?3
                 WHERE workspace = ?1 AND customer = ?2 AND revoked_at_ms IS NULL",
            )?
            .execute(params![self.key(), who.0.as_bytes(), self.clock.now_ms()])?;
        Ok(())
    }

    /// Begins a session.
    pub fn add_customer_session(&mut self, who: CustomerId, token: &SecretHash) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "INSERT INTO customer_session (workspace, token, customer, made_at_ms) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![self.key(), token, who.0.as_bytes(), self.clock.now_ms()])?;
        Ok(())
    }

    /// Ends all of a customer's sessions and streams.
    pub fn end_customer_sessions(&mut self, who: CustomerId) -> Result<(), Stop> {
        let tokens = {
            let mut statement = self.conn.prepare_cached(
                "UPDATE customer_session SET revoked_at_ms = ?3
                 WHERE workspace = ?1 AND customer = ?2 AND revoked_at_ms IS NULL RETURNING token",
            )?;
            let rows = statement
                .query_map(params![self.key(), who.0.as_bytes(), self.clock.now_ms()], |row| row.get(0))?;
            rows.collect::<Result<Vec<SecretHash>, _>>()?
        };
        for token in tokens {
            self.tell_ended(token);
        }
        Ok(())
    }

    /// Who has a customer's conversation has read it up to number `n`. Replies whether that
    /// is news.
    pub fn read_for_customer(&mut self, who: CustomerId, place: PlaceId, n: i64) -> Result<bool, Stop> {
        let Some(seq) = self.public_seq_up_to(place, n)? else { return Ok(false) };
        let moved = self
            .conn
            .prepare_cached(
                "UPDATE customer SET read_seq = ?3 WHERE workspace = ?1 AND id = ?2 AND read_seq < ?3",
            )?
            .execute(params![self.key(), who.0.as_bytes(), seq])?;
        Ok(moved > 0)
    }

    /// All of a customer's entries until now are as good as read.
    pub fn all_read_for_customer(&mut self, who: CustomerId) -> Result<(), Stop> {
        self.conn
            .prepare_cached("UPDATE customer SET read_seq = public_seq WHERE workspace = ?1 AND id = ?2")?
            .execute(params![self.key(), who.0.as_bytes()])?;
        Ok(())
    }

    /// Numbers a public fact that is no entry, and tells the customer.
    pub fn public_fact(&mut self, who: CustomerId) -> Result<(), Stop> {
        self.next_public_seq(who, false)?;
        self.tell_customer(who);
        Ok(())
    }

    /// Takes a customer's next public number; with `all_read`, all up to it is as good as read.
    pub(super) fn next_public_seq(&self, who: CustomerId, all_read: bool) -> Result<i64, Stop> {
        let taken = self.one(
            "UPDATE customer SET public_seq = public_seq + 1,
                 read_seq = CASE WHEN ?3 THEN public_seq + 1 ELSE read_seq END
             WHERE workspace = ?1 AND id = ?2 RETURNING public_seq",
            params![self.key(), who.0.as_bytes(), all_read],
            |row| Ok(row.get(0)?),
        )?;
        taken.ok_or(Code::NotFound.into())
    }
}
