//! What the lists show: rows of the cache, with the outbox laid over them.
//!
//! A waiting pick, end or reopening moves its conversation to another list at
//! once. Those few are read one by one; all others come straight from the index.
//!
//! Invariant: a list is read by the page. What a page costs grows with its rows, and
//! for how many there are in all with the entries of an index.

use super::fold::folded;
use super::outbox::Asked;
use super::search::Hit;
use super::{
    at_once, cache, deleted, drafts, group_lists, json, left, marks, notes, outbox, previews, problem,
    search, text,
};
use crate::overlay;
use crate::view::{Counts, Page, Row, RowHit, RowPreview, Rows, Section, Sort};
use fieldline_model::{
    Ask, Body, Conversation, ConversationId, Message, PersonCard, PlaceId, Problem, State,
};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// What a list is asked for.
pub struct Wanted<'a> {
    /// Which.
    pub section: Section,
    /// In what order.
    pub sort: Sort,
    /// Words to be found in name, number or any message on this device; empty for all.
    pub search: &'a str,
    /// Which part of it.
    pub page: Page,
}

/// A part of a list.
pub fn rows(connection: &Connection, wanted: &Wanted<'_>) -> Result<Rows, Problem> {
    at_once(connection, |connection| {
        let me = cache::my(connection)?.person.card();
        let moved = moved(connection, &me)?;
        // Where a message has these words.
        let hits = search::hits(connection, wanted.search)?;
        let plain = Plain::of(wanted, &hits, !moved.is_empty());
        let belongs = |it: &Conversation| {
            let said = || hits.iter().any(|hit| hit.place == it.id.into());
            belongs(it, wanted.section, &me) && (matches(it, wanted.search) || said())
        };
        let mut found: Vec<Found> = Vec::new();
        for it in moved.into_iter().filter(belongs) {
            found.push(Found::beside(connection, it)?);
        }
        let total = plain.count(connection, &me)? + found.len() as u32;
        // Each of those that are laid over may stand before the page: so many more are read.
        let before = (found.len() as u32).min(wanted.page.from);
        let Page { from, limit } = wanted.page;
        found.extend(plain.page(connection, &me, Page { from: from - before, limit: limit + before })?);
        sort(&mut found, wanted.sort);
        let found = found.into_iter().skip(before as usize).take(limit as usize);
        // Mostly there is nothing in the outbox: then no row looks for its own.
        let unsent = outbox::places(connection)?;
        let row = |found: Found| {
            let place = found.it.id.into();
            let hit = hits.iter().find(|hit| hit.place == place);
            let mut row = row(connection, found, &me, unsent.contains(&place))?;
            row.hit = hit.map(|hit| shown(&hit.message, wanted.search, &me));
            Ok(row)
        };
        Ok(Rows { rows: found.map(row).collect::<Result<_, Problem>>()?, total })
    })
}

/// A conversation, and what its row shows beside it.
struct Found {
    it: Conversation,
    /// Internal notes that the server has.
    notes: u32,
    /// The customer's messages after the highest number the server knows as read.
    unread: u32,
    /// Whether there is a draft.
    drafted: bool,
    /// How loud it is set to be, as the server has it.
    sound: Option<String>,
}

/// What is read of a conversation for its row, in one statement for a whole page.
const FOUND: &str = "SELECT c.body, (SELECT count(*) FROM note WHERE place = c.id),
    CASE c.state WHEN 'open' THEN (SELECT count(*) FROM message WHERE place = c.id AND theirs = 1
        AND n > coalesce((SELECT n FROM read_mark WHERE place = c.id), 0)) ELSE 0 END,
    EXISTS (SELECT 1 FROM draft WHERE place = c.id) OR EXISTS (SELECT 1 FROM draft_file WHERE place = c.id),
    (SELECT sound FROM read_mark WHERE place = c.id)";

impl Found {
    fn read(row: &rusqlite::Row<'_>) -> Result<Self, Problem> {
        let number = |column| row.get(column).map_err(problem);
        Ok(Self {
            it: json(text(row, 0)?)?,
            notes: number(1)?,
            unread: number(2)?,
            drafted: row.get(3).map_err(problem)?,
            sound: row.get(4).map_err(problem)?,
        })
    }

    /// One whose conversation is laid over.
    fn beside(connection: &Connection, it: Conversation) -> Result<Self, Problem> {
        let mut row = connection
            .prepare_cached(&format!("{FOUND} FROM conversation c WHERE c.id = ?1"))
            .map_err(problem)?;
        let mut row = row.query([it.id.0]).map_err(problem)?;
        match row.next().map_err(problem)? {
            Some(row) => Ok(Self { it, ..Self::read(row)? }),
            None => Ok(Self { it, notes: 0, unread: 0, drafted: false, sound: None }),
        }
    }
}

