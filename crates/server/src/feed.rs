//! What a reader gets: each record whole, as it is now, filtered by rights now.
//!
//! One function, [`seen`], decides it for the feed, for snapshots, for older pages
//! and for the answers to intents alike; whether somebody may see a record is
//! always [`Scope::holds`] of the scope it has at the moment of reading.
//!
//! Invariants
//! - Who was in a change's audience and is not in today's gets *left*; nobody else
//!   learns that the record exists.
//! - A message is seen by who sees its conversation now; one of a group, by its members
//!   now who read so far back.
//! - A record carries the number of its own newest change, also when it came up in
//!   an older one: so a page read late never makes a device's copy older.

use crate::older;
use crate::store::{FeedRow, Look, Put, Session, Stop};
use fieldline_model::api::{ChangesPage, PAGE_MAX, SNAPSHOT_TAIL, Snapshot};
use fieldline_model::change::Seen;
use fieldline_model::{
    Body, CannedId, Change, Conversation, ConversationId, Event, GroupId, Left, MessageId, NoteId, PersonId,
    PlaceId, QueueId, Reader, Record, RecordKind, RecordRef, Scope, State, What,
};
use std::collections::BTreeSet;

/// Changes looked at for one page at most; most may be for others' eyes.
const SCAN_MAX: usize = 1000;
/// Notes that come along with a conversation, the newest.
pub const NOTES_ALONG: usize = 100;
/// Ended conversations in a snapshot.
const SNAPSHOT_ENDED: usize = 50;
/// Groups in a snapshot, newest first, that come with their last page; of the others,
/// what their list shows of them.
pub const SNAPSHOT_GROUPS: usize = 30;
const PREVIEW_TAIL: usize = 5;

/// How many entries of a group come with a snapshot.
pub fn tail(is_newest: bool) -> usize {
    if is_newest { SNAPSHOT_TAIL } else { PREVIEW_TAIL }
}

/// A record as it is now and who may see it; `None` when there is none.
fn record(look: &Look<'_>, reader: &Reader, name: RecordRef) -> Result<Option<(Record, Scope)>, Stop> {
    Ok(match name.kind {
        RecordKind::Me => {
            look.me(PersonId(name.id))?.map(|me| (Record::Me(me), Scope::Only { person: PersonId(name.id) }))
        }
        RecordKind::Policy => Some((Record::Policy(look.workspace()?.policy), Scope::Everyone)),
        RecordKind::Person => look.contact(PersonId(name.id))?.map(|p| (Record::Person(p), Scope::Agents)),
        RecordKind::Conversation => look.conversation(ConversationId(name.id))?.map(|it| {
            let scope = it.scope();
            (Record::Conversation(Box::new(it)), scope)
        }),
        RecordKind::Message => match look.message(MessageId(name.id))? {
            Some(it) => match look.conversation(it.place.into())? {
                // Who reads it as a previous conversation asks for it; what was deleted since
                // then, nobody would ask for.
                Some(of) => {
                    let scope = if it.deleted { read_by(look, reader, &of)? } else { of.scope() };
                    Some((Record::Message(Box::new(it)), scope))
                }
                None => look.group(it.place.into())?.map(|of| {
                    let (scope, mut it) = (of.scope_of(it.n), it);
                    it.read_from(of.member(reader.id).map_or(1, |m| m.from_n));
                    (Record::Message(Box::new(it)), scope)
                }),
            },
            None => None,
        },
        RecordKind::Group => look.group(GroupId(name.id))?.map(|it| {
            let scope = it.scope();
            (Record::Group(Box::new(it)), scope)
        }),
        RecordKind::Seen => match look.group(GroupId(name.id))? {
            Some(of) => look.seen(&of)?.map(|it| (Record::Seen(it), Seen::scope(&of))),
            None => None,
        },
        RecordKind::Availability => {
            look.availability(PersonId(name.id))?.map(|it| (Record::Availability(it), Scope::Agents))
        }
        RecordKind::Offer => look.offer(ConversationId(name.id))?.map(|it| {
            let scope = Scope::Only { person: it.agent };
            (Record::Offer(it), scope)
        }),
        RecordKind::Queue => look.queue(QueueId(name.id))?.map(|row| {
            let scope = row.scope();
            (Record::Queue(row.queue), scope)
        }),
        RecordKind::Canned => look.canned(CannedId(name.id))?.map(|it| (Record::Canned(it), Scope::Agents)),
        RecordKind::Note => match look.note(NoteId(name.id))? {
            Some(it) => look
                .conversation(it.place.into())?
                .map(|conversation| (Record::Note(Box::new(it)), conversation.scope())),
            None => None,
        },
        RecordKind::Read => {
            let place = PlaceId(name.id);
            let mark = look.mark(reader.id, place)?;
            // One of nothing read, whose sound is as each device is set, was set otherwise before.
            let is_kept = mark.n > 0 || mark.sound.is_some() || number(look, reader, name)? > 0;
            is_kept.then_some((Record::Read(mark), Scope::Only { person: reader.id }))
        }
    })
}

