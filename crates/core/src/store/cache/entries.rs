//! Entries of timelines, applied.

use super::{Applied, conversation, left_since, me, title};
use crate::store::{deleted, outbox, problem, search, to_json};
use crate::view::Topic;
use fieldline_model::{Author, Body, Message, Problem, State};
use rusqlite::{Transaction, params};

/// Applies an entry: it, what it settles, and what goes with one that was deleted.
pub(super) fn put(
    work: &Transaction<'_>,
    seq: i64,
    it: &Message,
    now_ms: i64,
    to: &mut Applied,
) -> Result<(), Problem> {
    if left_since(work, it.place, seq)? {
        return Ok(());
    }
    if deleted::is_nothing_here(work, it)? {
        return Ok(());
    }
    let is_news = it.author == Author::Customer && !it.deleted && !knows_message(work, it)?;
    let changed = write_message(work, seq, it)?;
    if outbox::settle(work, it.id.0, now_ms)? {
        to.settled = true;
        to.topics.extend([Topic::Outbox, Topic::Status]);
    }
    if it.deleted {
        deleted::forget(work, it.id, to)?;
    }
    if changed {
        to.topics.insert(Topic::Thread { place: it.place });
        if is_news {
            tell_of_message(work, it, to)?;
        }
    }
    Ok(())
}

/// Writes an entry, unless a newer copy is there. Replies whether it did.
pub(in crate::store) fn write_message(
    work: &Transaction<'_>,
    seq: i64,
    it: &Message,
) -> Result<bool, Problem> {
    let files = if let Body::Said { files, .. } = &it.body { files.len() } else { 0 };
    let theirs = it.author == Author::Customer;
    // Two entries with one number are a server's fault, or of two epochs: the newer
    // one stays, and what comes after them is not held up.
    work.prepare_cached("DELETE FROM message WHERE place = ?1 AND n = ?2 AND id <> ?3 AND seq < ?4")
        .and_then(|mut s| s.execute(params![it.place.0, it.n, it.id.0, seq]))
        .map_err(problem)?;
    work.prepare_cached(
        "INSERT INTO message (rowid, id, place, n, seq, files, theirs, body)
         SELECT coalesce((SELECT max(rowid) + 1 FROM message WHERE rowid BETWEEN ?8 AND ?9), ?8),
                ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE true
         ON CONFLICT (id) DO UPDATE SET seq = ?4, files = ?5, body = ?7 WHERE seq < ?4
         ON CONFLICT (place, n) DO NOTHING",
    )
    .and_then(|mut s| {
        let (from, to) = search::positions(it.at_ms);
        let files = files as i64;
        s.execute(params![it.id.0, it.place.0, it.n, seq, files, theirs, to_json(it), from, to])
    })
    .map(|changed| changed > 0)
    .map_err(problem)
}

fn knows_message(work: &Transaction<'_>, it: &Message) -> Result<bool, Problem> {
    work.prepare_cached("SELECT 1 FROM message WHERE id = ?1")
        .and_then(|mut s| s.exists([it.id.0]))
        .map_err(problem)
}

/// News of a customer's message, when the conversation is one this person has.
fn tell_of_message(work: &Transaction<'_>, it: &Message, to: &mut Applied) -> Result<(), Problem> {
    let (Some(me), Some(conversation)) = (me(work)?, conversation(work, it.place)?) else {
        return Ok(());
    };
    let mine = conversation.agent.as_ref().is_some_and(|a| a.id == me.person.id);
    if conversation.state == State::Open && mine {
        let Body::Said { text, .. } = &it.body else { return Ok(()) };
        let title = title(&conversation);
        to.topics.insert(Topic::News { place: it.place, title, text: text.clone(), waiting: false });
    }
    Ok(())
}
