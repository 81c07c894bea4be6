//! What each kind of intent does to the truth. The rules of a conversation's life
//! are the model's; here they meet today's record.

use super::{erase, groups, offers};
use crate::store::{Owner, Session, Stop, Tx};
use fieldline_model::conversation::Preview;
use fieldline_model::message::EXCERPT_CHARS;
use fieldline_model::note::check_note;
use fieldline_model::text::clean_file_name;
use fieldline_model::{
    Ask, Author, Body, Code, Conversation, ConversationId, Event, File, Intent, IntentId, Message, MessageId,
    Note, PersonId, PlaceId, Problem, Quote, Scope, Send, State,
};

/// Does what `intent` asks, or refuses.
pub fn apply(tx: &mut Tx<'_>, session: &Session, intent: &Intent) -> Result<(), Stop> {
    if let Ask::Send(send) = &intent.ask {
        return say(tx, session, intent, send);
    }
    if groups::apply(tx, session, intent)? {
        return Ok(());
    }
    let by = session.person.card();
    match &intent.ask {
        Ask::Pick { .. } => life(tx, session, intent, |it, _| it.pick(&by)),
        Ask::Accept { conversation } => {
            offers::check(tx, session, *conversation)?;
            life(tx, session, intent, |it, _| it.pick(&by))
        }
        Ask::Pass { conversation } => {
            seen(tx, session, *conversation)?;
            offers::pass(tx, session.person.id, *conversation)
        }
        Ask::Availability { ready } => offers::set(tx, session, *ready),
        Ask::End { .. } => life(tx, session, intent, |it, now| it.end(&by, now)),
        Ask::Reopen { .. } => life(tx, session, intent, |it, _| it.reopen(&by)),
        Ask::Read { place, n } => {
            let it = seen(tx, session, (*place).into())?;
            let (person, n) = (session.person.id, (*n).min(it.last_n));
            tx.put_read(person, *place, n)?;
            // That who has it has read it is a fact of the customer's too.
            if it.is_with(&by) && tx.read_for_customer(it.customer.id, *place, n)? {
                tx.public_fact(it.customer.id)?;
            }
            Ok(())
        }
        Ask::Sound { place, sound } => {
            seen(tx, session, (*place).into())?;
            tx.sound(session.person.id, *place, *sound)
        }
        Ask::Delete { place, message } => {
            let held = held(tx, session, (*place).into())?;
            erase::delete(tx, session.person.id, *message, held)
        }
        Ask::Transfer { to, note, .. } => transfer(tx, session, intent, (*to, note)),
        Ask::Note { conversation, text } => {
            let (it, scope) = held(tx, session, *conversation)?;
            // Who only had it once would keep what they can no longer read.
            if !scope.holds(&session.reader()) {
                return Err(Code::NotPermitted.into());
            }
            keep_note(tx, session, intent, (&it, text))
        }
        // Done above.
        Ask::Send(_) | Ask::Start(_) | Ask::Members { .. } | Ask::Leave { .. } | Ask::Rename { .. } => Ok(()),
    }
}

/// Adds a message to a conversation, or else to a group.
fn say(tx: &mut Tx<'_>, session: &Session, intent: &Intent, send: &Send) -> Result<(), Stop> {
    // Nothing is asked more often: where most of it is said is looked first.
    let it = if session.person.role.is_staff() { tx.conversation(send.place.into())? } else { None };
    let Some(it) = it else { return groups::say(tx, session, intent, send) };
    let (it, was) = nameable(session, it)?;
    let by = session.person.card();
    it.may_send(&by)?;
    let said = Said {
        id: intent.id,
        written_at_ms: intent.written_at_ms,
        author: Author::Person(by),
        owner: Owner::Person(session.person.id),
        send,
    };
    let n = put_said(tx, it, was, said)?;
    tx.put_read(session.person.id, send.place, n)?;
    Ok(())
}

