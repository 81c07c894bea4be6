//! What the lists show: rows of the cache, with the outbox laid over them.
//!
//! A waiting pick, end or reopening moves its conversation to another list at
//! once. Those few are read one by one; all others come straight from the index.

use super::fold::folded;
use super::outbox::Asked;
use super::{cache, deleted, drafts, group_lists, json, notes, outbox, problem, search, sounds};
use crate::overlay;
use crate::view::{Counts, Draft, PreviewBy, Row, RowHit, RowPreview, Rows, Section, Sort};
use fieldline_model::conversation::Preview;
use fieldline_model::{Ask, Author, Body, Conversation, Message, PersonCard, PlaceId, Problem, Send, State};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a list is asked for.
pub struct Wanted<'a> {
    /// Which.
    pub section: Section,
    /// In what order.
    pub sort: Sort,
    /// Words to be found in name, number or any message on this device; empty for all.
    pub search: &'a str,
    /// At most so many.
    pub limit: u32,
}

/// A list's rows.
pub fn rows(connection: &Connection, wanted: &Wanted<'_>) -> Result<Rows, Problem> {
    let me = cache::my(connection)?.person.card();
    let moved = moved(connection)?;
    // Where a message has these words.
    let hits = search::hits(connection, wanted.search)?;
    let said: Vec<PlaceId> = hits.iter().map(|hit| hit.place).collect();
    let (mut found, mut total) = plain(connection, wanted, &me, (&moved, &said))?;
    for (place, asked) in &moved {
        if let Some(it) = cache::conversation(connection, *place)? {
            let it = overlay::lay(it, asked, &me);
            if belongs(&it, wanted.section, &me) && (said.contains(place) || matches(&it, wanted.search)) {
                total += 1;
                found.push(it);
            }
        }
    }
    sort(&mut found, wanted.sort);
    found.truncate(wanted.limit as usize);
    // Mostly there is nothing in the outbox: then no row looks for its own.
    let unsent = outbox::places(connection)?;
    let row = |it: Conversation| {
        let place = it.id.into();
        let mut row = row(connection, it, &me, unsent.contains(&place))?;
        let hit = hits.iter().find(|hit| hit.place == place);
        row.hit = hit.map(|hit| shown(&hit.message, wanted.search, &me));
        Ok(row)
    };
    let rows = found.into_iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Rows { rows, total })
}

/// The newest messages of a place that have the words, newest first.
pub fn found_in(connection: &Connection, place: PlaceId, typed: &str) -> Result<Vec<RowHit>, Problem> {
    let me = cache::my(connection)?.person.card();
    let found = search::hits_in(connection, place, typed)?;
    Ok(found.iter().map(|it| shown(it, typed, &me)).collect())
}

/// A message that has the words of a search, as its conversation's row shows it.
fn shown(it: &Message, typed: &str, me: &PersonCard) -> RowHit {
    let text =
        if let Body::Said { text, .. } = &it.body { search::around(text, typed) } else { String::new() };
    RowHit { message: it.id, n: it.n, author: by(&it.author, me), text, at_ms: it.at_ms }
}

/// Places whose conversation the outbox may move, with what was asked of them.
fn moved(connection: &Connection) -> Result<BTreeMap<PlaceId, Vec<Asked>>, Problem> {
    let mut places: BTreeMap<PlaceId, Vec<Asked>> = BTreeMap::new();
    for asked in outbox::moves(connection)? {
        places.entry(asked.intent.ask.place()).or_default().push(asked);
    }
    Ok(places)
}

fn belongs(it: &Conversation, section: Section, me: &PersonCard) -> bool {
    let mine = it.agent.as_ref().is_some_and(|a| a.id == me.id);
    match section {
        Section::Picklist => it.state == State::Waiting,
        Section::Conversations => it.state == State::Open && mine,
        Section::History => it.state == State::Ended,
    }
}

fn matches(it: &Conversation, search: &str) -> bool {
    let text =
        [it.customer.name.as_deref(), it.customer.phone.as_deref(), it.last.as_ref().map(|l| &*l.text)];
    let search = folded(search);
    text.into_iter().flatten().any(|t| folded(t).contains(&search))
}

fn when(it: &Conversation) -> i64 {
    it.ended_at_ms.or_else(|| it.last.as_ref().map(|l| l.at_ms)).unwrap_or(it.created_at_ms)
}