/// Who sees a conversation's messages now: its scope, and who may read it as a previous one.
fn read_by(look: &Look<'_>, reader: &Reader, it: &Conversation) -> Result<Scope, Stop> {
    let scope = it.scope();
    if scope.holds(reader) || !older::may_read(look, reader, it)? {
        return Ok(scope);
    }
    Ok(Scope::Only { person: reader.id })
}

/// Who is in a place now, to hear what is done there.
pub fn audience(look: &Look<'_>, place: PlaceId) -> Result<Option<Scope>, Stop> {
    if let Some(it) = look.conversation(place.into())? {
        return Ok(Some(it.scope()));
    }
    Ok(look.group(place.into())?.map(|it| it.scope()))
}

fn number(look: &Look<'_>, reader: &Reader, name: RecordRef) -> Result<i64, Stop> {
    let only = (name.kind == RecordKind::Read).then_some(Scope::Only { person: reader.id });
    look.seq_of(name, only.as_ref())
}

/// What `reader` gets of a record whose audience was `was`; `None`: nothing.
pub fn seen(look: &Look<'_>, reader: &Reader, name: RecordRef, was: &Scope) -> Result<Option<Change>, Stop> {
    let what = match record(look, reader, name)? {
        Some((record, scope)) if scope.holds(reader) => What::Put(record),
        found if !goes_with_its_place(name) && was.holds(reader) => {
            // A conversation goes with its customer and never otherwise.
            let erased = found.is_none() && name.kind == RecordKind::Conversation;
            What::Left(Left { erased, ..name.into() })
        }
        _ => return Ok(None),
    };
    Ok(Some(Change { seq: number(look, reader, name)?, what }))
}

/// Whether a record goes with its place's own *left*.
fn goes_with_its_place(name: RecordRef) -> bool {
    matches!(name.kind, RecordKind::Message | RecordKind::Note | RecordKind::Seen)
}

/// The same of a record that was put a moment ago, and need not be read again.
pub fn seen_as_put(reader: &Reader, put: Put, was: &Scope) -> Option<Change> {
    let name = put.record.name();
    let what = if put.scope.holds(reader) {
        What::Put(put.record)
    } else if !goes_with_its_place(name) && was.holds(reader) {
        What::Left(name.into())
    } else {
        return None;
    };
    Some(Change { seq: put.seq, what })
}

/// Where a reader is in the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The last number they have.
    pub after: i64,
    /// Of which epoch.
    pub epoch: String,
}

