//! What needs no memory, on its way up: typing, looking; and how far a customer has
//! read, which is kept.

use super::Shared;
use super::answer::{Answer, done};
use super::caller::{Staff, Visitor, body};
use super::customer::who;
use super::staff::signed_in;
use crate::limits::Try;
use crate::presence::Does;
use crate::store::{Look, Session};
use crate::{desk, feed};
use axum::body::Body;
use axum::extract::State;
use fieldline_model::signal::{CustomerRead, CustomerSignal, Signal};
use fieldline_model::{Author, Code, State as Life};

/// What a person does in a conversation they may see.
pub async fn staff(State(app): State<Shared>, Staff(token): Staff, asked: Body) -> Answer {
    // Who asks, and how often, comes before what they ask.
    app.limits.count(Try::Signal(signed_in(&app, token).await?.person.id.0))?;
    let asked = body::<Signal>(asked).await.ok();
    let see = move |look: &Look<'_>, session: &Session| {
        let asked = asked.ok_or(Code::BadRequest)?;
        let seen = feed::audience(look, asked.place)?.filter(|s| s.holds(&session.reader()));
        let scope = seen.ok_or(Code::NotFound)?;
        let person = session.person.card();
        let it = look.conversation(asked.place.into())?;
        let does = match &it {
            // Who only looks on types to nobody.
            Some(it) => Does { typing: asked.typing && it.may_send(&person).is_ok(), viewing: asked.viewing },
            // In a group nobody is watched while they read.
            None => Does { typing: asked.typing, viewing: false },
        };
        Ok(((asked.place, person), does, (scope, it.map(|it| it.customer.id))))
    };
    let ((place, person), does, (scope, customer)) = app.see(Staff(token), "signal", see).await?;
    let at = (place, person.id.0);
    let of_typing = app.presence.says(at, Author::Person(person), does, app.clock.now_ms());
    // In a group a look is told to nobody, nor that there was one.
    if of_typing || customer.is_some() {
        app.hub.beat(&scope, customer.filter(|_| of_typing));
    }
    done()
}

/// What a customer does in their chat.
pub async fn customer(State(app): State<Shared>, Visitor(token): Visitor, asked: Body) -> Answer {
    app.limits.count(Try::Signal(who(&app, token).await?.0))?;
    let asked = body::<CustomerSignal>(asked).await.ok();
    let see = move |look: &Look<'_>, who| Ok((who, look.newest_of(who)?, asked.ok_or(Code::BadRequest)?));
    let (who, it, CustomerSignal { typing }) = app.visit(Visitor(token), "signal", see).await?;
    if let Some(it) = it.filter(|it| it.state != Life::Ended) {
        let does = Does { typing, viewing: false };
        app.presence.says((it.id.into(), who.0), Author::Customer, does, app.clock.now_ms());
        app.hub.beat(&it.scope(), None);
    }
    done()
}

/// How far a customer has read.
pub async fn customer_read(State(app): State<Shared>, Visitor(token): Visitor, asked: Body) -> Answer {
    app.limits.count(Try::Signal(who(&app, token).await?.0))?;
    let asked = body::<CustomerRead>(asked).await.ok();
    let now = app.clock.now_ms();
    app.store
        .write(move |tx| {
            let who = tx.customer_session(&token, now)?;
            desk::read(tx, who, asked.as_ref().ok_or(Code::BadRequest)?.public_seq)
        })
        .await?;
    done()
}
