//! What one conversation's or message thread's screen shows: its newest entries, what is unsent
//! behind them, and holes where entries are not on this device.

use super::outbox::{Asked, Standing};
use super::{cache, drafts, group_lists, groups, json, lists, notes, outbox, problem, quotes, sounds};
use crate::overlay;
use crate::view::{Bubble, BubbleBody, BubbleFile, Can, Mark, PictureOf, Side, Thread};
use fieldline_model::group::clean_group_name;
use fieldline_model::{
    Ask, Author, Body, Code, Conversation, Event, GroupChange, Message, MessageId, PersonCard, PersonId,
    PlaceId, Problem, Rendition, Start, State,
};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// Notes at the top of a thread; the others are on their own page.
const NOTES_SHOWN: u32 = 3;

/// What is in flight, from memory: which intents, and how much of their photos is there.
#[derive(Clone, Debug, Default)]
pub struct InFlight {
    /// Intents whose bytes may be reaching the server now: they are not taken back.
    pub submitted: BTreeSet<fieldline_model::IntentId>,
    /// Intents on their way now, with the part of their photos (0 to 1) that is there.
    pub intents: BTreeMap<fieldline_model::IntentId, f32>,
}

/// Which entries of a conversation a screen wants.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// At most so many.
    pub limit: u32,
    /// None after this number, nor what is unsent; absent for the newest.
    pub until: Option<i64>,
}

/// A conversation with a part of its entries.
///
/// Errors: [`Code::NotFound`] when this person may not see it, or no longer.
pub fn thread(
    connection: &Connection,
    place: PlaceId,
    part: Part,
    flying: &InFlight,
) -> Result<Thread, Problem> {
    let me = cache::my(connection)?.person.card();
    let Some(truth) = cache::conversation(connection, place)? else {
        return group_thread(connection, place, part, flying);
    };
    let newer = part.until.map_or(0, |until| truth.last_n.saturating_sub(until).max(0));
    let last_n = truth.last_n - newer;
    let it = overlay::lay(truth, &outbox::moves_of(connection, place)?, &me);
    let asked = match part.until {
        None => outbox::newest_of(connection, place, part.limit)?,
        Some(_) => Vec::new(),
    };
    let messages =
        newest(connection, place, part.limit - asked.len() as u32, part.until.unwrap_or(i64::MAX))?;
    let first_n = messages.first().map_or(last_n.saturating_add(1), |m| m.n);
    let mut bubbles = with_holes(messages, last_n, &Ears::of(&it, &me));
    for bubble in bubbles.iter_mut().filter(|b| b.side == Side::Ours && b.n.is_some_and(|n| n <= it.seen_n)) {
        bubble.mark = Mark::Seen;
    }
    for row in outbox::deletions_of(connection, place)? {
        lay_deletion(&mut bubbles, &row, flying);
    }
    for row in &asked {
        bubbles.extend(unsent(connection, row, &me, flying)?);
    }
    Ok(Thread {
        place,
        group: None,
        can: can(&it, &me),
        sound: sounds::of(connection, place)?,
        bubbles,
        older: first_n > 1,
        newer,
        read_n: lists::read_n(connection, place)?,
        draft: drafts::get(connection, place)?,
        notes: notes::newest(connection, place, NOTES_SHOWN, flying)?,
        note_count: notes::count(connection, place)?,
        customer_typing: false,
        typing: Vec::new(),
        viewing: Vec::new(),
        name: it.customer.name,
        phone: it.customer.phone,
        state: it.state,
        agent: it.agent,
        ended_by: it.ended_by,
        ended_at_ms: it.ended_at_ms,
        waiting_since_ms: it.waiting_since_ms,
    })
}

/// Shows a message as deleted whose deletion is on its way.
fn lay_deletion(bubbles: &mut [Bubble], row: &Asked, flying: &InFlight) {
    let Ask::Delete { message, .. } = row.intent.ask else { return };
    let found = bubbles.iter_mut().find(|b| b.id == message && b.body != BubbleBody::Deleted);
    if let Some(bubble) = found.filter(|_| row.standing == Standing::Waiting) {
        (bubble.body, bubble.mark) = (BubbleBody::Deleted, mark(row, flying));
    }
}

