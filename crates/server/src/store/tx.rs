//! One step of work inside the writer's transaction.
//!
//! ```text
//! the rule's effect ─► changes, idempotency row ─► audit … numbers
//!      └─ refused, nothing written yet ─► audit of the denial ──▲
//!      └─ refused or failed after a write ─► the group is undone, and run with care
//! with care: SAVEPOINT ─► the same ─► RELEASE, or ROLLBACK TO ─► audit of the denial
//! ```
//! Rules are asked before anything is written, so few steps fail half-way and need a savepoint.
//!
//! Invariants
//! - The effect of an intent, its idempotency row and its changes commit together.
//! - The last statement before COMMIT takes the numbers ([`Tx::take_numbers`]). The
//!   writer holds the write lock from BEGIN on, so it knows them before that.
//! - Each step that changed something, and each denial, leaves one audit line, in
//!   the same transaction; an audit line holds no text and no secret.

use super::look::{Look, word};
use super::{IntentRow, Stop};
use crate::clock::Clock;
use crate::secrets::SecretHash;
use fieldline_model::{Code, CustomerId, PersonId, Problem, Record, RecordKind, RecordRef, Scope};
use rusqlite::params;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::Deref;
use uuid::Uuid;

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The server's operator, at its command line.
    Operator,
    /// The server by itself.
    Server,
    /// Somebody not signed in.
    Nobody,
    /// A person.
    Person(PersonId),
    /// A customer.
    Customer(CustomerId),
}

impl Actor {
    fn text(self) -> String {
        match self {
            Self::Operator => "operator".into(),
            Self::Server => "server".into(),
            Self::Nobody => "nobody".into(),
            Self::Person(id) => format!("person {id}"),
            Self::Customer(id) => format!("customer {id}"),
        }
    }
}

/// A line of the audit: who does what, about what.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    /// Who.
    pub by: Actor,
    /// What, as a word.
    pub what: &'static str,
    /// The record it is about.
    pub about: Option<Uuid>,
}

impl Act {
    /// A line about no record.
    pub fn new(by: Actor, what: &'static str) -> Self {
        Self { by, what, about: None }
    }

    /// The same line about `id`.
    pub fn about(self, id: Uuid) -> Self {
        Self { about: Some(id), ..self }
    }
}

/// What a group of jobs did that somebody may be waiting to hear.
#[derive(Default)]
pub struct Told {
    /// The number of the newest change.
    pub head: i64,
    /// The audiences of its changes, as they were and became.
    pub scopes: Vec<Scope>,
    /// The customers who got something new.
    pub customers: BTreeSet<CustomerId>,
    /// The sessions that ended.
    pub ended: Vec<SecretHash>,
    /// Whether somebody may be to be offered something, or an offer may be over.
    pub moved: bool,
}

struct Noted {
    seq: i64,
    name: RecordRef,
    was: Scope,
    now: Scope,
    as_is: Option<Record>,
    /// Whether the record's own row keeps the number.
    held: bool,
}

/// A record as a step left it.
pub struct Put {
    /// Its number.
    pub seq: i64,
    /// Who sees it now.
    pub scope: Scope,
    /// What it is now.
    pub record: Record,
}

/// How a step that fails after it wrote something is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// With all else of its group, which is then run again with care.
    Trusting,
    /// Alone, by a savepoint.
    Careful,
}

/// The writer's transaction, as a job sees it. Everything a [`Look`] can fetch, it can.
pub struct Tx<'c> {
    look: Look<'c>,
    /// The server's clock.
    pub clock: &'c Clock,
    /// The number of the newest change: at BEGIN, and now.
    head: (i64, i64),
    noted: Vec<Noted>,
    put: Vec<Put>,
    intent: Option<IntentRow>,
    told: Told,
    /// Whether any client has a login, once somebody asked.
    pub(super) clients: Cell<Option<bool>>,
    care: Care,
    undone: bool,
}

impl<'c> Deref for Tx<'c> {
    type Target = Look<'c>;
    fn deref(&self) -> &Look<'c> {
        &self.look
    }
}

impl<'c> Tx<'c> {
    pub(super) fn begin(look: Look<'c>, clock: &'c Clock, care: Care) -> Result<Self, Stop> {
        let head = look.head()?;
        Ok(Self {
            look,
            clock,
            head: (head, head),
            noted: vec![],
            put: vec![],
            intent: None,
            told: Told::default(),
            clients: Cell::new(None),
            care,
            undone: false,
        })
    }

    /// Whether a step failed that cannot be taken back alone.
    pub(super) fn is_to_be_undone(&self) -> bool {
        self.undone
    }

    /// Takes the numbers its changes have: the last statement before COMMIT.
    pub(super) fn take_numbers(&self) -> Result<(), Stop> {
        let (before, head) = self.head;
        if head > before {
            self.conn
                .prepare_cached("UPDATE workspace SET seq = ?2 WHERE id = ?1")?
                .execute(params![self.key(), head])?;
        }
        Ok(())
    }

    pub(super) fn into_told(self) -> Told {
        Told { head: self.head.1, ..self.told }
    }

