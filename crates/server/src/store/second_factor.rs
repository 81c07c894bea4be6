//! Second factors: whose is on, and which codes were used.
//!
//! ```text
//! none ──begin──► begun ──its first code──► on ──off, or an admin──► none
//!                   ▲  └──begin──┘            └──each sign-in: a newer code, or a recovery code
//! ```
//! Invariants
//! - A code is judged in the transaction of what it is asked for, and used up with it: of two who
//!   show one at once, one is refused.
//! - A recovery code is gone when it was used; only hashes of them are kept.

use super::look::Look;
use super::{Act, Actor, Stop, Tx};
use crate::secrets::SecretHash;
use crate::totp::{self, Secret, Typed};
use fieldline_model::second_factor::SecondFactor;
use fieldline_model::{Code, PersonId};
use rusqlite::params;

/// One that is begun or on.
struct Kept {
    secret: Secret,
    is_on: bool,
    used_step: i64,
}

impl Look<'_> {
    /// How somebody's stands.
    pub fn second_factor(&self, who: PersonId) -> Result<SecondFactor, Stop> {
        let sql = "SELECT f.on_since_ms, (SELECT count(*) FROM recovery_code r
                       WHERE r.workspace = f.workspace AND r.person = f.person)
                   FROM second_factor f WHERE f.workspace = ?1 AND f.person = ?2 AND f.on_since_ms IS NOT NULL";
        let stands = self.one(sql, params![self.key(), who.0.as_bytes()], |row| {
            Ok(SecondFactor { on_since_ms: row.get(0)?, recovery_left: row.get(1)? })
        })?;
        Ok(stands.unwrap_or_default())
    }

    fn kept_factor(&self, who: PersonId) -> Result<Option<Kept>, Stop> {
        let sql = "SELECT secret, on_since_ms IS NOT NULL, used_step FROM second_factor
                   WHERE workspace = ?1 AND person = ?2";
        self.one(sql, params![self.key(), who.0.as_bytes()], |row| {
            Ok(Kept { secret: row.get(0)?, is_on: row.get(1)?, used_step: row.get(2)? })
        })
    }
}

impl Tx<'_> {
    /// Keeps a new secret and recovery codes in place of what was begun before. Refuses with
    /// *not_permitted* while one is on: it is turned off first, by one of its codes.
    pub fn begin_second_factor(
        &mut self,
        who: PersonId,
        secret: &Secret,
        recovery: &[SecretHash],
    ) -> Result<(), Stop> {
        if self.kept_factor(who)?.is_some_and(|kept| kept.is_on) {
            return Err(Code::NotPermitted.into());
        }
        self.remove_second_factor(who)?;
        self.conn
            .prepare_cached("INSERT INTO second_factor (workspace, person, secret) VALUES (?1, ?2, ?3)")?
            .execute(params![self.key(), who.0.as_bytes(), secret])?;
        for hash in recovery {
            self.conn
                .prepare_cached("INSERT INTO recovery_code (workspace, person, hash) VALUES (?1, ?2, ?3)")?
                .execute(params![self.key(), who.0.as_bytes(), hash])?;
        }
        Ok(())
    }

    /// Turns on what was begun, by its first code; what is on already stays so by its next one.
    pub fn turn_second_factor_on(&mut self, who: PersonId, code: &str) -> Result<(), Stop> {
        let kept = self.kept_factor(who)?.ok_or(Code::WrongCode)?;
        let Typed::Code(typed) = Typed::read(code) else { return Err(Code::WrongCode.into()) };
        self.use_code(who, &kept, typed)?;
        let sql = "UPDATE second_factor SET on_since_ms = coalesce(on_since_ms, ?3)
                   WHERE workspace = ?1 AND person = ?2";
        self.conn.prepare_cached(sql)?.execute(params![self.key(), who.0.as_bytes(), self.clock.now_ms()])?;
        Ok(())
    }

    /// Lets somebody pass whose password was right: with nothing where no second factor is on,
    /// else by a code, which is used up. Refuses with *code_needed*, with *wrong_code*.
    pub fn pass_second_factor(&mut self, who: PersonId, code: Option<&str>) -> Result<(), Stop> {
        let Some(kept) = self.kept_factor(who)?.filter(|kept| kept.is_on) else { return Ok(()) };
        match Typed::read(code.ok_or(Code::CodeNeeded)?) {
            Typed::Code(typed) => self.use_code(who, &kept, typed),
            Typed::Recovery(hash) => self.use_recovery_code(who, &hash),
        }
    }

    fn use_code(&mut self, who: PersonId, kept: &Kept, typed: u32) -> Result<(), Stop> {
        let now = self.clock.now_ms();
        let step = totp::step_of(&kept.secret, typed, kept.used_step, now).ok_or(Code::WrongCode)?;
        let sql = "UPDATE second_factor SET used_step = ?3 WHERE workspace = ?1 AND person = ?2";
        self.conn.prepare_cached(sql)?.execute(params![self.key(), who.0.as_bytes(), step])?;
        Ok(())
    }

    fn use_recovery_code(&mut self, who: PersonId, hash: &SecretHash) -> Result<(), Stop> {
        let sql = "DELETE FROM recovery_code WHERE workspace = ?1 AND person = ?2 AND hash = ?3";
        if self.conn.prepare_cached(sql)?.execute(params![self.key(), who.0.as_bytes(), hash])? == 0 {
            return Err(Code::WrongCode.into());
        }
        self.remark(Act::new(Actor::Person(who), "use_recovery_code"))
    }

    /// Takes somebody's away, with its recovery codes; what was only begun too.
    pub fn remove_second_factor(&mut self, who: PersonId) -> Result<(), Stop> {
        for sql in [
            "DELETE FROM recovery_code WHERE workspace = ?1 AND person = ?2",
            "DELETE FROM second_factor WHERE workspace = ?1 AND person = ?2",
        ] {
            self.conn.prepare_cached(sql)?.execute(params![self.key(), who.0.as_bytes()])?;
        }
        Ok(())
    }
}
