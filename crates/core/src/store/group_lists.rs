//! What the lists of message threads show, and who is in one.
//!
//! Invariant: a list is read by the page, as those of conversations are: the threads the
//! outbox has anything of one by one, all others as an index finds them.

use super::fold::folded;
use super::groups::{self, Laid};
use super::outbox::Asked;
use super::{at_once, cache, deleted, drafts, json, marks, outbox, previews, problem, search, text};
use crate::view::{
    GroupPeople, GroupPerson, GroupRow, GroupSeen, GroupTab, Groups, GroupsUnread, Page, PreviewBy,
    RowPreview, ThreadGroup,
};
use fieldline_model::{Author, Body, Code, Group, Message, PersonId, PlaceId, Problem, SoundLevel};
use rusqlite::{Connection, ToSql, params};
use std::collections::{BTreeMap, BTreeSet};

/// What a list is asked for.
pub struct Wanted<'a> {
    /// Which tab.
    pub tab: GroupTab,
    /// Words to be found in a title, a name, or any message on this device.
    pub search: &'a str,
    /// Which part of it.
    pub page: Page,
}

/// Entries looked through for the newest that is a message.
const LOOKED_THROUGH: i64 = 50;

/// A list of message threads.
pub fn list(connection: &Connection, wanted: &Wanted<'_>) -> Result<Groups, Problem> {
    at_once(connection, |connection| {
        let me = cache::my(connection)?.person.id;
        let beside = Beside::read(connection)?;
        let unread = unread_by_tab(connection, me, &beside)?;
        let plain = Plain::of(connection, wanted, &beside)?;
        let mut found: Vec<Found> = beside.found.into_iter().filter(|it| plain.has(it, me)).collect();
        let total = plain.count(connection)? + found.len() as u32;
        // Each of those that are laid over may stand before the page: so many more are read.
        let Page { from, limit } = wanted.page;
        let before = (found.len() as u32).min(from);
        found.extend(plain.page(connection, Page { from: from - before, limit: limit + before })?);
        found.sort_by_key(|it| std::cmp::Reverse((it.at_ms, it.laid.group.id)));
        let found = found.into_iter().skip(before as usize).take(limit as usize);
        let rows = found.map(|it| row(connection, me, it)).collect::<Result<_, _>>()?;
        Ok(Groups { rows, total, unread })
    })
}

/// A thread, and when it last moved.
struct Found {
    laid: Laid,
    at_ms: i64,
    /// Whether anything of it is in the outbox.
    has_unsent: bool,
}

fn belongs(it: &Group, tab: GroupTab) -> bool {
    match tab {
        GroupTab::All => true,
        GroupTab::Internal => it.clients() == 0,
        GroupTab::Customers => it.clients() > 0,
        GroupTab::Groups => !it.direct,
    }
}

/// The threads that the outbox has anything of, with that laid over them. They are few,
/// and read one by one.
struct Beside {
    found: Vec<Found>,
    /// Every place the outbox has anything of, also of threads this person goes out of.
    places: BTreeSet<PlaceId>,
}

impl Beside {
    fn read(connection: &Connection) -> Result<Self, Problem> {
        let mut asked: BTreeMap<PlaceId, Vec<Asked>> = BTreeMap::new();
        for row in outbox::group_moves(connection)? {
            asked.entry(row.intent.ask.place()).or_default().push(row);
        }
        let (mut found, places) = (Vec::new(), outbox::places(connection)?);
        for place in &places {
            let (truth, moved_at_ms) = match groups::moved_at(connection, *place)? {
                Some((it, at_ms)) => (Some(it), at_ms),
                None => (None, 0),
            };
            let asked = asked.remove(place).unwrap_or_default();
            if let Some(laid) = groups::lay(connection, truth, &asked)? {
                let newest = outbox::newest_at(connection, *place)?.unwrap_or(0);
                let at_ms = moved_at_ms.max(laid.asked_at_ms).max(newest);
                found.push(Found { laid, at_ms, has_unsent: true });
            }
        }
        Ok(Self { found, places })
    }
}

/// The rows of a list that the outbox has nothing of, as SQL finds them.
struct Plain {
    tab: GroupTab,
    /// What is searched for, folded.
    sought: String,
    /// The places of the messages that have the words.
    said: Vec<PlaceId>,
    filter: String,
    /// What the filter is of: the words, those places, and those that are laid over.
    of: [String; 3],
}

