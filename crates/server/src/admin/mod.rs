//! The Configurator's verbs: one function, [`ask`], which the API, the command line
//! and the demo call alike.
//!
//! ```text
//! POST /v1/admin ─┐                 ┌ reads ─► one look at the file
//! admin VERB … ───┴─► ask ─► judged ┴ changes ─► one step of the writer, one line of the audit
//! ```
//!
//! Invariants
//! - Who asks is judged by the same look, or in the same transaction, that the answer or the
//!   effect is of; each denial leaves a line.
//! - The audit has who, when, which verb and which id: no name, no text, no secret.
//! - What changes goes through the feed as any other change; a right that is taken away ends
//!   the sessions it was used by, or makes their devices take a new snapshot.

mod chat_page;
mod export;
mod export_page;
mod import;
mod people;
mod policy;
mod queues;
mod trail;
pub mod words;
mod zip;

pub use chat_page::desk;
pub use export::conversation as export;

use crate::Server;
use crate::http::{App, kept_apart};
use crate::secrets::{self, SecretHash};
use crate::store::{Act, Actor, Look, Session, Stop, Tx};
use bytes::Bytes;
use fieldline_model::{AdminAnswer, AdminAsk, Code, ConversationId, DeviceId, PersonId, Queue, Role};
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;

/// Who asks.
#[derive(Clone, Copy)]
pub enum Asker {
    /// The server's operator, at its command line.
    Operator,
    /// Whose session this is, by its token's hash.
    Session(SecretHash),
}

/// Who asks, as they are at the moment it is judged.
struct By(Option<Session>);

impl By {
    fn of(look: &Look<'_>, asker: Asker, now_ms: i64) -> Result<Self, Stop> {
        match asker {
            Asker::Operator => Ok(Self(None)),
            Asker::Session(token) => Ok(Self(Some(look.session(&token, now_ms)?))),
        }
    }

    fn actor(&self) -> Actor {
        self.0.as_ref().map_or(Actor::Operator, |session| Actor::Person(session.person.id))
    }

    /// Refuses who is no admin.
    fn may(&self) -> Result<(), Stop> {
        match &self.0 {
            Some(session) if session.person.role != Role::Admin => Err(Code::NotPermitted.into()),
            _ => Ok(()),
        }
    }

    fn is(&self, who: PersonId) -> bool {
        self.0.as_ref().is_some_and(|session| session.person.id == who)
    }

    fn is_on(&self, who: PersonId, device: DeviceId) -> bool {
        self.is(who) && self.0.as_ref().is_some_and(|session| session.device == device)
    }
}

/// A secret that an ask may need: made before its transaction, which may be run twice.
#[derive(Clone)]
struct Fresh {
    secret: String,
    hash: SecretHash,
}

/// Does what is asked, or refuses: see [`AdminAsk`].
pub async fn ask(app: &App, asker: Asker, ask: AdminAsk) -> Result<AdminAnswer, Stop> {
    let now = app.clock.now_ms();
    if ask.is_reading() {
        return read(app, asker, ask).await;
    }
    if let AdminAsk::ImportContacts { csv } = ask {
        return import::contacts(app, asker, &csv).await;
    }
    let secret = secrets::mint(&app.clock);
    let fresh = Fresh { hash: secrets::hash(&secret), secret };
    let done = app.store.write(move |tx| {
        let by = By::of(tx, asker, now)?;
        let act = act(&by, &ask);
        kept_apart(tx.step(act, |tx| {
            by.may()?;
            change(tx, &by, &ask, &fresh)
        }))
    });
    Ok(done.await??)
}

async fn read(app: &App, asker: Asker, ask: AdminAsk) -> Result<AdminAnswer, Stop> {
    let (now, named) = (app.clock.now_ms(), (ask.verb(), ask.about()));
    looked(app, asker, named, move |look, by| see(look, by, &ask, now)).await
}

