//! People as an admin sees them.

use crate::secrets::SecretHash;
use crate::store::contacts::COLUMNS;
use crate::store::look::{Look, id, word};
use crate::store::people::{IDLE_MAX_MS, INVITE_MAX_MS, person};
use crate::store::{Stop, Tx};
use fieldline_model::admin::ROWS_MAX;
use fieldline_model::admin::people::{AdminDevice, AdminPerson, DeviceState, PeoplePage, PeopleSearch};
use fieldline_model::{Code, DeviceId, PersonId, RecordKind, Role, Scope, State};
use rusqlite::params;

impl Look<'_> {
    /// A page of all people that `search` finds: the staff first, each by name.
    pub fn people_page(&self, search: &PeopleSearch, now_ms: i64) -> Result<PeoplePage, Stop> {
        let sql = format!(
            "SELECT {COLUMNS}, login, blocked FROM person WHERE workspace = ?1 AND (?2 IS NULL OR role = ?2)
             ORDER BY role = 'client', name COLLATE NOCASE, id"
        );
        let role = search.role.as_ref().map(word);
        let mut all = self.all(&sql, params![self.key(), role], |row| {
            let it = person(row)?;
            Ok(AdminPerson {
                id: it.id,
                name: it.name,
                role: it.role,
                login: row.get(6)?,
                phone: it.phone,
                email: it.email,
                enabled: !row.get::<_, bool>(7)?,
                signed_up: it.signed_up,
                link_until_ms: None,
                second_factor_since_ms: None,
                modules: Vec::new(),
                devices: 0,
                open: 0,
                queues: Vec::new(),
            })
        })?;
        let wanted = search.search.trim().to_lowercase();
        all.retain(|it| has(it, &wanted));
        let total = all.len() as u32;
        let mut people: Vec<_> = all.into_iter().skip(search.from as usize).take(ROWS_MAX).collect();
        for it in &mut people {
            self.complete(it, now_ms)?;
        }
        let open = self.conversations(State::Open)?;
        for agent in open.iter().filter_map(|it| it.agent.as_ref()) {
            people.iter_mut().filter(|it| it.id == agent.id).for_each(|it| it.open += 1);
        }
        Ok(PeoplePage { people, total })
    }

    fn complete(&self, it: &mut AdminPerson, now_ms: i64) -> Result<(), Stop> {
        it.modules = self.modules(it.id)?;
        it.second_factor_since_ms = self.second_factor(it.id)?.on_since_ms;
        let signed_in = |device: &AdminDevice| device.state == DeviceState::SignedIn;
        it.devices = self.devices_of(it.id, now_ms)?.iter().filter(|device| signed_in(device)).count() as u32;
        let sql = "SELECT max(made_at_ms) FROM invite
                   WHERE workspace = ?1 AND person = ?2 AND used_at_ms IS NULL AND made_at_ms > ?3";
        let links = params![self.key(), it.id.0.as_bytes(), now_ms - INVITE_MAX_MS];
        let made: Option<i64> = self.one(sql, links, |row| Ok(row.get(0)?))?.flatten();
        it.link_until_ms = made.filter(|_| it.enabled).map(|made| made + INVITE_MAX_MS);
        Ok(())
    }

    /// Every device somebody signed in on, the one used last first.
    pub fn devices_of(&self, who: PersonId, now_ms: i64) -> Result<Vec<AdminDevice>, Stop> {
        let sql =
            "SELECT id, name, signed_in_at_ms, seen_at_ms, blocked, revoked_at_ms IS NULL AND copied = 0
                   FROM device WHERE workspace = ?1 AND person = ?2 ORDER BY seen_at_ms DESC, id";
        self.all(sql, params![self.key(), who.0.as_bytes()], |row| {
            let seen_at_ms = row.get(3)?;
            let state = match (row.get(4)?, row.get(5)?) {
                (true, _) => DeviceState::Blocked,
                (false, true) if seen_at_ms > now_ms - IDLE_MAX_MS => DeviceState::SignedIn,
                (false, _) => DeviceState::SignedOut,
            };
            let (id, name, signed_in_at_ms) = (DeviceId(id(row, 0)?), row.get(1)?, row.get(2)?);
            Ok(AdminDevice { id, name, signed_in_at_ms, seen_at_ms, state, this: false })
        })
    }

    /// On how many devices one person may be signed in.
    pub fn devices_max(&self) -> Result<Option<u32>, Stop> {
        let sql = "SELECT devices_max FROM workspace WHERE id = ?1";
        Ok(self.one(sql, params![self.key()], |row| Ok(row.get(0)?))?.flatten())
    }

    /// The admins who are enabled and have a password.
    pub fn able_admins(&self) -> Result<Vec<PersonId>, Stop> {
        let sql = "SELECT id FROM person
                   WHERE workspace = ?1 AND role = 'admin' AND blocked = 0 AND password IS NOT NULL";
        self.all(sql, params![self.key()], |row| Ok(PersonId(id(row, 0)?)))
    }

    /// Cursors of `who` below this need a new snapshot: what they may see was another.
    pub fn tail_of(&self, who: PersonId) -> Result<i64, Stop> {
        let sql = "SELECT tail FROM person WHERE workspace = ?1 AND id = ?2";
        Ok(self.one(sql, params![self.key(), who.0.as_bytes()], |row| Ok(row.get(0)?))?.unwrap_or(0))
    }
}

