//! Pages beside the feed: a conversation's older entries, and the customer's
//! previous conversations.
//!
//! Invariants
//! - One predicate, [`may_read`], for pages and for the files of their messages: who
//!   is in a conversation's scope, and, of an ended one, who holds another of the same
//!   customer at the moment of reading.
//! - A page carries each record's own number, so that one read late never makes a
//!   device's copy older.

use crate::store::{Look, Stop};
use fieldline_model::api::{OlderPage, PreviousPage, SNAPSHOT_TAIL};
use fieldline_model::{
    Change, Code, Conversation, ConversationId, Reader, Record, RecordKind, RecordRef, State, What,
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

/// A page of a conversation's entries before number `before`, newest first.
///
/// Refuses with *not_found* what the reader may not read.
pub fn page(look: &Look<'_>, reader: &Reader, which: ConversationId, before: i64) -> Result<OlderPage, Stop> {
    let it = look.conversation(which)?.ok_or(Code::NotFound)?;
    if !may_read(look, reader, &it)? {
        return Err(Code::NotFound.into());
    }
    let (more, messages) = entries(look, which, before)?;
    Ok(OlderPage { more, messages })
}

fn entries(look: &Look<'_>, of: ConversationId, before: i64) -> Result<(bool, Vec<Change>), Stop> {
    let mut entries = look.entries(of.into(), before, SNAPSHOT_TAIL + 1)?;
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
    let (first, (more, messages)) = match &conversation {
        Some(it) => (look.ended_before(it)?.is_none(), entries(look, it.id, i64::MAX)?),
        None => (true, (false, Vec::new())),
    };
    Ok(PreviousPage { conversation, first, more, messages })
}
