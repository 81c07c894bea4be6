//! The cache: what the server said, applied.
//!
//! Why applying is safe to repeat and to reorder: each row keeps the number of
//! its record's last change, tombstones included, and an older change is skipped;
//! nothing needs its parent's row. What a change settles (a message whose id is
//! an intent's) is settled in the same transaction (rule 3), and pulled changes
//! move the cursor in theirs (rule 4).

mod empty;
mod entries;
mod heard;
mod look;

pub(super) use empty::empty;
pub(super) use entries::write as write_message;
pub(super) use look::record;
pub use look::{conversation, me, my, policy};

use super::fold::folded;
use super::{contacts, erased, facts, files, groups, left, previous, problem, to_json};
use crate::view::Topic;
use fieldline_model::api::{ChangesPage, Snapshot};
use fieldline_model::change::ReadMark;
use fieldline_model::{
    Change, Conversation, Note, PlaceId, Problem, Record, RecordKind, RecordRef, State, What,
};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What applying changed, for screens and for people who are not looking.
#[derive(Debug, Default)]
pub struct Applied {
    /// Hints for screens.
    pub topics: BTreeSet<Topic>,
    /// Whether the outbox moved.
    pub settled: bool,
    /// Pictures this person may no longer see, by name: their files are to go.
    pub gone: Vec<String>,
    /// The place whose message was applied last.
    heard: Option<heard::Heard>,
}

impl Applied {
    /// Tells news of a message thread: the newest takes the place of what came together with it.
    pub(super) fn tell(&mut self, news: Topic) {
        if let Topic::News { place, .. } = &news {
            self.topics.retain(|it| !matches!(it, Topic::News { place: of, .. } if of == place));
        }
        self.topics.insert(news);
    }
}

/// Where the feed stands: epoch and cursor; `None` before the first snapshot.
pub fn cursor(connection: &Connection) -> Result<Option<(String, i64)>, Problem> {
    let epoch = facts::get(connection, "epoch")?;
    let cursor = facts::get(connection, "cursor")?.and_then(|c| c.parse().ok());
    Ok(epoch.zip(cursor))
}

/// Replaces the whole cache by a snapshot, in one transaction. Outbox and drafts stay.
pub fn replace(connection: &mut Connection, snapshot: Snapshot, now_ms: i64) -> Result<Applied, Problem> {
    let work = begin(connection)?;
    if facts::get(&work, "epoch")?.is_some_and(|epoch| epoch != snapshot.epoch) {
        super::outbox::ask_again(&work)?;
    }
    left::keep_titles(&work)?;
    empty(&work)?;
    contacts::begin_anew(&work)?;
    let mut applied = Applied::default();
    for change in &snapshot.records {
        put_change(&work, change, now_ms, &mut applied)?;
    }
    drop_pictures(&work, "message NOT IN (SELECT id FROM message)", [], &mut applied)?;
    facts::set(&work, "epoch", &snapshot.epoch)?;
    facts::set(&work, "cursor", &snapshot.cursor.to_string())?;
    facts::set(&work, "synced_at_ms", &now_ms.to_string())?;
    applied.topics.retain(|t| !matches!(t, Topic::News { .. }));
    applied.topics.extend([Topic::Status, Topic::Lists]);
    commit(work)?;
    Ok(applied)
}

/// Applies a page of the feed and moves the cursor, in one transaction. A change
/// of a kind this app does not know is skipped.
pub fn apply_page(connection: &mut Connection, page: &ChangesPage, now_ms: i64) -> Result<Applied, Problem> {
    let work = begin(connection)?;
    let mut applied = Applied::default();
    if cursor(&work)?.is_some_and(|(epoch, at)| epoch == page.epoch && at > page.cursor) {
        // A late page of a stream that was given up: it says nothing new.
        return Ok(applied);
    }
    for value in &page.changes {
        if let Ok(change) = Change::deserialize(value) {
            put_change(&work, &change, now_ms, &mut applied)?;
        }
    }
    facts::set(&work, "cursor", &page.cursor.to_string())?;
    facts::set(&work, "synced_at_ms", &now_ms.to_string())?;
    commit(work)?;
    Ok(applied)
}

/// Applies changes that came beside the feed: an answer's, or an older page's.
pub fn apply(
    work: &Transaction<'_>,
    changes: &[Change],
    now_ms: i64,
    applied: &mut Applied,
) -> Result<(), Problem> {
    changes.iter().try_for_each(|change| put_change(work, change, now_ms, applied))
}

/// Forgets the pictures `which` names.
pub(super) fn drop_pictures(
    work: &Transaction<'_>,
    which: &str,
    params: impl rusqlite::Params,
    to: &mut Applied,
) -> Result<(), Problem> {
    let mut gone =
        work.prepare_cached(&format!("DELETE FROM picture WHERE {which} RETURNING name")).map_err(problem)?;
    for name in gone.query_map(params, |r| r.get(0)).map_err(problem)? {
        to.gone.push(name.map_err(problem)?);
    }
    Ok(())
}