/// What an admin sees; a denial is written down as what it was about.
async fn looked<T, F>(
    app: &App,
    asker: Asker,
    (verb, about): (&'static str, Option<Uuid>),
    see: F,
) -> Result<T, Stop>
where
    T: Send + 'static,
    F: FnOnce(&Look<'_>, &By) -> Result<T, Stop> + Send + 'static,
{
    let now = app.clock.now_ms();
    let looked = app.store.read(move |look| {
        let by = By::of(look, asker, now)?;
        let seen = by.may().and_then(|()| see(look, &by));
        Ok((Act { about, ..Act::new(by.actor(), verb) }, kept_apart(seen)?))
    });
    let (act, seen) = looked.await?;
    if let Err(problem) = &seen {
        let problem = problem.clone();
        app.store.write(move |tx| tx.deny(act, &problem)).await?;
    }
    Ok(seen?)
}

fn act(by: &By, ask: &AdminAsk) -> Act {
    Act { about: ask.about(), ..Act::new(by.actor(), ask.verb()) }
}

fn see(look: &Look<'_>, by: &By, ask: &AdminAsk, now_ms: i64) -> Result<AdminAnswer, Stop> {
    match ask {
        AdminAsk::People(search) => people::list(look, search, now_ms),
        AdminAsk::Devices { person } => people::devices(look, by, *person, now_ms),
        AdminAsk::Queues => queues::list(look),
        AdminAsk::Policy => policy::get(look),
        AdminAsk::PreviewPolicy(rules) => policy::preview(look, rules, now_ms),
        AdminAsk::Map => policy::map(look),
        AdminAsk::ChatPage => chat_page::get(look),
        AdminAsk::Canned => policy::canned(look),
        AdminAsk::Audit(search) => trail::audit(look, search),
        AdminAsk::Customers(search) => trail::customers(look, search),
        _ => Err(Code::Internal.into()),
    }
}

fn change(tx: &mut Tx<'_>, by: &By, ask: &AdminAsk, fresh: &Fresh) -> Result<AdminAnswer, Stop> {
    match ask {
        AdminAsk::AddPerson(add) => people::add(tx, add, fresh),
        AdminAsk::EditPerson(edit) => people::edit(tx, by, edit),
        AdminAsk::Reset { person } => people::reset(tx, *person, fresh),
        AdminAsk::RemoveSecondFactor { person } => people::remove_second_factor(tx, by, *person),
        AdminAsk::SignOut { person, device } => people::sign_out(tx, *person, *device),
        AdminAsk::BlockDevice { person, device, blocked } => {
            people::block_device(tx, by, (*person, *device), *blocked)
        }
        AdminAsk::PutQueue { id, name, mode, offer_ms, members } => {
            let queue = Queue { id: *id, mode: *mode, offer_ms: *offer_ms };
            queues::put(tx, queues::Asked { queue, name, members: members.as_deref() })
        }
        AdminAsk::SetPolicy(rules) => policy::set(tx, rules),
        AdminAsk::SetMap(source) => policy::set_map(tx, source),
        AdminAsk::SetChatPage(page) => chat_page::set(tx, page),
        AdminAsk::PutCanned(asked) => policy::put_canned(tx, asked),
        AdminAsk::RemoveCanned { shortcut } => policy::remove_canned(tx, shortcut),
        AdminAsk::Erase(asked) => trail::erase(tx, asked),
        _ => Err(Code::Internal.into()),
    }
}

impl Server {
    /// Takes a conversation out for the operator: gives the file in parts.
    pub async fn export(&self, which: ConversationId) -> Result<Receiver<std::io::Result<Bytes>>, Stop> {
        export(&self.app, Asker::Operator, which).await
    }

    /// Does what the operator asks, as an admin would ask it.
    pub async fn admin(&self, asked: AdminAsk) -> Result<AdminAnswer, Stop> {
        ask(&self.app, Asker::Operator, asked).await
    }
}