impl Plain {
    fn of(connection: &Connection, wanted: &Wanted<'_>, beside: &Beside) -> Result<Self, Problem> {
        let (tab, sought) = (wanted.tab, folded(wanted.search));
        let said: Vec<PlaceId> =
            search::hits(connection, wanted.search)?.into_iter().map(|hit| hit.place).collect();
        // What does not choose is left out: the index alone counts a whole list then.
        let mut filter = "body IS NOT NULL".to_owned();
        filter.push_str(match tab {
            GroupTab::All => "",
            GroupTab::Internal => " AND clients = 0",
            GroupTab::Customers => " AND clients > 0",
            GroupTab::Groups => " AND direct = 0",
        });
        filter.push_str(match sought.as_str() {
            "" => " AND ?1 = '' AND ?2 = '[]'",
            _ => " AND (instr(search, ?1) > 0 OR id IN (SELECT unhex(value) FROM json_each(?2)))",
        });
        filter.push_str(match beside.places.len() {
            0 => " AND ?3 = '[]'",
            _ => " AND id NOT IN (SELECT unhex(value) FROM json_each(?3))",
        });
        let of = [sought.clone(), listed(&said), listed(&beside.places)];
        Ok(Self { tab, sought, said, filter, of })
    }

    /// Whether the list has this one of those that are laid over.
    fn has(&self, it: &Found, me: PersonId) -> bool {
        let group = &it.laid.group;
        belongs(group, self.tab)
            && (groups::words(group, me).contains(&self.sought) || self.said.contains(&group.id.into()))
    }

    fn count(&self, connection: &Connection) -> Result<u32, Problem> {
        connection
            .prepare_cached(&format!("SELECT count(*) FROM message_group WHERE {}", self.filter))
            .and_then(|mut s| s.query_row(&self.of.each_ref().map(|it| it as &dyn ToSql)[..], |r| r.get(0)))
            .map_err(problem)
    }

    fn page(&self, connection: &Connection, page: Page) -> Result<Vec<Found>, Problem> {
        // What comes before the page is passed over in the index alone.
        let sql = format!(
            "SELECT g.body, g.last_n, g.at_ms FROM (
                 SELECT id FROM message_group WHERE {} ORDER BY at_ms DESC, id DESC LIMIT ?4 OFFSET ?5) page
             CROSS JOIN message_group g ON g.id = page.id",
            self.filter
        );
        let [sought, said, beside] = &self.of;
        let mut rows = connection.prepare_cached(&sql).map_err(problem)?;
        let mut rows = rows.query(params![sought, said, beside, page.limit, page.from]).map_err(problem)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(problem)? {
            let last_n = row.get(1).map_err(problem)?;
            let group = Group { last_n, ..json(text(row, 0)?)? };
            if let Some(laid) = groups::lay(connection, Some(group), &[])? {
                found.push(Found { laid, at_ms: row.get(2).map_err(problem)?, has_unsent: false });
            }
        }
        Ok(found)
    }
}

/// Places as SQL takes them: hexadecimal, in a JSON array.
fn listed<'a>(places: impl IntoIterator<Item = &'a PlaceId>) -> String {
    let all: Vec<String> = places.into_iter().map(|place| format!("\"{}\"", place.0.simple())).collect();
    format!("[{}]", all.join(","))
}

fn row(connection: &Connection, me: PersonId, found: Found) -> Result<GroupRow, Problem> {
    let Found { laid: Laid { group, pending, .. }, at_ms, has_unsent } = found;
    let place = group.id.into();
    let (unsent, stuck) = if has_unsent { outbox::count(connection, Some(place))? } else { (0, 0) };
    let mark = marks::of(connection, place, has_unsent)?;
    let (unread, mentioned) = news_of(connection, me, (place, mark.n))?;
    Ok(GroupRow {
        place,
        title: groups::title(&group, me),
        named: group.name.is_some(),
        direct: group.direct,
        people: group.members.len() as u32,
        customers: group.clients() as u32,
        names: groups::names(&group, me),
        preview: preview(connection, me, (place, has_unsent))?,
        at_ms,
        unread,
        mentioned,
        sound: mark.sound,
        unsent,
        stuck: stuck > 0,
        pending,
    })
}

/// Others' messages after the highest number read, and whether one of them mentions this person.
fn news_of(
    connection: &Connection,
    me: PersonId,
    (place, read_n): (PlaceId, i64),
) -> Result<(u32, bool), Problem> {
    let news = "FROM message WHERE place = ?1 AND n > ?2 AND said_by IS NOT NULL AND said_by <> ?3";
    connection
        .prepare_cached(&format!(
            "SELECT (SELECT count(*) {news}), EXISTS (SELECT 1 {news} AND mentions_me = 1)"
        ))
        .and_then(|mut s| s.query_row(params![place.0, read_n, me.0], |r| Ok((r.get(0)?, r.get(1)?))))
        .map_err(problem)
}

