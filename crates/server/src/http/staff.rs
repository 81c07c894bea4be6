//! What a signed-in person's device asks for: snapshot, intents, feed, older pages.

use super::Shared;
use super::answer::{Answer, Refused, json};
use super::caller::{Staff, bytes, query};
use crate::store::{Look, Session, Stop};
use crate::{desk, feed};
use axum::body::{Body, HttpBody as _};
use axum::extract::{Path, State};
use fieldline_model::api::{BATCH_MAX, IntentsAnswer};
use fieldline_model::{Code, ConversationId, GroupId, PersonId};
use http::Uri;
use serde::Deserialize;

/// The largest batch, in bytes: every intent a text of full length, escaped.
pub(super) const BATCH_MAX_BYTES: usize = BATCH_MAX * 100 * 1024;

/// A body up to this is read before it is known whose it is.
const SMALL_BYTES: u64 = 64 * 1024;

/// Where a reader is in the feed: `?after=12&epoch=…`.
#[derive(Deserialize)]
pub struct After {
    after: i64,
    epoch: String,
}

impl From<After> for feed::Cursor {
    fn from(asked: After) -> Self {
        Self { after: asked.after, epoch: asked.epoch }
    }
}

/// Which older entries: `?before=40`; without it, the newest.
#[derive(Deserialize)]
pub(super) struct Before {
    pub before: Option<i64>,
}

pub async fn snapshot(State(app): State<Shared>, by: Staff) -> Answer {
    let now = app.clock.now_ms();
    json(app.see(by, "snapshot", move |look, session| feed::snapshot(look, session, now)).await?)
}

pub async fn intents(State(app): State<Shared>, Staff(token): Staff, asked: Body) -> Answer {
    // Megabytes are taken from nobody who is not known by their headers. What a person types
    // is a few hundred bytes: that the transaction alone looks who it is makes a batch quicker.
    if asked.size_hint().exact().is_none_or(|size| size > SMALL_BYTES) {
        signed_in(&app, token).await?;
    }
    let asked = bytes(asked, BATCH_MAX_BYTES).await?;
    let items = desk::items(&asked)?;
    let now = app.clock.now_ms();
    let verdicts = app
        .store
        .write(move |tx| {
            // In the same transaction as the effects: a right that was taken is taken.
            let session = tx.session(&token, now)?;
            tx.touch(&session)?;
            desk::submit(tx, &session, &items)
        })
        .await?;
    json(IntentsAnswer { verdicts })
}

pub async fn changes(State(app): State<Shared>, by: Staff, uri: Uri) -> Answer {
    let cursor = query::<After>(&uri)?.into();
    let now = app.clock.now_ms();
    let see = move |look: &Look<'_>, session: &Session| feed::page(look, &session.reader(), &cursor, now);
    json(app.see(by, "changes", see).await?)
}

pub async fn older(State(app): State<Shared>, by: Staff, Path(which): Path<String>, uri: Uri) -> Answer {
    let which: ConversationId = which.parse().map_err(|_| Refused::from(Code::NotFound))?;
    let before = query::<Before>(&uri)?.before.unwrap_or(i64::MAX);
    let see =
        move |look: &Look<'_>, session: &Session| crate::older::page(look, &session.reader(), which, before);
    json(app.see(by, "read_older", see).await?)
}

pub async fn group_older(
    State(app): State<Shared>,
    by: Staff,
    Path(which): Path<String>,
    uri: Uri,
) -> Answer {
    let which: GroupId = which.parse().map_err(|_| Refused::from(Code::NotFound))?;
    let before = query::<Before>(&uri)?.before.unwrap_or(i64::MAX);
    let see = move |look: &Look<'_>, session: &Session| {
        crate::older::group_page(look, &session.reader(), which, before)
    };
    json(app.see(by, "read_older", see).await?)
}

/// After whom: `?after_id=…`; without it, from the first.
#[derive(Deserialize)]
struct AfterWhom {
    after_id: Option<PersonId>,
}

pub async fn contacts(State(app): State<Shared>, by: Staff, uri: Uri) -> Answer {
    let after = query::<AfterWhom>(&uri)?.after_id;
    let see =
        move |look: &Look<'_>, session: &Session| crate::older::contacts(look, &session.reader(), after);
    json(app.see(by, "read_contacts", see).await?)
}

/// Before which of the customer's conversations: `?before=…`; without it, before the one
/// in the path.
#[derive(Deserialize)]
struct BeforeThat {
    before: Option<ConversationId>,
}

pub async fn previous(State(app): State<Shared>, by: Staff, Path(held): Path<String>, uri: Uri) -> Answer {
    let held: ConversationId = held.parse().map_err(|_| Refused::from(Code::NotFound))?;
    let before = query::<BeforeThat>(&uri)?.before;
    let see = move |look: &Look<'_>, session: &Session| {
        crate::older::previous(look, &session.reader(), held, before)
    };
    json(app.see(by, "read_previous", see).await?)
}

/// Whose session it is.
pub async fn signed_in(app: &Shared, token: crate::secrets::SecretHash) -> Result<Session, Stop> {
    let now = app.clock.now_ms();
    app.store.read(move |look| look.session(&token, now)).await
}
