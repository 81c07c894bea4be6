//! Changing one's own password, by the old one. Every other device has to sign in again, with
//! the new one.

use super::Shared;
use super::answer::{Answer, done};
use super::caller::{Signed, body};
use super::own::Own;
use crate::password;
use axum::body::Body;
use axum::extract::State;
use fieldline_model::api::ChangePassword;

const CHANGE: &str = "change_password";

pub async fn change<S: Signed>(State(app): State<Shared>, by: S, asked: Body) -> Answer {
    let own = Own::of(&app, by).await?;
    let ChangePassword { old, new } = body(asked).await?;
    own.shows(&app, old, CHANGE).await?;
    password::check(&new, &[&own.workspace, &own.login, &own.person.name])?;
    let hash = app.passwords.hash(new).await?;
    own.does(&app, (by, CHANGE), move |tx, session| {
        tx.set_password(session.person.id, &hash)?;
        tx.end_devices(session.person.id, Some(session.device))
    })
    .await?;
    done()
}
