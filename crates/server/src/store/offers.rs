//! Availability and offers.

use super::look::{Look, id, of_word, word};
use super::{Stop, Tx};
use fieldline_model::{Availability, ConversationId, Offer, PersonId, Ready, Record, RecordKind, Scope};
use rusqlite::{Row, params};

fn availability(row: &Row<'_>) -> Result<Availability, Stop> {
    Ok(Availability { person: PersonId(id(row, 0)?), ready: of_word(row, 1)?, since_ms: row.get(2)? })
}

fn offer(row: &Row<'_>) -> Result<Offer, Stop> {
    Ok(Offer {
        conversation: ConversationId(id(row, 0)?),
        agent: PersonId(id(row, 1)?),
        made_at_ms: row.get(2)?,
        expires_at_ms: row.get(3)?,
    })
}

impl Look<'_> {
    /// What a person set of themself; `None` when they never did.
    pub fn availability(&self, who: PersonId) -> Result<Option<Availability>, Stop> {
        let sql = "SELECT person, ready, since_ms FROM availability WHERE workspace = ?1 AND person = ?2";
        self.one(sql, params![self.key(), who.0.as_bytes()], availability)
    }

    /// What everyone set who ever did.
    pub fn availabilities(&self) -> Result<Vec<Availability>, Stop> {
        let sql = "SELECT person, ready, since_ms FROM availability WHERE workspace = ?1 ORDER BY person";
        self.all(sql, params![self.key()], availability)
    }

    /// The available agents, the one who is idle longest first.
    pub fn idle(&self) -> Result<Vec<PersonId>, Stop> {
        self.all(
            "SELECT a.person FROM availability a
             JOIN person p ON p.workspace = a.workspace AND p.id = a.person
             WHERE a.workspace = ?1 AND a.ready = 'available' AND p.blocked = 0 AND p.role <> 'client'
             ORDER BY a.idle_since_ms, a.person",
            params![self.key()],
            |row| Ok(PersonId(id(row, 0)?)),
        )
    }

    /// The offer of a conversation.
    pub fn offer(&self, of: ConversationId) -> Result<Option<Offer>, Stop> {
        self.one(
            "SELECT conversation, agent, made_at_ms, expires_at_ms FROM offer
             WHERE workspace = ?1 AND conversation = ?2",
            params![self.key(), of.0.as_bytes()],
            offer,
        )
    }

    /// Every offer there is now.
    pub fn offers(&self) -> Result<Vec<Offer>, Stop> {
        let sql = "SELECT conversation, agent, made_at_ms, expires_at_ms FROM offer
                   WHERE workspace = ?1 ORDER BY conversation";
        self.all(sql, params![self.key()], offer)
    }

    /// Who let a conversation pass since it waits.
    pub fn passed(&self, of: ConversationId) -> Result<Vec<PersonId>, Stop> {
        let sql = "SELECT person FROM offer_passed WHERE workspace = ?1 AND conversation = ?2";
        self.all(sql, params![self.key(), of.0.as_bytes()], |row| Ok(PersonId(id(row, 0)?)))
    }
}

impl Tx<'_> {
    /// Sets somebody's availability. Who becomes available may be offered again what
    /// they let pass.
    pub fn put_availability(&mut self, who: PersonId, ready: Ready) -> Result<(), Stop> {
        let was = self.availability(who)?.map(|it| it.ready);
        if was == Some(ready) {
            return Ok(());
        }
        let now = self.clock.now_ms();
        self.conn
            .prepare_cached(
                "INSERT INTO availability (workspace, person, ready, since_ms, idle_since_ms)
                 VALUES (?1, ?2, ?3, ?4, ?4)
                 ON CONFLICT (workspace, person) DO UPDATE SET ready = excluded.ready,
                     since_ms = excluded.since_ms, idle_since_ms = excluded.idle_since_ms",
            )?
            .execute(params![self.key(), who.0.as_bytes(), word(&ready), now])?;
        if ready == Ready::Available {
            self.conn
                .prepare_cached("DELETE FROM offer_passed WHERE workspace = ?1 AND person = ?2")?
                .execute(params![self.key(), who.0.as_bytes()])?;
        }
        let record = Record::Availability(Availability { person: who, ready, since_ms: now });
        self.note_put(record, Scope::Agents, Scope::Agents);
        self.tell_moved();
        Ok(())
    }

    /// Somebody got something to do: they are idle from now on.
    pub fn touch_idle(&mut self, who: PersonId) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "UPDATE availability SET idle_since_ms = ?3 WHERE workspace = ?1 AND person = ?2",
            )?
            .execute(params![self.key(), who.0.as_bytes(), self.clock.now_ms()])?;
        Ok(())
    }

    /// Makes an offer.
    pub fn put_offer(&mut self, offer: &Offer) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO offer (workspace, conversation, agent, made_at_ms, expires_at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                self.key(),
                offer.conversation.0.as_bytes(),
                offer.agent.0.as_bytes(),
                offer.made_at_ms,
                offer.expires_at_ms
            ])?;
        self.note_put(Record::Offer(offer.clone()), Scope::Nobody, Scope::Only { person: offer.agent });
        Ok(())
    }

    /// Ends an offer; `passed` when its agent declined it or let it run out.
    pub fn end_offer(&mut self, offer: &Offer, passed: bool) -> Result<(), Stop> {
        let ids = params![self.key(), offer.conversation.0.as_bytes()];
        self.conn
            .prepare_cached("DELETE FROM offer WHERE workspace = ?1 AND conversation = ?2")?
            .execute(ids)?;
        if passed {
            let sql =
                "INSERT OR IGNORE INTO offer_passed (workspace, conversation, person) VALUES (?1, ?2, ?3)";
            let row = params![self.key(), offer.conversation.0.as_bytes(), offer.agent.0.as_bytes()];
            self.conn.prepare_cached(sql)?.execute(row)?;
            self.touch_idle(offer.agent)?;
        }
        let name = (RecordKind::Offer, offer.conversation.0);
        self.note(name, Scope::Only { person: offer.agent }, Scope::Nobody);
        self.tell_moved();
        Ok(())
    }

    /// Forgets who let a conversation pass: it no longer waits.
    pub fn forget_passed(&mut self, of: ConversationId) -> Result<(), Stop> {
        self.conn
            .prepare_cached("DELETE FROM offer_passed WHERE workspace = ?1 AND conversation = ?2")?
            .execute(params![self.key(), of.0.as_bytes()])?;
        Ok(())
    }
}
