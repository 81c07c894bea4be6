//! The live streams (Server-Sent Events): the feed as it grows.
//!
//! A stream registers with the hub before it reads, then reads the feed from its
//! own cursor; so nothing is missed between the two, and losing a stream loses only
//! time. It reads on only when its reader has taken what was sent: a slow reader
//! costs one page of memory.
//!
//! Invariants
//! - The session is looked at before every page: what is read after a right was
//!   taken is read without it, and a session that is over ends its stream.
//! - At least every 15 seconds something is sent, so that a dead connection shows.

use super::Shared;
use super::answer::{Answer, Refused};
use super::caller::{Client, Staff, Visitor, query};
use super::staff::{After, signed_in};
use crate::client;
use crate::desk::public;
use crate::feed::{self, Cursor};
use crate::hub::{Ear, Listening};
use crate::secrets::SecretHash;
use crate::store::{Look, Session, Stop};
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use fieldline_model::public::PublicDesk;
use fieldline_model::signal::{PublicSignals, Signals};
use fieldline_model::{Author, Code, Policy, Problem, STAMP_HEADER, Shown, Stamp, State as Life};
use futures_util::Stream;
use futures_util::stream::unfold;
use http::{HeaderMap, HeaderValue, Uri};
use serde::Deserialize;
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;
use tokio::time::{Interval, interval};

/// The longest silence.
const TICK: Duration = Duration::from_secs(15);

/// What a stream reads next.
struct Read {
    /// To be sent, if there is anything new.
    event: Option<Event>,
    /// Whether there is more at once.
    more: bool,
    /// Whether the stream ends after it.
    last: bool,
}

/// A stream's own source: reads what is new from its own cursor on.
trait Source: Send + 'static {
    fn read(&mut self) -> impl Future<Output = Result<Read, Stop>> + Send;

    /// Whether the last that was told was that somebody does something.
    fn is_told_of_doing(&self) -> bool;

    /// Who types and who looks, when there is anything to say about it.
    fn signals(&mut self) -> impl Future<Output = Result<Option<Event>, Stop>> + Send;
}

/// Whose feed a person's stream tells.
#[derive(Clone, Copy)]
enum Whose {
    Staffs,
    Clients,
}

impl Whose {
    /// What is new after a cursor, and where that ends.
    fn news(self, look: &Look<'_>, at: &At, now: i64) -> Result<(Read, i64), Stop> {
        Ok(match self {
            Self::Staffs => {
                let reader = look.session(&at.token, now)?.reader();
                let page = feed::page(look, &reader, &at.cursor, now)?;
                let event = (page.resync || !page.changes.is_empty()).then(|| event("changes", &page));
                (Read { event, more: page.more, last: page.resync }, page.cursor)
            }
            Self::Clients => {
                let reader = look.client_session(&at.token, now)?.reader();
                let page = client::page(look, &reader, &at.cursor, now)?;
                let event = (page.resync || !page.changes.is_empty()).then(|| event("changes", &page));
                (Read { event, more: page.more, last: page.resync }, page.cursor)
            }
        })
    }

    /// Who does something where this person is, and whether anybody does.
    fn signals(self, look: &Look<'_>, at: &At, (app, now): (&Shared, i64)) -> Result<(Event, bool), Stop> {
        Ok(match self {
            Self::Staffs => {
                let reader = look.session(&at.token, now)?.reader();
                let mut doing = Vec::new();
                for it in app.presence.others(reader.id.0, now) {
                    if feed::audience(look, it.place)?.is_some_and(|scope| scope.holds(&reader)) {
                        doing.push(it);
                    }
                }
                let any = !doing.is_empty();
                (event("signals", &Signals { doing }), any)
            }
            Self::Clients => {
                let reader = look.client_session(&at.token, now)?.reader();
                let signals = client::signals(look, &reader, app.presence.others(reader.id.0, now))?;
                (event("signals", &signals), !signals.doing.is_empty())
            }
        })
    }
}

/// Whose session a stream is of, and how far it has come.
#[derive(Clone)]
struct At {
    token: SecretHash,
    cursor: Cursor,
}

/// The source of a person's device.
struct PersonSource {
    app: Shared,
    whose: Whose,
    at: At,
    doing: bool,
}

impl Source for PersonSource {
    async fn read(&mut self) -> Result<Read, Stop> {
        let (whose, at, now) = (self.whose, self.at.clone(), self.app.clock.now_ms());
        let (read, cursor) = self.app.store.read(move |look| whose.news(look, &at, now)).await?;
        self.at.cursor.after = cursor;
        Ok(read)
    }

