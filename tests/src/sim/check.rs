//! A device held against the truth, when everything has healed and settled.

use super::agent::{Agent, Said};
use super::truth::Truth;
use fieldline_core::profile::Profile;
use fieldline_core::store::{cache, schema};
use fieldline_core::view::{Bubble, BubbleBody, Door, Mark, OutboxKind, OutboxRow};
use fieldline_model::{IntentId, Message, PlaceId};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

type Held = Result<(), String>;

/// Holds one device against the truth.
pub async fn device(agent: &Agent, truth: &Truth) -> Held {
    let profile = agent.device.engine().profile().map_err(|p| format!("{p:?}"))?;
    if agent.blocked {
        return left_with_nothing(agent, &profile).await;
    }
    as_a_fresh_one(agent, &profile, truth).await?;
    bounded(agent)?;
    let rows = agent.device.engine().outbox().await.map_err(|p| format!("{p:?}"))?;
    stands_still(agent, &rows)?;
    nothing_lost(agent, &rows, truth)?;
    in_order(agent, truth)?;
    settled_is_known(agent, &profile, truth).await?;
    for place in places(&profile).await? {
        shown_once(agent, place, &rows).await?;
    }
    Ok(())
}

/// I19: retries become fewer: however bad the network, a device asks no more than this.
const ASKED_MAX: usize = 4_000;

fn bounded(agent: &Agent) -> Held {
    let asked = agent.device.net.asked().len();
    if asked > ASKED_MAX { Err(format!("I19: {} asked {asked} times", agent.name)) } else { Ok(()) }
}

/// FD5: who was blocked is left nothing.
async fn left_with_nothing(agent: &Agent, profile: &Profile) -> Held {
    let left = profile
        .run(|c| {
            let sql = "SELECT (SELECT count(*) FROM conversation) + (SELECT count(*) FROM message)
                 + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM draft)
                 + (SELECT count(*) FROM note) + (SELECT count(*) FROM note_draft)";
            c.query_row(sql, [], |r| r.get::<_, i64>(0)).map_err(fieldline_core::store::problem)
        })
        .await;
    let door = profile.door();
    if left != Ok(0) || door != Door::SignInAgain {
        return Err(format!("I14: {} was blocked and has {left:?} rows, {door:?}", agent.name));
    }
    Ok(())
}

/// What a cache holds: each record's number and body.
#[derive(Debug, Default, PartialEq)]
struct Cache {
    records: BTreeMap<(String, Uuid), (i64, String)>,
    conversations: BTreeMap<Uuid, (i64, String)>,
    messages: BTreeMap<Uuid, (i64, String)>,
    notes: BTreeMap<Uuid, (i64, String)>,
    reads: BTreeMap<Uuid, (i64, i64)>,
}

impl Cache {
    fn of(c: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            records: c
                .prepare("SELECT kind, id, seq, body FROM record WHERE body IS NOT NULL")?
                .query_map([], |r| Ok(((r.get(0)?, r.get(1)?), (r.get(2)?, r.get(3)?))))?
                .collect::<Result<_, _>>()?,
            conversations: pairs(c, "SELECT id, seq, body FROM conversation WHERE body IS NOT NULL")?,
            messages: pairs(c, "SELECT id, seq, body FROM message")?,
            notes: pairs(c, "SELECT id, seq, body FROM note")?,
            reads: c
                .prepare(
                    "SELECT place, r.seq, n FROM read_mark r JOIN conversation c ON c.id = place
                     WHERE c.body IS NOT NULL",
                )?
                .query_map([], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))))?
                .collect::<Result<_, _>>()?,
        })
    }
}

fn pairs(c: &Connection, sql: &str) -> rusqlite::Result<BTreeMap<Uuid, (i64, String)>> {
    c.prepare(sql)?.query_map([], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))))?.collect()
}

