//! The queues behind the picklist, and who sees what waits in them.

use super::look::{Look, id, of_word, word};
use super::{Stop, Tx};
use fieldline_model::offer::OFFER_DEFAULT_MS;
use fieldline_model::{Conversation, CustomerId, PersonId, Queue, QueueId, QueueMode, Record, Scope, State};
use rusqlite::params;
use std::collections::BTreeSet;

/// A queue as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRow {
    /// What devices are told of it.
    pub queue: Queue,
    /// What it is called.
    pub name: String,
    /// Who sees what waits in it, beside admins; `None`: all the staff.
    pub members: Option<BTreeSet<PersonId>>,
}

impl QueueRow {
    /// Who is told of it.
    pub fn scope(&self) -> Scope {
        self.members.as_ref().map_or(Scope::Agents, |members| Scope::people(members.iter().copied()))
    }

    /// Whether what waits in it is offered to `who`, one of the staff.
    pub fn offers_to(&self, who: PersonId) -> bool {
        let is_member = self.members.as_ref().is_none_or(|members| members.contains(&who));
        self.queue.mode == QueueMode::Offer && is_member
    }
}

impl Look<'_> {
    /// The queue that is there without anybody having made it.
    pub fn first_queue(&self) -> QueueId {
        QueueId(self.workspace.0)
    }

    /// Every queue, the first one first, then as they were made.
    pub fn queues(&self) -> Result<Vec<QueueRow>, Stop> {
        let sql =
            "SELECT id, mode, offer_ms, name, closed FROM queue WHERE workspace = ?1 ORDER BY id <> ?1, id";
        let kept = self.all(sql, params![self.key()], |row| {
            let queue = Queue { id: QueueId(id(row, 0)?), mode: of_word(row, 1)?, offer_ms: row.get(2)? };
            Ok((QueueRow { queue, name: row.get(3)?, members: None }, row.get::<_, bool>(4)?))
        })?;
        let first = self.first_queue();
        let mut queues = Vec::with_capacity(kept.len() + 1);
        if kept.first().is_none_or(|(row, _)| row.queue.id != first) {
            let queue = Queue { id: first, mode: QueueMode::Pick, offer_ms: OFFER_DEFAULT_MS };
            queues.push(QueueRow { queue, name: String::new(), members: None });
        }
        for (mut row, closed) in kept {
            row.members = closed.then(|| self.queue_members(row.queue.id)).transpose()?;
            queues.push(row);
        }
        Ok(queues)
    }

    /// One of them; `None` for what is there no more, or never was.
    pub fn queue(&self, which: QueueId) -> Result<Option<QueueRow>, Stop> {
        Ok(self.queues()?.into_iter().find(|row| row.queue.id == which))
    }

    fn queue_members(&self, of: QueueId) -> Result<BTreeSet<PersonId>, Stop> {
        let sql = "SELECT person FROM queue_member WHERE workspace = ?1 AND queue = ?2";
        let all = self.all(sql, params![self.key(), of.0.as_bytes()], |row| Ok(PersonId(id(row, 0)?)))?;
        Ok(all.into_iter().collect())
    }

    /// The queue a customer came by; `None`: the first.
    pub fn queue_of_customer(&self, who: CustomerId) -> Result<Option<QueueId>, Stop> {
        let sql = "SELECT queue FROM customer WHERE workspace = ?1 AND id = ?2";
        let queue = self
            .one(sql, params![self.key(), who.0.as_bytes()], |row| Ok(row.get::<_, Option<[u8; 16]>>(0)?))?;
        Ok(queue.flatten().map(|queue| QueueId(uuid::Uuid::from_bytes(queue))))
    }

    /// Who sees a conversation wait that begins to now.
    pub fn waiting_members(&self, it: &Conversation) -> Result<Option<BTreeSet<PersonId>>, Stop> {
        let queue = self.queue(it.queue.unwrap_or(self.first_queue()))?;
        Ok(queue.and_then(|row| row.members))
    }
}

impl Tx<'_> {
    /// Sets a queue, or adds it: who sees what waits in it does so from now on.
    pub fn put_queue(&mut self, row: &QueueRow) -> Result<(), Stop> {
        let was = self.queue(row.queue.id)?;
        if was.as_ref() == Some(row) {
            return Ok(());
        }
        let Queue { id, mode, offer_ms } = &row.queue;
        self.conn
            .prepare_cached(
                "INSERT INTO queue (workspace, id, mode, offer_ms, name, closed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (workspace, id) DO UPDATE SET mode = excluded.mode, offer_ms = excluded.offer_ms,
                     name = excluded.name, closed = excluded.closed",
            )?
            .execute(params![
                self.key(),
                id.0.as_bytes(),
                word(mode),
                offer_ms,
                row.name,
                row.members.is_some()
            ])?;
        self.put_queue_members(*id, row.members.iter().flatten())?;
        let was_scope = was.as_ref().map_or(Scope::Nobody, QueueRow::scope);
        self.note_put(Record::Queue(row.queue.clone()), was_scope, row.scope());
        if was.is_some_and(|was| was.members != row.members) {
            self.show_waiting(row)?;
        }
        self.tell_moved();
        Ok(())
    }

    fn put_queue_members<'a>(
        &self,
        of: QueueId,
        members: impl Iterator<Item = &'a PersonId>,
    ) -> Result<(), Stop> {
        self.conn
            .prepare_cached("DELETE FROM queue_member WHERE workspace = ?1 AND queue = ?2")?
            .execute(params![self.key(), of.0.as_bytes()])?;
        let sql = "INSERT INTO queue_member (workspace, queue, person) VALUES (?1, ?2, ?3)";
        for member in members {
            let row = params![self.key(), of.0.as_bytes(), member.0.as_bytes()];
            self.conn.prepare_cached(sql)?.execute(row)?;
        }
        Ok(())
    }

    /// What waits in a queue is seen by its members as they are now.
    fn show_waiting(&mut self, row: &QueueRow) -> Result<(), Stop> {
        let first = self.first_queue();
        for mut it in self.conversations(State::Waiting)? {
            if it.queue.unwrap_or(first) == row.queue.id {
                let was = it.scope();
                it.members = row.members.clone();
                self.put_conversation(it, was)?;
            }
        }
        Ok(())
    }

    /// By which queue a customer came.
    pub fn set_queue_of_customer(&mut self, who: CustomerId, queue: QueueId) -> Result<(), Stop> {
        self.conn
            .prepare_cached("UPDATE customer SET queue = ?3 WHERE workspace = ?1 AND id = ?2")?
            .execute(params![self.key(), who.0.as_bytes(), queue.0.as_bytes()])?;
        Ok(())
    }
}