    /// Does all of `work` or, when it is refused or fails, none of it.
    pub fn step<T>(&mut self, act: Act, work: impl FnOnce(&mut Self) -> Result<T, Stop>) -> Result<T, Stop> {
        self.keep_savepoint("SAVEPOINT step")?;
        self.put.clear();
        let (before, head) = (self.conn.total_changes(), self.head.1);
        let done = work(self).and_then(|got| {
            self.seal()?;
            Ok(got)
        });
        self.noted.clear();
        self.intent = None;
        let wrote = self.conn.total_changes() != before;
        match &done {
            Ok(_) if wrote => self.audit(act, None)?,
            Ok(_) => {}
            Err(stop) => {
                self.head.1 = head;
                self.put.clear();
                // A full disk may have ended the transaction; then there is nothing to take back.
                if self.conn.is_autocommit() || !self.take_back(wrote)? {
                    return done;
                }
                if let Stop::Refused(problem) = stop {
                    self.audit(act, Some(problem.code))?;
                }
            }
        }
        crate::fp!("step_written");
        self.keep_savepoint("RELEASE step")?;
        done
    }

    fn keep_savepoint(&self, sql: &str) -> Result<(), Stop> {
        if self.care == Care::Careful { self.run(sql) } else { Ok(()) }
    }

    /// Takes a failed step back, if that can be done alone.
    fn take_back(&mut self, wrote: bool) -> Result<bool, Stop> {
        match self.care {
            Care::Careful => self.run("ROLLBACK TO step")?,
            Care::Trusting => self.undone |= wrote,
        }
        Ok(!self.undone)
    }

    /// Writes down a denial that no step of its own made.
    pub fn deny(&mut self, act: Act, problem: &Problem) -> Result<(), Stop> {
        self.audit(act, Some(problem.code))
    }

    /// Writes down something that changed no record.
    pub fn remark(&mut self, act: Act) -> Result<(), Stop> {
        self.audit(act, None)
    }

    /// Remembers that a record changed, and for whom.
    pub(super) fn note(&mut self, (kind, id): (RecordKind, Uuid), was: Scope, now: Scope) {
        let (seq, name) = (self.next_number(), RecordRef { kind, id });
        self.noted.push(Noted { seq, name, was, now, as_is: None, held: false });
    }

    /// The same of a record that whoever asked for the step is told of: it need not
    /// be read again to answer them.
    pub fn note_put(&mut self, record: Record, was: Scope, now: Scope) {
        let (seq, name) = (self.next_number(), record.name());
        self.noted.push(Noted { seq, name, was, now, as_is: Some(record), held: false });
    }

    /// The same of a record whose own row keeps the number of its newest change, so
    /// that the changes need no index for it; gives that number.
    pub(super) fn note_held(&mut self, record: Record, was: Scope, now: Scope) -> i64 {
        let (seq, name) = (self.next_number(), record.name());
        self.noted.push(Noted { seq, name, was, now, as_is: Some(record), held: true });
        seq
    }

    /// The number the next change will have.
    pub(super) fn upcoming_number(&self) -> i64 {
        self.head.1 + 1
    }

    fn next_number(&mut self) -> i64 {
        self.head.1 += 1;
        self.head.1
    }

    /// The records as the step that was just done left them.
    pub fn take_put(&mut self) -> Vec<Put> {
        std::mem::take(&mut self.put)
    }

    /// Remembers which intent this step answers.
    pub fn answers(&mut self, intent: IntentRow) {
        self.intent = Some(intent);
    }

    pub(super) fn tell_customer(&mut self, customer: CustomerId) {
        self.told.customers.insert(customer);
    }

    pub(super) fn tell_moved(&mut self) {
        self.told.moved = true;
    }

    pub(super) fn tell_ended(&mut self, session: SecretHash) {
        self.told.ended.push(session);
    }

    pub(super) fn run(&self, sql: &str) -> Result<(), Stop> {
        self.conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Writes the step's changes and its idempotency row.
    fn seal(&mut self) -> Result<(), Stop> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO change (workspace, seq, kind, id, scope, was_scope, held)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for Noted { seq, name, was, now, as_is, held } in std::mem::take(&mut self.noted) {
            // Mostly nobody comes or goes: then the audience is written once.
            let before = if was == now { String::new() } else { serde_json::to_string(&was)? };
            insert.execute(params![
                self.key(),
                seq,
                word(&name.kind),
                name.id.as_bytes(),
                serde_json::to_string(&now)?,
                before,
                held
            ])?;
            self.tell_clients(name, &was, &now)?;
            if let Some(record) = as_is {
                self.put.push(Put { seq, scope: now.clone(), record });
            }
            for scope in [was, now] {
                if !self.told.scopes.contains(&scope) {
                    self.told.scopes.push(scope);
                }
            }
        }
        if let Some(row) = self.intent.take() {
            self.log_intent(&row, self.head.1)?;
        }
        Ok(())
    }

    fn audit(&self, act: Act, code: Option<Code>) -> Result<(), Stop> {
        let about = act.about.map(Uuid::into_bytes);
        self.conn
            .prepare_cached(
                "INSERT INTO audit (workspace, at_ms, actor, act, about, code) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                self.key(),
                self.clock.now_ms(),
                act.by.text(),
                act.what,
                about,
                code.as_ref().map(word)
            ])?;
        Ok(())
    }
}
