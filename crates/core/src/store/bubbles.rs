//! The entries a device holds, as the bubbles of a screen, with a line where some are
//! not here.
//!
//! Of a kept message only what its bubble needs is read, and straight into it: a page
//! of fifty costs hardly more than its rows.

use super::kept::{Kept, Other, Plain};
use super::{cache, problem, quotes, text};
use crate::view::{Bubble, BubbleBody, BubbleFile, Mark, Mentioned, PictureOf, Side};
use fieldline_model::{
    Author, Body, Conversation, Mention, MessageId, PersonCard, PlaceId, Problem, Rendition,
};
use rusqlite::{Connection, params};

/// Bubbles that room is made for before it is known how many there are.
const ROOM_MAX: u32 = 200;

/// The newest `limit` entries up to a number on this device, oldest first.
pub(super) fn newest(
    connection: &Connection,
    place: PlaceId,
    (limit, until): (u32, i64),
    ears: &Ears<'_>,
) -> Result<Vec<Bubble>, Problem> {
    let mut rows = connection
        .prepare_cached(
            "SELECT id, n, body FROM message WHERE place = ?1 AND n <= ?3 ORDER BY n DESC LIMIT ?2",
        )
        .map_err(problem)?;
    let mut rows = rows.query(params![place.0, limit, until]).map_err(problem)?;
    // Bubbles are large: growing step by step, they would be copied a few times over.
    let mut bubbles = Vec::with_capacity(limit.min(ROOM_MAX) as usize);
    while let Some(row) = rows.next().map_err(problem)? {
        let (id, n) = (MessageId(row.get(0).map_err(problem)?), row.get(1).map_err(problem)?);
        bubbles.push(match Kept::read(text(row, 2)?)? {
            Kept::Plain(it) => plain((id, n), &it, ears),
            Kept::Other(it) => other((id, n), it, ears),
        });
    }
    bubbles.reverse();
    Ok(bubbles)
}

/// Whose side of a thread is read, and who the customer in it is.
pub(super) struct Ears<'a> {
    /// The customer's name or number; none in a message thread.
    customer: Option<String>,
    me: &'a PersonCard,
    /// My id, as a kept message has it.
    my_id: String,
}

impl<'a> Ears<'a> {
    /// Those of a conversation.
    pub fn of(it: &Conversation, me: &'a PersonCard) -> Self {
        Self { customer: Some(cache::title(it)), me, my_id: me.id.to_string() }
    }

    /// Those of a message thread.
    pub fn of_group(me: &'a PersonCard) -> Self {
        Self { customer: None, me, my_id: me.id.to_string() }
    }

    /// The side of what a person wrote.
    fn side(&self, mine: bool) -> Side {
        // Before a customer colleagues are one side; among themselves everybody is their own.
        if mine || self.customer.is_some() { Side::Ours } else { Side::Theirs }
    }
}

/// Entries with a line where others are not on this device, up to the number `last_n`.
pub(super) fn with_holes(entries: Vec<Bubble>, last_n: i64) -> Vec<Bubble> {
    let number = |bubble: &Bubble| bubble.n.unwrap_or_default();
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return entries };
    if number(last) >= last_n && number(last) - number(first) + 1 == entries.len() as i64 {
        return entries;
    }
    let mut expected = number(first);
    let mut bubbles = Vec::with_capacity(entries.len() + 1);
    for bubble in entries {
        let n = number(&bubble);
        if n > expected {
            bubbles.push(hole(beside(bubble.id, 1), (expected, n), bubble.at_ms));
        }
        expected = n.saturating_add(1);
        bubbles.push(bubble);
    }
    if let Some(last) = bubbles.last().filter(|_| expected <= last_n) {
        bubbles.push(hole(beside(last.id, 2), (expected, last_n.saturating_add(1)), last.at_ms));
    }
    bubbles
}

/// An id that is nobody's, and stable while the hole beside `message` is. That of
/// a hole before it and that of one behind it differ: a screen tells bubbles apart
/// by their ids.
fn beside(message: MessageId, bit: u128) -> MessageId {
    MessageId(uuid::Uuid::from_u128(message.0.as_u128() ^ bit))
}

/// A line that says how many entries, from the first number up to the second, are
/// not on this device.
fn hole(id: MessageId, (from, to): (i64, i64), at_ms: i64) -> Bubble {
    let missing = to.saturating_sub(from);
    Bubble {
        id,
        n: Some(from),
        side: Side::Theirs,
        mine: false,
        author: String::new(),
        at_ms,
        body: BubbleBody::Hole { missing },
        mark: Mark::Sent,
        problem: None,
    }
}