/// Lets the files go, of rows that were deleted, that no other row names.
pub(super) fn drop_files(
    work: &Transaction<'_>,
    hashes: Vec<String>,
    to: &mut Applied,
) -> Result<(), Problem> {
    for hash in hashes {
        if !files::is_mentioned(work, &hash)? {
            to.gone.push(hash);
        }
    }
    Ok(())
}

/// A transaction that is alone from its first statement.
pub fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Problem> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(problem)
}

/// Commits.
pub fn commit(work: Transaction<'_>) -> Result<(), Problem> {
    work.commit().map_err(problem)
}

fn put_change(work: &Transaction<'_>, change: &Change, now_ms: i64, to: &mut Applied) -> Result<(), Problem> {
    let seq = change.seq;
    if !matches!(change.what, What::Put(Record::Message(_) | Record::Read(_))) {
        to.heard = None;
    }
    match &change.what {
        What::Put(Record::Conversation(it)) => put_conversation(work, seq, it, to),
        What::Put(Record::Message(it)) => entries::put(work, (seq, it), now_ms, to),
        What::Put(Record::Note(it)) => put_note(work, seq, it, now_ms, to),
        What::Put(Record::Read(mark)) => {
            put_read(work, seq, mark)?;
            to.topics.extend([Topic::Lists, Topic::Status, Topic::Thread { place: mark.place }]);
            Ok(())
        }
        What::Put(Record::Group(it)) => groups::put(work, seq, it, to),
        What::Put(Record::Seen(it)) => super::seen::put(work, seq, it, to),
        What::Put(Record::Person(it)) => contacts::put(work, seq, it, to),
        What::Put(record @ Record::Offer(it)) => {
            put_record(work, seq, record)?;
            super::offers::tell(work, it, to)
        }
        What::Put(record) => {
            to.topics.insert(Topic::Status);
            put_record(work, seq, record)
        }
        What::Left(left) => {
            leave(work, seq, left.name(), to)?;
            if left.erased { erased::forget(work, PlaceId(left.id), to) } else { Ok(()) }
        }
    }
}

fn kind_word(kind: RecordKind) -> String {
    to_json(&kind).trim_matches('"').to_owned()
}

fn put_record(work: &Transaction<'_>, seq: i64, record: &Record) -> Result<(), Problem> {
    let name = record.name();
    work.prepare_cached(
        "INSERT INTO record VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (kind, id) DO UPDATE SET seq = ?3, body = ?4 WHERE seq < ?3",
    )
    .and_then(|mut s| s.execute(params![kind_word(name.kind), name.id, seq, to_json(record)]))
    .map_err(problem)?;
    Ok(())
}

