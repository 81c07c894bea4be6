//! People, their devices and their invites.

use super::contacts::COLUMNS;
use super::look::{Look, id, of_word, word};
use super::{Act, Actor, Stop, Tx};
use crate::secrets::SecretHash;
use fieldline_model::{Code, DeviceId, Person, PersonId, Reader, RecordKind, Scope, Shown};
use rusqlite::{Row, params};

/// A session may rest this long before its person signs in again: 90 days.
pub(in crate::store) const IDLE_MAX_MS: i64 = 90 * 24 * 3600 * 1000;
/// A one-time link works this long: 72 hours.
pub const INVITE_MAX_MS: i64 = 72 * 3600 * 1000;

/// Stamps kept of a device: a request that is on its way for longer than so many times that
/// the device connects is taken for a copy's.
const STAMPS_KEPT: usize = 64;

/// What a sign-in is checked against.
pub struct Credentials {
    /// Who.
    pub person: Person,
    /// The argon2id hash, once they have joined.
    pub password: Option<String>,
    /// Whether an admin blocked them.
    pub blocked: bool,
}

/// A person signed in on a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Which of their devices.
    pub device: DeviceId,
    /// Who, as they are now.
    pub person: Person,
    /// The hash of its token.
    pub token: SecretHash,
    /// When it was last written down that it was used.
    pub seen_at_ms: i64,
}

impl Session {
    /// Who asks, for [`Scope::holds`].
    pub fn reader(&self) -> Reader {
        Reader { id: self.person.id, role: self.person.role }
    }
}

/// Whom an invite is for.
pub struct Invitation {
    /// Who.
    pub person: Person,
    /// What they will sign in with.
    pub login: String,
}

/// A device that signs in.
pub struct SignedInDevice {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub id: DeviceId,
    /// What it is called.
    pub name: String,
    /// The hash of its new token.
    pub token: SecretHash,
}

/// The person of the first [`COLUMNS`].
pub(in crate::store) fn person(row: &Row<'_>) -> Result<Person, Stop> {
    Ok(Person {
        id: PersonId(id(row, 0)?),
        name: row.get(1)?,
        role: of_word(row, 2)?,
        phone: row.get(3)?,
        email: row.get(4)?,
        signed_up: row.get(5)?,
    })
}

impl Look<'_> {
    /// A person.
    pub fn person(&self, who: PersonId) -> Result<Option<Person>, Stop> {
        let sql = format!("SELECT {COLUMNS} FROM person WHERE workspace = ?1 AND id = ?2");
        self.one(&sql, params![self.key(), who.0.as_bytes()], person)
    }

    /// Somebody of the staff who may be given something to do.
    pub fn colleague(&self, who: PersonId) -> Result<Option<Person>, Stop> {
        Ok(self.contact(who)?.filter(|person| person.role.is_staff()))
    }

    /// What a sign-in with `login` (case-folded) is checked against.
    pub fn credentials(&self, login: &str) -> Result<Option<Credentials>, Stop> {
        let sql =
            format!("SELECT {COLUMNS}, password, blocked FROM person WHERE workspace = ?1 AND login = ?2");
        self.one(&sql, params![self.key(), login], |row| {
            Ok(Credentials { person: person(row)?, password: row.get(6)?, blocked: row.get(7)? })
        })
    }

    /// The session of a token of the staff, at `now_ms`.
    ///
    /// Refuses as [`Look::any_session`] does, and with *not_permitted* a client's: these
    /// routes are the staff's.
    pub fn session(&self, token: &SecretHash, now_ms: i64) -> Result<Session, Stop> {
        let session = self.any_session(token, now_ms)?;
        if session.person.role.is_staff() { Ok(session) } else { Err(Code::NotPermitted.into()) }
    }

    /// The session of a token of a client, likewise: the staff have routes of their own.
    pub fn client_session(&self, token: &SecretHash, now_ms: i64) -> Result<Session, Stop> {
        let session = self.any_session(token, now_ms)?;
        if session.person.role.is_staff() { Err(Code::NotPermitted.into()) } else { Ok(session) }
    }

    /// The session of a token, whoever's.
    ///
    /// Refuses with *signed_out* when it never was, is revoked or rested too long, with
    /// *blocked* when person or device is, and with *copied* after [`Tx::continues`] found that.
    pub fn any_session(&self, token: &SecretHash, now_ms: i64) -> Result<Session, Stop> {
        let found = self.one(
            "SELECT p.id, p.name, p.role, p.phone, p.email, p.password IS NOT NULL, d.id, d.seen_at_ms,
                 p.blocked OR d.blocked, d.copied, d.revoked_at_ms IS NULL
             FROM device d JOIN person p ON p.workspace = d.workspace AND p.id = d.person
             WHERE d.workspace = ?1 AND d.token = ?2",
            params![self.key(), token],
            |row| {
                let device = DeviceId(id(row, 6)?);
                let session =
                    Session { device, person: person(row)?, token: *token, seen_at_ms: row.get(7)? };
                Ok((session, row.get::<_, bool>(8)?, row.get::<_, bool>(9)?, row.get::<_, bool>(10)?))
            },
        )?;
        match found {
            Some((_, true, ..)) => Err(Code::Blocked.into()),
            Some((_, _, true, _)) => Err(Code::Copied.into()),
            Some((session, .., true)) if now_ms - session.seen_at_ms < IDLE_MAX_MS => Ok(session),
            _ => Err(Code::SignedOut.into()),
        }
    }

    /// What a person signs in with, once that is known.
    pub fn login_of(&self, who: PersonId) -> Result<Option<String>, Stop> {
        let sql = "SELECT login FROM person WHERE workspace = ?1 AND id = ?2";
        Ok(self.one(sql, params![self.key(), who.0.as_bytes()], |row| Ok(row.get(0)?))?.flatten())
    }

    /// Whom an unspent invite is for.
    pub fn invitation(&self, secret: &SecretHash, now_ms: i64) -> Result<Invitation, Stop> {
        let found = self.one(
            "SELECT p.id, p.name, p.role, p.phone, p.email, p.password IS NOT NULL, p.login
             FROM invite i JOIN person p ON p.workspace = i.workspace AND p.id = i.person
             WHERE i.workspace = ?1 AND i.secret = ?2 AND i.used_at_ms IS NULL
               AND i.made_at_ms > ?3 - ?4
               AND p.blocked = 0 AND p.login IS NOT NULL",
            params![self.key(), secret, now_ms, INVITE_MAX_MS],
            |row| Ok(Invitation { person: person(row)?, login: row.get(6)? }),
        )?;
        found.ok_or(Code::LinkInvalid.into())
    }
}

