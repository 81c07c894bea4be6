//! The server's database, read from beside and held against the invariants.

use super::acts::Act;
use super::agent::LATER_MS;
use crate::world::MORNING_MS;
use fieldline_model::conversation::State;
use fieldline_model::{Author, Body, Conversation, Event, Group, Message, Note, PersonId};
use fieldline_server::desk::KINDS;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// An entry and where a customer reads it.
pub struct Entry {
    /// The entry.
    pub message: Message,
    /// Whose; nobody's: of a message thread.
    pub customer: Option<Uuid>,
    /// Its number on their page.
    pub public_seq: Option<i64>,
}

/// What the server knows.
pub struct Truth {
    dir: PathBuf,
    /// Conversations by id.
    pub conversations: BTreeMap<Uuid, Conversation>,
    /// Message threads by id.
    pub groups: BTreeMap<Uuid, Group>,
    /// Entries, by place and number.
    pub entries: Vec<Entry>,
    /// Internal notes by id.
    pub notes: BTreeMap<Uuid, Note>,
    /// What everybody asked, by its intent: of to whom a conversation was handed, and with
    /// whom a thread began, the truth has no memory, so whoever judges says it.
    pub asked: BTreeMap<Uuid, Act>,
    /// Intents by id: why they were refused last, if they were.
    pub intents: BTreeMap<Uuid, Option<String>>,
    /// What was done and denied, as the audit has it, and whom or what that is about.
    audit: Vec<(String, Option<String>, Option<Uuid>)>,
    /// Who may begin threads.
    granted: Vec<Uuid>,
    files: Vec<(Uuid, String)>,
    /// Customers: who, their name, and the newest number on their page.
    customers: Vec<(Uuid, String, i64)>,
    blocked: Vec<Uuid>,
}

/// When a run begins.
const BEGAN_MS: i64 = MORNING_MS + LATER_MS;

type Rows<T> = Result<Vec<T>, String>;

fn rows<T>(c: &Connection, sql: &str, row: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>) -> Rows<T> {
    let read = || c.prepare(sql)?.query_map([], |r| row(r))?.collect::<rusqlite::Result<Vec<T>>>();
    read().map_err(|e| format!("{sql}: {e}"))
}

fn body<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("a stored record reads")
}

impl Truth {
    /// Reads the database of the server in `dir`.
    pub fn read(dir: &Path) -> Result<Self, String> {
        let c = Connection::open_with_flags(dir.join("fieldline.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(|e| e.to_string())?;
        let conversations = rows(&c, "SELECT id, body FROM conversation", |r| {
            Ok((r.get(0)?, body(&r.get::<_, String>(1)?)))
        })?;
        let groups = rows(&c, "SELECT id, body, last_n FROM message_group", |r| {
            Ok((r.get(0)?, Group { last_n: r.get(2)?, ..body(&r.get::<_, String>(1)?) }))
        })?;
        let entries = rows(&c, "SELECT body, customer, public_seq FROM message ORDER BY place, n", |r| {
            let message = body(&r.get::<_, String>(0)?);
            Ok(Entry { message, customer: r.get(1)?, public_seq: r.get(2)? })
        })?;
        let notes =
            rows(&c, "SELECT id, body FROM note", |r| Ok((r.get(0)?, body(&r.get::<_, String>(1)?))))?;
        let intents = rows(&c, "SELECT id, code FROM intent_log", |r| Ok((r.get(0)?, r.get(1)?)))?;
        // What the morning took is no part of the run.
        let audit =
            rows(&c, &format!("SELECT act, code, about FROM audit WHERE at_ms >= {BEGAN_MS}"), |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?))
            })?;
        let granted = rows(&c, "SELECT person FROM granted", |r| r.get(0))?;
        let files = rows(&c, "SELECT message, hash FROM file", |r| Ok((r.get(0)?, r.get(1)?)))?;
        let customers =
            rows(&c, "SELECT id, name, public_seq FROM customer", |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        let blocked = rows(&c, "SELECT id FROM person WHERE blocked = 1", |r| r.get(0))?;
        Ok(Self {
            blocked,
            customers,
            dir: dir.to_owned(),
            conversations: conversations.into_iter().collect(),
            groups: groups.into_iter().collect(),
            entries,
            notes: notes.into_iter().collect(),
            asked: BTreeMap::new(),
            intents: intents.into_iter().collect(),
            audit,
            granted,
            files,
        })
    }

