//! Conversations, their entries, files and read marks.

use super::look::{Look, json, of_word, word};
use super::{Stop, Tx};
use fieldline_model::change::ReadMark;
use fieldline_model::{
    Author, BlobHash, Body, Code, Conversation, ConversationId, CustomerId, Message, MessageId, PersonId,
    PlaceId, Record, Scope, SoundLevel, State,
};
use rusqlite::types::ValueRef;
use rusqlite::{Row, params};

impl Look<'_> {
    /// A conversation.
    pub fn conversation(&self, which: ConversationId) -> Result<Option<Conversation>, Stop> {
        let sql = "SELECT body FROM conversation WHERE workspace = ?1 AND id = ?2";
        self.one(sql, params![self.key(), which.0.as_bytes()], |row| json(row, 0))
    }

    /// Every conversation in a state, oldest first. For *waiting* and *open*, which
    /// are few beside the ended ones.
    pub fn conversations(&self, state: State) -> Result<Vec<Conversation>, Stop> {
        let sql = "SELECT body FROM conversation WHERE workspace = ?1 AND state = ?2 ORDER BY id";
        self.all(sql, params![self.key(), word(&state)], |row| json(row, 0))
    }

    /// The newest `limit` ended ones, newest first: all, or those `who` took part in.
    pub fn ended(&self, who: Option<PersonId>, limit: usize) -> Result<Vec<Conversation>, Stop> {
        let limit = limit as i64;
        match who {
            None => self.all(
                "SELECT body FROM conversation WHERE workspace = ?1 AND state = 'ended'
                 ORDER BY ended_at_ms DESC, id DESC LIMIT ?2",
                params![self.key(), limit],
                |row| json(row, 0),
            ),
            Some(who) => self.all(
                "SELECT c.body FROM took_part t
                 JOIN conversation c ON c.workspace = t.workspace AND c.id = t.conversation
                 WHERE t.workspace = ?1 AND t.person = ?2 AND c.state = 'ended'
                 ORDER BY c.ended_at_ms DESC, c.id DESC LIMIT ?3",
                params![self.key(), who.0.as_bytes(), limit],
                |row| json(row, 0),
            ),
        }
    }

    /// An entry.
    pub fn message(&self, which: MessageId) -> Result<Option<Message>, Stop> {
        let sql = "SELECT body FROM message WHERE workspace = ?1 AND id = ?2";
        self.one(sql, params![self.key(), which.0.as_bytes()], |row| json(row, 0))
    }

    /// The bytes of file `i` of a message.
    pub fn file(&self, message: MessageId, i: usize) -> Result<Option<BlobHash>, Stop> {
        self.one(
            "SELECT hash FROM file WHERE workspace = ?1 AND message = ?2 AND i = ?3",
            params![self.key(), message.0.as_bytes(), i as i64],
            |row| super::look::of_word(row, 0),
        )
    }

    /// How far a person has read in a place; 0 when they never did.
    pub fn read_to(&self, person: PersonId, place: PlaceId) -> Result<i64, Stop> {
        Ok(self.mark(person, place)?.n)
    }

    /// How far a person has read in a place, and how loud its news is for them.
    pub fn mark(&self, person: PersonId, place: PlaceId) -> Result<ReadMark, Stop> {
        let found = self.one(
            "SELECT n, sound FROM read_mark WHERE workspace = ?1 AND person = ?2 AND place = ?3",
            params![self.key(), person.0.as_bytes(), place.0.as_bytes()],
            |row| Ok(ReadMark { place, person, n: row.get(0)?, sound: level(row, 1)? }),
        )?;
        Ok(found.unwrap_or(ReadMark { place, person, n: 0, sound: None }))
    }
}

/// The sound level in column `i`, if one is set.
fn level(row: &Row<'_>, i: usize) -> Result<Option<SoundLevel>, Stop> {
    if row.get_ref(i)? == ValueRef::Null { Ok(None) } else { of_word(row, i).map(Some) }
}

