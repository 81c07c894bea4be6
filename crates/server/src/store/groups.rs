//! Groups and who is in them.
//!
//! Invariants
//! - A group's record changes with its people and its name; an entry moves `last_n`
//!   alone, so that a message costs no more for the people who get it.
//! - Who was in a group is remembered: they may be told that they no longer are.

use super::look::{Look, json};
use super::{Stop, Tx};
use fieldline_model::change::{Seen, SeenBy};
use fieldline_model::{Group, GroupId, PersonId, PlaceId, Record, RecordKind, Scope, SoundLevel};
use rusqlite::{Row, params};

fn group(row: &Row<'_>) -> Result<Group, Stop> {
    Ok(Group { last_n: row.get(1)?, ..json(row, 0)? })
}

impl Look<'_> {
    /// A group.
    pub fn group(&self, which: GroupId) -> Result<Option<Group>, Stop> {
        let sql = "SELECT body, last_n FROM message_group WHERE workspace = ?1 AND id = ?2";
        self.one(sql, params![self.key(), which.0.as_bytes()], group)
    }

    /// Whether `who` is in a group (`Some(true)`), or was (`Some(false)`).
    pub fn membership(&self, who: PersonId, which: GroupId) -> Result<Option<bool>, Stop> {
        self.one(
            "SELECT gone = 0 FROM group_member WHERE workspace = ?1 AND person = ?2 AND message_group = ?3",
            params![self.key(), who.0.as_bytes(), which.0.as_bytes()],
            |row| Ok(row.get(0)?),
        )
    }

    /// How far the members of a group have read; nothing of one so large that it is not told.
    pub fn seen(&self, of: &Group) -> Result<Option<Seen>, Stop> {
        if of.members.len() > Seen::PEOPLE_MAX {
            return Ok(None);
        }
        let mut by = Vec::new();
        for member in &of.members {
            let person = member.person.id;
            let n = self.one(
                "SELECT told_n FROM read_mark WHERE workspace = ?1 AND person = ?2 AND place = ?3",
                params![self.key(), person.0.as_bytes(), of.id.0.as_bytes()],
                |row| Ok(row.get(0)?),
            )?;
            by.extend(n.filter(|n| *n > 0).map(|n| SeenBy { person, n }));
        }
        Ok(Some(Seen { place: of.id.into(), by }))
    }

    /// The groups `who` is in, the one with the newest entry first.
    pub fn groups_of(&self, who: PersonId) -> Result<Vec<Group>, Stop> {
        self.all(
            "SELECT g.body, g.last_n FROM group_member m
             JOIN message_group g ON g.workspace = m.workspace AND g.id = m.message_group
             WHERE m.workspace = ?1 AND m.person = ?2 AND m.gone = 0
             ORDER BY (SELECT e.seq FROM message e
                       WHERE e.workspace = g.workspace AND e.n / 16 = g.last_n / 16 AND e.place = g.id
                         AND e.n = g.last_n) DESC, g.id",
            params![self.key(), who.0.as_bytes()],
            group,
        )
    }
}

impl Tx<'_> {
    /// Writes a group as it now is; `was` is who saw it before.
    pub fn put_group(&mut self, now: &Group, was: Scope) -> Result<(), Stop> {
        let key = params![self.key(), now.id.0.as_bytes(), now.last_n, serde_json::to_string(now)?];
        self.conn
            .prepare_cached(
                "INSERT INTO message_group (workspace, id, last_n, body) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (workspace, id) DO UPDATE SET last_n = excluded.last_n, body = excluded.body",
            )?
            .execute(key)?;
        let scope = now.scope();
        if scope != was {
            self.put_members(now)?;
        }
        self.note_put(Record::Group(Box::new(now.clone())), was, scope);
        Ok(())
    }

    fn put_members(&self, now: &Group) -> Result<(), Stop> {
        self.conn
            .prepare_cached("UPDATE group_member SET gone = 1 WHERE workspace = ?1 AND message_group = ?2")?
            .execute(params![self.key(), now.id.0.as_bytes()])?;
        let mut put = self.conn.prepare_cached(
            "INSERT INTO group_member (workspace, person, message_group, gone) VALUES (?1, ?2, ?3, 0)
             ON CONFLICT (workspace, person, message_group) DO UPDATE SET gone = 0",
        )?;
        for member in &now.members {
            put.execute(params![self.key(), member.person.id.0.as_bytes(), now.id.0.as_bytes()])?;
        }
        Ok(())
    }

    /// Takes the number of a group's next entry.
    pub fn next_n(&self, it: &mut Group) -> Result<(), Stop> {
        it.last_n += 1;
        self.conn
            .prepare_cached("UPDATE message_group SET last_n = ?3 WHERE workspace = ?1 AND id = ?2")?
            .execute(params![self.key(), it.id.0.as_bytes(), it.last_n])?;
        Ok(())
    }

    /// Tells the staff in a group that one of its members has read up to `n`.
    pub fn seen_on(&mut self, it: &Group, who: PersonId, n: i64) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "UPDATE read_mark SET told_n = ?4 WHERE workspace = ?1 AND person = ?2 AND place = ?3",
            )?
            .execute(params![self.key(), who.0.as_bytes(), it.id.0.as_bytes(), n])?;
        self.note_seen(it);
        Ok(())
    }

    /// How far a group's members have read is told anew: of others, or of another one.
    pub fn note_seen(&mut self, it: &Group) {
        if it.members.len() <= Seen::PEOPLE_MAX {
            self.note((RecordKind::Seen, it.id.0), Seen::scope(it), Seen::scope(it));
        }
    }

    /// Sets how loud the news of a place is for a person.
    pub fn sound(&mut self, person: PersonId, place: PlaceId, sound: Option<SoundLevel>) -> Result<(), Stop> {
        let mut mark = self.mark(person, place)?;
        if mark.sound == sound {
            return Ok(());
        }
        mark.sound = sound;
        self.put_mark(&mark)
    }
}