/// Whether a person's name, login, number or address has `wanted`, folded.
fn has(it: &AdminPerson, wanted: &str) -> bool {
    let known = [it.login.as_deref(), it.phone.as_deref(), it.email.as_deref()];
    let name = it.name.to_lowercase();
    wanted.is_empty()
        || name.contains(wanted)
        || it.id.to_string() == wanted
        || known.into_iter().flatten().any(|text| text.contains(wanted))
}

impl Tx<'_> {
    /// Gives somebody another name, as their colleagues and they themself see it.
    pub fn rename_person(&mut self, who: PersonId, name: &str) -> Result<(), Stop> {
        self.conn
            .prepare_cached("UPDATE person SET name = ?3 WHERE workspace = ?1 AND id = ?2")?
            .execute(params![self.key(), who.0.as_bytes(), name])?;
        let only = Scope::Only { person: who };
        self.note((RecordKind::Person, who.0), Scope::Agents, Scope::Agents);
        self.note((RecordKind::Me, who.0), only.clone(), only);
        Ok(())
    }

    /// Makes an admin an agent, or the reverse. What they see is another from now on, so their
    /// devices take it anew.
    pub fn set_role(&mut self, who: PersonId, role: Role) -> Result<(), Stop> {
        self.note((RecordKind::Person, who.0), Scope::Agents, Scope::Agents);
        let (only, tail) = (Scope::Only { person: who }, self.upcoming_number());
        self.note((RecordKind::Me, who.0), only.clone(), only);
        self.conn
            .prepare_cached("UPDATE person SET role = ?3, tail = ?4 WHERE workspace = ?1 AND id = ?2")?
            .execute(params![self.key(), who.0.as_bytes(), word(&role), tail])?;
        self.tell_moved();
        Ok(())
    }

    /// Lets a person in again; the sessions they were in when they were shut out stay over.
    pub fn unblock(&mut self, who: PersonId) -> Result<(), Stop> {
        let sql = "UPDATE person SET blocked = 0 WHERE workspace = ?1 AND id = ?2 AND blocked = 1";
        if self.conn.prepare_cached(sql)?.execute(params![self.key(), who.0.as_bytes()])? > 0 {
            self.end_devices(who, None)?;
            self.note((RecordKind::Person, who.0), Scope::Nobody, Scope::Agents);
        }
        Ok(())
    }

    /// Blocks a device of a person, or lets them sign in on it again. Refuses with *not_found*
    /// one they never signed in on.
    pub fn block_device(&mut self, who: PersonId, which: DeviceId, blocked: bool) -> Result<(), Stop> {
        let sql = "UPDATE device SET blocked = ?4,
                       revoked_at_ms = CASE WHEN ?4 THEN coalesce(revoked_at_ms, ?5) ELSE revoked_at_ms END
                   WHERE workspace = ?1 AND person = ?2 AND id = ?3 RETURNING token";
        let now = self.clock.now_ms();
        let key = params![self.key(), who.0.as_bytes(), which.0.as_bytes(), blocked, now];
        let token = self.one(sql, key, |row| Ok(row.get::<_, SecretHash>(0)?))?.ok_or(Code::NotFound)?;
        if blocked {
            self.tell_ended(token);
        }
        Ok(())
    }
}