/// A message thread with a part of its entries.
fn group_thread(
    connection: &Connection,
    place: PlaceId,
    part: Part,
    flying: &InFlight,
) -> Result<Thread, Problem> {
    let me = cache::my(connection)?.person.card();
    let laid = groups::laid(connection, place)?.ok_or(Code::NotFound)?;
    let it = &laid.group;
    let newer = part.until.map_or(0, |until| it.last_n.saturating_sub(until).max(0));
    let last_n = it.last_n - newer;
    let asked = match part.until {
        None => outbox::newest_of(connection, place, part.limit)?,
        Some(_) => Vec::new(),
    };
    let messages =
        newest(connection, place, part.limit - asked.len() as u32, part.until.unwrap_or(i64::MAX))?;
    let first_n = messages.first().map_or(last_n.saturating_add(1), |m| m.n);
    let mut bubbles = with_holes(messages, last_n, &Ears { customer: None, me: &me });
    for row in outbox::deletions_of(connection, place)? {
        lay_deletion(&mut bubbles, &row, flying);
    }
    for row in &asked {
        bubbles.extend(unsent(connection, row, &me, flying)?);
    }
    Ok(Thread {
        place,
        group: Some(group_lists::beside(me.id, &laid)),
        can: Can { send: !laid.stuck, ..Can::default() },
        sound: sounds::of(connection, place)?,
        bubbles,
        older: first_n > it.member(me.id).map_or(1, |m| m.from_n),
        newer,
        read_n: lists::read_n(connection, place)?,
        draft: drafts::get(connection, place)?,
        notes: Vec::new(),
        note_count: 0,
        customer_typing: false,
        typing: Vec::new(),
        viewing: Vec::new(),
        name: Some(groups::title(it, me.id)),
        phone: None,
        state: State::Open,
        agent: None,
        ended_by: None,
        ended_at_ms: None,
        waiting_since_ms: None,
    })
}

/// What the rules allow now, tried on copies.
fn can(it: &Conversation, me: &PersonCard) -> Can {
    Can {
        pick: it.state == State::Waiting && it.clone().pick(me).is_ok(),
        send: it.may_send(me).is_ok(),
        end: it.state == State::Open && it.clone().end(me, 0).is_ok(),
        reopen: it.state == State::Ended && it.clone().reopen(me).is_ok(),
    }
}

/// The newest `limit` entries up to a number on this device, oldest first.
pub(super) fn newest(
    connection: &Connection,
    place: PlaceId,
    limit: u32,
    until: i64,
) -> Result<Vec<Message>, Problem> {
    let mut rows = connection
        .prepare_cached("SELECT body FROM message WHERE place = ?1 AND n <= ?3 ORDER BY n DESC LIMIT ?2")
        .map_err(problem)?;
    let rows = rows.query_map(params![place.0, limit, until], |r| r.get::<_, String>(0)).map_err(problem)?;
    let mut messages: Vec<Message> =
        rows.map(|r| json(&r.map_err(problem)?)).collect::<Result<_, Problem>>()?;
    messages.reverse();
    Ok(messages)
}

/// Whose side of a thread is read, and who the customer in it is.
pub(super) struct Ears<'a> {
    /// The customer's name or number; none in a message thread.
    customer: Option<String>,
    me: &'a PersonCard,
}

impl<'a> Ears<'a> {
    /// Those of a conversation.
    pub fn of(it: &Conversation, me: &'a PersonCard) -> Self {
        Self { customer: Some(cache::title(it)), me }
    }
}