fn put_conversation(
    work: &Transaction<'_>,
    seq: i64,
    it: &Conversation,
    to: &mut Applied,
) -> Result<(), Problem> {
    let row = ConversationRow::of(it);
    let known: Option<bool> = work
        .prepare_cached("SELECT body IS NOT NULL FROM conversation WHERE id = ?1")
        .and_then(|mut s| s.query_row([it.id.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    let changed = work
        .prepare_cached(
            "INSERT INTO conversation VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (id) DO UPDATE SET seq = ?2, body = ?3, state = ?4, agent = ?5, at_ms = ?6,
                 waiting_since_ms = ?7, last_n = ?8, search = ?9 WHERE seq < ?2",
        )
        .and_then(|mut s| {
            s.execute(params![
                it.id.0,
                seq,
                to_json(it),
                row.state,
                it.agent.as_ref().map(|a| a.id.0),
                row.at_ms,
                it.waiting_since_ms,
                it.last_n,
                row.search
            ])
        })
        .map_err(problem)?;
    if changed > 0 {
        previous::keep_while_held(work, it, to)?;
        to.topics.extend([Topic::Lists, Topic::Status, Topic::Thread { place: it.id.into() }]);
        if it.state == State::Waiting && known != Some(true) {
            let text = it.last.as_ref().map(|l| l.text.clone()).unwrap_or_default();
            to.topics.insert(Topic::News {
                place: it.id.into(),
                title: title(it),
                text,
                waiting: true,
                sound: None,
            });
        }
    }
    Ok(())
}

/// The columns of a conversation's row that lists sort, filter and search by.
struct ConversationRow {
    state: String,
    at_ms: i64,
    search: String,
}

impl ConversationRow {
    fn of(it: &Conversation) -> Self {
        let spoken = it.last.as_ref().map_or(it.created_at_ms, |l| l.at_ms);
        let parts = [
            it.customer.name.as_deref(),
            it.customer.phone.as_deref(),
            it.last.as_ref().map(|l| l.text.as_str()),
        ];
        let search: Vec<_> = parts.into_iter().flatten().map(folded).collect();
        Self {
            state: to_json(&it.state).trim_matches('"').to_owned(),
            at_ms: it.ended_at_ms.unwrap_or(spoken),
            search: search.join("\n"),
        }
    }
}

/// The customer's name or number.
pub fn title(it: &Conversation) -> String {
    it.customer.name.clone().or_else(|| it.customer.phone.clone()).unwrap_or_default()
}

/// Whether this reader left a place after `seq`: what is older is not theirs.
fn left_since(work: &Transaction<'_>, place: PlaceId, seq: i64) -> Result<bool, Problem> {
    let left: Option<i64> = work
        .prepare_cached(
            "SELECT seq FROM conversation WHERE id = ?1 AND body IS NULL
             UNION ALL SELECT seq FROM message_group WHERE id = ?1 AND body IS NULL",
        )
        .and_then(|mut s| s.query_row([place.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    Ok(left.is_some_and(|left| left > seq))
}

fn put_note(
    work: &Transaction<'_>,
    seq: i64,
    it: &Note,
    now_ms: i64,
    to: &mut Applied,
) -> Result<(), Problem> {
    if !left_since(work, it.place, seq)? && super::notes::put(work, seq, it)? {
        to.topics.extend([Topic::Lists, Topic::Thread { place: it.place }]);
    }
    if super::outbox::settle(work, it.id.0, now_ms)? {
        to.settled = true;
        to.topics.extend([Topic::Outbox, Topic::Status]);
    }
    Ok(())
}

fn put_read(work: &Transaction<'_>, seq: i64, mark: &ReadMark) -> Result<(), Problem> {
    if left_since(work, mark.place, seq)? {
        return Ok(());
    }
    work.prepare_cached(
        "INSERT INTO read_mark (place, seq, n, sound) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (place) DO UPDATE SET seq = ?2, n = ?3, sound = ?4 WHERE seq < ?2",
    )
    .and_then(|mut s| s.execute(params![mark.place.0, seq, mark.n, mark.sound.as_ref().map(to_json)]))
    .map_err(problem)?;
    Ok(())
}

/// Purges what the reader may no longer have, and what hangs on it; a tombstone
/// keeps late copies out.
fn leave(work: &Transaction<'_>, seq: i64, name: RecordRef, to: &mut Applied) -> Result<(), Problem> {
    match name.kind {
        RecordKind::Conversation => {
            left::keep_title(work, PlaceId(name.id))?;
            let changed = work
                .execute(
                    "INSERT INTO conversation (id, seq) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET
                         seq = ?2, body = NULL, state = NULL, agent = NULL, at_ms = 0,
                         waiting_since_ms = NULL, last_n = 0, search = '' WHERE seq < ?2",
                    params![name.id, seq],
                )
                .map_err(problem)?;
            if changed > 0 {
                previous::drop_through(work, PlaceId(name.id), to)?;
                previous::leave(work, name.id, to)?;
                let its = "message IN (SELECT id FROM message WHERE place = ?1)";
                drop_pictures(work, its, [name.id], to)?;
                work.execute("DELETE FROM message WHERE place = ?1", [name.id]).map_err(problem)?;
                work.execute("DELETE FROM read_mark WHERE place = ?1", [name.id]).map_err(problem)?;
                work.execute("DELETE FROM note WHERE place = ?1", [name.id]).map_err(problem)?;
                let place = PlaceId(name.id);
                // A draft of it is shown there from now on.
                to.topics.extend([Topic::Lists, Topic::Status, Topic::Outbox, Topic::Thread { place }]);
            }
        }
        RecordKind::Group => groups::leave(work, seq, name, to)?,
        // It goes with its group.
        RecordKind::Seen => {}
        RecordKind::Person => contacts::leave(work, seq, name, to)?,
        RecordKind::Message => {
            work.execute("DELETE FROM message WHERE id = ?1 AND seq < ?2", params![name.id, seq])
                .map_err(problem)?;
            to.topics.insert(Topic::Lists);
        }
        RecordKind::Note => {
            work.execute("DELETE FROM note WHERE id = ?1 AND seq < ?2", params![name.id, seq])
                .map_err(problem)?;
            to.topics.insert(Topic::Lists);
        }
        RecordKind::Read => {
            work.execute("DELETE FROM read_mark WHERE place = ?1 AND seq < ?2", params![name.id, seq])
                .map_err(problem)?;
        }
        RecordKind::Me
        | RecordKind::Policy
        | RecordKind::Availability
        | RecordKind::Offer
        | RecordKind::Queue
        | RecordKind::Canned => {
            work.execute(
                "INSERT INTO record (kind, id, seq) VALUES (?1, ?2, ?3)
                 ON CONFLICT (kind, id) DO UPDATE SET seq = ?3, body = NULL WHERE seq < ?3",
                params![kind_word(name.kind), name.id, seq],
            )
            .map_err(problem)?;
            to.topics.insert(Topic::Status);
        }
    }
    Ok(())
}

#[cfg(test)]
mod late;
#[cfg(test)]
mod tests;
