//! Entries of timelines, applied.

use super::{Applied, heard};
use crate::store::{cache, deleted, groups, marks, outbox, problem, search, to_json};
use crate::view::Topic;
use fieldline_model::{Author, Body, Message, Problem, SoundLevel};
use rusqlite::{Transaction, params};

/// Applies an entry: it, what it settles, and what goes with one that was deleted.
pub(super) fn put(
    work: &Transaction<'_>,
    (seq, it): (i64, &Message),
    now_ms: i64,
    to: &mut Applied,
) -> Result<(), Problem> {
    let heard = heard::of(work, it.place, to)?;
    if heard.left.is_some_and(|left| left > seq) || it.n < heard.from_n {
        return Ok(());
    }
    let (title, of_group) = (heard.title.clone().filter(|_| !it.deleted), heard.of_group);
    if deleted::is_nothing_here(work, it)? {
        return Ok(());
    }
    let wrote = write(work, seq, it)?;
    let theirs = it.author == Author::Customer;
    // What a customer says was never asked of this device's outbox.
    if !theirs && outbox::settle(work, it.id.0, now_ms)? {
        to.settled = true;
        to.topics.extend([Topic::Outbox, Topic::Status]);
    }
    if it.deleted {
        deleted::forget(work, it.id, to)?;
    }
    if wrote != Wrote::Nothing {
        to.topics.insert(Topic::Thread { place: it.place });
    }
    if of_group {
        // Its record says nothing of an entry: row and counts are made of the entries here.
        if wrote != Wrote::Nothing {
            to.topics.extend([Topic::Lists, Topic::Status]);
        }
        groups::moved(work, it.place)?;
        if wrote == Wrote::First && !it.deleted {
            groups::tell(work, it, to)?;
        }
    }
    if let (Wrote::First, true, Some(title), Body::Said { text, .. }) = (wrote, theirs, title, &it.body) {
        let sound = marks::of(work, it.place, true)?.sound;
        if sound != Some(SoundLevel::None) {
            let (place, text) = (it.place, text.clone());
            to.topics.insert(Topic::News { place, title, text, waiting: false, sound });
        }
    }
    Ok(())
}

/// What writing an entry did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrote {
    /// A copy as new or newer was there.
    Nothing,
    /// An older copy was there.
    Newer,
    /// None was there.
    First,
}

/// Writes an entry, unless a newer copy is there.
pub fn write(work: &Transaction<'_>, seq: i64, it: &Message) -> Result<Wrote, Problem> {
    let body = to_json(it);
    if add(work, (seq, it), &body)? {
        return Ok(Wrote::First);
    }
    let (files, mentions_me) = (files(it), mentions_me(work, it)?);
    let newer = work
        .prepare_cached(
            "UPDATE message SET seq = ?2, files = ?3, body = ?4, said_by = ?5, mentions_me = ?6
             WHERE id = ?1 AND seq < ?2",
        )
        .and_then(|mut s| s.execute(params![it.id.0, seq, files, body, said_by(it), mentions_me]))
        .map_err(problem)?;
    if newer > 0 {
        return Ok(Wrote::Newer);
    }
    // Two entries with one number are a server's fault, or of two epochs: the newer
    // one stays, and what comes after them is not held up.
    let other = work
        .prepare_cached("DELETE FROM message WHERE place = ?1 AND n = ?2 AND id <> ?3 AND seq < ?4")
        .and_then(|mut s| s.execute(params![it.place.0, it.n, it.id.0, seq]))
        .map_err(problem)?;
    let first = other > 0 && add(work, (seq, it), &body)?;
    Ok(if first { Wrote::First } else { Wrote::Nothing })
}

fn files(it: &Message) -> i64 {
    if let Body::Said { files, .. } = &it.body { files.len() as i64 } else { 0 }
}

/// Which person said it: what is deleted or only happened was said by nobody.
fn said_by(it: &Message) -> Option<uuid::Uuid> {
    match (&it.author, &it.body) {
        (Author::Person(by), Body::Said { .. }) if !it.deleted => Some(by.id.0),
        _ => None,
    }
}

/// Whether it mentions who is signed in.
fn mentions_me(work: &Transaction<'_>, it: &Message) -> Result<bool, Problem> {
    // Hardly any message mentions anybody: then it is not asked who is signed in.
    let some = matches!(&it.body, Body::Said { mentions, .. } if !mentions.is_empty());
    Ok(some && cache::me(work)?.is_some_and(|me| it.mentions(me.person.id)))
}

/// Adds an entry, unless its id or its number is there.
fn add(work: &Transaction<'_>, (seq, it): (i64, &Message), body: &str) -> Result<bool, Problem> {
    let mentions_me = mentions_me(work, it)?;
    work.prepare_cached(
        "INSERT INTO message (rowid, id, place, n, seq, files, theirs, body, said_by, mentions_me)
         VALUES (coalesce((SELECT max(rowid) + 1 FROM message WHERE rowid BETWEEN ?8 AND ?9), ?8),
                 ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?10, ?11)
         ON CONFLICT DO NOTHING",
    )
    .and_then(|mut s| {
        let (from, to) = search::positions(it.at_ms);
        let theirs = it.author == Author::Customer;
        let (files, said_by) = (files(it), said_by(it));
        s.execute(params![
            it.id.0,
            it.place.0,
            it.n,
            seq,
            files,
            theirs,
            body,
            from,
            to,
            said_by,
            mentions_me
        ])
    })
    .map(|added| added > 0)
    .map_err(problem)
}
