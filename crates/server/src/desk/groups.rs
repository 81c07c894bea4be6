//! What is asked of groups: begun, written into, and who is in them. The rules are
//! the model's; here they meet today's record.
//!
//! Invariants
//! - Only who has the module *messaging.company*, when the intent is judged, starts a
//!   thread or changes who is in one; every member may read and answer.
//! - Who was in a group hears that they no longer are; to everybody else it is not there.

use super::{ask, erase};
use crate::store::{Owner, Session, Stop, Tx};
use fieldline_model::group::PEOPLE_MAX;
use fieldline_model::{
    Ask, Author, Body, Code, Group, GroupChange, GroupId, Intent, Message, MessageId, Module, Person,
    PersonId, PlaceId, Problem, Scope, Send, Start,
};

/// Does what is asked, or refuses; replies whether it was about a group.
pub fn apply(tx: &mut Tx<'_>, session: &Session, intent: &Intent) -> Result<bool, Stop> {
    let me = session.person.id;
    match &intent.ask {
        Ask::Start(start) => begin(tx, session, intent, start)?,
        Ask::Members { add, remove, history, .. } => {
            needs_module(tx, me)?;
            check_many(add.len().max(remove.len()))?;
            let add = chosen(tx, add)?;
            life(tx, session, intent, |it| it.change(me, (&add, remove), *history))?;
        }
        Ask::Leave { group } if tx.membership(me, *group)? == Some(false) => {}
        Ask::Leave { .. } => life(tx, session, intent, |it| it.leave(me))?,
        Ask::Rename { name, .. } => life(tx, session, intent, |it| it.rename(me, name))?,
        Ask::Sound { place, sound } if tx.group((*place).into())?.is_some() => {
            held(tx, session, (*place).into())?;
            tx.sound(me, *place, *sound)?;
        }
        Ask::Read { place, n } if tx.group((*place).into())?.is_some() => {
            let it = held(tx, session, (*place).into())?;
            let n = (*n).min(it.last_n);
            if tx.put_read(me, *place, n)? {
                tx.seen_on(&it, me, n)?;
            }
        }
        Ask::Delete { place, message } if tx.group((*place).into())?.is_some() => {
            let it = held(tx, session, (*place).into())?;
            erase::delete_of_group(tx, me, *message, &it)?;
        }
        // A client asks of threads alone; nothing else is there for them.
        _ if !session.person.role.is_staff() => return Err(Code::NotFound.into()),
        _ => return Ok(false),
    }
    Ok(true)
}

/// A group the asker is in.
fn held(tx: &Tx<'_>, session: &Session, which: GroupId) -> Result<Group, Stop> {
    match tx.membership(session.person.id, which)? {
        Some(true) => tx.group(which)?.ok_or(Code::NotFound.into()),
        Some(false) => Err(Code::NotPermitted.into()),
        None => Err(Code::NotFound.into()),
    }
}

fn needs_module(tx: &Tx<'_>, who: PersonId) -> Result<(), Stop> {
    let has = tx.modules(who)?.contains(&Module::MessagingCompany);
    if has { Ok(()) } else { Err(Code::ModuleNeeded.into()) }
}

/// So many ids are not even looked for.
fn check_many(people: usize) -> Result<(), Problem> {
    if people > PEOPLE_MAX { Err(Problem::limit(Code::TooManyPeople, PEOPLE_MAX as u64)) } else { Ok(()) }
}

/// The people somebody chose; one who was disabled meanwhile is refused by name.
fn chosen(tx: &Tx<'_>, ids: &[PersonId]) -> Result<Vec<Person>, Stop> {
    let mut people = Vec::with_capacity(ids.len());
    for id in ids {
        people.push(match tx.contact(*id)? {
            Some(person) => person,
            None => {
                let who = tx.person(*id)?.map(|person| person.name);
                return Err(Problem { code: Code::PersonGone, who, limit: None }.into());
            }
        });
    }
    Ok(people)
}

/// Begins a thread, with its first message. A direct one may be there already: then
/// the message goes there.
fn begin(tx: &mut Tx<'_>, session: &Session, intent: &Intent, start: &Start) -> Result<(), Stop> {
    start.check()?;
    needs_module(tx, session.person.id)?;
    check_many(start.people.len())?;
    let people = chosen(tx, &start.people)?;
    let (now, with) = (tx.clock.now_ms(), (people.as_slice(), start.name.as_deref()));
    let mut it = Group::started(start.group, &session.person, with, now)?;
    if it.direct {
        let (one, other) = (it.members[0].person.id, it.members[1].person.id);
        if it.id != GroupId::direct(tx.workspace_id(), one, other) {
            return Err(Code::BadRequest.into());
        }
    }
    let place = PlaceId::from(it.id);
    match tx.group(it.id)? {
        Some(there) if it.direct => it = there,
        Some(_) => return Err(Code::IdReused.into()),
        None if tx.conversation(place.into())?.is_some() => return Err(Code::IdReused.into()),
        None => {
            it.last_n = 1;
            tx.put_group(&it, Scope::Nobody)?;
            let id = MessageId::mint(now, tx.clock.random());
            line(tx, &session.person, (&it, id, intent.written_at_ms), GroupChange::Started)?;
        }
    }
    match &start.first {
        Some(first) => add(tx, session, intent, (it, first)),
        None => wrote(tx, session.person.id, &it),
    }
}