pub(super) fn with_holes(messages: Vec<Message>, last_n: i64, ears: &Ears<'_>) -> Vec<Bubble> {
    let mut bubbles = Vec::with_capacity(messages.len());
    let mut expected = messages.first().map_or(i64::MAX, |m| m.n);
    for message in messages {
        if message.n > expected {
            bubbles.push(hole(beside(message.id, 1), (expected, message.n), message.at_ms));
        }
        expected = message.n.saturating_add(1);
        bubbles.push(bubble(message, ears));
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

fn bubble(message: Message, ears: &Ears<'_>) -> Bubble {
    let (side, mine, author) = match &message.author {
        Author::Customer => (Side::Theirs, false, ears.customer.clone().unwrap_or_default()),
        Author::Person(p) => {
            let mine = p.id == ears.me.id;
            // Before a customer colleagues are one side; among themselves everybody is their own.
            let ours = mine || ears.customer.is_some();
            (if ours { Side::Ours } else { Side::Theirs }, mine, p.name.clone())
        }
    };
    let id = message.id;
    let body = match message.body {
        _ if message.deleted => BubbleBody::Deleted,
        Body::Happened { event } => BubbleBody::Happened { event },
        Body::Changed { change } => BubbleBody::Changed { change },
        Body::Said { text, files, location, reply_to } => {
            let of = |i: usize, rendition| PictureOf::Message { message: id, i: i as u32, rendition };
            let files = files.into_iter().enumerate().map(|(i, f)| BubbleFile {
                thumb: of(i, Rendition::Thumb),
                display: of(i, Rendition::Display),
                name: f.name,
                kind: f.kind,
                size_bytes: f.size_bytes,
                width: f.width,
                height: f.height,
                progress: None,
            });
            let reply = reply_to.map(|quote| {
                Box::new(quotes::line(&quote, ears.customer.as_deref().unwrap_or_default(), ears.me))
            });
            BubbleBody::Said { text, files: files.collect(), location, reply }
        }
    };
    let (n, at_ms) = (Some(message.n), message.at_ms);
    Bubble { id, n, side, mine, author, at_ms, body, mark: Mark::Sent, problem: None }
}

/// How far an unsettled intent has come.
pub fn mark(row: &Asked, flying: &InFlight) -> Mark {
    match row.standing {
        Standing::Stuck => Mark::Stuck,
        Standing::Waiting if flying.intents.contains_key(&row.intent.id) => Mark::Sending,
        Standing::Waiting => Mark::Waiting,
    }
}

/// The bubble of an unsent message, end or reopening.
fn unsent(
    connection: &Connection,
    row: &Asked,
    me: &PersonCard,
    flying: &InFlight,
) -> Result<Option<Bubble>, Problem> {
    let body = match &row.intent.ask {
        Ask::Start(Start { first: None, .. }) => BubbleBody::Changed { change: GroupChange::Started },
        Ask::Send(send) | Ask::Start(Start { first: Some(send), .. }) => BubbleBody::Said {
            text: send.text.clone(),
            files: unsent_files(connection, row, flying)?,
            location: send.location.clone(),
            reply: send
                .reply_to
                .map(|to| quotes::of(connection, send.place, to).map(Box::new))
                .transpose()?,
        },
        Ask::End { .. } => BubbleBody::Happened { event: Event::Ended },
        Ask::Reopen { .. } => BubbleBody::Happened { event: Event::Reopened },
        Ask::Transfer { .. } => BubbleBody::Happened { event: Event::Transferred },
        Ask::Pick { .. } | Ask::Accept { .. } => BubbleBody::Happened { event: Event::Picked },
        Ask::Members { add, remove, .. } => {
            let cards = |ids: &[PersonId]| -> Result<Vec<PersonCard>, Problem> {
                Ok(groups::people(connection, ids)?.iter().map(fieldline_model::Person::card).collect())
            };
            let (added, removed) = (cards(add)?, cards(remove)?);
            BubbleBody::Changed { change: GroupChange::Members { added, removed } }
        }
        Ask::Rename { name, .. } => {
            let name = clean_group_name(name).ok().flatten();
            BubbleBody::Changed { change: GroupChange::Renamed { name } }
        }
        Ask::Read { .. }
        | Ask::Note { .. }
        | Ask::Pass { .. }
        | Ask::Availability { .. }
        | Ask::Delete { .. }
        | Ask::Leave { .. }
        | Ask::Sound { .. } => return Ok(None),
    };
    Ok(Some(Bubble {
        id: row.intent.id.into(),
        n: None,
        side: Side::Ours,
        mine: true,
        author: me.name.clone(),
        at_ms: row.asked_at_ms,
        body,
        mark: mark(row, flying),
        problem: row.problem.clone(),
    }))
}

fn unsent_files(connection: &Connection, row: &Asked, flying: &InFlight) -> Result<Vec<BubbleFile>, Problem> {
    let progress = flying.intents.get(&row.intent.id).copied().unwrap_or(0.0);
    let files = outbox::files(connection, row.intent.id.0)?;
    let bubble = |f: crate::view::DraftFile| BubbleFile {
        thumb: PictureOf::Blob { hash: f.hash.clone() },
        display: PictureOf::Blob { hash: f.hash },
        name: f.name,
        kind: f.kind,
        size_bytes: f.size_bytes,
        width: 0,
        height: 0,
        progress: Some(progress),
    };
    Ok(files.into_iter().map(bubble).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_model::{ConversationId, Customer, CustomerId, PersonId};
    use uuid::Uuid;

    #[test]
    fn the_holes_before_and_behind_a_message_are_told_apart() {
        let id = ConversationId(Uuid::from_u128(1));
        let customer = Customer { id: CustomerId(Uuid::from_u128(2)), name: None, phone: Some("1".into()) };
        let it = Conversation::begun(id, customer, 1);
        let me = PersonCard { id: PersonId(Uuid::from_u128(3)), name: "Ana".into() };
        let entry = |n: i64| Message {
            id: MessageId(Uuid::from_u128(100 * n as u128)),
            place: id.into(),
            n,
            author: Author::Person(me.clone()),
            at_ms: 5,
            written_at_ms: 5,
            body: Body::Happened { event: Event::Picked },
            deleted: false,
        };
        let bubbles = with_holes(vec![entry(1), entry(5)], 9, &Ears::of(&it, &me));
        let ids: BTreeSet<_> = bubbles.iter().map(|b| b.id).collect();
        assert_eq!((bubbles.len(), ids.len()), (4, 4));
        assert_eq!(bubbles[3].body, BubbleBody::Hole { missing: 4 });
        assert!(!bubbles[3].mine);
    }
}
