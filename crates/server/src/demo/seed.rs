//! Tells the demo's story to a new workspace: every line through the same desk as
//! any other, in the order it happened, at its own time.

use super::story::{CANNED, CHATS, Chat, Line, PEOPLE, WORKSPACE};
use super::threads::{CLIENTS, MAY_BEGIN, THREADS};
use super::{Seeded, Visitor};
use crate::clock::Clock;
use crate::desk;
use crate::secrets;
use crate::store::{Act, Actor, Owner, Run, Session, Stop};
use crate::uploads::Upload;
use crate::{Config, NewPerson, Server};
use fieldline_model::offer::OFFER_DEFAULT_MS;
use fieldline_model::public::{CustomerSend, CustomerStart};
use fieldline_model::{
    Ask, BlobHash, ConversationId, Customer, DeviceId, GroupId, Intent, IntentId, Location, Mention, Module,
    Outcome, Person, PersonId, QueueMode, Send, Start,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

const MINUTE_MS: i64 = 60_000;

struct Teller {
    server: Server,
    clock: Clock,
    people: BTreeMap<&'static str, Person>,
    customers: Vec<Customer>,
    threads: BTreeMap<usize, GroupId>,
}

/// What is told next: a line of a chat, or one of a thread by its place in it.
#[derive(Clone, Copy)]
enum Told {
    Chat(usize, Line),
    Thread(usize, usize),
}

/// A fault while seeding, in words.
fn failed(stop: Stop) -> Box<dyn Error> {
    format!("the demo could not be seeded: {stop:?}").into()
}

/// Sets the workspace up in `dir` and tells its story.
pub(super) async fn seed(dir: &Path) -> Result<Seeded, Box<dyn Error>> {
    let now = Clock::system().now_ms();
    let clock = Clock::by_hand(now - 10 * 24 * 60 * MINUTE_MS);
    Server::found(dir, WORKSPACE, &clock)?;
    // Inline: nobody waits, and the story is told line by line.
    let server = Server::open(Config { clock: clock.clone(), run: Run::Inline, ..Config::new(dir) })?;
    let mut teller =
        Teller { server, clock, people: BTreeMap::new(), customers: Vec::new(), threads: BTreeMap::new() };
    let (login, name, password) = teller.people().await?;
    teller.contacts().await?;
    let mut lines: Vec<(u32, Told)> = Vec::new();
    for (which, chat) in CHATS.iter().enumerate() {
        lines.extend(chat.lines.iter().map(|(ago, line)| (*ago, Told::Chat(which, *line))));
    }
    for (which, thread) in THREADS.iter().enumerate() {
        lines.extend(thread.lines.iter().enumerate().map(|(i, (ago, ..))| (*ago, Told::Thread(which, i))));
    }
    let mut visitors = Vec::new();
    for chat in CHATS {
        visitors.extend(teller.begins(chat).await.map_err(failed)?);
    }
    lines.sort_by_key(|(ago, _)| std::cmp::Reverse(*ago));
    for (ago, line) in lines {
        teller.clock.set(now - i64::from(ago) * MINUTE_MS);
        match line {
            Told::Chat(which, line) => teller.tell(which, line).await.map_err(failed)?,
            Told::Thread(which, i) => teller.says_in(which, i).await.map_err(failed)?,
        }
    }
    // Whoever says they are available is offered what waits.
    teller.server.set_queue(QueueMode::Offer, OFFER_DEFAULT_MS).await.map_err(failed)?;
    for (shortcut, text) in CANNED {
        teller.server.set_canned(shortcut, text).await.map_err(failed)?;
    }
    Ok(Seeded { login, name, password, visitors })
}

impl Teller {
    /// Adds the people; gives login, name and password of the one to be signed in.
    async fn people(&mut self) -> Result<(String, String, String), Box<dyn Error>> {
        let mut first = None;
        for (name, login, role) in PEOPLE {
            let new = NewPerson { name: (*name).into(), login: Some((*login).into()), role: *role };
            let person = self.server.add_person(new).await.map_err(failed)?;
            let password = secrets::base64url(&self.clock.random::<12>());
            self.server.set_password(person.id, &password).await.map_err(failed)?;
            self.people.insert(*login, person);
            first.get_or_insert(((*login).to_owned(), (*name).to_owned(), password));
        }
        first.ok_or_else(|| "the story has nobody to sign in".into())
    }

    /// Fills the contact list, and lets some begin threads.
    async fn contacts(&mut self) -> Result<(), Box<dyn Error>> {
        self.server.import_contacts(CLIENTS).await.map_err(failed)?;
        for login in MAY_BEGIN {
            let who = self.people[login].id;
            self.server.grant(who, Module::MessagingCompany, true).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Somebody says line `i` of a thread; the first one begins it.
    async fn says_in(&mut self, which: usize, i: usize) -> Result<(), Stop> {
        let thread = &THREADS[which];
        let (_, who, text) = thread.lines[i];
        let mentions = self.mentioned(text);
        let first = |group: GroupId| Send { mentions, ..Send::text(group.into(), text) };
        if i > 0 {
            return self.submit(who, Ask::Send(first(self.threads[&which]))).await;
        }
        let clients = self.server.app.store.read(|look| look.clients(None, 100)).await?;
        let named = |name: &&str| match self.people.get(name) {
            Some(person) => Some(person.id),
            None => clients.iter().find(|client| client.name == **name).map(|client| client.id),
        };
        let people: Vec<PersonId> = thread.people.iter().filter_map(named).collect();
        let workspace = self.server.app.store.read(|look| Ok(look.workspace_id())).await?;
        let group = match people[..] {
            [other] => GroupId::direct(workspace, self.people[who].id, other),
            _ => GroupId::mint(self.clock.now_ms(), self.clock.random()),
        };
        self.threads.insert(which, group);
        let (name, first) = (thread.name.map(str::to_owned), Some(first(group)));
        self.submit(who, Ask::Start(Start { group, people, name, first })).await
    }

    /// Who of the staff is called by `@` and their name.
    fn mentioned(&self, text: &str) -> Vec<Mention> {
        let called = |it: &Person| {
            let call = format!("@{}", it.name);
            let before = &text[..text.find(&call)?];
            let chars = |of: &str| of.chars().count() as u32;
            Some(Mention { person: it.id, at: chars(before), chars: chars(&call) })
        };
        let mut all: Vec<Mention> = self.people.values().filter_map(called).collect();
        all.sort_by_key(|it| it.at);
        all
    }

    /// A customer begins; gives their link when they go on by themselves later.
    async fn begins(&mut self, chat: &Chat) -> Result<Option<Visitor>, Stop> {
        let (name, phone) = (chat.name.map(str::to_owned), chat.phone.map(str::to_owned));
        let begin = CustomerStart { name, phone, queue: None };
        let customer = desk::start(&self.clock, &begin)?;
        let secret = secrets::mint(&self.clock);
        let (added, link) = (customer.clone(), secrets::hash(&secret));
        self.server
            .app
            .store
            .write(move |tx| {
                let act = Act::new(Actor::Nobody, "customer_start").about(added.id.0);
                tx.step(act, |tx| {
                    tx.add_customer(&added)?;
                    tx.put_link(added.id, &link)
                })
            })
            .await?;
        self.customers.push(customer);
        Ok(chat.goes_on.then_some(Visitor { secret }))
    }

    async fn tell(&self, which: usize, line: Line) -> Result<(), Stop> {
        let at = |latitude, longitude| Location {
            latitude,
            longitude,
            accuracy_m: Some(12.0),
            fixed_at_ms: Some(self.clock.now_ms()),
            label: None,
        };
        match line {
            Line::Says(text) => self.writes(which, (text, None, None)).await,
            Line::IsAt(north, east, text) => self.writes(which, (text, None, Some(at(north, east)))).await,
            Line::Shows(picture, text) => {
                let hash = self.uploads(which, picture.jpeg(&self.clock))?;
                let claim = hash.1.clone();
                let owner = Owner::Customer(self.customers[which].id);
                let (name, ready) = (picture.file_name(), hash.0);
                self.server
                    .app
                    .store
                    .write(move |tx| {
                        tx.step(Act::new(Actor::Operator, "upload"), |tx| tx.claim(owner, &claim, &ready))
                    })
                    .await?;
                self.writes(which, (text, Some(json!({ "hash": hash.1, "name": name })), None)).await
            }
            Line::Picks(who) => self.asks(which, who, |conversation| Ask::Pick { conversation }).await,
            Line::Ends(who) => self.asks(which, who, |conversation| Ask::End { conversation }).await,
            Line::Answers(who, text) => {
                let say = |place: ConversationId| {
                    let place = place.into();
                    Ask::Send(Send::text(place, text))
                };
                self.asks(which, who, say).await
            }
        }
    }

    fn uploads(
        &self,
        which: usize,
        bytes: Vec<u8>,
    ) -> Result<(fieldline_model::api::BlobReady, BlobHash), Stop> {
        let policy = fieldline_model::Policy::default();
        let owner = Owner::Customer(self.customers[which].id);
        let upload = Upload { owner, hash: BlobHash::of(&bytes), size: bytes.len() as u64 };
        let uploads = &self.server.app.uploads;
        uploads.append(&upload, 0, &bytes.into(), &policy)?;
        let ready = uploads.finish(&upload, &policy)?;
        uploads.forget(&upload)?;
        Ok((ready, upload.hash))
    }

    fn id(&self) -> IntentId {
        IntentId::mint(self.clock.now_ms(), self.clock.random())
    }

    async fn writes(
        &self,
        which: usize,
        (text, file, location): (&str, Option<serde_json::Value>, Option<Location>),
    ) -> Result<(), Stop> {
        let files = serde_json::from_value(json!(file.into_iter().collect::<Vec<_>>()))?;
        let written_at_ms = self.clock.now_ms();
        let send = CustomerSend { id: self.id(), written_at_ms, text: text.into(), files, location };
        let hash = Sha256::digest(serde_json::to_vec(&send)?).into();
        let said = desk::Said { customer: self.customers[which].id, hash, send };
        self.server.app.store.write(move |tx| desk::say(tx, &said)).await.map(drop)
    }

    async fn asks(
        &self,
        which: usize,
        who: &str,
        ask: impl FnOnce(ConversationId) -> Ask,
    ) -> Result<(), Stop> {
        let customer = self.customers[which].id;
        let newest = self.server.app.store.read(move |look| look.newest_of(customer)).await?;
        let conversation = newest.ok_or(fieldline_model::Code::NotFound)?.id;
        self.submit(who, ask(conversation)).await
    }

    async fn submit(&self, who: &str, ask: Ask) -> Result<(), Stop> {
        let person = self.people[who].clone();
        let written_at_ms = self.clock.now_ms();
        let intent = Intent { id: self.id(), written_at_ms, needs: None, ask };
        let items = desk::items(&serde_json::to_vec(&json!({ "intents": [intent] }))?)?;
        let device = DeviceId::mint(written_at_ms, self.clock.random());
        let session = Session { device, person, token: [0; 32], seen_at_ms: written_at_ms };
        let verdicts = self.server.app.store.write(move |tx| desk::submit(tx, &session, &items)).await?;
        match verdicts.into_iter().next().map(|verdict| verdict.outcome) {
            Some(Outcome::Refused { problem }) => Err(problem.into()),
            _ => Ok(()),
        }
    }
}