/// Unread messages of the threads that are not muted.
fn unread_by_tab(connection: &Connection, me: PersonId, beside: &Beside) -> Result<GroupsUnread, Problem> {
    let mut unread = GroupsUnread::default();
    let mut add = |count: u32, (has_clients, direct): (bool, bool)| {
        unread.all += count;
        *(if has_clients { &mut unread.customers } else { &mut unread.internal }) += count;
        unread.groups += if direct { 0 } else { count };
    };
    for Found { laid: Laid { group, .. }, .. } in &beside.found {
        let place = group.id.into();
        let mark = marks::of(connection, place, true)?;
        if !mark.is_muted() {
            add(news_of(connection, me, (place, mark.n))?.0, (group.clients() > 0, group.direct));
        }
    }
    // Only where something came after what was read are messages counted.
    let mut rows = connection
        .prepare_cached(
            "SELECT g.id, coalesce(r.n, 0), r.sound, g.clients > 0, g.direct
             FROM message_group g LEFT JOIN read_mark r ON r.place = g.id
             WHERE g.body IS NOT NULL AND g.last_n > coalesce(r.n, 0)",
        )
        .map_err(problem)?;
    let mut rows = rows.query([]).map_err(problem)?;
    while let Some(row) = rows.next().map_err(problem)? {
        let place = PlaceId(row.get(0).map_err(problem)?);
        let sound: Option<String> = row.get(2).map_err(problem)?;
        if !beside.places.contains(&place) && marks::sound(sound.as_deref())? != Some(SoundLevel::None) {
            let read_n = row.get(1).map_err(problem)?;
            let kind = (row.get(3).map_err(problem)?, row.get(4).map_err(problem)?);
            add(news_of(connection, me, (place, read_n))?.0, kind);
        }
    }
    Ok(unread)
}

/// Unread messages of all threads that are not muted.
pub fn unread(connection: &Connection) -> Result<u32, Problem> {
    let me = cache::my(connection)?.person.id;
    Ok(unread_by_tab(connection, me, &Beside::read(connection)?)?.all)
}

/// A draft is shown first, then what was sent last, then what was said last.
fn preview(
    connection: &Connection,
    me: PersonId,
    (place, has_unsent): (PlaceId, bool),
) -> Result<Option<RowPreview>, Problem> {
    let draft = drafts::get(connection, place)?;
    if !(draft.text.trim().is_empty() && draft.files.is_empty()) {
        return Ok(Some(previews::of_draft(&draft)));
    }
    if has_unsent
        && let Some(row) = outbox::last_message(connection, place)?
        && let Some(send) = row.intent.ask.said()
    {
        return previews::of_unsent(connection, &row, send).map(Some);
    }
    let asked = if has_unsent { deleted::asked(connection, place)? } else { Default::default() };
    let mut rows = connection
        .prepare_cached("SELECT body FROM message WHERE place = ?1 ORDER BY n DESC LIMIT ?2")
        .map_err(problem)?;
    for body in
        rows.query_map(params![place.0, LOOKED_THROUGH], |r| r.get::<_, String>(0)).map_err(problem)?
    {
        let message: Message = json(&body.map_err(problem)?)?;
        let deleted = message.deleted || asked.contains(&message.id);
        if let (Author::Person(by), Body::Said { text, files, location, .. }) = (message.author, message.body)
        {
            let author = if by.id == me { PreviewBy::You } else { PreviewBy::Colleague { name: by.name } };
            let shown = !deleted;
            return Ok(Some(RowPreview {
                author,
                text: if shown { previews::one_line(&text) } else { String::new() },
                photos: if shown { files.len() as u32 } else { 0 },
                location: shown && location.is_some(),
                deleted,
            }));
        }
    }
    Ok(None)
}

/// Who is in a group, with what was asked and not answered yet.
///
/// Errors: [`Code::NotFound`] when this person is not in it.
pub fn people(connection: &Connection, place: PlaceId) -> Result<GroupPeople, Problem> {
    let me = cache::my(connection)?.person.id;
    let Laid { group, can, .. } = groups::laid(connection, place)?.ok_or(Code::NotFound)?;
    let owner = group.owner;
    let person = |m: fieldline_model::Member| GroupPerson {
        id: m.person.id,
        customer: m.client,
        me: m.person.id == me,
        owner: m.person.id == owner,
        disabled: m.disabled,
        name: m.person.name,
    };
    Ok(GroupPeople { place, people: group.members.into_iter().map(person).collect(), can })
}

/// What a thread shows beside its bubbles.
pub fn beside(me: PersonId, laid: &Laid, seen: Vec<GroupSeen>) -> ThreadGroup {
    let it = &laid.group;
    ThreadGroup {
        direct: it.direct,
        named: it.name.is_some(),
        people: it.members.len() as u32,
        customers: it.clients() as u32,
        names: groups::names(it, me),
        starts_here: it.member(me).is_some_and(|m| m.from_n > 1),
        pending: laid.pending,
        seen,
        can: laid.can,
    }
}

#[cfg(test)]
mod tests;