impl Tx<'_> {
    /// Adds a person; refuses a login (case-folded) somebody has.
    pub fn add_person(&mut self, person: &Person, login: Option<&str>) -> Result<(), Stop> {
        if let Some(login) = login
            && self.credentials(login)?.is_some()
        {
            return Err(Code::BadName.into());
        }
        self.conn
            .prepare_cached(
                "INSERT INTO person (workspace, id, login, name, role) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![self.key(), person.id.0.as_bytes(), login, person.name, word(&person.role)])?;
        self.note((RecordKind::Person, person.id.0), Scope::Nobody, Scope::Agents);
        Ok(())
    }

    /// Sets a person's password hash (PHC string).
    pub fn set_password(&mut self, who: PersonId, hash: &str) -> Result<(), Stop> {
        if self.person(who)?.is_some_and(|person| !person.signed_up) {
            self.note((RecordKind::Person, who.0), Scope::Agents, Scope::Agents);
        }
        self.conn
            .prepare_cached("UPDATE person SET password = ?3 WHERE workspace = ?1 AND id = ?2")?
            .execute(params![self.key(), who.0.as_bytes(), hash])?;
        self.clients.set(None);
        Ok(())
    }

    /// Sets what a person signs in with, case-folded and nobody else's.
    pub fn set_login(&mut self, who: PersonId, login: &str) -> Result<(), Stop> {
        self.conn
            .prepare_cached("UPDATE person SET login = ?3 WHERE workspace = ?1 AND id = ?2")?
            .execute(params![self.key(), who.0.as_bytes(), login])?;
        Ok(())
    }

    /// Makes an invite.
    pub fn add_invite(&mut self, who: PersonId, secret: &SecretHash) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "INSERT INTO invite (workspace, secret, person, made_at_ms) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![self.key(), secret, who.0.as_bytes(), self.clock.now_ms()])?;
        Ok(())
    }

    /// Makes a person's unspent invites worth nothing.
    pub fn end_invites(&mut self, who: PersonId) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "UPDATE invite SET used_at_ms = ?3 WHERE workspace = ?1 AND person = ?2 AND used_at_ms IS NULL",
            )?
            .execute(params![self.key(), who.0.as_bytes(), self.clock.now_ms()])?;
        Ok(())
    }

    /// Spends an invite that [`Look::invitation`] found in this transaction.
    pub fn spend_invite(&mut self, secret: &SecretHash) -> Result<(), Stop> {
        self.conn
            .prepare_cached("UPDATE invite SET used_at_ms = ?3 WHERE workspace = ?1 AND secret = ?2")?
            .execute(params![self.key(), secret, self.clock.now_ms()])?;
        Ok(())
    }

    /// Signs a device in; its former session, if it had one, is over. Refuses with *blocked*
    /// one that an admin blocked.
    pub fn sign_in(&mut self, device: &SignedInDevice) -> Result<(), Stop> {
        let former = self.one(
            "SELECT token, blocked FROM device WHERE workspace = ?1 AND person = ?2 AND id = ?3",
            params![self.key(), device.person.0.as_bytes(), device.id.0.as_bytes()],
            |row| Ok((row.get::<_, SecretHash>(0)?, row.get::<_, bool>(1)?)),
        )?;
        match former {
            Some((_, true)) => return Err(Code::Blocked.into()),
            Some((token, false)) => self.tell_ended(token),
            None => {}
        }
        self.conn
            .prepare_cached(
                "INSERT INTO device (workspace, person, id, token, name, signed_in_at_ms, seen_at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
                 ON CONFLICT (workspace, person, id) DO UPDATE SET token = excluded.token, name = excluded.name,
                     signed_in_at_ms = excluded.signed_in_at_ms, seen_at_ms = excluded.seen_at_ms,
                     revoked_at_ms = NULL, stamps = '', copied = 0",
            )?
            .execute(params![
                self.key(),
                device.person.0.as_bytes(),
                device.id.0.as_bytes(),
                device.token,
                device.name,
                self.clock.now_ms()
            ])?;
        self.keep_to_max(device.person.0.as_bytes(), Some(device.id))
    }

    /// Ends a session and its streams.
    pub fn sign_out(&mut self, session: &Session) -> Result<(), Stop> {
        self.conn
            .prepare_cached("UPDATE device SET revoked_at_ms = ?3 WHERE workspace = ?1 AND token = ?2")?
            .execute(params![self.key(), session.token, self.clock.now_ms()])?;
        self.tell_ended(session.token);
        Ok(())
    }

    /// Lets a device go on from what it shows, unless somebody else went on from there:
    /// then both are copies of one device, their session is over, and so it is said. So is
    /// who shows nothing where a device did: whoever has its token alone.
    pub fn continues(&mut self, session: &Session, shown: Option<Shown>) -> Result<bool, Stop> {
        let sql = "SELECT stamps FROM device WHERE workspace = ?1 AND token = ?2";
        let known: Option<String> =
            self.one(sql, params![self.key(), session.token], |row| Ok(row.get(0)?))?;
        let known = known.unwrap_or_default();
        let known: Vec<&str> = known.split_whitespace().collect();
        let next = shown.map(|shown| shown.next.to_string());
        // Asked again, or on its way for long: it was taken then. An app that is too old to
        // show anything never did.
        if next.as_deref().map_or(known.is_empty(), |next| known.contains(&next)) {
            return Ok(true);
        }
        let last = shown.and_then(|shown| shown.last).map(|last| last.to_string());
        if known.first().is_some_and(|known| Some(*known) != last.as_deref()) {
            self.step(Act::new(Actor::Person(session.person.id), "copied"), |tx| {
                tx.conn
                    .prepare_cached("UPDATE device SET copied = 1 WHERE workspace = ?1 AND token = ?2")?
                    .execute(params![tx.key(), session.token])?;
                tx.sign_out(session)
            })?;
            return Ok(false);
        }
        let before = known.into_iter().take(STAMPS_KEPT - 1);
        let stamps: Vec<&str> = next.as_deref().into_iter().chain(before).collect();
        self.conn
            .prepare_cached("UPDATE device SET stamps = ?3 WHERE workspace = ?1 AND token = ?2")?
            .execute(params![self.key(), session.token, stamps.join(" ")])?;
        Ok(true)
    }

    /// Blocks a person: their sessions are over, their streams close.
    pub fn block(&mut self, who: PersonId) -> Result<(), Stop> {
        let sql = "SELECT token FROM device WHERE workspace = ?1 AND person = ?2 AND revoked_at_ms IS NULL";
        let tokens =
            self.all(sql, params![self.key(), who.0.as_bytes()], |row| Ok(row.get::<_, SecretHash>(0)?))?;
        let blocked = self
            .conn
            .prepare_cached("UPDATE person SET blocked = 1 WHERE workspace = ?1 AND id = ?2 AND blocked = 0")?
            .execute(params![self.key(), who.0.as_bytes()])?;
        if blocked > 0 {
            // Nobody is to choose them any more.
            self.note((RecordKind::Person, who.0), Scope::Agents, Scope::Nobody);
        }
        for token in tokens {
            self.tell_ended(token);
        }
        self.tell_moved();
        Ok(())
    }

    /// Writes down that a session is in use, at most once an hour.
    pub fn touch(&mut self, session: &Session) -> Result<(), Stop> {
        let now = self.clock.now_ms();
        if now - session.seen_at_ms > 3600 * 1000 {
            self.conn
                .prepare_cached("UPDATE device SET seen_at_ms = ?3 WHERE workspace = ?1 AND token = ?2")?
                .execute(params![self.key(), session.token, now])?;
        }
        Ok(())
    }
}