    /// An entry by its id.
    pub fn entry(&self, id: Uuid) -> Option<&Message> {
        self.entries.iter().map(|entry| &entry.message).find(|message| message.id.0 == id)
    }

    /// Who a name is, among the served, and the newest number on their page: of an entry,
    /// or of another public fact.
    pub fn customer(&self, name: &str) -> Option<(Uuid, i64)> {
        self.customers.iter().find(|it| it.1 == name).map(|it| (it.0, it.2))
    }

    /// Holds everything against the invariants that are about the truth alone.
    pub fn check(&self) -> Result<(), String> {
        for (id, conversation) in &self.conversations {
            let entries = self.entries_of(*id);
            gapless((*id, conversation.last_n), &entries)?;
            self.lived(conversation, &entries)?;
        }
        for (id, group) in &self.groups {
            let entries = self.entries_of(*id);
            gapless((*id, group.last_n), &entries)?;
            self.grown(group, &entries)?;
        }
        self.public_is_in_order()?;
        self.files_are_whole()?;
        self.audited()
    }

    fn entries_of(&self, place: Uuid) -> Vec<&Message> {
        self.entries.iter().map(|e| &e.message).filter(|m| m.place.0 == place).collect()
    }

    /// I15: a customer's page tells entries in the order they came.
    fn public_is_in_order(&self) -> Result<(), String> {
        for two in self.entries.windows(2).filter(|two| two[0].message.place == two[1].message.place) {
            if two[0].customer.is_some() && two[0].public_seq >= two[1].public_seq {
                return Err(format!("I15: {} is numbered back", two[1].message.id));
            }
        }
        let heads: BTreeMap<_, _> = self.customers.iter().map(|(id, _, head)| (*id, *head)).collect();
        let ahead = |entry: &&Entry| {
            entry.customer.is_some_and(|customer| heads.get(&customer) < entry.public_seq.as_ref())
        };
        match self.entries.iter().find(ahead) {
            Some(entry) => Err(format!("I15: {} is ahead of its customer's head", entry.message.id)),
            None => Ok(()),
        }
    }

    /// I8: what a message shows is on the disk.
    fn files_are_whole(&self) -> Result<(), String> {
        let named: usize = self
            .entries
            .iter()
            .map(|e| if let Body::Said { files, .. } = &e.message.body { files.len() } else { 0 })
            .sum();
        if named != self.files.len() {
            return Err(format!("I8: {named} photos are named, {} are there", self.files.len()));
        }
        for (message, hash) in &self.files {
            for form in ["original", "display", "thumb"] {
                if !self.dir.join("blobs").join(&hash[..2]).join(format!("{hash}.{form}")).is_file() {
                    return Err(format!("I8: {message} shows {hash}, whose {form} is not there"));
                }
            }
        }
        Ok(())
    }

    /// I21: each intent that was done left one line, each that was denied at least one.
    fn audited(&self) -> Result<(), String> {
        let lines = |done: bool| {
            let its = |(act, code, _): &&(String, Option<String>, _)| {
                let asks = act == "customer_send" || KINDS.contains(&act.as_str());
                asks && code.is_none() == done
            };
            self.audit.iter().filter(its).count()
        };
        let done = self.intents.values().filter(|code| code.is_none()).count();
        let denied = self.intents.len() - done;
        if lines(true) != done || lines(false) < denied {
            let has = (lines(true), lines(false));
            return Err(format!("I21: {done} done and {denied} denied, the audit has {has:?}"));
        }
        Ok(())
    }

