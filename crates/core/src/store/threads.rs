//! What one conversation's or message thread's screen shows: its newest entries, what is unsent
//! behind them, and holes where entries are not on this device.

use super::bubbles::{Ears, mentioned, newest, with_holes};
use super::outbox::{Asked, Standing};
use super::{asked, at_once, cache, drafts, group_lists, groups, marks, notes, outbox, quotes, seen};
use crate::overlay;
use crate::view::{Bubble, BubbleBody, BubbleFile, Can, Mark, PictureOf, Side, Thread};
use fieldline_model::group::clean_group_name;
use fieldline_model::{
    Ask, Code, Conversation, Event, GroupChange, PersonCard, PlaceId, Problem, Start, State,
};
use rusqlite::Connection;
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
/// Errors: [`Code::NotFound`] when this person may not see it, or no longer; where they asked for
/// it and somebody was faster, what that was refused with.
pub fn thread(
    connection: &Connection,
    place: PlaceId,
    part: Part,
    flying: &InFlight,
) -> Result<Thread, Problem> {
    at_once(connection, |connection| {
        let me = cache::my(connection)?.person.card();
        let has_unsent = outbox::any(connection, place)?;
        let asks = Asks { part, flying, me, has_unsent };
        match cache::conversation(connection, place)? {
            Some(truth) => of_conversation(connection, truth, &asks),
            None => of_group(connection, place, &asks),
        }
    })
}

/// What is asked of a thread, and by whom.
struct Asks<'a> {
    part: Part,
    flying: &'a InFlight,
    me: PersonCard,
    /// Whether anything of the outbox is of this place: mostly there is nothing, and then
    /// nothing is looked for.
    has_unsent: bool,
}

fn of_conversation(connection: &Connection, truth: Conversation, asks: &Asks<'_>) -> Result<Thread, Problem> {
    let place = PlaceId::from(truth.id);
    let it = match asks.has_unsent {
        true => overlay::lay(truth, &outbox::moves_of(connection, place)?, &asks.me),
        false => truth,
    };
    let mut shown = shown(connection, place, (it.last_n, &Ears::of(&it, &asks.me)), asks)?;
    for bubble in &mut shown.bubbles {
        if bubble.side == Side::Ours && bubble.n.is_some_and(|n| n <= it.seen_n) && bubble.mark == Mark::Sent
        {
            bubble.mark = Mark::Seen;
        }
    }
    let note_count = notes::count(connection, place)?;
    let notes = match note_count {
        0 => Vec::new(),
        _ => notes::newest(connection, place, NOTES_SHOWN, asks.flying)?,
    };
    let read = marks::of(connection, place, asks.has_unsent)?;
    Ok(Thread {
        place,
        group: None,
        can: can(&it, &asks.me),
        sound: read.sound,
        bubbles: shown.bubbles,
        older: shown.first_n > 1,
        newer: shown.newer,
        read_n: read.n,
        draft: drafts::get(connection, place)?,
        notes,
        note_count,
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

/// A message thread with a part of its entries.
fn of_group(connection: &Connection, place: PlaceId, asks: &Asks<'_>) -> Result<Thread, Problem> {
    let me = &asks.me;
    let Some(laid) = groups::laid(connection, place)? else {
        return Err(asked::lost_pick(connection, place)?.unwrap_or(Code::NotFound.into()));
    };
    let it = &laid.group;
    let mut shown = shown(connection, place, (it.last_n, &Ears::of_group(me)), asks)?;
    let seen = seen::of(connection, it, me.id)?;
    // Seen is what everybody else has read.
    let others = it.members.iter().filter(|m| !m.disabled && m.person.id != me.id).count();
    if let Some(by_all) = seen.iter().map(|one| one.n).min().filter(|_| seen.len() == others) {
        for bubble in shown.bubbles.iter_mut().filter(|b| b.mine && b.mark == Mark::Sent) {
            if bubble.n.is_some_and(|n| n <= by_all) {
                bubble.mark = Mark::Seen;
            }
        }
    }
    let read = marks::of(connection, place, asks.has_unsent)?;
    Ok(Thread {
        place,
        group: Some(group_lists::beside(me.id, &laid, seen)),
        can: Can { send: !laid.stuck, ..Can::default() },
        sound: read.sound,
        bubbles: shown.bubbles,
        older: shown.first_n > it.member(me.id).map_or(1, |m| m.from_n),
        newer: shown.newer,
        read_n: read.n,
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

/// The entries of a part.
struct Shown {
    /// Oldest first, with holes, the unsent ones last.
    bubbles: Vec<Bubble>,
    /// The number of the first entry that is here.
    first_n: i64,
    /// How many entries come after them.
    newer: i64,
}

fn shown(
    connection: &Connection,
    place: PlaceId,
    (last_n, ears): (i64, &Ears<'_>),
    asks: &Asks<'_>,
) -> Result<Shown, Problem> {
    let Part { limit, until } = asks.part;
    let newer = until.map_or(0, |until| last_n.saturating_sub(until).max(0));
    let last_n = last_n - newer;
    let asked = match until {
        None if asks.has_unsent => outbox::newest_of(connection, place, limit)?,
        _ => Vec::new(),
    };
    let part = (limit - asked.len() as u32, until.unwrap_or(i64::MAX));
    let entries = newest(connection, place, part, ears)?;
    let first_n = entries.first().and_then(|bubble| bubble.n).unwrap_or(last_n.saturating_add(1));
    let mut bubbles = with_holes(entries, last_n);
    for row in &asked {
        bubbles.extend(unsent(connection, row, &asks.me, asks.flying)?);
    }
    if asks.has_unsent {
        for row in outbox::deletions_of(connection, place)? {
            lay_deletion(&mut bubbles, &row, asks.flying);
        }
    }
    Ok(Shown { bubbles, first_n, newer })
}

/// Shows a message, sent or not, as deleted whose deletion is on its way.
fn lay_deletion(bubbles: &mut [Bubble], row: &Asked, flying: &InFlight) {
    let Ask::Delete { message, .. } = row.intent.ask else { return };
    let found = bubbles.iter_mut().find(|b| b.id == message && b.body != BubbleBody::Deleted);
    if let Some(bubble) = found.filter(|_| row.standing == Standing::Waiting) {
        (bubble.body, bubble.mark) = (BubbleBody::Deleted, mark(row, flying));
    }
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
            mentions: send.mentions.iter().map(|it| mentioned(it, me)).collect(),
        },
        Ask::End { .. } => BubbleBody::Happened { event: Event::Ended },
        Ask::Reopen { .. } => BubbleBody::Happened { event: Event::Reopened },
        Ask::Transfer { .. } => BubbleBody::Happened { event: Event::Transferred },
        Ask::Pick { .. } | Ask::Accept { .. } => BubbleBody::Happened { event: Event::Picked },
        Ask::Members { add, remove, .. } => {
            BubbleBody::Changed { change: groups::saved(connection, row, (add, remove))? }
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
        taken_at: None,
        progress: Some(progress),
    };
    Ok(files.into_iter().map(bubble).collect())
}
