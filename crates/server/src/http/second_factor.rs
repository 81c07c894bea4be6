//! One's own second factor: how it stands, turned on by a first code, off by another.

use super::Shared;
use super::answer::{Answer, done, json};
use super::caller::{Signed, body};
use super::own::Own;
use crate::secrets;
use crate::store::{Look, Session};
use crate::totp::{self, Secret};
use axum::body::Body;
use axum::extract::State;
use fieldline_model::second_factor::{
    BeginSecondFactor, SecondFactorBegun, TurnSecondFactorOff, TurnSecondFactorOn,
};

const BEGIN: &str = "begin_second_factor";
const ON: &str = "turn_second_factor_on";
const OFF: &str = "turn_second_factor_off";

pub async fn stands<S: Signed>(State(app): State<Shared>, by: S) -> Answer {
    let see = move |look: &Look<'_>, session: &Session| look.second_factor(session.person.id);
    json(app.see(by, "read_second_factor", see).await?)
}

pub async fn begin<S: Signed>(State(app): State<Shared>, by: S, asked: Body) -> Answer {
    let own = Own::of(&app, by).await?;
    let BeginSecondFactor { password } = body(asked).await?;
    own.shows(&app, password, BEGIN).await?;
    let secret: Secret = app.clock.random();
    let recovery = totp::recovery_codes(&app.clock);
    let uri = totp::uri(&secret, &own.workspace, &own.login);
    let hashes: Vec<_> = recovery.iter().map(|code| totp::recovery_hash(code)).collect();
    own.does(&app, (by, BEGIN), move |tx, session| {
        tx.begin_second_factor(session.person.id, &secret, &hashes)
    })
    .await?;
    json(SecondFactorBegun { secret: secrets::base32(&secret), uri, recovery })
}

pub async fn on<S: Signed>(State(app): State<Shared>, by: S, asked: Body) -> Answer {
    let own = Own::of(&app, by).await?;
    let TurnSecondFactorOn { code } = body(asked).await?;
    own.does(&app, (by, ON), move |tx, session| tx.turn_second_factor_on(session.person.id, &code)).await?;
    done()
}

pub async fn off<S: Signed>(State(app): State<Shared>, by: S, asked: Body) -> Answer {
    let own = Own::of(&app, by).await?;
    let TurnSecondFactorOff { password, code } = body(asked).await?;
    own.shows(&app, password, OFF).await?;
    own.does(&app, (by, OFF), move |tx, session| {
        tx.pass_second_factor(session.person.id, Some(&code))?;
        tx.remove_second_factor(session.person.id)
    })
    .await?;
    done()
}