    fn is_told_of_doing(&self) -> bool {
        self.doing
    }

    async fn signals(&mut self) -> Result<Option<Event>, Stop> {
        let (whose, at, app, now) = (self.whose, self.at.clone(), self.app.clone(), self.app.clock.now_ms());
        let read = self.app.store.read(move |look| whose.signals(look, &at, (&app, now)));
        let (event, any) = read.await?;
        let was = std::mem::replace(&mut self.doing, any);
        Ok((was || any).then_some(event))
    }
}

struct CustomerSource {
    app: Shared,
    token: SecretHash,
    cursor: public::Cursor,
    /// What they know of what holds for all customers: it has no number of theirs.
    known: (Policy, PublicDesk),
    doing: bool,
}

impl Source for CustomerSource {
    async fn read(&mut self) -> Result<Read, Stop> {
        let (token, cursor, now) = (self.token, self.cursor.clone(), self.app.clock.now_ms());
        let page = self
            .app
            .store
            .read(move |look| {
                let who = look.customer_session(&token, now)?;
                public::page(look, who, (&cursor, now))
            })
            .await?;
        let epoch = self.cursor.epoch.replace(page.epoch.clone());
        let was = std::mem::replace(&mut self.known, (page.chat.policy.clone(), page.chat.desk.clone()));
        let is_new = was != self.known
            || page.cursor != self.cursor.after
            || epoch.is_some_and(|epoch| epoch != page.epoch);
        self.cursor.after = page.cursor;
        let event = is_new.then(|| event("page", &page));
        Ok(Read { event, more: page.more, last: false })
    }

    fn is_told_of_doing(&self) -> bool {
        self.doing
    }

    async fn signals(&mut self) -> Result<Option<Event>, Stop> {
        let (token, now) = (self.token, self.app.clock.now_ms());
        let read = self.app.store.read(move |look| {
            let who = look.customer_session(&token, now)?;
            Ok((who, look.newest_of(who)?.filter(|it| it.state == Life::Open)))
        });
        let (who, it) = read.await?;
        let mut signals = PublicSignals::default();
        for doing in self.app.presence.others(who.0, now) {
            let Author::Person(card) = doing.who else { continue };
            // Who had it a moment ago types to them no more.
            let to_them = it.as_ref().is_some_and(|it| doing.place == it.id.into() && it.is_with(&card));
            if doing.typing && to_them {
                signals = PublicSignals { typing: Some(card.name), left_ms: doing.left_ms };
            }
        }
        let was = std::mem::replace(&mut self.doing, signals.typing.is_some());
        Ok((was || self.doing).then(|| event("signals", &signals)))
    }
}

fn event<T: serde::Serialize>(name: &str, body: &T) -> Event {
    let event = Event::default().event(name);
    // Plain records always write as JSON.
    event.json_data(body).unwrap_or_else(|_| Event::default().event("tick"))
}

fn tick(app: &Shared) -> Event {
    event("tick", &serde_json::json!({ "at_ms": app.clock.now_ms() }))
}

struct Live<S> {
    app: Shared,
    source: S,
    listening: Listening,
    /// Since when nothing was sent: ticks when that is too long.
    silence: Interval,
    /// Whether to read before waiting.
    eager: bool,
    /// Whether nothing has been sent yet.
    first: bool,
    over: bool,
}

