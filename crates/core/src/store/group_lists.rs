//! What the lists of message threads show, and who is in one.

use super::fold::folded;
use super::groups::{self, Laid};
use super::outbox::Asked;
use super::{cache, deleted, drafts, json, lists, outbox, previews, problem, search, sounds};
use crate::view::{
    GroupPeople, GroupPerson, GroupRow, GroupSeen, GroupTab, Groups, GroupsUnread, Page, PreviewBy,
    RowPreview, ThreadGroup,
};
use fieldline_model::{Author, Body, Code, Group, Message, PersonId, PlaceId, Problem};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use uuid::Uuid;

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

fn belongs(it: &Group, tab: GroupTab) -> bool {
    match tab {
        GroupTab::All => true,
        GroupTab::Internal => it.clients() == 0,
        GroupTab::Customers => it.clients() > 0,
        GroupTab::Groups => !it.direct,
    }
}

fn matches(it: &Group, sought: &str) -> bool {
    let has = |text: &str| folded(text).contains(sought);
    sought.is_empty() || it.name.as_deref().is_some_and(has) || it.members.iter().any(|m| has(&m.person.name))
}

/// A list of message threads.
pub fn list(connection: &Connection, wanted: &Wanted<'_>) -> Result<Groups, Problem> {
    let me = cache::my(connection)?.person.id;
    let sought = folded(wanted.search);
    let said: Vec<PlaceId> =
        search::hits(connection, wanted.search)?.into_iter().map(|hit| hit.place).collect();
    let (mut found, mut unread) = (Vec::new(), GroupsUnread::default());
    for (laid, at_ms) in all(connection)? {
        let place = laid.group.id.into();
        if !sounds::muted(connection, place)? {
            let count = unread_of(connection, me, place)?;
            let of = |tab| if belongs(&laid.group, tab) { count } else { 0 };
            unread.all += count;
            unread.internal += of(GroupTab::Internal);
            unread.customers += of(GroupTab::Customers);
            unread.groups += of(GroupTab::Groups);
        }
        if belongs(&laid.group, wanted.tab) && (said.contains(&place) || matches(&laid.group, &sought)) {
            found.push((laid, at_ms));
        }
    }
    found.sort_by_key(|(laid, at_ms)| std::cmp::Reverse((*at_ms, laid.group.id)));
    let total = found.len() as u32;
    let Page { from, limit } = wanted.page;
    let rows = found
        .into_iter()
        .skip(from as usize)
        .take(limit as usize)
        .map(|it| row(connection, me, it))
        .collect::<Result<_, _>>()?;
    Ok(Groups { rows, total, unread })
}

/// Every thread with the outbox laid over it, and when it last moved.
fn all(connection: &Connection) -> Result<Vec<(Laid, i64)>, Problem> {
    let mut asked: BTreeMap<PlaceId, Vec<Asked>> = BTreeMap::new();
    for row in outbox::group_moves(connection)? {
        asked.entry(row.intent.ask.place()).or_default().push(row);
    }
    let mut found = Vec::new();
    for (truth, at_ms) in groups::all(connection)? {
        let asked = asked.remove(&truth.id.into()).unwrap_or_default();
        found.extend(groups::lay(connection, Some(truth), &asked)?.map(|laid| (laid, at_ms)));
    }
    for asked in asked.values() {
        found.extend(groups::lay(connection, None, asked)?.map(|laid| (laid, 0)));
    }
    for (laid, at_ms) in &mut found {
        let newest = outbox::newest_at(connection, laid.group.id.into())?;
        *at_ms = (*at_ms).max(laid.asked_at_ms).max(newest.unwrap_or(0));
    }
    Ok(found)
}

fn row(connection: &Connection, me: PersonId, (laid, at_ms): (Laid, i64)) -> Result<GroupRow, Problem> {
    let Laid { group, pending, .. } = laid;
    let place = group.id.into();
    let (unsent, stuck) = outbox::count(connection, Some(place))?;
    Ok(GroupRow {
        place,
        title: groups::title(&group, me),
        named: group.name.is_some(),
        direct: group.direct,
        people: group.members.len() as u32,
        customers: group.clients() as u32,
        names: groups::names(&group, me),
        preview: preview(connection, me, place)?,
        at_ms,
        unread: unread_of(connection, me, place)?,
        sound: sounds::of(connection, place)?,
        unsent,
        stuck: stuck > 0,
        pending,
    })
}

/// Others' messages after the highest number read here or elsewhere.
fn unread_of(connection: &Connection, me: PersonId, place: PlaceId) -> Result<u32, Problem> {
    let read_n = lists::read_n(connection, place, true)?;
    connection
        .prepare_cached(
            "SELECT count(*) FROM message WHERE place = ?1 AND n > ?2 AND said_by IS NOT NULL AND said_by <> ?3",
        )
        .and_then(|mut s| s.query_row(params![place.0, read_n, me.0], |r| r.get(0)))
        .map_err(problem)
}

/// Unread messages of all threads that are not muted.
pub fn unread(connection: &Connection) -> Result<u32, Problem> {
    let me = cache::my(connection)?.person.id;
    let places: Vec<PlaceId> = connection
        .prepare_cached(
            "SELECT g.id FROM message_group g LEFT JOIN read_mark r ON r.place = g.id
             WHERE g.body IS NOT NULL AND g.last_n > coalesce(r.n, 0)",
        )
        .and_then(|mut s| s.query_map([], |r| r.get::<_, Uuid>(0).map(PlaceId))?.collect::<Result<_, _>>())
        .map_err(problem)?;
    let mut count = 0;
    for place in places {
        if !sounds::muted(connection, place)? {
            count += unread_of(connection, me, place)?;
        }
    }
    Ok(count)
}

/// A draft is shown first, then what was sent last, then what was said last.
fn preview(connection: &Connection, me: PersonId, place: PlaceId) -> Result<Option<RowPreview>, Problem> {
    let draft = drafts::get(connection, place)?;
    if !(draft.text.trim().is_empty() && draft.files.is_empty()) {
        return Ok(Some(previews::of_draft(&draft)));
    }
    if let Some(row) = outbox::last_message(connection, place)?
        && let Some(send) = row.intent.ask.said()
    {
        return previews::of_unsent(connection, &row, send).map(Some);
    }
    let asked = deleted::asked(connection, place)?;
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
