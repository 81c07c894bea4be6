//! What a customer's chat page asks for. Customer types only
//! ([`fieldline_model::public`]): what they cannot express cannot leave by here.

use super::Shared;
use super::answer::{Answer, Refused, done, json};
use super::caller::{CUSTOMER_COOKIE, From, Visitor, body, bytes, query, set_cookie};
use super::live::AfterPublic;
use crate::desk::{self, public};
use crate::limits::Try;
use crate::secrets;
use crate::store::{Act, Actor, Stop};
use axum::body::Body;
use axum::extract::State;
use axum::response::IntoResponse;
use fieldline_model::public::{CustomerSend, CustomerStart, LinkSecret};
use fieldline_model::{Code, CustomerId};
use http::{Uri, header};
use sha2::{Digest, Sha256};

/// As long as the session holds.
const COOKIE_DAYS: u32 = 30;
/// The largest message, in bytes: one that is too long is still told so.
const MESSAGE_MAX_BYTES: usize = 2 * 1024 * 1024;

/// Whose page this is; refuses with *signed_out*.
pub(super) async fn who(app: &Shared, token: secrets::SecretHash) -> Result<CustomerId, Stop> {
    let now = app.clock.now_ms();
    app.store.read(move |look| look.customer_session(&token, now)).await
}

/// A customer begins: gets their private link, and a cookie.
pub async fn start(State(app): State<Shared>, From(address): From, asked: Body) -> Answer {
    let asked: CustomerStart = body(asked).await?;
    address.map_or(Ok(()), |address| app.limits.count(Try::Start(address)))?;
    let customer = desk::start(&app.clock, &asked)?;
    let (secret, token) = (secrets::mint(&app.clock), secrets::mint(&app.clock));
    let (link, session) = (secrets::hash(&secret), secrets::hash(&token));
    app.store
        .write(move |tx| {
            let act = Act::new(Actor::Nobody, "customer_start").about(customer.id.0);
            tx.step(act, |tx| {
                tx.add_customer(&customer)?;
                // One that is not there turns nobody away.
                if let Some(row) = asked.queue.map(|which| tx.queue(which)).transpose()?.flatten() {
                    tx.set_queue_of_customer(customer.id, row.queue.id)?;
                }
                tx.put_link(customer.id, &link)?;
                tx.add_customer_session(customer.id, &session)
            })
        })
        .await?;
    let cookie = set_cookie(CUSTOMER_COOKIE, &token, COOKIE_DAYS);
    Ok(([(header::SET_COOKIE, cookie)], axum::Json(LinkSecret { secret })).into_response())
}

/// Comes back by the private link: its secret for a cookie.
pub async fn session(State(app): State<Shared>, From(address): From, asked: Body) -> Answer {
    let LinkSecret { secret } = body(asked).await?;
    address.map_or(Ok(()), |address| app.limits.count(Try::Address(address)))?;
    let token = secrets::mint(&app.clock);
    let (link, session) = (secrets::hash(&secret), secrets::hash(&token));
    app.store
        .write(move |tx| {
            tx.step(Act::new(Actor::Nobody, "customer_session"), |tx| {
                let who = tx.customer_of_link(&link)?;
                tx.add_customer_session(who, &session)
            })
        })
        .await?;
    let mut response = done()?;
    response.headers_mut().insert(header::SET_COOKIE, set_cookie(CUSTOMER_COOKIE, &token, COOKIE_DAYS));
    Ok(response)
}

/// A new private link; the old ones are over.
pub async fn renew(State(app): State<Shared>, Visitor(token): Visitor) -> Answer {
    let secret = secrets::mint(&app.clock);
    let link = secrets::hash(&secret);
    let now = app.clock.now_ms();
    app.store
        .write(move |tx| {
            let who = tx.customer_session(&token, now)?;
            tx.step(Act::new(Actor::Customer(who), "link_renew"), |tx| tx.put_link(who, &link))
        })
        .await?;
    json(LinkSecret { secret })
}

/// The private link and every session are over, this one too.
pub async fn revoke(State(app): State<Shared>, Visitor(token): Visitor) -> Answer {
    let now = app.clock.now_ms();
    app.store
        .write(move |tx| {
            let who = tx.customer_session(&token, now)?;
            tx.step(Act::new(Actor::Customer(who), "link_revoke"), |tx| {
                tx.revoke_links(who)?;
                tx.end_customer_sessions(who)
            })
        })
        .await?;
    let mut response = done()?;
    response.headers_mut().insert(header::SET_COOKIE, set_cookie(CUSTOMER_COOKIE, "", 0));
    Ok(response)
}

/// What everybody is told of the desk, before they begin too.
pub async fn desk(State(app): State<Shared>) -> Answer {
    let now = app.clock.now_ms();
    json(app.store.read(move |look| crate::admin::desk(look, now)).await?)
}

/// What is new.
pub async fn chat(State(app): State<Shared>, by: Visitor, uri: Uri) -> Answer {
    let (cursor, now) = (query::<AfterPublic>(&uri)?.into(), app.clock.now_ms());
    json(app.visit(by, "chat", move |look, who| public::page(look, who, (&cursor, now))).await?)
}

/// A message; safe to send twice.
pub async fn send(State(app): State<Shared>, Visitor(token): Visitor, asked: Body) -> Answer {
    let customer = who(&app, token).await?;
    app.limits.count(Try::Write(customer.0))?;
    let asked = bytes(asked, MESSAGE_MAX_BYTES).await?;
    let send: CustomerSend = serde_json::from_slice(&asked).map_err(|_| Refused::from(Code::BadRequest))?;
    let said = desk::Said { customer, hash: Sha256::digest(&asked).into(), send };
    let now = app.clock.now_ms();
    let page = app
        .store
        .write(move |tx| {
            if tx.customer_session(&token, now)? != said.customer {
                return Err(Code::SignedOut.into());
            }
            let done = desk::say(tx, &said);
            match done {
                // The denial is in the audit of this same transaction: it commits.
                Err(Stop::Refused(problem)) => Ok(Err(problem)),
                Err(fault) => Err(fault),
                Ok(id) => public::page_of(tx, said.customer, (id, now)).map(Ok),
            }
        })
        .await??;
    json(page)
}
