//! Changing one's own password.
//!
//! Invariants
//! - Who has a device that is signed in, and not the password, changes nothing, and guesses
//!   no faster than at the door.
//! - Every other device has to sign in again, with the new one.

use super::Shared;
use super::answer::{Answer, Refused, done};
use super::caller::{Signed, body};
use crate::limits::Try;
use crate::password;
use crate::store::{Act, Actor};
use axum::body::Body;
use axum::extract::State;
use fieldline_model::api::ChangePassword;
use fieldline_model::{Code, Problem};

pub async fn change<S: Signed>(State(app): State<Shared>, by: S, asked: Body) -> Answer {
    let now = app.clock.now_ms();
    let known = app.store.read(move |look| {
        let session = by.session(look, now)?;
        let login = look.login_of(session.person.id)?.ok_or(Code::NotPermitted)?;
        let known = look.credentials(&login)?.ok_or(Code::NotPermitted)?;
        Ok((session.person, login, known.password, look.workspace()?.name))
    });
    let (person, login, stored, workspace) = known.await?;
    app.limits.count(Try::Password(person.id.0))?;
    let ChangePassword { old, new } = body(asked).await?;
    let act = Act::new(Actor::Person(person.id), "change_password");
    // A password nobody can have is not worth hashing a megabyte for.
    let possible = old.len() <= password::LONGEST;
    let (given, held) = if possible { (old, stored.clone()) } else { (String::new(), None) };
    if !app.passwords.verify(given, held).await? {
        let problem = Problem::new(Code::WrongPassword);
        let denied = problem.clone();
        app.store.write(move |tx| tx.deny(act, &denied)).await?;
        return Err(Refused(problem));
    }
    password::check(&new, &[&workspace, &login, &person.name])?;
    let hash = app.passwords.hash(new).await?;
    app.store
        .write(move |tx| {
            let session = by.session(tx, now)?;
            tx.step(act, |tx| {
                // It was right a moment ago; of two changes at once, one finds it changed here.
                if tx.credentials(&login)?.is_none_or(|known| known.password != stored) {
                    return Err(Code::WrongPassword.into());
                }
                tx.set_password(session.person.id, &hash)?;
                tx.end_devices(session.person.id, Some(session.device))
            })
        })
        .await?;
    app.limits.clear(&Try::Password(person.id.0));
    done()
}