/// One step of a group's life: the rule, and its line when it did something.
fn life<R>(tx: &mut Tx<'_>, session: &Session, intent: &Intent, rule: R) -> Result<(), Stop>
where
    R: FnOnce(&mut Group) -> Result<Option<GroupChange>, Problem>,
{
    let mut it = held(tx, session, intent.ask.place().into())?;
    let was = it.scope();
    let Some(change) = rule(&mut it)? else { return Ok(()) };
    it.last_n += 1;
    tx.put_group(&it, was)?;
    if matches!(change, GroupChange::Members { .. } | GroupChange::Left) {
        tx.note_seen(&it);
    }
    line(tx, &session.person, (&it, intent.id.into(), intent.written_at_ms), change)
}

/// Takes somebody who was disabled out of the audience of their threads, where they are shown
/// so. A group of clients they leave without a colleague goes to `heir`.
pub(super) fn disable(tx: &mut Tx<'_>, who: PersonId, heir: Option<&Person>) -> Result<(), Stop> {
    for mut it in tx.groups_of(who)? {
        let was = it.scope();
        if !it.disable(who) {
            continue;
        }
        let handed = heir.and_then(|heir| Some((heir, it.hand_to(heir)?)));
        it.last_n += i64::from(handed.is_some());
        tx.put_group(&it, was)?;
        if let Some((heir, change)) = handed {
            let now = tx.clock.now_ms();
            let id = MessageId::mint(now, tx.clock.random());
            tx.note_seen(&it);
            line(tx, heir, (&it, id, now), change)?;
        }
    }
    Ok(())
}

/// Adds the newest entry of a group: something that happened to it.
fn line(
    tx: &mut Tx<'_>,
    by: &Person,
    (it, id, written_at_ms): (&Group, MessageId, i64),
    change: GroupChange,
) -> Result<(), Stop> {
    let entry = Message {
        id,
        place: it.id.into(),
        n: it.last_n,
        author: Author::Person(by.card()),
        at_ms: tx.clock.now_ms(),
        written_at_ms,
        body: Body::Changed { change },
        deleted: false,
    };
    tx.add_message(entry, None, it.scope_of(it.last_n))
}

/// Adds a message to a group its author is in.
pub(super) fn say(tx: &mut Tx<'_>, session: &Session, intent: &Intent, send: &Send) -> Result<(), Stop> {
    let it = held(tx, session, send.place.into())?;
    add(tx, session, intent, (it, send))
}

fn add(
    tx: &mut Tx<'_>,
    session: &Session,
    intent: &Intent,
    (mut it, send): (Group, &Send),
) -> Result<(), Stop> {
    let me = session.person.id;
    it.may_send(me)?;
    it.may_mention(&send.mentions)?;
    let from_n = it.member(me).map_or(1, |m| m.from_n);
    let body = ask::body(tx, Owner::Person(me), (send, from_n))?;
    tx.next_n(&mut it)?;
    let message = Message {
        id: intent.id.into(),
        place: it.id.into(),
        n: it.last_n,
        author: Author::Person(session.person.card()),
        at_ms: tx.clock.now_ms(),
        written_at_ms: intent.written_at_ms,
        body,
        deleted: false,
    };
    tx.add_message(message, None, it.scope_of(it.last_n))?;
    for (i, file) in send.files.iter().enumerate() {
        tx.add_file(intent.id.into(), i, &file.hash)?;
    }
    wrote(tx, me, &it)
}

/// Whoever wrote the newest entry has read it, and all before it. That is told, unless it
/// is what they wrote alone: the entry itself says so.
fn wrote(tx: &mut Tx<'_>, who: PersonId, it: &Group) -> Result<(), Stop> {
    let place = it.id.into();
    let before = tx.read_to(who, place)?;
    // (The first entry says only that there is a thread.)
    if tx.put_read(who, place, it.last_n)? && before.max(1) + 1 < it.last_n {
        tx.seen_on(it, who, it.last_n)?;
    }
    Ok(())
}