/// The rows of a list that nothing of the outbox moves, as SQL finds them.
struct Plain<'a> {
    filter: String,
    /// The table, and by which index where SQLite would rather sort.
    table: &'static str,
    order: &'static str,
    search: &'a str,
    /// The places of the messages that have the words, as JSON.
    said: String,
}

impl<'a> Plain<'a> {
    fn of(wanted: &Wanted<'a>, hits: &[Hit], some_moved: bool) -> Self {
        // What does not choose is left out: the index alone counts a whole list then.
        let mut filter = match wanted.section {
            Section::Picklist => "state = 'waiting' AND ?1 IS NOT NULL".to_owned(),
            Section::Conversations => "state = 'open' AND agent = ?1".to_owned(),
            Section::History => "state = 'ended' AND ?1 IS NOT NULL".to_owned(),
        };
        filter.push_str(match wanted.search {
            "" => " AND ?2 = '' AND ?3 = '[]'",
            _ => " AND (instr(search, ?2) > 0 OR id IN (SELECT unhex(value) FROM json_each(?3)))",
        });
        if some_moved {
            filter.push_str(&format!(" AND id NOT IN ({})", outbox::moved_places()));
        }
        let table = match (wanted.section, wanted.sort) {
            (Section::Picklist, Sort::LongestWaiting) => "conversation INDEXED BY conversation_waiting",
            _ => "conversation",
        };
        let order = match wanted.sort {
            Sort::Newest => "at_ms DESC, id DESC",
            Sort::LongestWaiting => "waiting_since_ms IS NULL, waiting_since_ms, at_ms DESC, id",
        };
        let said: Vec<String> = hits.iter().map(|hit| format!("\"{}\"", hit.place.0.simple())).collect();
        Self { filter, table, order, search: wanted.search, said: format!("[{}]", said.join(",")) }
    }

    fn count(&self, connection: &Connection, me: &PersonCard) -> Result<u32, Problem> {
        connection
            .prepare_cached(&format!("SELECT count(*) FROM conversation WHERE {}", self.filter))
            .and_then(|mut s| s.query_row(params![me.id.0, self.sought(), self.said], |r| r.get(0)))
            .map_err(problem)
    }

    fn page(&self, connection: &Connection, me: &PersonCard, page: Page) -> Result<Vec<Found>, Problem> {
        let Self { filter, table, order, .. } = self;
        // What comes before the page is passed over in the index alone.
        let sql = format!(
            "{FOUND} FROM (SELECT id FROM {table} WHERE {filter} ORDER BY {order} LIMIT ?4 OFFSET ?5) p
             CROSS JOIN conversation c ON c.id = p.id"
        );
        let mut rows = connection.prepare_cached(&sql).map_err(problem)?;
        let mut rows =
            rows.query(params![me.id.0, self.sought(), self.said, page.limit, page.from]).map_err(problem)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(problem)? {
            found.push(Found::read(row)?);
        }
        Ok(found)
    }

    /// The words as the rows have them.
    fn sought(&self) -> String {
        folded(self.search)
    }
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
    RowHit { message: it.id, n: it.n, author: previews::by(&it.author, me), text, at_ms: it.at_ms }
}

