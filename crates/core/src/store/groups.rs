//! Groups on this device: what the server said of them, and the same with the outbox
//! laid over it.
//!
//! Invariants
//! - The record holds nothing that was said: previews, counts and times are those of
//!   the messages that are here.
//! - What was said before somebody may read is not kept, also when it was here before.
//! - A thread that was begun here is there from the moment it was asked for, waiting
//!   or stuck, until the server has it or its person discards it.

use super::cache::{self, Applied};
use super::fold::folded;
use super::outbox::{self, Asked, Standing};
use super::{contacts, json, left, marks, problem, to_json};
use crate::view::{GroupCan, Topic};
use fieldline_model::{
    Ask, Author, Body, Code, Group, GroupChange, Me, Message, Module, Person, PersonCard, PersonId, PlaceId,
    Problem, RecordRef, SoundLevel, Start,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// How many names make a title, and a picture.
pub const NAMES: usize = 5;

/// What stands before the title of news that mentions this person, in every language.
const MENTIONED: &str = "@ ";

/// Applies a group.
pub(super) fn put(work: &Transaction<'_>, seq: i64, it: &Group, to: &mut Applied) -> Result<(), Problem> {
    let known: Option<bool> = work
        .prepare_cached("SELECT body IS NOT NULL FROM message_group WHERE id = ?1")
        .and_then(|mut s| s.query_row([it.id.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    let me = cache::my(work)?;
    let from_n = it.member(me.person.id).map_or(1, |m| m.from_n);
    let (body, words) = (to_json(it), words(it, me.person.id));
    let changed = work
        .prepare_cached(
            "INSERT INTO message_group (id, seq, body, from_n, last_n, at_ms, direct, clients, search)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (id) DO UPDATE SET seq = ?2, body = ?3, from_n = ?4,
                 last_n = max(last_n, ?5), at_ms = max(at_ms, ?6), direct = ?7, clients = ?8, search = ?9
             WHERE seq < ?2",
        )
        .and_then(|mut s| {
            let (at_ms, clients) = (it.made_at_ms, it.clients() as i64);
            s.execute(params![it.id.0, seq, body, from_n, it.last_n, at_ms, it.direct, clients, words])
        })
        .map_err(problem)?;
    if changed == 0 {
        return Ok(());
    }
    purge(work, it.id.into(), from_n, to)?;
    moved(work, it.id.into())?;
    let place = it.id.into();
    to.topics.extend([Topic::Lists, Topic::Status, Topic::Thread { place }]);
    if known != Some(true) && it.owner != me.person.id {
        to.tell(news(it, &me, (String::new(), None)));
    }
    Ok(())
}

/// Forgets what stands before number `from_n` of a place.
fn purge(work: &Transaction<'_>, place: PlaceId, from_n: i64, to: &mut Applied) -> Result<(), Problem> {
    if from_n > 1 {
        let its = "message IN (SELECT id FROM message WHERE place = ?1 AND n < ?2)";
        cache::drop_pictures(work, its, params![place.0, from_n], to)?;
        work.prepare_cached("DELETE FROM message WHERE place = ?1 AND n < ?2")
            .and_then(|mut s| s.execute(params![place.0, from_n]))
            .map_err(problem)?;
    }
    Ok(())
}

/// Takes note of the newest entry that is here. (A message's row number holds its time.)
pub(super) fn moved(work: &Transaction<'_>, place: PlaceId) -> Result<(), Problem> {
    work.prepare_cached(
        "UPDATE message_group SET
             last_n = max(last_n, coalesce((SELECT max(n) FROM message WHERE place = ?1), 0)),
             at_ms = max(at_ms, coalesce(
                 (SELECT rowid >> 20 FROM message WHERE place = ?1 ORDER BY n DESC LIMIT 1), 0))
         WHERE id = ?1 AND body IS NOT NULL",
    )
    .and_then(|mut s| s.execute([place.0]))
    .map(|_| ())
    .map_err(problem)
}

/// Purges a group this person is no longer in. Replies whether it was news.
pub(super) fn leave(
    work: &Transaction<'_>,
    seq: i64,
    name: RecordRef,
    to: &mut Applied,
) -> Result<(), Problem> {
    left::keep_title(work, PlaceId(name.id))?;
    let changed = work
        .execute(
            "INSERT INTO message_group (id, seq) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET seq = ?2, body = NULL, from_n = 1, last_n = 0, at_ms = 0,
                 direct = 0, clients = 0, search = '' WHERE seq < ?2",
            params![name.id, seq],
        )
        .map_err(problem)?;
    if changed > 0 {
        let place = PlaceId(name.id);
        purge(work, place, i64::MAX, to)?;
        work.execute("DELETE FROM read_mark WHERE place = ?1", [name.id]).map_err(problem)?;
        super::seen::forget(work, place)?;
        // A draft of it is shown there from now on.
        to.topics.extend([Topic::Lists, Topic::Status, Topic::Outbox, Topic::Thread { place }]);
    }
    Ok(())
}

/// Tells of a message somebody else said in a group; in a muted one, when it mentions
/// this person.
pub(super) fn tell(work: &Transaction<'_>, it: &Message, to: &mut Applied) -> Result<(), Problem> {
    let (Author::Person(by), Body::Said { text, .. }) = (&it.author, &it.body) else { return Ok(()) };
    let (Some(me), Some(group)) = (cache::me(work)?, group(work, it.place)?) else { return Ok(()) };
    let sound = marks::of(work, it.place, true)?.sound;
    let mentioned = it.mentions(me.person.id);
    if by.id != me.person.id && (mentioned || sound != Some(SoundLevel::None)) {
        let text = match group.direct || text.is_empty() {
            true => text.clone(),
            false => format!("{}: {text}", by.name),
        };
        to.tell(match news(&group, &me, (text, sound)) {
            Topic::News { place, title, text, waiting, sound } if mentioned => {
                Topic::News { place, title: format!("{MENTIONED}{title}"), text, waiting, sound }
            }
            other => other,
        });
    }
    Ok(())
}

fn news(it: &Group, me: &Me, (text, sound): (String, Option<SoundLevel>)) -> Topic {
    Topic::News { place: it.id.into(), title: title(it, me.person.id), text, waiting: false, sound }
}

/// A group as the server last said, with the newest number that is known of.
pub fn group(connection: &Connection, place: PlaceId) -> Result<Option<Group>, Problem> {
    let row: Option<(Option<String>, i64)> = connection
        .prepare_cached("SELECT body, last_n FROM message_group WHERE id = ?1")
        .and_then(|mut s| s.query_row([place.0], |r| Ok((r.get(0)?, r.get(1)?))).optional())
        .map_err(problem)?;
    let Some((Some(body), last_n)) = row else { return Ok(None) };
    Ok(Some(Group { last_n, ..json(&body)? }))
}

/// The same, and when it last moved.
pub(super) fn moved_at(connection: &Connection, place: PlaceId) -> Result<Option<(Group, i64)>, Problem> {
    let at_ms: Option<i64> = connection
        .prepare_cached("SELECT at_ms FROM message_group WHERE id = ?1")
        .and_then(|mut s| s.query_row([place.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    Ok(group(connection, place)?.zip(at_ms))
}

/// What a search among the lists looks for: its name and those of the others, folded.
pub(super) fn words(it: &Group, me: PersonId) -> String {
    let others = it.members.iter().filter(|m| m.person.id != me).map(|m| m.person.name.as_str());
    folded(&it.name.as_deref().into_iter().chain(others).collect::<Vec<_>>().join("\n"))
}

/// A group with the outbox laid over it.
pub struct Laid {
    /// As it will be if everything waiting is accepted.
    pub group: Group,
    /// Whether the server does not have it yet.
    pub pending: bool,
    /// Whether its beginning was refused: nothing more is asked of it.
    pub stuck: bool,
    /// What may be done.
    pub can: GroupCan,
    /// When it was begun, or changed here; milliseconds since 1970.
    pub asked_at_ms: i64,
}

/// A group with the outbox laid over it; `None`: there is none, or this person goes.
pub fn laid(connection: &Connection, place: PlaceId) -> Result<Option<Laid>, Problem> {
    let truth = group(connection, place)?;
    lay(connection, truth, &outbox::group_moves_of(connection, place)?)
}

/// Lays what was asked of one group over it.
pub(super) fn lay(
    connection: &Connection,
    truth: Option<Group>,
    asked: &[Asked],
) -> Result<Option<Laid>, Problem> {
    let me = cache::my(connection)?;
    let pending = truth.is_none();
    let (mut group, mut asked_at_ms, mut stuck) = (truth, 0, false);
    for row in asked {
        if let (Ask::Start(start), None) = (&row.intent.ask, &group) {
            group = begun(connection, &me.person, start, row.asked_at_ms)?;
            (asked_at_ms, stuck) = (row.asked_at_ms, row.standing == Standing::Stuck);
        }
        // What would be refused changes nothing; the verdict will say so.
        let Some(it) = group.as_mut().filter(|_| row.standing == Standing::Waiting) else { continue };
        match &row.intent.ask {
            Ask::Members { add, remove, history, .. } => {
                let add = people(connection, add)?;
                let _ = it.change(me.person.id, (&add, remove), *history);
            }
            Ask::Rename { name, .. } => drop(it.rename(me.person.id, name)),
            Ask::Leave { .. } => drop(it.leave(me.person.id)),
            _ => {}
        }
    }
    let Some(group) = group.filter(|it| it.member(me.person.id).is_some()) else { return Ok(None) };
    let free = !group.direct && !stuck;
    let can = GroupCan {
        members: free && me.has(Module::MessagingCompany),
        rename: free && me.person.role.is_staff(),
        leave: free && group.clone().leave(me.person.id).is_ok(),
    };
    Ok(Some(Laid { group, pending, stuck, can, asked_at_ms }))
}

/// A thread as it was begun here. One that never can be is shown by its people.
fn begun(connection: &Connection, me: &Person, start: &Start, now_ms: i64) -> Result<Option<Group>, Problem> {
    let people = people(connection, &start.people)?;
    Ok(Group::started(start.group, me, (&people, start.name.as_deref()), now_ms).ok())
}

/// The people of these ids, as far as they are in the contact list; of the others
/// only that they are somebody.
pub fn people(connection: &Connection, ids: &[PersonId]) -> Result<Vec<Person>, Problem> {
    let nobody = |id: &PersonId| Person::new(*id, "", fieldline_model::Role::Agent);
    ids.iter().map(|id| Ok(contacts::person(connection, *id)?.unwrap_or_else(|| nobody(id)))).collect()
}

/// Whom a change that is not settled adds and removes. Who is not in the contact list any
/// more is called as the group calls them, else as its refusal does.
pub(super) fn saved(
    connection: &Connection,
    row: &Asked,
    (add, remove): (&[PersonId], &[PersonId]),
) -> Result<GroupChange, Problem> {
    let there = group(connection, row.intent.ask.place())?;
    let mut refused = row.problem.as_ref().and_then(|it| it.who.clone());
    let mut card = |id: &PersonId| -> Result<PersonCard, Problem> {
        let member = there.as_ref().and_then(|it| it.member(*id)).map(|m| m.person.clone());
        let known = contacts::person(connection, *id)?.map(|it| it.card()).or(member);
        Ok(known.unwrap_or_else(|| PersonCard { id: *id, name: refused.take().unwrap_or_default() }))
    };
    let added = add.iter().map(&mut card).collect::<Result<_, _>>()?;
    let removed = remove.iter().map(&mut card).collect::<Result<_, _>>()?;
    Ok(GroupChange::Members { added, removed })
}

/// What is asked of a group, tried on what is known: its title, or why not.
pub fn check(connection: &Connection, ask: &Ask) -> Result<String, Problem> {
    let me = cache::my(connection)?;
    let place = ask.place();
    if let Ask::Start(start) = ask {
        start.check()?;
        me.has(Module::MessagingCompany).then_some(()).ok_or(Code::ModuleNeeded)?;
        let people = people(connection, &start.people)?;
        let it = Group::started(start.group, &me.person, (&people, start.name.as_deref()), 0)?;
        it.may_mention(start.first.as_ref().map_or(&[], |first| &first.mentions))?;
        return Ok(title(&it, me.person.id));
    }
    let laid = laid(connection, place)?.ok_or(Code::NotFound)?;
    let (mut it, title) = (laid.group.clone(), title(&laid.group, me.person.id));
    match ask {
        Ask::Send(send) => {
            it.may_send(me.person.id)?;
            it.may_mention(&send.mentions)?;
        }
        Ask::Members { add, remove, history, .. } => {
            me.has(Module::MessagingCompany).then_some(()).ok_or(Code::ModuleNeeded)?;
            it.change(me.person.id, (&people(connection, add)?, remove), *history)?;
        }
        Ask::Rename { name, .. } => drop(it.rename(me.person.id, name)?),
        Ask::Leave { .. } => drop(it.leave(me.person.id)?),
        Ask::Read { .. } | Ask::Sound { .. } | Ask::Delete { .. } => {}
        _ => return Err(Code::NotFound.into()),
    }
    Ok(title)
}

/// What a group is called: its name, or the others' names.
pub fn title(it: &Group, me: PersonId) -> String {
    it.name.clone().unwrap_or_else(|| names(it, me).join(", "))
}

/// The names of the others, the first few.
pub fn names(it: &Group, me: PersonId) -> Vec<String> {
    let others = it.members.iter().filter(|m| m.person.id != me && !m.person.name.is_empty());
    others.take(NAMES).map(|m| m.person.name.clone()).collect()
}
