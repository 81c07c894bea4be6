//! What a client gets: what [`feed::seen`] lets them see, told in their own types
//! ([`fieldline_model::client`]) and by their own numbers.
//!
//! Invariants
//! - Nothing leaves by here but through [`told`]: what the types cannot say is not said.
//! - No number of the workspace's feed is in it: cursors and records are numbered by the
//!   client's `public_seq` ([`crate::store::ClientRow`]).

use crate::feed::{self, Cursor, SNAPSHOT_GROUPS};
use crate::older;
use crate::store::{Look, Session, Stop};
use fieldline_model::api::{PAGE_MAX, SNAPSHOT_TAIL};
use fieldline_model::client::{
    ClientAuthor, ClientChange, ClientDoing, ClientOlder, ClientOutcome, ClientPage, ClientRecord,
    ClientSignals, ClientSnapshot, ClientVerdict, ClientWhat,
};
use fieldline_model::signal::Doing;
use fieldline_model::{
    Change, Code, GroupId, Message, MessageId, Outcome, PlaceId, Reader, RecordKind, RecordRef, Scope,
    Verdict, What,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What of a change its client is told.
fn told(look: &Look<'_>, reader: &Reader, change: Change) -> Result<Option<ClientChange>, Stop> {
    let name = name_of(&change);
    let Some(what) = ClientWhat::of(change.what, reader.id) else { return Ok(None) };
    Ok(Some(ClientChange { seq: look.client_seq_of(reader.id, own(reader, name))?, what }))
}

fn name_of(change: &Change) -> RecordRef {
    match &change.what {
        What::Put(record) => record.name(),
        What::Left(left) => left.name(),
    }
}

/// A record's name in a feed: one's own is called by one's id.
fn own(reader: &Reader, name: RecordRef) -> RecordRef {
    if name.kind == RecordKind::Me { RecordRef { id: reader.id.0, ..name } } else { name }
}

/// What `reader` gets of a record; `had` when they were told of it before.
fn seen(look: &Look<'_>, reader: &Reader, name: RecordRef, had: bool) -> Result<Option<ClientChange>, Stop> {
    let was = if had { Scope::Only { person: reader.id } } else { Scope::Nobody };
    match feed::seen(look, reader, name, &was)? {
        Some(change) => told(look, reader, change),
        None => Ok(None),
    }
}

/// A page of a client's feed from `cursor` on, at `now_ms` by the server's clock.
pub fn page(look: &Look<'_>, reader: &Reader, cursor: &Cursor, now_ms: i64) -> Result<ClientPage, Stop> {
    let (epoch, head, after) = (look.workspace()?.epoch, look.client_head(reader.id)?, cursor.after);
    let resync = cursor.epoch != epoch || after > head || after < 0;
    let mut page =
        ClientPage { epoch, cursor: head, at_ms: now_ms, more: false, resync, changes: Vec::new() };
    if resync {
        return Ok(page);
    }
    let came = look.came_to(reader.id, after)?;
    let mut told = Growing { look, reader, came: &came, done: BTreeSet::new(), changes: Vec::new() };
    page.cursor = after;
    for (seq, record) in rows(look, reader, (after, &came))? {
        if told.changes.len() >= PAGE_MAX {
            break;
        }
        page.cursor = seq;
        told.tell(record)?;
    }
    page.changes = told.changes;
    page.more = page.cursor < head;
    Ok(page)
}

/// What is to be told after a number, in order: each record at its newest, and a thread also
/// where it came, since it may have changed after a page that ends there.
fn rows(
    look: &Look<'_>,
    reader: &Reader,
    (after, came): (i64, &BTreeMap<Uuid, i64>),
) -> Result<Vec<(i64, RecordRef)>, Stop> {
    let rows = look.client_rows(reader.id, after, PAGE_MAX)?;
    let whole = rows.len() < PAGE_MAX;
    let end = rows.last().filter(|_| !whole).map_or(i64::MAX, |row| row.public_seq);
    let mut rows: Vec<_> = rows.into_iter().map(|row| (row.public_seq, row.record)).collect();
    let came = came.iter().filter(|(_, seq)| **seq <= end);
    rows.extend(came.map(|(id, seq)| (*seq, RecordRef { kind: RecordKind::Group, id: *id })));
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

/// A page as it grows.
struct Growing<'p> {
    look: &'p Look<'p>,
    reader: &'p Reader,
    /// The threads that came to the reader after their cursor.
    came: &'p BTreeMap<Uuid, i64>,
    done: BTreeSet<RecordRef>,
    changes: Vec<ClientChange>,
}

impl Growing<'_> {
    /// Tells of a record; of an entry of a thread that came, the thread first.
    fn tell(&mut self, name: RecordRef) -> Result<(), Stop> {
        if self.done.contains(&name) {
            return Ok(());
        }
        let change = seen(self.look, self.reader, name, true)?;
        let place = match change.as_ref().map(|it| &it.what) {
            Some(ClientWhat::Put(ClientRecord::Message(it))) => Some(it.place.0),
            Some(ClientWhat::Put(ClientRecord::Read(it))) => Some(it.place.0),
            _ => None,
        };
        if let Some(place) = place.filter(|place| self.came.contains_key(place)) {
            self.tell(RecordRef { kind: RecordKind::Group, id: place })?;
        }
        let comes = name.kind == RecordKind::Group
            && self.came.contains_key(&name.id)
            && matches!(&change, Some(ClientChange { what: ClientWhat::Put(_), .. }));
        if self.done.insert(name) {
            self.changes.extend(change);
        }
        if comes {
            for name in along(self.look, name.id, SNAPSHOT_TAIL)? {
                if self.done.insert(name) {
                    self.changes.extend(seen(self.look, self.reader, name, false)?);
                }
            }
        }
        Ok(())
    }
}