fn plain((id, n): (MessageId, i64), it: &Plain<'_>, ears: &Ears<'_>) -> Bubble {
    let (side, mine, author) = match it.by {
        None => (Side::Theirs, false, ears.customer.clone().unwrap_or_default()),
        Some((by, name)) => {
            let mine = by == ears.my_id;
            (ears.side(mine), mine, name.to_owned())
        }
    };
    let body = BubbleBody::Said {
        text: it.text.to_owned(),
        files: Vec::new(),
        location: None,
        reply: None,
        mentions: Vec::new(),
    };
    Bubble { id, n: Some(n), side, mine, author, at_ms: it.at_ms, body, mark: Mark::Sent, problem: None }
}

fn other((id, n): (MessageId, i64), kept: Other, ears: &Ears<'_>) -> Bubble {
    let (side, mine, author) = match kept.author {
        Author::Customer => (Side::Theirs, false, ears.customer.clone().unwrap_or_default()),
        Author::Person(p) => {
            let mine = p.id == ears.me.id;
            (ears.side(mine), mine, p.name)
        }
    };
    let body = match kept.body {
        _ if kept.deleted => BubbleBody::Deleted,
        Body::Happened { event } => BubbleBody::Happened { event },
        Body::Changed { change } => BubbleBody::Changed { change },
        Body::Said { text, files, location, reply_to, mentions } => {
            let of = |i: usize, rendition| PictureOf::Message { message: id, i: i as u32, rendition };
            let files = files.into_iter().enumerate().map(|(i, f)| BubbleFile {
                thumb: of(i, Rendition::Thumb),
                display: of(i, Rendition::Display),
                name: f.name,
                kind: f.kind,
                size_bytes: f.size_bytes,
                width: f.width,
                height: f.height,
                taken_at: f.taken_at,
                progress: None,
            });
            let reply = reply_to.map(|quote| {
                Box::new(quotes::line(&quote, ears.customer.as_deref().unwrap_or_default(), ears.me))
            });
            let mentions = mentions.iter().map(|it| mentioned(it, ears.me)).collect();
            BubbleBody::Said { text, files: files.collect(), location, reply, mentions }
        }
    };
    Bubble { id, n: Some(n), side, mine, author, at_ms: kept.at_ms, body, mark: Mark::Sent, problem: None }
}

/// A mention as its reader sees it.
pub(super) fn mentioned(it: &Mention, me: &PersonCard) -> Mentioned {
    Mentioned { at: it.at, chars: it.chars, me: it.person == me.id }
}

#[cfg(test)]
mod tests {
    use super::super::{json, to_json};
    use super::*;
    use fieldline_model::{Event, Message, PersonId};
    use std::collections::BTreeSet;
    use uuid::Uuid;

    #[test]
    fn the_holes_before_and_behind_a_message_are_told_apart() {
        let me = PersonCard { id: PersonId(Uuid::from_u128(3)), name: "Ana".into() };
        let entry = |n: i64| {
            let body = Body::Happened { event: Event::Picked };
            let kept = Other { author: Author::Person(me.clone()), at_ms: 5, body, deleted: false };
            let ears = Ears { customer: Some("1".into()), ..Ears::of_group(&me) };
            other((MessageId(Uuid::from_u128(100 * n as u128)), n), kept, &ears)
        };
        let bubbles = with_holes(vec![entry(1), entry(5)], 9);
        let ids: BTreeSet<_> = bubbles.iter().map(|b| b.id).collect();
        assert_eq!((bubbles.len(), ids.len()), (4, 4));
        assert_eq!(bubbles[3].body, BubbleBody::Hole { missing: 4 });
        assert!(!bubbles[3].mine);
        assert_eq!(with_holes(vec![entry(4), entry(5)], 5), [entry(4), entry(5)]);
    }

    #[test]
    fn a_plain_message_is_the_same_bubble_as_when_it_is_read_as_json() {
        let card =
            |n: u128, name: &str| PersonCard { id: PersonId(Uuid::from_u128(n)), name: name.to_owned() };
        let (me, bo) = (card(0xab_cdef << 96, "Ana"), card(4, "Bo"));
        let in_thread = Ears::of_group(&me);
        let in_conversation = Ears { customer: Some("Rosa".into()), ..Ears::of_group(&me) };
        for author in [Author::Person(me.clone()), Author::Person(bo), Author::Customer] {
            let (id, place) = (MessageId(Uuid::from_u128(7)), PlaceId(Uuid::from_u128(8)));
            let body = Body::said("Hei");
            let it = Message { id, place, n: 9, author, at_ms: 5, written_at_ms: 4, body, deleted: false };
            let text = to_json(&it);
            let Kept::Plain(short) = Kept::read(&text).unwrap() else { panic!("it is plain") };
            for ears in [&in_thread, &in_conversation] {
                let long = other((id, 9), json(&text).unwrap(), ears);
                assert_eq!(plain((id, 9), &short, ears), long);
            }
        }
    }
}