fn sort(found: &mut [Conversation], by: Sort) {
    match by {
        Sort::Newest => found.sort_by_key(|it| std::cmp::Reverse((when(it), it.id))),
        Sort::LongestWaiting => {
            found.sort_by_key(|it| (it.waiting_since_ms.unwrap_or(i64::MAX), -when(it), it.id));
        }
    }
}

/// The rows no outbox intent moves, straight from the index, and how many there are.
fn plain(
    connection: &Connection,
    wanted: &Wanted<'_>,
    me: &PersonCard,
    (moved, said): (&BTreeMap<PlaceId, Vec<Asked>>, &[PlaceId]),
) -> Result<(Vec<Conversation>, u32), Problem> {
    let state = match wanted.section {
        Section::Picklist => "waiting",
        Section::Conversations => "open",
        Section::History => "ended",
    };
    let order = match wanted.sort {
        Sort::Newest => "at_ms DESC, id DESC",
        Sort::LongestWaiting => "waiting_since_ms IS NULL, waiting_since_ms, at_ms DESC, id",
    };
    let search = folded(wanted.search);
    // What does not choose is left out: the index alone counts a whole list then.
    let whose = if state == "open" { "agent = ?2" } else { "?2 IS NOT NULL" };
    let which = match &*search {
        "" => "?3 = ''".to_owned(),
        _ => format!("(instr(search, ?3) > 0 OR id IN ({}))", literals(said)),
    };
    let filter = &format!("state = ?1 AND {whose} AND {which}");
    let mut total: u32 = connection
        .prepare_cached(&format!("SELECT count(*) FROM conversation WHERE {filter}"))
        .and_then(|mut s| s.query_row(params![state, me.id.0, search], |r| r.get(0)))
        .map_err(problem)?;
    let most = wanted.limit as usize + moved.len();
    let mut rows = connection
        .prepare_cached(&format!("SELECT body FROM conversation WHERE {filter} ORDER BY {order} LIMIT ?4"))
        .map_err(problem)?;
    let bodies = rows
        .query_map(params![state, me.id.0, search, most as i64], |r| r.get::<_, String>(0))
        .map_err(problem)?;
    let mut found = Vec::new();
    for body in bodies {
        let it: Conversation = json(&body.map_err(problem)?)?;
        if !moved.contains_key(&it.id.into()) {
            found.push(it);
        }
    }
    total -= moved_within(connection, filter, &(state, me.id.0, &search), moved)?;
    Ok((found, total))
}

/// Ids as SQL reads them.
fn literals(places: &[PlaceId]) -> String {
    places.iter().map(|place| format!("x'{}'", place.0.simple())).collect::<Vec<_>>().join(", ")
}

/// How many of the moved places the index counted.
fn moved_within(
    connection: &Connection,
    filter: &str,
    (state, me, search): &(&str, Uuid, &String),
    moved: &BTreeMap<PlaceId, Vec<Asked>>,
) -> Result<u32, Problem> {
    let mut within = 0;
    let mut is_there = connection
        .prepare_cached(&format!("SELECT 1 FROM conversation WHERE {filter} AND id = ?4"))
        .map_err(problem)?;
    for place in moved.keys() {
        within += u32::from(is_there.exists(params![state, me, search, place.0]).map_err(problem)?);
    }
    Ok(within)
}

fn row(connection: &Connection, it: Conversation, me: &PersonCard, has_unsent: bool) -> Result<Row, Problem> {
    let place: PlaceId = it.id.into();
    let (unsent, stuck) = if has_unsent { outbox::count(connection, Some(place))? } else { (0, 0) };
    let last = if has_unsent { outbox::newest_of(connection, place, 1)?.pop() } else { None };
    let unread = if it.state == State::Open { unread(connection, place)? } else { 0 };
    let other = it.agent.as_ref().filter(|a| a.id != me.id).map(|a| a.name.clone());
    Ok(Row {
        place,
        state: it.state,
        agent: other,
        preview: preview(connection, &it, me, has_unsent)?,
        at_ms: last.map_or(when(&it), |a| a.asked_at_ms.max(when(&it))),
        waiting_since_ms: it.waiting_since_ms,
        unread,
        unsent,
        stuck: stuck > 0,
        sound: sounds::of(connection, place)?,
        notes: notes::count(connection, place)?,
        hit: None,
        name: it.customer.name,
        phone: it.customer.phone,
    })
}

