//! What a client's device asks for. Client types only ([`fieldline_model::client`]):
//! what they cannot express cannot leave by here.

use super::answer::{Answer, Refused, done, json};
use super::caller::{Client, body, bytes, query};
use super::staff::{After, BATCH_MAX_BYTES, Before};
use super::{Shared, tiles};
use crate::limits::Try;
use crate::presence::Does;
use crate::store::{Look, Session, Stop};
use crate::{client, desk};
use axum::body::Body;
use axum::extract::{Path, State};
use fieldline_model::client::ClientAnswer;
use fieldline_model::signal::Signal;
use fieldline_model::{Author, Code, GroupId};
use http::Uri;

/// Whose session it is.
pub(super) async fn who(app: &Shared, token: crate::secrets::SecretHash) -> Result<Session, Stop> {
    let now = app.clock.now_ms();
    app.store.read(move |look| look.client_session(&token, now)).await
}

pub async fn snapshot(State(app): State<Shared>, by: Client) -> Answer {
    let now = app.clock.now_ms();
    let see = move |look: &Look<'_>, session: &Session| client::snapshot(look, session, now);
    json(app.see(by, "snapshot", see).await?)
}

pub async fn changes(State(app): State<Shared>, by: Client, uri: Uri) -> Answer {
    let cursor = query::<After>(&uri)?.into();
    let now = app.clock.now_ms();
    let see = move |look: &Look<'_>, session: &Session| client::page(look, &session.reader(), &cursor, now);
    json(app.see(by, "changes", see).await?)
}

pub async fn older(State(app): State<Shared>, by: Client, Path(which): Path<String>, uri: Uri) -> Answer {
    let which: GroupId = which.parse().map_err(|_| Refused::from(Code::NotFound))?;
    let before = query::<Before>(&uri)?.before.unwrap_or(i64::MAX);
    let see = move |look: &Look<'_>, session: &Session| client::older(look, &session.reader(), which, before);
    json(app.see(by, "read_older", see).await?)
}

pub async fn intents(State(app): State<Shared>, Client(token): Client, asked: Body) -> Answer {
    let by = who(&app, token).await?.person.id;
    let asked = bytes(asked, BATCH_MAX_BYTES).await?;
    let items = desk::client_items(&asked)?;
    app.limits.count_all(Try::Ask(by.0), items.len())?;
    let now = app.clock.now_ms();
    let verdicts = app
        .store
        .write(move |tx| {
            let session = tx.client_session(&token, now)?;
            tx.touch(&session)?;
            let verdicts = desk::submit(tx, &session, &items)?;
            client::verdicts(tx, &session.reader(), verdicts)
        })
        .await?;
    json(ClientAnswer { verdicts })
}

/// That a client types in a thread they are in. That they look is nobody's to know.
pub async fn signal(State(app): State<Shared>, Client(token): Client, asked: Body) -> Answer {
    app.limits.count(Try::Signal(who(&app, token).await?.person.id.0))?;
    let asked = body::<Signal>(asked).await.ok();
    let see = move |look: &Look<'_>, session: &Session| {
        let asked = asked.ok_or(Code::BadRequest)?;
        let it = look.group(asked.place.into())?.filter(|it| it.member(session.person.id).is_some());
        Ok((it.ok_or(Code::NotFound)?.scope(), asked, session.person.card()))
    };
    let (scope, asked, person) = app.see(Client(token), "signal", see).await?;
    let does = Does { typing: asked.typing, viewing: false };
    if app.presence.says((asked.place, person.id.0), Author::Person(person), does, app.clock.now_ms()) {
        app.hub.beat(&scope, None);
    }
    done()
}

pub async fn tile(State(app): State<Shared>, by: Client, at: Path<(String, String, String)>) -> Answer {
    let see = |look: &Look<'_>, session: &Session| Ok((session.person.id, look.tiles()?));
    let may = app.see(by, "read_tile", see).await?;
    tiles::get(&app, may, at).await
}
