//! A device's cache held against what a fresh device is given at the same moment.

use super::agent::Agent;
use super::truth::Truth;
use fieldline_core::profile::Profile;
use fieldline_core::store::{cache, problem, schema};
use fieldline_model::api::Snapshot;
use fieldline_model::client::ClientMessage;
use fieldline_model::{Message, Problem};
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use uuid::Uuid;

/// Records by id: number and body.
type Rows = BTreeMap<Uuid, (i64, String)>;

/// What a cache holds.
#[derive(Debug, Default, PartialEq)]
struct Cache {
    records: BTreeMap<(String, Uuid), (i64, String)>,
    contacts: Rows,
    conversations: Rows,
    groups: Rows,
    /// From which number of a thread this person reads, and the newest that is known of.
    reach: BTreeMap<Uuid, (i64, i64)>,
    messages: Rows,
    notes: Rows,
    reads: BTreeMap<Uuid, (i64, i64, Option<String>)>,
}

impl Cache {
    fn of(c: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            records: c
                .prepare("SELECT kind, id, seq, body FROM record WHERE body IS NOT NULL")?
                .query_map([], |r| Ok(((r.get(0)?, r.get(1)?), (r.get(2)?, r.get(3)?))))?
                .collect::<Result<_, _>>()?,
            // The clients come after a snapshot, by pages.
            contacts: pairs(c, "SELECT id, seq, body FROM contact WHERE body IS NOT NULL AND client = 0")?,
            conversations: pairs(c, "SELECT id, seq, body FROM conversation WHERE body IS NOT NULL")?,
            // What a record says of the newest entry is as of its last change, or as of now.
            groups: pairs(
                c,
                "SELECT id, seq, json_remove(body, '$.last_n') FROM message_group WHERE body IS NOT NULL",
            )?,
            reach: c
                .prepare("SELECT id, from_n, last_n FROM message_group WHERE body IS NOT NULL")?
                .query_map([], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))))?
                .collect::<Result<_, _>>()?,
            messages: pairs(c, "SELECT id, seq, body FROM message")?,
            notes: pairs(c, "SELECT id, seq, body FROM note")?,
            reads: c
                .prepare(
                    "SELECT place, seq, n, sound FROM read_mark WHERE place IN
                         (SELECT id FROM conversation WHERE body IS NOT NULL
                          UNION ALL SELECT id FROM message_group WHERE body IS NOT NULL)",
                )?
                .query_map([], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?, r.get(3)?))))?
                .collect::<Result<_, _>>()?,
        })
    }

    /// The first number this person reads in a place they see.
    fn read_from(&self, place: Uuid) -> Option<i64> {
        let group = || self.reach.get(&place).map(|(from_n, _)| *from_n);
        self.conversations.get(&place).map(|_| 1).or_else(group)
    }
}

/// Rows of an id, a number and a text.
pub fn pairs(c: &Connection, sql: &str) -> rusqlite::Result<Rows> {
    c.prepare(sql)?.query_map([], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))))?.collect()
}

/// I12: the cache is what a fresh device would be given; beyond that it may hold older
/// entries, as they are on the server, of what its person may see (I14).
pub async fn as_one(agent: &Agent, profile: &Profile, truth: &Truth) -> Result<(), String> {
    let snapshot = profile.remote().snapshot().await.map_err(|f| format!("{f:?}"))?;
    let fresh = fresh(snapshot).map_err(|p| format!("{p:?}"))?;
    let mine = profile.run(|c| Cache::of(c).map_err(problem)).await.map_err(|p| format!("{p:?}"))?;
    let its = |held: Result<(), String>| held.map_err(|what| format!("I12: {} has other {what}", agent.name));
    its(same("records", &mine.records, &fresh.records))?;
    its(same("contacts", &mine.contacts, &fresh.contacts))?;
    its(same("conversations", &mine.conversations, &fresh.conversations))?;
    its(same("threads", &mine.groups, &fresh.groups))?;
    its(same("reach", &mine.reach, &fresh.reach))?;
    its(same("read marks", &mine.reads, &fresh.reads))?;
    let held = |all: &Rows, of: &Rows| -> Rows {
        all.iter().filter(|(id, _)| of.contains_key(*id)).map(|(id, row)| (*id, row.clone())).collect()
    };
    its(same("entries", &held(&mine.messages, &fresh.messages), &fresh.messages))?;
    its(same("notes", &held(&mine.notes, &fresh.notes), &fresh.notes))?;
    let kept =
        |body: &String| Err(format!("I14: {} keeps {body}, which it may not or which is not so", agent.name));
    for (id, (_, body)) in &mine.messages {
        if truth.entry(*id).and_then(|entry| told(entry, &fresh, agent.client)).as_ref() != Some(body) {
            return kept(body);
        }
    }
    for (id, (_, body)) in &mine.notes {
        let known = truth.notes.get(id).filter(|it| fresh.conversations.contains_key(&it.place.0));
        if known.and_then(|it| serde_json::to_string(it).ok()).as_ref() != Some(body) {
            return kept(body);
        }
    }
    Ok(())
}

thread_local! {
    /// A device that forgets everything at each snapshot: made once, its tables cost more than
    /// what is kept in them.
    static FRESH: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

fn fresh(snapshot: Snapshot) -> Result<Cache, Problem> {
    FRESH.with_borrow_mut(|kept| {
        let mut memory = match kept.take() {
            Some(memory) => memory,
            None => {
                let mut memory = Connection::open_in_memory().map_err(problem)?;
                schema::prepare(&mut memory)?;
                memory
            }
        };
        cache::replace(&mut memory, snapshot, 0)?;
        let fresh = Cache::of(&memory).map_err(problem)?;
        *kept = Some(memory);
        Ok(fresh)
    })
}

fn same<T: PartialEq + Debug>(what: &str, mine: &T, fresh: &T) -> Result<(), String> {
    let wrong = || format!("{what} than a fresh device\n  mine  {mine:?}\n  fresh {fresh:?}");
    if mine == fresh { Ok(()) } else { Err(wrong()) }
}

/// An entry as its reader is told it, and keeps it; `None`: they are told nothing of it.
fn told(entry: &Message, fresh: &Cache, client: bool) -> Option<String> {
    let from_n = fresh.read_from(entry.place.0).filter(|from_n| entry.n >= *from_n)?;
    let mut entry = entry.clone();
    entry.read_from(from_n);
    if client {
        let public = serde_json::to_value(ClientMessage::of(entry)?).ok()?;
        entry = serde_json::from_value(public).ok()?;
    }
    serde_json::to_string(&entry).ok()
}
