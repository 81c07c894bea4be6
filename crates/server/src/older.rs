//! Pages beside the feed: a place's older entries, a customer's previous
//! conversations, and the contact list.
//!
//! Invariants
//! - One predicate, [`may_read`], for pages and for the files of their messages: who
//!   is in a conversation's scope, and, of an ended one, who holds another of the same
//!   customer at the moment of reading.
//! - A page carries each record's own number, so that one read late never makes a
//!   device's copy older.

use crate::feed;
use crate::store::{Look, Stop};
use fieldline_model::api::{ContactsPage, OlderPage, PAGE_MAX, PreviousPage, SNAPSHOT_TAIL};
use fieldline_model::{
    Change, Code, Conversation, ConversationId, GroupId, Message, PersonId, PlaceId, Reader, Record,
    RecordKind, RecordRef, Scope, State, What,
};

/// Whether `reader` may read `it` now, as their own or as a previous conversation.
pub fn may_read(look: &Look<'_>, reader: &Reader, it: &Conversation) -> Result<bool, Stop> {
    if it.scope().holds(reader) {
        return Ok(true);
    }
    if it.state != State::Ended || !reader.role.is_staff() {
        return Ok(false);
    }
    Ok(look.open_of(it.customer.id)?.iter().any(|other| other.is_held_by(reader)))
}

/// Whether `reader` may read an entry now, of a conversation or of a group.
pub fn may_read_entry(look: &Look<'_>, reader: &Reader, entry: &Message) -> Result<bool, Stop> {
    if let Some(it) = look.conversation(entry.place.into())? {
        return may_read(look, reader, &it);
    }
    Ok(look.group(entry.place.into())?.is_some_and(|it| it.scope_of(entry.n).holds(reader)))
}

/// A page of a group's entries before number `before`, newest first, as far back as
/// the reader may read.
///
/// Refuses with *not_found* who is not in it.
pub fn group_page(look: &Look<'_>, reader: &Reader, which: GroupId, before: i64) -> Result<OlderPage, Stop> {
    let it = look.group(which)?.ok_or(Code::NotFound)?;
    let from_n = it.member(reader.id).ok_or(Code::NotFound)?.from_n;
    let (more, mut messages) = entries(look, which.into(), before)?;
    let all = messages.len();
    messages.retain(|it| matches!(&it.what, What::Put(Record::Message(entry)) if entry.n >= from_n));
    for change in &mut messages {
        if let What::Put(Record::Message(entry)) = &mut change.what {
            entry.read_from(from_n);
        }
    }
    Ok(OlderPage { more: more && messages.len() == all, messages })
}

/// A page of a conversation's entries before number `before`, newest first.
///
/// Refuses with *not_found* what the reader may not read.
pub fn page(look: &Look<'_>, reader: &Reader, which: ConversationId, before: i64) -> Result<OlderPage, Stop> {
    let it = look.conversation(which)?.ok_or(Code::NotFound)?;
    if !may_read(look, reader, &it)? {
        return Err(Code::NotFound.into());
    }
    let (more, messages) = entries(look, which.into(), before)?;
    Ok(OlderPage { more, messages })
}

fn entries(look: &Look<'_>, of: PlaceId, before: i64) -> Result<(bool, Vec<Change>), Stop> {
    let mut entries = look.entries(of, before, SNAPSHOT_TAIL + 1)?;
    let more = entries.len() > SNAPSHOT_TAIL;
    entries.truncate(SNAPSHOT_TAIL);
    let mut messages = Vec::with_capacity(entries.len());
    for entry in entries {
        let seq = look.seq_of(RecordRef { kind: RecordKind::Message, id: entry.id.0 }, None)?;
        messages.push(Change { seq, what: What::Put(Record::Message(Box::new(entry))) });
    }
    Ok((more, messages))
}

/// The customer's ended conversation right before `before`, for who holds `held`.
///
/// Refuses with *not_found* what the reader may not see or is another customer's, with
/// *not_permitted* when they see `held` but do not have it.
pub fn previous(
    look: &Look<'_>,
    reader: &Reader,
    held: ConversationId,
    before: Option<ConversationId>,
) -> Result<PreviousPage, Stop> {
    let held = look.conversation(held)?.filter(|it| it.scope().holds(reader)).ok_or(Code::NotFound)?;
    if !held.is_held_by(reader) {
        return Err(Code::NotPermitted.into());
    }
    let from = match before {
        None => held,
        Some(which) => {
            let same = |it: &Conversation| it.customer.id == held.customer.id;
            look.conversation(which)?.filter(same).ok_or(Code::NotFound)?
        }
    };
    let conversation = look.ended_before(&from)?;
    let Some(it) = &conversation else {
        return Ok(PreviousPage { conversation, first: true, more: false, messages: vec![], notes: vec![] });
    };
    let (first, notes) = (look.ended_before(it)?.is_none(), notes(look, it.id)?);
    let (more, messages) = entries(look, it.id.into(), i64::MAX)?;
    Ok(PreviousPage { conversation, first, more, messages, notes })
}

/// The newest internal notes of a conversation, which whoever may read it now may read.
fn notes(look: &Look<'_>, of: ConversationId) -> Result<Vec<Change>, Stop> {
    let mut changes = Vec::new();
    for note in look.notes(of, feed::NOTES_ALONG)? {
        let seq = look.seq_of(RecordRef { kind: RecordKind::Note, id: note.id.0 }, None)?;
        changes.push(Change { seq, what: What::Put(Record::Note(Box::new(note))) });
    }
    Ok(changes)
}

/// A page of the clients in the contact list, after somebody.
pub fn contacts(look: &Look<'_>, reader: &Reader, after: Option<PersonId>) -> Result<ContactsPage, Stop> {
    let people = look.clients(after, PAGE_MAX)?;
    let next = people.last().filter(|_| people.len() == PAGE_MAX).map(|last| last.id);
    let mut contacts = Vec::with_capacity(people.len());
    for person in people {
        let name = RecordRef { kind: RecordKind::Person, id: person.id.0 };
        contacts.extend(feed::seen(look, reader, name, &Scope::Nobody)?);
    }
    Ok(ContactsPage { as_of: look.workspace()?.seq, next, contacts })
}