/// Keeps a note with a conversation, by whoever asks.
fn keep_note(
    tx: &mut Tx<'_>,
    session: &Session,
    intent: &Intent,
    (it, text): (&Conversation, &str),
) -> Result<(), Stop> {
    check_note(text)?;
    let note = Note {
        id: intent.id.into(),
        place: it.id.into(),
        author: session.person.card(),
        at_ms: tx.clock.now_ms(),
        written_at_ms: intent.written_at_ms,
        text: text.to_owned(),
    };
    tx.add_note(&note, it.scope())
}

/// Hands a conversation on, with a note for whoever has it next.
fn transfer(
    tx: &mut Tx<'_>,
    session: &Session,
    intent: &Intent,
    (to, note): (Option<PersonId>, &str),
) -> Result<(), Stop> {
    let to = match to {
        Some(who) => Some(tx.colleague(who)?.ok_or(Code::NotFound)?.card()),
        None => None,
    };
    let by = session.person.card();
    life(tx, session, intent, |it, now| it.transfer(&by, to.as_ref(), now))?;
    if note.trim().is_empty() {
        return Ok(());
    }
    let it = tx.conversation(intent.ask.place().into())?.ok_or(Code::NotFound)?;
    keep_note(tx, session, intent, (&it, note))
}

/// A conversation the asker sees now; to who had it once it is not there any more.
fn seen(tx: &Tx<'_>, session: &Session, which: ConversationId) -> Result<Conversation, Stop> {
    let it = tx.conversation(which)?.filter(|it| it.scope().holds(&session.reader()));
    it.ok_or_else(|| Code::NotFound.into())
}

/// A conversation the asker may name, and who sees it now. Who once had it may
/// still name it, to be told who has it; to everybody else it is not there.
fn held(tx: &Tx<'_>, session: &Session, which: ConversationId) -> Result<(Conversation, Scope), Stop> {
    nameable(session, tx.conversation(which)?.ok_or(Code::NotFound)?)
}

fn nameable(session: &Session, it: Conversation) -> Result<(Conversation, Scope), Stop> {
    let scope = it.scope();
    let took_part = it.took_part.iter().any(|p| p.id == session.person.id);
    if scope.holds(&session.reader()) || took_part { Ok((it, scope)) } else { Err(Code::NotFound.into()) }
}

/// One step of a conversation's life: the rule, and its entry when it did something.
fn life<R>(tx: &mut Tx<'_>, session: &Session, intent: &Intent, rule: R) -> Result<(), Stop>
where
    R: FnOnce(&mut Conversation, i64) -> Result<Option<Event>, Problem>,
{
    let which = intent.ask.place().into();
    let (mut it, was) = match held(tx, session, which) {
        // Who saw it wait and came second may hear who was first.
        Err(Stop::Refused(_)) if matches!(intent.ask, Ask::Pick { .. } | Ask::Accept { .. }) => {
            lost_race(tx, session, which)?
        }
        found => found?,
    };
    let now = tx.clock.now_ms();
    let Some(event) = rule(&mut it, now)? else { return Ok(()) };
    if it.state == State::Waiting {
        it.members = tx.waiting_members(&it)?;
    }
    it.last_n += 1;
    let entry = Message {
        id: intent.id.into(),
        place: it.id.into(),
        n: it.last_n,
        author: Author::Person(session.person.card()),
        at_ms: now,
        written_at_ms: intent.written_at_ms,
        body: Body::Happened { event },
        deleted: false,
    };
    offers::moved(tx, session.person.id, &it)?;
    tx.put_conversation(it.clone(), told(tx, &it, was, event)?)?;
    if let Some(agent) = &it.agent {
        let n = tx.read_to(agent.id, it.id.into())?;
        tx.read_for_customer(it.customer.id, it.id.into(), n)?;
    }
    tx.add_message(entry, Some(it.customer.id), it.scope())
}

/// Who is told of a step, beside who sees it now: who saw it before. They are, of one
/// that is reopened, also those who read it as a previous conversation.
fn told(tx: &Tx<'_>, it: &Conversation, was: Scope, event: Event) -> Result<Scope, Stop> {
    let Scope::People { mut people } = was else { return Ok(was) };
    if event == Event::Reopened {
        people.extend(
            tx.open_of(it.customer.id)?.iter().filter_map(|other| other.agent.as_ref()).map(|a| a.id),
        );
    }
    Ok(Scope::People { people })
}

fn lost_race(tx: &Tx<'_>, session: &Session, which: ConversationId) -> Result<(Conversation, Scope), Stop> {
    let reader = session.reader();
    let open = |it: &Conversation| it.state == State::Open && it.waited_for(&reader);
    let it = tx.conversation(which)?.filter(open).ok_or(Code::NotFound)?;
    let scope = it.scope();
    Ok((it, scope))
}

/// Something somebody says.
pub struct Said<'s> {
    /// The intent's id, and the message's.
    pub id: IntentId,
    /// By their device's clock.
    pub written_at_ms: i64,
    /// As whom.
    pub author: Author,
    /// Whose claims its photos are.
    pub owner: Owner,
    /// What.
    pub send: &'s Send,
}