/// The customer's messages after the highest number read here or elsewhere.
fn unread(connection: &Connection, place: PlaceId) -> Result<u32, Problem> {
    let read_n = read_n(connection, place)?;
    connection
        .prepare_cached("SELECT count(*) FROM message WHERE place = ?1 AND n > ?2 AND theirs = 1")
        .and_then(|mut s| s.query_row(params![place.0, read_n], |r| r.get(0)))
        .map_err(problem)
}

/// The highest number this person has read in a place, the outbox included.
pub fn read_n(connection: &Connection, place: PlaceId) -> Result<i64, Problem> {
    let known: i64 = connection
        .prepare_cached("SELECT coalesce((SELECT n FROM read_mark WHERE place = ?1), 0)")
        .and_then(|mut s| s.query_row([place.0], |r| r.get(0)))
        .map_err(problem)?;
    Ok(known.max(outbox::read_to(connection, place)?))
}

/// A draft is shown first, then what was sent last, then what was said last.
fn preview(
    connection: &Connection,
    it: &Conversation,
    me: &PersonCard,
    has_unsent: bool,
) -> Result<Option<RowPreview>, Problem> {
    if it.state == State::Open {
        let draft = drafts::get(connection, it.id.into())?;
        if !(draft.text.trim().is_empty() && draft.files.is_empty()) {
            return Ok(Some(draft_preview(&draft)));
        }
    }
    let unsent = if has_unsent { outbox::last_message(connection, it.id.into())? } else { None };
    if let Some(Ask::Send(send)) = unsent.map(|row| row.intent.ask) {
        return Ok(Some(sent_preview(&send)));
    }
    let mut last = it.last.clone();
    if let Some(last) = last.as_mut().filter(|last| has_unsent && !last.deleted)
        && deleted::is_last_asked(connection, it.id.into())?
    {
        last.erase();
    }
    Ok(last.as_ref().map(|last| said(last, me)))
}

/// What is being composed.
pub(super) fn draft_preview(draft: &Draft) -> RowPreview {
    let (photos, location) = (draft.files.len() as u32, draft.location.is_some());
    RowPreview { author: PreviewBy::Draft, text: one_line(&draft.text), photos, location, deleted: false }
}

/// What is unsent.
pub(super) fn sent_preview(send: &Send) -> RowPreview {
    let (photos, location) = (send.files.len() as u32, send.location.is_some());
    RowPreview { author: PreviewBy::You, text: one_line(&send.text), photos, location, deleted: false }
}

fn said(last: &Preview, me: &PersonCard) -> RowPreview {
    let author = by(&last.author, me);
    let (photos, location, deleted) = (last.photos, last.location, last.deleted);
    RowPreview { author, text: one_line(&last.text), photos, location, deleted }
}

fn by(author: &Author, me: &PersonCard) -> PreviewBy {
    match author {
        Author::Customer => PreviewBy::Customer,
        Author::Person(p) if p.id == me.id => PreviewBy::You,
        Author::Person(p) => PreviewBy::Colleague { name: p.name.clone() },
    }
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(140).collect()
}

/// How many there are, for the sidebar.
pub fn counts(connection: &Connection) -> Result<Counts, Problem> {
    let me = cache::my(connection)?.person.card();
    let count = |section| -> Result<u32, Problem> {
        rows(connection, &Wanted { section, sort: Sort::Newest, search: "", limit: 0 }).map(|r| r.total)
    };
    let (unsent, stuck) = outbox::count(connection, None)?;
    let moved: BTreeSet<PlaceId> = moved(connection)?.into_keys().collect();
    let mut open: Vec<PlaceId> = connection
        .prepare_cached("SELECT id FROM conversation WHERE state = 'open' AND agent = ?1")
        .and_then(|mut s| {
            s.query_map([me.id.0], |r| r.get::<_, Uuid>(0).map(PlaceId))?.collect::<Result<_, _>>()
        })
        .map_err(problem)?;
    open.retain(|place| !moved.contains(place));
    let mut unread_total = 0;
    for place in open {
        unread_total += unread(connection, place)?;
    }
    Ok(Counts {
        picklist: count(Section::Picklist)?,
        conversations: count(Section::Conversations)?,
        unread: unread_total,
        messages: group_lists::unread(connection)?,
        unsent,
        stuck,
    })
}
