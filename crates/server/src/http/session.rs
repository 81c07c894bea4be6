//! Signing in and out, and joining by an invite.

use super::Shared;
use super::answer::{Answer, Refused, done, json};
use super::caller::{From, STAFF_COOKIE, Signed, body, set_cookie};
use crate::limits::Try;
use crate::store::{Act, Actor, SignedInDevice, Stop, Tx};
use crate::{password, secrets};
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use fieldline_model::api::{API, DeviceCard, Hello, Hold, Invited, Join, PRODUCT, SignIn, SignedIn};
use fieldline_model::client::{ClientMe, ClientSignedIn};
use fieldline_model::people::PersonCard;
use fieldline_model::text::clean_name;
use fieldline_model::{Code, Me, Person, PersonId, Problem};
use http::header;
use serde::{Deserialize, Serialize};

/// A browser keeps the cookie this long; the session may be over sooner.
const COOKIE_DAYS: u32 = 400;

/// The body of `POST /v1/invite`.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteSecret {
    /// From the invite link's fragment.
    pub secret: String,
}

/// How a login is compared: trimmed and case-folded.
pub fn folded(login: &str) -> String {
    login.trim().to_lowercase()
}

pub async fn hello(State(app): State<Shared>) -> Answer {
    let workspace = app.store.read(|look| Ok(look.workspace()?.name)).await?;
    let version = env!("CARGO_PKG_VERSION").into();
    json(Hello { product: PRODUCT.into(), api: API, version, workspace })
}

pub async fn sign_in(State(app): State<Shared>, From(address): From, asked: Body) -> Answer {
    let asked: SignIn = body(asked).await?;
    let login = folded(&asked.login);
    let account = Try::account(&login);
    address.map_or(Ok(()), |address| app.limits.count(Try::Address(address)))?;
    app.limits.count(account)?;
    let known = {
        let login = login.clone();
        app.store.read(move |look| look.credentials(&login)).await?
    };
    // A password nobody can have is not worth hashing a megabyte for.
    let possible = asked.password.len() <= password::LONGEST;
    let stored = known.as_ref().filter(|_| possible).and_then(|known| known.password.clone());
    let given = if possible { asked.password } else { String::new() };
    let right = app.passwords.verify(given, stored.clone()).await?;
    let problem = match &known {
        Some(known) if right && known.blocked => Some(Problem::new(Code::Blocked)),
        Some(_) if right => None,
        _ => Some(Problem::new(Code::WrongPassword)),
    };
    let who = known.as_ref().map_or(Actor::Nobody, |known| Actor::Person(known.person.id));
    let act = Act::new(who, "sign_in");
    let (Some(known), None) = (known, &problem) else {
        let problem = problem.unwrap_or(Code::WrongPassword.into());
        let denied = problem.clone();
        app.store.write(move |tx| tx.deny(act, &denied)).await?;
        return Err(Refused(problem));
    };
    let (hold, code) = (asked.device.hold, asked.code);
    let (token, device) = device(&app, asked.device, &known.person)?;
    let me = app
        .store
        .write(move |tx| {
            tx.step(act, |tx| {
                // The password was right a moment ago; it must be right and allowed now.
                let now = tx.credentials(&login)?.ok_or(Code::WrongPassword)?;
                if now.blocked || now.password != stored {
                    return Err(if now.blocked { Code::Blocked } else { Code::WrongPassword }.into());
                }
                tx.pass_second_factor(now.person.id, code.as_deref())?;
                tx.sign_in(&device)?;
                me(tx, now.person.id)
            })
        })
        .await?;
    // Not before: who has the password would guess codes for as long as they like.
    app.limits.clear(&account);
    Ok(signed_in(token, hold, me))
}

fn device(app: &Shared, card: DeviceCard, person: &Person) -> Answer<(String, SignedInDevice)> {
    let name = clean_name(&card.name).map_err(|_| Problem::new(Code::BadRequest))?;
    let token = secrets::mint(&app.clock);
    let device = SignedInDevice { person: person.id, id: card.id, name, token: secrets::hash(&token) };
    Ok((token, device))
}

fn me(tx: &Tx<'_>, who: PersonId) -> Result<Me, Stop> {
    tx.me(who)?.ok_or(Code::NotFound.into())
}

fn signed_in(token: String, hold: Hold, me: Me) -> Response {
    match hold {
        Hold::Token => told(Some(token), me),
        Hold::Cookie => {
            let cookie = set_cookie(STAFF_COOKIE, &token, COOKIE_DAYS);
            ([(header::SET_COOKIE, cookie)], told(None, me)).into_response()
        }
    }
}

/// Who is signed in; a client is told so in their own type.
fn told(token: Option<String>, me: Me) -> Response {
    if me.person.role.is_staff() {
        return axum::Json(SignedIn { token, me }).into_response();
    }
    axum::Json(ClientSignedIn { token, me: ClientMe::of(me) }).into_response()
}

pub async fn sign_out<S: Signed>(State(app): State<Shared>, by: S) -> Answer {
    let now = app.clock.now_ms();
    app.store
        .write(move |tx| {
            let session = by.session(tx, now)?;
            tx.step(Act::new(Actor::Person(session.person.id), "sign_out"), |tx| tx.sign_out(&session))
        })
        .await?;
    let mut response = done()?;
    response.headers_mut().insert(header::SET_COOKIE, set_cookie(STAFF_COOKIE, "", 0));
    Ok(response)
}

pub async fn invite(State(app): State<Shared>, From(address): From, asked: Body) -> Answer {
    let asked: InviteSecret = body(asked).await?;
    address.map_or(Ok(()), |address| app.limits.count(Try::Address(address)))?;
    let now = app.clock.now_ms();
    let secret = secrets::hash(&asked.secret);
    let invited = app
        .store
        .read(move |look| {
            let invitation = look.invitation(&secret, now)?;
            let PersonCard { name, .. } = invitation.person.card();
            Ok(Invited { name, login: invitation.login, workspace: look.workspace()?.name })
        })
        .await?;
    json(invited)
}

pub async fn join(State(app): State<Shared>, From(address): From, asked: Body) -> Answer {
    let asked: Join = body(asked).await?;
    address.map_or(Ok(()), |address| app.limits.count(Try::Address(address)))?;
    let now = app.clock.now_ms();
    let secret = secrets::hash(&asked.secret);
    let invited = app.store.read(move |look| Ok((look.invitation(&secret, now)?, look.workspace()?.name)));
    let (invitation, workspace) = invited.await?;
    let account = Try::account(&invitation.login);
    app.limits.count(account)?;
    password::check(&asked.password, &[&workspace, &invitation.login, &invitation.person.name])?;
    let stored = app.passwords.hash(asked.password).await?;
    let (hold, code) = (asked.device.hold, asked.code);
    let (token, device) = device(&app, asked.device, &invitation.person)?;
    let me = app
        .store
        .write(move |tx| {
            tx.step(Act::new(Actor::Person(device.person), "join"), |tx| {
                // Of two who use the link at once, one finds it spent here.
                let invitation = tx.invitation(&secret, now)?;
                tx.pass_second_factor(invitation.person.id, code.as_deref())?;
                tx.spend_invite(&secret)?;
                tx.set_password(invitation.person.id, &stored)?;
                // Who was sent a new link may have lost a device, or their password.
                tx.end_devices(invitation.person.id, None)?;
                tx.sign_in(&device)?;
                me(tx, invitation.person.id)
            })
        })
        .await?;
    app.limits.clear(&account);
    Ok(signed_in(token, hold, me))
}