/// Adds a message to `it`, which was seen by `was`; gives the message's number.
pub fn put_said(tx: &mut Tx<'_>, mut it: Conversation, was: Scope, said: Said<'_>) -> Result<i64, Stop> {
    if !said.send.mentions.is_empty() {
        // Members are mentioned, and only a thread has any.
        return Err(Code::NotInThread.into());
    }
    let body = body(tx, said.owner, (said.send, 1))?;
    it.last_n += 1;
    let at_ms = tx.clock.now_ms();
    it.said(Preview {
        author: said.author.clone(),
        text: said.send.text.chars().take(EXCERPT_CHARS).collect(),
        photos: said.send.files.len() as u32,
        location: said.send.location.is_some(),
        at_ms,
        deleted: false,
    });
    let (n, customer, scope) = (it.last_n, it.customer.id, it.scope());
    let message = Message {
        id: said.id.into(),
        place: PlaceId::from(it.id),
        n,
        author: said.author,
        at_ms,
        written_at_ms: said.written_at_ms,
        body,
        deleted: false,
    };
    tx.put_conversation(it, was)?;
    tx.add_message(message, Some(customer), scope)?;
    for (i, file) in said.send.files.iter().enumerate() {
        tx.add_file(said.id.into(), i, &file.hash)?;
    }
    Ok(n)
}

/// The message of the same place that another one answers, from number `from_n` on;
/// refuses with *not_found* any other.
fn quoted(tx: &Tx<'_>, (place, from_n): (PlaceId, i64), which: MessageId) -> Result<Quote, Stop> {
    let message = tx.message(which)?.filter(|it| it.place == place && it.n >= from_n);
    Ok(message.as_ref().and_then(Quote::of).ok_or(Code::NotFound)?)
}

/// What a message says, checked; its author may read its place from number `from_n` on.
pub(super) fn body(tx: &Tx<'_>, owner: Owner, (send, from_n): (&Send, i64)) -> Result<Body, Stop> {
    send.check()?;
    let files = files(tx, owner, send)?;
    let reply_to =
        send.reply_to.map(|which| quoted(tx, (send.place, from_n), which).map(Box::new)).transpose()?;
    let (text, location, mentions) = (send.text.clone(), send.location.clone(), send.mentions.clone());
    Ok(Body::Said { text, files, location, reply_to, mentions })
}

/// The photos a message names, each its author's own claim, as policy is now.
fn files(tx: &Tx<'_>, owner: Owner, send: &Send) -> Result<Vec<File>, Stop> {
    if send.files.is_empty() {
        return Ok(Vec::new());
    }
    let policy = tx.workspace()?.policy;
    let mut files = Vec::with_capacity(send.files.len());
    for file in &send.files {
        let ready = tx.claimed(owner, &file.hash)?.ok_or(Code::FileMissing)?;
        if !policy.types.contains(&ready.kind) {
            return Err(Code::FileTypeForbidden.into());
        }
        files.push(File {
            name: clean_file_name(&file.name, ready.kind),
            kind: ready.kind,
            size_bytes: ready.size_bytes,
            width: ready.width,
            height: ready.height,
            taken_at: ready.taken_at,
        });
    }
    Ok(files)
}
