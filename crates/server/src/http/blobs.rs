//! Uploads: resumable by offset, each owner for themself.

use super::Shared;
use super::answer::{Answer, Refused, json};
use super::caller::{Client, Staff, Visitor, bytes, query};
use super::staff::signed_in;
use crate::collect;
use crate::limits::Try;
use crate::secrets::SecretHash;
use crate::store::{Act, Actor, Fault, Owner, Stop};
use crate::uploads::Upload;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, Request, State};
use fieldline_model::api::{BlobProgress, BlobReady, PART_MAX_BYTES};
use fieldline_model::{BlobHash, Code};
use serde::Deserialize;
use uuid::Uuid;

/// `?offset=0&size=12345`.
#[derive(Deserialize)]
struct Place {
    offset: u64,
    size: u64,
}

/// A part of an upload, as a request carries it.
pub struct Part {
    hash: BlobHash,
    place: Place,
    body: Body,
}

impl FromRequest<Shared> for Part {
    type Rejection = Refused;
    async fn from_request(request: Request, app: &Shared) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let path = Path::<String>::from_request_parts(&mut parts, app).await;
        let Path(hash) = path.map_err(|_| Refused::from(Code::BadRequest))?;
        Ok(Self { hash: named(&hash)?, place: query(&parts.uri)?, body })
    }
}

/// Who uploads, and the session it must still be when the claim is made.
#[derive(Clone, Copy)]
struct Uploader {
    owner: Owner,
    token: SecretHash,
    /// What of an outsider is counted.
    counted: Option<Uuid>,
}

impl Uploader {
    fn actor(self) -> Actor {
        match self.owner {
            Owner::Person(id) => Actor::Person(id),
            Owner::Customer(id) => Actor::Customer(id),
        }
    }
}

fn named(hash: &str) -> Answer<BlobHash> {
    hash.parse().map_err(|_| Code::BadRequest.into())
}

async fn staff(app: &Shared, token: SecretHash) -> Answer<Uploader> {
    let session = signed_in(app, token).await?;
    Ok(Uploader { owner: Owner::Person(session.person.id), token, counted: None })
}

async fn client(app: &Shared, token: SecretHash) -> Answer<Uploader> {
    let who = super::client::who(app, token).await?.person.id;
    Ok(Uploader { owner: Owner::Person(who), token, counted: Some(who.0) })
}

async fn visitor(app: &Shared, token: SecretHash) -> Answer<Uploader> {
    let now = app.clock.now_ms();
    let who = app.store.read(move |look| look.customer_session(&token, now)).await?;
    Ok(Uploader { owner: Owner::Customer(who), token, counted: Some(who.0) })
}

pub async fn staff_progress(
    State(app): State<Shared>,
    Staff(token): Staff,
    Path(hash): Path<String>,
) -> Answer {
    let by = staff(&app, token).await?;
    progress(app, by, named(&hash)?).await
}

pub async fn client_progress(
    State(app): State<Shared>,
    Client(token): Client,
    Path(hash): Path<String>,
) -> Answer {
    let by = client(&app, token).await?;
    progress(app, by, named(&hash)?).await
}

pub async fn customer_progress(
    State(app): State<Shared>,
    Visitor(token): Visitor,
    Path(hash): Path<String>,
) -> Answer {
    let by = visitor(&app, token).await?;
    progress(app, by, named(&hash)?).await
}

async fn progress(app: Shared, by: Uploader, hash: BlobHash) -> Answer {
    let wanted = hash.clone();
    let ready = app.store.read(move |look| look.claimed(by.owner, &wanted)).await?;
    let offset = match &ready {
        Some(ready) => ready.size_bytes,
        None => {
            let (uploads, wanted) = (app.uploads.clone(), hash.clone());
            app.store.beside(move || uploads.offset(by.owner, &wanted)).await?
        }
    };
    json(BlobProgress { hash, offset, ready })
}

pub async fn staff_put(State(app): State<Shared>, Staff(token): Staff, part: Part) -> Answer {
    let by = staff(&app, token).await?;
    put(app, by, part).await
}

pub async fn client_put(State(app): State<Shared>, Client(token): Client, part: Part) -> Answer {
    let by = client(&app, token).await?;
    put(app, by, part).await
}

pub async fn customer_put(State(app): State<Shared>, Visitor(token): Visitor, part: Part) -> Answer {
    let by = visitor(&app, token).await?;
    put(app, by, part).await
}

async fn put(app: Shared, by: Uploader, Part { hash, place, body }: Part) -> Answer {
    if let (Some(who), 0) = (by.counted, place.offset) {
        app.limits.count(Try::Write(who))?;
    }
    let upload = Upload { owner: by.owner, hash, size: place.size };
    let part = bytes(body, PART_MAX_BYTES).await?;
    let turn = app.uploads.turn(&upload);
    let _mine = turn.lock().await;
    let (policy, ready) = {
        let upload = upload.clone();
        let state = move |look: &crate::store::Look<'_>| {
            Ok((look.workspace()?.policy, look.claimed(upload.owner, &upload.hash)?))
        };
        app.store.read(state).await?
    };
    if let Some(ready) = ready {
        return json(BlobProgress { hash: upload.hash, offset: ready.size_bytes, ready: Some(ready) });
    }
    let offset = {
        let (uploads, upload, policy) = (app.uploads.clone(), upload.clone(), policy.clone());
        let append = move || uploads.append(&upload, place.offset, &part, &policy);
        app.store.beside(append).await?
    };
    if offset < upload.size {
        return json(BlobProgress { hash: upload.hash, offset, ready: None });
    }
    let ready = finish(&app, by, &upload).await?;
    json(BlobProgress { hash: upload.hash, offset, ready: Some(ready) })
}

/// Makes the files of an upload that is all here, then the claim on them.
async fn finish(app: &Shared, by: Uploader, upload: &Upload) -> Result<BlobReady, Refused> {
    let naming = app.uploads.naming.read().await;
    let _turn = app.decoding.acquire().await.map_err(|_| Fault::Busy)?;
    let policy = app.store.read(|look| Ok(look.workspace()?.policy)).await?;
    let ready = {
        let (uploads, upload) = (app.uploads.clone(), upload.clone());
        app.store.beside(move || uploads.finish(&upload, &policy)).await?
    };
    let now = app.clock.now_ms();
    let (claim, claimed) = (upload.clone(), ready.clone());
    let named = app
        .store
        .write(move |tx| {
            match by.owner {
                Owner::Person(_) => drop(tx.any_session(&by.token, now)?),
                Owner::Customer(_) => drop(tx.customer_session(&by.token, now)?),
            }
            tx.step(Act::new(by.actor(), "upload"), |tx| tx.claim(claim.owner, &claim.hash, &claimed))
        })
        .await;
    drop(naming);
    // A fault keeps the part: the same once more finishes it.
    if matches!(named, Ok(()) | Err(Stop::Refused(_))) {
        let (uploads, upload) = (app.uploads.clone(), upload.clone());
        app.store.beside(move || uploads.forget(&upload)).await?;
    }
    if matches!(named, Err(Stop::Refused(_))) {
        // Whoever may not be here any more leaves no bytes.
        collect::unnamed(app, vec![upload.hash.clone()]).await?;
    }
    Ok(named.map(|()| ready)?)
}