impl Tx<'_> {
    /// Writes a conversation as it now is; `was` is who saw it before.
    pub fn put_conversation(&mut self, now: Conversation, was: Scope) -> Result<(), Stop> {
        let (seq, scope) = (self.upcoming_number(), now.scope());
        let (body, state) = (serde_json::to_string(&now)?, word(&now.state));
        // Mostly nothing changes that lists are chosen by: their indexes stay untouched.
        let same = self
            .conn
            .prepare_cached(
                "UPDATE conversation SET body = ?3, seq = ?4
                 WHERE workspace = ?1 AND id = ?2 AND state = ?5 AND ended_at_ms IS ?6",
            )?
            .execute(params![self.key(), now.id.0.as_bytes(), body, seq, state, now.ended_at_ms])?;
        if same == 0 {
            self.conn
                .prepare_cached(
                    "INSERT INTO conversation
                         (workspace, id, customer, state, created_at_ms, ended_at_ms, body, seq)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                     ON CONFLICT (workspace, id) DO UPDATE SET state = excluded.state,
                         ended_at_ms = excluded.ended_at_ms, body = excluded.body, seq = excluded.seq",
                )?
                .execute(params![
                    self.key(),
                    now.id.0.as_bytes(),
                    now.customer.id.0.as_bytes(),
                    state,
                    now.created_at_ms,
                    now.ended_at_ms,
                    body,
                    seq
                ])?;
        }
        if scope != was {
            self.tell_moved();
            let sql = "INSERT OR IGNORE INTO took_part (workspace, person, conversation) VALUES (?1, ?2, ?3)";
            for person in &now.took_part {
                let ids = params![self.key(), person.id.0.as_bytes(), now.id.0.as_bytes()];
                self.conn.prepare_cached(sql)?.execute(ids)?;
            }
        }
        self.note_held(Record::Conversation(Box::new(now)), was, scope);
        Ok(())
    }

    /// Adds an entry. One that a customer sees gets the customer's next number; who answers
    /// them has read all before it. Refuses with *id_reused* the id of another entry: the server
    /// gives some of its own lines ids that no intent had.
    pub fn add_message(
        &mut self,
        message: Message,
        customer: Option<CustomerId>,
        scope: Scope,
    ) -> Result<(), Stop> {
        let answers = matches!((&message.author, &message.body), (Author::Person(_), Body::Said { .. }));
        let public_seq = customer.map(|who| self.next_public_seq(who, answers)).transpose()?;
        let added = self
            .conn
            .prepare_cached(
                "INSERT INTO message (workspace, id, place, n, customer, public_seq, body, seq, reply_to)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (workspace, id) DO NOTHING",
            )?
            .execute(params![
                self.key(),
                message.id.0.as_bytes(),
                message.place.0.as_bytes(),
                message.n,
                customer.map(|who| who.0.into_bytes()),
                public_seq,
                serde_json::to_string(&message)?,
                self.upcoming_number(),
                message.reply_to().map(|quote| quote.message.0.into_bytes())
            ])?;
        if added == 0 {
            return Err(Code::IdReused.into());
        }
        self.note_held(Record::Message(Box::new(message)), Scope::Nobody, scope);
        if let Some(customer) = customer {
            self.tell_customer(customer);
        }
        Ok(())
    }

    /// Adds the bytes of file `i` of a message of this step.
    pub fn add_file(&mut self, message: MessageId, i: usize, hash: &BlobHash) -> Result<(), Stop> {
        self.conn
            .prepare_cached("INSERT INTO file (workspace, message, i, hash) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![self.key(), message.0.as_bytes(), i as i64, hash.as_str()])?;
        Ok(())
    }

    /// Moves a read mark on; never back. Replies whether it moved.
    pub fn put_read(&mut self, person: PersonId, place: PlaceId, n: i64) -> Result<bool, Stop> {
        if n <= 0 {
            return Ok(false);
        }
        let seq = self.upcoming_number();
        let moved = self.one(
            "INSERT INTO read_mark (workspace, person, place, n, seq) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (workspace, person, place) DO UPDATE SET n = excluded.n, seq = excluded.seq
             WHERE n < excluded.n RETURNING sound",
            params![self.key(), person.0.as_bytes(), place.0.as_bytes(), n, seq],
            |row| level(row, 0),
        )?;
        if let Some(sound) = moved {
            let only = Scope::Only { person };
            self.note_held(Record::Read(ReadMark { place, person, n, sound }), only.clone(), only);
        }
        Ok(moved.is_some())
    }

    /// Writes a read mark as it now is.
    pub(super) fn put_mark(&mut self, mark: &ReadMark) -> Result<(), Stop> {
        let (person, place) = (mark.person, mark.place);
        let only = Scope::Only { person };
        let seq = self.note_held(Record::Read(mark.clone()), only.clone(), only);
        self.conn
            .prepare_cached(
                "INSERT INTO read_mark (workspace, person, place, n, sound, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (workspace, person, place) DO UPDATE SET n = excluded.n, sound = excluded.sound,
                     seq = excluded.seq",
            )?
            .execute(params![
                self.key(),
                person.0.as_bytes(),
                place.0.as_bytes(),
                mark.n,
                mark.sound.as_ref().map(word),
                seq
            ])?;
        Ok(())
    }
}