/// A page of the feed from `cursor` on, at `now_ms` by the server's clock.
pub fn page(look: &Look<'_>, reader: &Reader, cursor: &Cursor, now_ms: i64) -> Result<ChangesPage, Stop> {
    let workspace = look.workspace()?;
    let (after, tail) = (cursor.after, workspace.tail.max(look.tail_of(reader.id)?));
    let mut page = ChangesPage {
        epoch: workspace.epoch.clone(),
        cursor: workspace.seq,
        at_ms: now_ms,
        more: false,
        resync: cursor.epoch != workspace.epoch || after > workspace.seq || after < tail,
        changes: Vec::new(),
    };
    if page.resync {
        return Ok(page);
    }
    let rows = look.changes(after, SCAN_MAX)?;
    // Which records the page's changes are of, in its order.
    let mut told: Vec<RecordRef> = Vec::new();
    let (mut done, mut entered) = (BTreeSet::new(), BTreeSet::new());
    page.cursor = after;
    for row in &rows {
        if page.changes.len() >= PAGE_MAX {
            break;
        }
        page.cursor = row.seq;
        if !concerns(row, reader) {
            continue;
        }
        let mut reopened = None;
        // A record that gave nothing in one row may give *left* in a later one.
        if !done.contains(&row.record)
            && let Some(change) = seen(look, reader, row.record, &row.was)?
        {
            done.insert(row.record);
            reopened = reopens(&change);
            told.push(row.record);
            page.changes.push(serde_json::to_value(&change)?);
        }
        let place = PlaceId(row.record.id);
        let mut with = Vec::new();
        if enters(row, reader) && entered.insert((place, true)) {
            with = along(look, place)?;
            // A device that had left the place takes nothing of it that comes before it.
            tell_after(&mut page, &mut told, |name| with.contains(name) && done.remove(name));
        } else if let Some(place) = reopened.filter(|place| entered.insert((*place, false))) {
            with = newest(look, place)?;
        }
        for name in with {
            if !done.contains(&name)
                && let Some(change) = seen(look, reader, name, &Scope::Nobody)?
            {
                done.insert(name);
                told.push(name);
                page.changes.push(serde_json::to_value(&change)?);
            }
        }
    }
    page.more = page.cursor < workspace.seq;
    Ok(page)
}

/// Takes out of a page what `is_later` says is to be told later in it.
fn tell_after(
    page: &mut ChangesPage,
    told: &mut Vec<RecordRef>,
    mut is_later: impl FnMut(&RecordRef) -> bool,
) {
    let kept: Vec<bool> = told.iter().map(|name| !is_later(name)).collect();
    let (mut of_names, mut of_changes) = (kept.iter(), kept.iter());
    told.retain(|_| of_names.next().is_some_and(|kept| *kept));
    page.changes.retain(|_| of_changes.next().is_some_and(|kept| *kept));
}

/// Whether a place came to a reader who had not seen it: what was said and noted
/// before then was no change of theirs. (Of one that begins, all is still to come.)
fn enters(row: &FeedRow, reader: &Reader) -> bool {
    matches!(row.record.kind, RecordKind::Conversation | RecordKind::Group)
        && row.was != Scope::Nobody
        && !row.was.holds(reader)
        && row.now.holds(reader)
}

/// The conversation that a change says was reopened: a device whose snapshot was taken while
/// it was ended has nothing that was said in it.
fn reopens(change: &Change) -> Option<PlaceId> {
    let What::Put(Record::Message(it)) = &change.what else { return None };
    matches!(it.body, Body::Happened { event: Event::Reopened }).then_some(it.place)
}

/// One's read mark and the newest notes and entries of a place, for who sees it now: what a
/// device that goes offline at once can go on with.
fn along(look: &Look<'_>, of: PlaceId) -> Result<Vec<RecordRef>, Stop> {
    // One's own mark stayed here when the conversation left.
    let marks = [RecordKind::Read, RecordKind::Seen];
    let mut along: Vec<RecordRef> = marks.map(|kind| RecordRef { kind, id: of.0 }).into();
    let notes = look.notes(of.into(), NOTES_ALONG)?;
    along.extend(notes.iter().map(|note| RecordRef { kind: RecordKind::Note, id: note.id.0 }));
    along.extend(newest(look, of)?);
    Ok(along)
}

/// The newest entries of a place, oldest first.
fn newest(look: &Look<'_>, of: PlaceId) -> Result<Vec<RecordRef>, Stop> {
    let entries = look.entries(of, i64::MAX, SNAPSHOT_TAIL)?;
    Ok(entries.iter().rev().map(|entry| RecordRef { kind: RecordKind::Message, id: entry.id.0 }).collect())
}

