//! One's own devices: where one is signed in, and signing them out.

use super::Shared;
use super::answer::{Answer, Refused, done, json};
use super::caller::Signed;
use crate::store::{Act, Actor, Look, Session};
use axum::extract::{Path, State};
use fieldline_model::api::OwnDevices;
use fieldline_model::{Code, DeviceId};

pub async fn list<S: Signed>(State(app): State<Shared>, by: S) -> Answer {
    let now = app.clock.now_ms();
    let see = move |look: &Look<'_>, session: &Session| look.own_devices(session, now);
    let devices = app.see(by, "read_devices", see).await?;
    json(OwnDevices { devices })
}

pub async fn sign_out<S: Signed>(State(app): State<Shared>, by: S, Path(which): Path<String>) -> Answer {
    let which: DeviceId = which.parse().map_err(|_| Refused::from(Code::NotFound))?;
    let now = app.clock.now_ms();
    app.store
        .write(move |tx| {
            let session = by.session(tx, now)?;
            let act = Act::new(Actor::Person(session.person.id), "sign_out_device").about(which.0);
            tx.step(act, |tx| tx.end_device(session.person.id, which))
        })
        .await?;
    done()
}

pub async fn sign_out_others<S: Signed>(State(app): State<Shared>, by: S) -> Answer {
    let now = app.clock.now_ms();
    app.store
        .write(move |tx| {
            let session = by.session(tx, now)?;
            let act = Act::new(Actor::Person(session.person.id), "sign_out_others");
            tx.step(act, |tx| tx.end_devices(session.person.id, Some(session.device)))
        })
        .await?;
    done()
}