    /// How many lines there are of a decision about somebody, done or denied.
    pub fn lines_about(&self, (done, act, whom): (bool, &str, PersonId)) -> usize {
        let its = |line: &&(String, Option<String>, Option<Uuid>)| {
            line.0 == act && line.1.is_none() == done && line.2 == Some(whom.0)
        };
        self.audit.iter().filter(its).count()
    }

    /// Whether somebody is blocked.
    pub fn is_blocked(&self, who: PersonId) -> bool {
        self.blocked.contains(&who.0)
    }

    /// Whether somebody may begin threads.
    pub fn may_begin(&self, who: PersonId) -> bool {
        self.granted.contains(&who.0)
    }

    /// I16, I17: at every entry at most one agent has it, and nobody speaks after its end.
    fn lived(&self, it: &Conversation, entries: &[&Message]) -> Result<(), String> {
        // What a blocked agent had goes back to the picklist, which is no entry.
        let given_back = |agent: &Option<PersonId>| agent.is_some_and(|who| self.blocked.contains(&who.0));
        let (mut state, mut agent) = (State::Waiting, None);
        for entry in entries {
            let picked = matches!(entry.body, Body::Happened { event } if event == Event::Picked);
            if picked && state == State::Open && given_back(&agent) {
                (state, agent) = (State::Waiting, None);
            }
            let wrong = |why: &str| Err(format!("{why}: {} at {} by {:?}", it.id, entry.n, entry.author));
            match (&entry.author, &entry.body) {
                (Author::Customer, Body::Said { .. }) if state == State::Ended => {
                    return wrong("I17: said after the end");
                }
                (Author::Person(by), Body::Said { .. }) if state != State::Open || agent != Some(by.id) => {
                    return wrong("I16: said by who does not have it");
                }
                (Author::Person(by), Body::Happened { event }) if *event == Event::Ended => {
                    if state != State::Open || agent != Some(by.id) {
                        return wrong("I16: ended by who does not have it");
                    }
                    state = State::Ended;
                }
                (Author::Person(by), Body::Happened { event }) if *event == Event::Transferred => {
                    if state != State::Open || agent != Some(by.id) {
                        return wrong("I16: handed on by who does not have it");
                    }
                    let Some(Act::Transfer(to, _)) = self.asked.get(&entry.id.0) else {
                        return wrong("I4: handed on, which nobody asked for");
                    };
                    (state, agent) = (if to.is_some() { State::Open } else { State::Waiting }, *to);
                }
                (Author::Person(by), Body::Happened { event }) => {
                    let from = if *event == Event::Picked { State::Waiting } else { State::Ended };
                    if state != from {
                        return wrong("I16: taken from somebody");
                    }
                    (state, agent) = (State::Open, Some(by.id));
                }
                _ => {}
            }
        }
        if it.state == State::Waiting && state == State::Open && given_back(&agent) {
            (state, agent) = (State::Waiting, None);
        }
        let has = it.agent.as_ref().map(|a| a.id);
        if it.state != state || has != agent {
            return Err(format!("I16: {} is {:?} with {has:?}, its entries say {state:?}", it.id, it.state));
        }
        Ok(())
    }
}

/// I6: an entry's number is its place in the order of commits.
fn gapless((place, last_n): (Uuid, i64), entries: &[&Message]) -> Result<(), String> {
    let numbers: Vec<i64> = entries.iter().map(|m| m.n).collect();
    if numbers != (1..=last_n).collect::<Vec<_>>() {
        return Err(format!("I6: {place} has {numbers:?} of {last_n}"));
    }
    if entries.windows(2).any(|two| two[0].at_ms > two[1].at_ms) {
        return Err(format!("I6: {place} is not in the order of time"));
    }
    Ok(())
}