impl<S: Source> Live<S> {
    fn begin(app: Shared, source: S, listening: Listening) -> impl Stream<Item = Result<Event, Infallible>> {
        let silence = interval(TICK);
        let live = Self { app, source, listening, silence, eager: true, first: true, over: false };
        unfold(live, |mut live| async move {
            let event = live.next().await?;
            live.silence.reset();
            Some((Ok(event), live))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.over || self.listening.is_over() {
                return None;
            }
            let (woken, silent) = if self.eager { (false, false) } else { self.wait().await };
            if self.listening.is_over() {
                return None;
            }
            // What moved may have ended what somebody did.
            if self.listening.take_beat() || (woken && self.source.is_told_of_doing()) {
                self.eager = true;
                if let Some(event) = self.source.signals().await.ok()? {
                    return Some(event);
                }
            }
            // Also after a silence: what another process wrote wakes nobody here.
            let read = self.source.read().await.ok()?;
            let first = std::mem::replace(&mut self.first, false);
            self.eager = read.more;
            self.over = read.last;
            match read.event {
                Some(event) => return Some(event),
                None if first || silent => return Some(tick(&self.app)),
                None => {}
            }
        }
    }

    /// Waits until the stream is woken, or was silent for too long: which of the two.
    /// However often it is woken for nothing, the silence goes on.
    async fn wait(&mut self) -> (bool, bool) {
        tokio::select! {
            biased;
            _ = self.silence.tick() => (false, true),
            () = self.listening.woken() => (true, false),
        }
    }
}

fn too_many() -> Refused {
    Refused(Problem::limit(Code::Busy, 15))
}

/// What a device shows, if it shows anything.
fn shown(headers: &HeaderMap) -> Result<Option<Shown>, Refused> {
    let Some(text) = headers.get(STAMP_HEADER) else { return Ok(None) };
    let shown = text.to_str().ok().and_then(|text| text.parse().ok());
    shown.map(Some).ok_or_else(|| Code::BadRequest.into())
}

/// Writes down that a session is in use, and how its device goes on: gives the stamp that
/// was taken. Where the disk takes nothing, the device is served all the same. Of another
/// epoch it says nothing: that request may have been on its way since before a restore.
async fn connects(
    app: &Shared,
    was: Session,
    (shown, epoch): (Option<Shown>, String),
) -> Result<Option<Stamp>, Refused> {
    let now = app.clock.now_ms();
    let written = app.store.write(move |tx| {
        let session = tx.any_session(&was.token, now)?;
        tx.touch(&session)?;
        if tx.workspace()?.epoch != epoch {
            return Ok((true, None));
        }
        Ok((tx.continues(&session, shown)?, shown.map(|shown| shown.next)))
    });
    match written.await {
        Ok((true, taken)) => Ok(taken),
        Ok((false, _)) => Err(Code::Copied.into()),
        Err(Stop::Refused(problem)) => Err(problem.into()),
        Err(Stop::Fault(fault)) => {
            // Said in the log; the device shows the same again.
            drop(Refused::from(fault));
            Ok(None)
        }
    }
}

/// The stream of a person's device.
async fn of_person(
    app: &Shared,
    (whose, session): (Whose, Session),
    headers: &HeaderMap,
    cursor: Cursor,
) -> Answer {
    let shown = (shown(headers)?, cursor.epoch.clone());
    let (reader, token) = (session.reader(), session.token);
    let taken = connects(app, session, shown).await?;
    let listening = app.hub.listen(Ear::Person(reader), token).ok_or_else(too_many)?;
    let source = PersonSource { app: app.clone(), whose, at: At { token, cursor }, doing: false };
    let mut answer = Sse::new(Live::begin(app.clone(), source, listening)).into_response();
    if let Some(stamp) = taken {
        let stamp = HeaderValue::from_str(&stamp.to_string()).expect("digits are a header's");
        answer.headers_mut().insert(STAMP_HEADER, stamp);
    }
    Ok(answer)
}

pub async fn staff(State(app): State<Shared>, Staff(token): Staff, headers: HeaderMap, uri: Uri) -> Answer {
    let cursor = query::<After>(&uri)?.into();
    let session = signed_in(&app, token).await?;
    of_person(&app, (Whose::Staffs, session), &headers, cursor).await
}

pub async fn client(
    State(app): State<Shared>,
    Client(token): Client,
    headers: HeaderMap,
    uri: Uri,
) -> Answer {
    let cursor = query::<After>(&uri)?.into();
    let session = super::client::who(&app, token).await?;
    of_person(&app, (Whose::Clients, session), &headers, cursor).await
}

/// `?after=12&epoch=…`; without them, from the beginning.
#[derive(Deserialize)]
pub struct AfterPublic {
    #[serde(default)]
    after: i64,
    epoch: Option<String>,
}

impl From<AfterPublic> for public::Cursor {
    fn from(asked: AfterPublic) -> Self {
        Self { after: asked.after, epoch: asked.epoch }
    }
}

pub async fn customer(State(app): State<Shared>, Visitor(token): Visitor, uri: Uri) -> Answer {
    let cursor = query::<AfterPublic>(&uri)?.into();
    let now = app.clock.now_ms();
    let who = app.store.read(move |look| look.customer_session(&token, now)).await?;
    let listening = app.hub.listen(Ear::Customer(who), token).ok_or_else(too_many)?;
    // Read once the stream is in the hub: what changes from here on wakes it.
    let known = app.store.read(move |look| Ok((look.workspace()?.policy, crate::admin::desk(look, now)?)));
    let source = CustomerSource { app: app.clone(), token, cursor, known: known.await?, doing: false };
    Ok(Sse::new(Live::begin(app, source, listening)).into_response())
}