/// Whether a change can mean anything to a reader: they were or became its audience.
/// What they get is still decided by the record as it is now.
fn concerns(row: &FeedRow, reader: &Reader) -> bool {
    row.was.holds(reader) || row.now.holds(reader)
}

/// Everything a new device needs, read at one moment.
pub fn snapshot(look: &Look<'_>, session: &Session, now_ms: i64) -> Result<Snapshot, Stop> {
    let reader = session.reader();
    let workspace = look.workspace()?;
    let mut names = vec![RecordRef { kind: RecordKind::Policy, id: uuid::Uuid::nil() }];
    names.extend(look.staff()?.iter().map(|p| RecordRef { kind: RecordKind::Person, id: p.id.0 }));
    for row in look.queues()? {
        let queue = RecordRef { kind: RecordKind::Queue, id: row.queue.id.0 };
        // One that nobody ever set is as every device takes it to be.
        if look.seq_of(queue, None)? > 0 {
            names.push(queue);
        }
    }
    let canned = look.canned_all()?;
    names.extend(canned.iter().map(|it| RecordRef { kind: RecordKind::Canned, id: it.id.0 }));
    let ready = look.availabilities()?;
    names.extend(ready.iter().map(|it| RecordRef { kind: RecordKind::Availability, id: it.person.0 }));
    for offer in look.offers()? {
        names.push(RecordRef { kind: RecordKind::Offer, id: offer.conversation.0 });
    }
    for conversation in shown(look, &reader)? {
        let id = conversation.id.0;
        names.push(RecordRef { kind: RecordKind::Conversation, id });
        names.push(RecordRef { kind: RecordKind::Read, id });
        if conversation.state != State::Ended {
            let tail = look.entries(PlaceId(id), i64::MAX, SNAPSHOT_TAIL)?;
            names.extend(tail.iter().rev().map(|m| RecordRef { kind: RecordKind::Message, id: m.id.0 }));
        }
        let notes = look.notes(conversation.id, NOTES_ALONG)?;
        names.extend(notes.iter().map(|n| RecordRef { kind: RecordKind::Note, id: n.id.0 }));
    }
    for (i, group) in look.groups_of(reader.id)?.into_iter().enumerate() {
        let id = group.id.0;
        names.push(RecordRef { kind: RecordKind::Group, id });
        names.push(RecordRef { kind: RecordKind::Read, id });
        names.push(RecordRef { kind: RecordKind::Seen, id });
        let tail = look.entries(PlaceId(id), i64::MAX, tail(i < SNAPSHOT_GROUPS))?;
        names.extend(tail.iter().rev().map(|m| RecordRef { kind: RecordKind::Message, id: m.id.0 }));
    }
    let mut records = Vec::with_capacity(names.len() + 1);
    if let Some(me) = look.me(reader.id)? {
        let number = |kind| look.seq_of(RecordRef { kind, id: reader.id.0 }, None);
        let seq = number(RecordKind::Person)?.max(number(RecordKind::Me)?);
        records.push(Change { seq, what: What::Put(Record::Me(me)) });
    }
    for name in names {
        records.extend(seen(look, &reader, name, &Scope::Nobody)?);
    }
    Ok(Snapshot { epoch: workspace.epoch, cursor: workspace.seq, at_ms: now_ms, records })
}

/// The conversations of a snapshot: waiting and open ones, and the newest ended.
fn shown(look: &Look<'_>, reader: &Reader) -> Result<Vec<Conversation>, Stop> {
    let mut shown = look.conversations(State::Waiting)?;
    shown.extend(look.conversations(State::Open)?);
    let of = (reader.role != fieldline_model::Role::Admin).then_some(reader.id);
    shown.extend(look.ended(of, SNAPSHOT_ENDED)?);
    shown.retain(|conversation| conversation.scope().holds(reader));
    Ok(shown)
}