/// One's read mark and the newest entries of a thread, oldest first.
fn along(look: &Look<'_>, thread: Uuid, tail: usize) -> Result<Vec<RecordRef>, Stop> {
    let mut names = vec![RecordRef { kind: RecordKind::Read, id: thread }];
    let entries = look.entries(PlaceId(thread), i64::MAX, tail)?;
    names.extend(entries.iter().rev().map(|m| RecordRef { kind: RecordKind::Message, id: m.id.0 }));
    Ok(names)
}

/// Everything a client's new device needs, read at one moment.
pub fn snapshot(look: &Look<'_>, session: &Session, now_ms: i64) -> Result<ClientSnapshot, Stop> {
    let reader = session.reader();
    let mut names = vec![
        RecordRef { kind: RecordKind::Me, id: reader.id.0 },
        RecordRef { kind: RecordKind::Policy, id: Uuid::nil() },
    ];
    for (i, group) in look.groups_of(reader.id)?.into_iter().enumerate() {
        let id = group.id.0;
        names.push(RecordRef { kind: RecordKind::Group, id });
        names.extend(along(look, id, feed::tail(i < SNAPSHOT_GROUPS))?);
    }
    let mut records = Vec::with_capacity(names.len());
    for name in names {
        records.extend(seen(look, &reader, name, false)?);
    }
    let (epoch, cursor) = (look.workspace()?.epoch, look.client_head(reader.id)?);
    Ok(ClientSnapshot { epoch, cursor, at_ms: now_ms, records })
}

/// A page of a thread's older entries, newest first.
///
/// Refuses with *not_found* who is not in it.
pub fn older(look: &Look<'_>, reader: &Reader, which: GroupId, before: i64) -> Result<ClientOlder, Stop> {
    let page = older::group_page(look, reader, which, before)?;
    let mut messages = Vec::with_capacity(page.messages.len());
    for change in page.messages {
        messages.extend(told(look, reader, change)?);
    }
    Ok(ClientOlder { more: page.more, messages })
}

/// What a client's intents are answered. Each record as all of the batch left it: its number
/// is that of today, and told with what one of several made of it, it would keep a device from
/// taking what the last one did.
pub fn verdicts(look: &Look<'_>, reader: &Reader, all: Vec<Verdict>) -> Result<Vec<ClientVerdict>, Stop> {
    let mut verdicts = Vec::with_capacity(all.len());
    for Verdict { intent, outcome } in all {
        let outcome = match outcome {
            Outcome::Accepted { changes } => {
                let mut mine = Vec::with_capacity(changes.len());
                for change in changes {
                    mine.extend(seen(look, reader, name_of(&change), true)?);
                }
                ClientOutcome::Accepted { changes: mine }
            }
            Outcome::Later { wait_ms } => ClientOutcome::Later { wait_ms },
            Outcome::Refused { problem } => ClientOutcome::Refused { problem },
            Outcome::SignInAgain | Outcome::UpdateNeeded => ClientOutcome::UpdateNeeded,
        };
        verdicts.push(ClientVerdict { intent, outcome });
    }
    Ok(verdicts)
}

/// An entry of a thread that a client may read; refuses with *not_found* any other.
pub fn entry(look: &Look<'_>, reader: &Reader, which: MessageId) -> Result<Message, Stop> {
    let entry = look.message(which)?.ok_or(Code::NotFound)?;
    if older::may_read_entry(look, reader, &entry)? { Ok(entry) } else { Err(Code::NotFound.into()) }
}

/// Who types in the client's threads just now.
pub fn signals(look: &Look<'_>, reader: &Reader, all: Vec<Doing>) -> Result<ClientSignals, Stop> {
    let mut doing = Vec::new();
    for Doing { place, who, typing, left_ms } in all.into_iter().filter(|it| it.typing) {
        if let Some(who) = ClientAuthor::of(who)
            && look.membership(reader.id, place.into())? == Some(true)
        {
            doing.push(ClientDoing { place, who, typing, left_ms });
        }
    }
    Ok(ClientSignals { doing })
}