/// I12: the cache is what a fresh device would be given; beyond that it may hold older
/// entries, as they are on the server, of what its person may see (I14).
async fn as_a_fresh_one(agent: &Agent, profile: &Profile, truth: &Truth) -> Held {
    let snapshot = profile.remote().snapshot().await.map_err(|f| format!("{f:?}"))?;
    let mut memory = Connection::open_in_memory().map_err(|e| e.to_string())?;
    schema::prepare(&mut memory).map_err(|p| format!("{p:?}"))?;
    cache::replace(&mut memory, snapshot, 0).map_err(|p| format!("{p:?}"))?;
    let fresh = Cache::of(&memory).map_err(|e| e.to_string())?;
    let mine = profile
        .run(|c| Cache::of(c).map_err(fieldline_core::store::problem))
        .await
        .map_err(|p| format!("{p:?}"))?;
    let wrong = |what: &str, mine: String, fresh: String| {
        Err(format!(
            "I12: {} has other {what} than a fresh device\n  mine  {mine}\n  fresh {fresh}",
            agent.name
        ))
    };
    if mine.records != fresh.records {
        return wrong("records", format!("{:?}", mine.records), format!("{:?}", fresh.records));
    }
    if mine.conversations != fresh.conversations {
        return wrong(
            "conversations",
            format!("{:?}", mine.conversations),
            format!("{:?}", fresh.conversations),
        );
    }
    if mine.reads != fresh.reads {
        return wrong("read marks", format!("{:?}", mine.reads), format!("{:?}", fresh.reads));
    }
    for (id, entry) in &fresh.messages {
        if mine.messages.get(id) != Some(entry) && !is_a_hole(agent, truth.entry(*id), &mine).await {
            return wrong("entries", format!("{:?}", mine.messages.get(id)), format!("{entry:?}"));
        }
    }
    for (id, entry) in &fresh.notes {
        if mine.notes.get(id) != Some(entry) {
            return wrong("notes", format!("{:?}", mine.notes.get(id)), format!("{entry:?}"));
        }
    }
    let kept =
        |body: &String| Err(format!("I14: {} keeps {body}, which it may not or which is not so", agent.name));
    for (id, (_, body)) in &mine.messages {
        let known = truth.entry(*id).filter(|m| fresh.conversations.contains_key(&m.place.0));
        if known.and_then(|m| serde_json::to_string(m).ok()).as_ref() != Some(body) {
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

/// I6: an entry that is not here, and whose place says so. (A snapshot, which a restored
/// server makes a device take, has no entries of conversations that are ended; one that is
/// reopened later brings none along either.)
async fn is_a_hole(agent: &Agent, entry: Option<&Message>, mine: &Cache) -> bool {
    let Some(entry) = entry.filter(|entry| !mine.messages.contains_key(&entry.id.0)) else { return false };
    let Ok(thread) = agent.device.engine().thread(entry.place, 500).await else { return false };
    let first = thread.bubbles.iter().filter_map(|bubble| bubble.n).min();
    let holes = thread.bubbles.iter().any(|bubble| matches!(bubble.body, BubbleBody::Hole { .. }));
    agent.resynced && (holes || thread.older && first.is_none_or(|first| entry.n < first))
}

/// I3: whatever is unsent is stuck for a reason, or is an end behind such a message, or
/// is behind such an end.
fn stands_still(agent: &Agent, rows: &[OutboxRow]) -> Held {
    let (mut stuck, mut shut) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        if matches!(row.kind, OutboxKind::End | OutboxKind::Transfer) && stuck.contains(&row.place) {
            shut.insert(row.place);
        }
        match row.mark {
            Mark::Stuck if row.problem.is_some() => {
                if row.kind == OutboxKind::Send {
                    stuck.insert(row.place);
                }
            }
            Mark::Waiting if shut.contains(&row.place) => {}
            _ => return Err(format!("I3: {} still has {row:?}", agent.name)),
        }
    }
    Ok(())
}

/// An end or a transfer that a restored server took before the device heard of the restore:
/// it is asked once more, behind a message of its lane that is stuck now, and settles by
/// that answer as soon as its person has settled the message.
fn waits_for_its_person(id: IntentId, rows: &[OutboxRow]) -> bool {
    let Some(row) = rows.iter().find(|row| row.intent == id) else { return false };
    let stuck = |other: &OutboxRow| other.place == row.place && other.mark == Mark::Stuck;
    row.mark == Mark::Waiting
        && matches!(row.kind, OutboxKind::End | OutboxKind::Transfer)
        && rows.iter().any(stuck)
}

/// I3, I4: each thing that was asked is on the server once, or stuck, or taken back.
fn nothing_lost(agent: &Agent, rows: &[OutboxRow], truth: &Truth) -> Held {
    for (id, asked) in &agent.asked {
        let here = rows.iter().any(|row| row.intent == *id);
        let accepted = truth.intents.get(&id.0).is_some_and(Option::is_none);
        let right = match asked.said {
            Said::Yes => here != accepted || agent.resynced && waits_for_its_person(*id, rows),
            Said::No | Said::TakenBack => !here && !accepted,
            Said::Nothing => false,
        };
        if !right {
            let why = format!("on the device {here}, on the server {accepted}");
            return Err(format!("I3: {} {id} {asked:?}: {why}", agent.name));
        }
        if asked.message && accepted && truth.entry(id.0).is_none() {
            return Err(format!("I3: {} {asked:?} was accepted and is not there", agent.name));
        }
        if asked.note && accepted != truth.notes.contains_key(&id.0) {
            return Err(format!("I3: {} {asked:?}: a note without its intent, or the other way", agent.name));
        }
    }
    Ok(())
}

/// I7: what a device said in one place is there in the order it was said.
fn in_order(agent: &Agent, truth: &Truth) -> Held {
    let mut last: BTreeMap<PlaceId, (usize, i64)> = BTreeMap::new();
    let mut asked: Vec<_> = agent.asked.iter().filter(|(_, a)| a.message && !a.again).collect();
    asked.sort_by_key(|(_, a)| a.turn);
    for (id, it) in asked {
        let Some(entry) = truth.entry(id.0) else { continue };
        if let Some((turn, n)) = last.insert(entry.place, (it.turn, entry.n))
            && n > entry.n
        {
            return Err(format!("I7: {} said {turn} before {} in {}", agent.name, it.turn, entry.place));
        }
    }
    Ok(())
}

/// I2: what the device was told is done is done.
async fn settled_is_known(agent: &Agent, profile: &Profile, truth: &Truth) -> Held {
    let settled = profile
        .run(|c| {
            let sql = "SELECT id, 0, kind FROM outbox WHERE state = 'settled'";
            pairs(c, sql).map_err(fieldline_core::store::problem)
        })
        .await
        .map_err(|p| format!("{p:?}"))?;
    for (id, (_, kind)) in settled {
        if truth.intents.get(&id) != Some(&None) {
            return Err(format!("I2: {} was told its {kind} {id} is done", agent.name));
        }
    }
    Ok(())
}

async fn places(profile: &Profile) -> Result<Vec<PlaceId>, String> {
    let read = profile
        .run(|c| {
            let sql = "SELECT id, 0, '' FROM conversation WHERE body IS NOT NULL";
            pairs(c, sql).map_err(fieldline_core::store::problem)
        })
        .await;
    Ok(read.map_err(|p| format!("{p:?}"))?.into_keys().map(PlaceId).collect())
}

/// I9, I6: a thread shows each entry once, in order, and then what is unsent.
pub async fn shown_once(agent: &Agent, place: PlaceId, rows: &[OutboxRow]) -> Held {
    let Ok(thread) = agent.device.engine().thread(place, 500).await else { return Ok(()) };
    let wrong = |why: &str| Err(format!("I9: {} {place}: {why}", agent.name));
    let mut ids = BTreeSet::new();
    let mut n = 0;
    for bubble in &thread.bubbles {
        let is_hole = matches!(bubble.body, BubbleBody::Hole { .. });
        if !is_hole && !ids.insert(bubble.id) {
            return wrong(&format!("{} is shown twice", bubble.id));
        }
        if let Some(number) = bubble.n {
            if number <= n {
                return wrong(&format!("{number} stands after {n}"));
            }
            n = number;
        }
    }
    let unsent = |b: &&Bubble| b.n.is_none() && !matches!(b.body, BubbleBody::Hole { .. });
    let shown = thread.bubbles.iter().filter(unsent).count();
    // Notes are no part of a thread.
    let kept = rows.iter().filter(|r| r.place == place && r.kind != OutboxKind::Note).count();
    if shown != kept {
        return wrong(&format!("{kept} are unsent and {shown} are shown so"));
    }
    Ok(())
}