/// The conversations that the outbox moves, with that laid over them.
fn moved(connection: &Connection, me: &PersonCard) -> Result<Vec<Conversation>, Problem> {
    let mut places: BTreeMap<PlaceId, Vec<Asked>> = BTreeMap::new();
    for asked in outbox::moves(connection)? {
        places.entry(asked.intent.ask.place()).or_default().push(asked);
    }
    let mut moved = Vec::new();
    for (place, asked) in &places {
        moved.extend(cache::conversation(connection, *place)?.map(|it| overlay::lay(it, asked, me)));
    }
    Ok(moved)
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

fn sort(found: &mut [Found], by: Sort) {
    match by {
        Sort::Newest => found.sort_by_key(|found| std::cmp::Reverse((when(&found.it), found.it.id))),
        Sort::LongestWaiting => found.sort_by_key(|Found { it, .. }| {
            (it.waiting_since_ms.unwrap_or(i64::MAX), std::cmp::Reverse(when(it)), it.id)
        }),
    }
}

fn row(connection: &Connection, found: Found, me: &PersonCard, has_unsent: bool) -> Result<Row, Problem> {
    let place: PlaceId = found.it.id.into();
    let (mut unsent, mut stuck, mut last, mut counted) = (0, 0, None, (found.notes, found.unread));
    if has_unsent {
        (unsent, stuck) = outbox::count(connection, Some(place))?;
        last = outbox::newest_at(connection, place)?;
        let unread = found.it.state == State::Open;
        counted =
            (notes::count(connection, place)?, if unread { self::unread(connection, place)? } else { 0 });
    }
    let sound = match has_unsent {
        true => marks::of(connection, place, true)?.sound,
        false => marks::sound(found.sound.as_deref())?,
    };
    let preview = preview(connection, &found, me, has_unsent)?;
    let it = found.it;
    Ok(Row {
        place,
        state: it.state,
        agent: it.agent.as_ref().filter(|a| a.id != me.id).map(|a| a.name.clone()),
        preview,
        at_ms: last.map_or(when(&it), |asked_at_ms| asked_at_ms.max(when(&it))),
        waiting_since_ms: it.waiting_since_ms,
        unread: counted.1,
        unsent,
        stuck: stuck > 0,
        sound,
        notes: counted.0,
        hit: None,
        name: it.customer.name,
        phone: it.customer.phone,
    })
}

/// The customer's messages after the highest number read here or elsewhere.
fn unread(connection: &Connection, place: PlaceId) -> Result<u32, Problem> {
    let read_n = marks::of(connection, place, true)?.n;
    connection
        .prepare_cached("SELECT count(*) FROM message WHERE place = ?1 AND n > ?2 AND theirs = 1")
        .and_then(|mut s| s.query_row(params![place.0, read_n], |r| r.get(0)))
        .map_err(problem)
}

/// A draft is shown first, then what was sent last, then what was said last.
fn preview(
    connection: &Connection,
    Found { it, drafted, .. }: &Found,
    me: &PersonCard,
    has_unsent: bool,
) -> Result<Option<RowPreview>, Problem> {
    if *drafted && it.state == State::Open {
        let draft = drafts::get(connection, it.id.into())?;
        if !(draft.text.trim().is_empty() && draft.files.is_empty()) {
            return Ok(Some(previews::of_draft(&draft)));
        }
    }
    let unsent = if has_unsent { outbox::last_message(connection, it.id.into())? } else { None };
    if let Some(row) = &unsent
        && let Ask::Send(send) = &row.intent.ask
    {
        return previews::of_unsent(connection, row, send).map(Some);
    }
    let mut last = it.last.clone();
    if let Some(last) = last.as_mut().filter(|last| has_unsent && !last.deleted)
        && deleted::is_last_asked(connection, it.id.into())?
    {
        last.erase();
    }
    Ok(last.as_ref().map(|last| previews::of_last(last, me)))
}

/// How many there are, for the sidebar.
pub fn counts(connection: &Connection) -> Result<Counts, Problem> {
    at_once(connection, |connection| {
        let me = cache::my(connection)?.person.card();
        let moved = moved(connection, &me)?;
        let count = |section| -> Result<u32, Problem> {
            let wanted = Wanted { section, sort: Sort::Newest, search: "", page: Page::first(0) };
            let plain = Plain::of(&wanted, &[], !moved.is_empty()).count(connection, &me)?;
            Ok(plain + moved.iter().filter(|it| belongs(it, section, &me)).count() as u32)
        };
        let (unsent, stuck) = outbox::count(connection, None)?;
        let left = left::count(connection)?;
        Ok(Counts {
            picklist: count(Section::Picklist)?,
            conversations: count(Section::Conversations)?,
            unread: all_unread(connection, &me, &moved)?,
            messages: group_lists::unread(connection)?,
            unsent: unsent + left,
            stuck: stuck + left,
        })
    })
}

/// The unread messages of my open conversations, but for those that the outbox moves.
/// Only where something came after what was read are messages counted.
fn all_unread(connection: &Connection, me: &PersonCard, moved: &[Conversation]) -> Result<u32, Problem> {
    let read_here = outbox::places(connection)?;
    let mut rows = connection
        .prepare_cached(
            "SELECT c.id, (SELECT count(*) FROM message
                 WHERE place = c.id AND n > coalesce(r.n, 0) AND theirs = 1)
             FROM conversation c LEFT JOIN read_mark r ON r.place = c.id
             WHERE c.state = 'open' AND c.agent = ?1 AND c.last_n > coalesce(r.n, 0)",
        )
        .map_err(problem)?;
    let mut count = 0;
    for row in rows
        .query_map([me.id.0], |r| Ok((ConversationId(r.get(0)?), r.get::<_, u32>(1)?)))
        .map_err(problem)?
    {
        let (id, unread) = row.map_err(problem)?;
        if moved.iter().all(|it| it.id != id) {
            let place = id.into();
            count += if read_here.contains(&place) { self::unread(connection, place)? } else { unread };
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests;
