//! The task that makes offers and ends those that ran out, by the server's clock.
//!
//! It is woken when the desk moved (somebody waits, picks, becomes available) and
//! when the next offer runs out; and now and then for what another process wrote
//! (the operator's command line wakes nobody here).
//!
//! Invariant: it keeps nobody's files open: it ends with the last of its server.

use crate::desk::offers;
use crate::http::App;
use crate::hub::Hub;
use crate::store::{Act, Actor, Stop};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// The longest rest.
const REST: Duration = Duration::from_secs(15);
/// After a fault of the store.
const AFTER_FAULT: Duration = Duration::from_secs(1);

/// Keeps making and ending offers for as long as `app` is there.
pub async fn keep(app: Weak<App>, hub: Arc<Hub>) {
    loop {
        let rest = match app.upgrade() {
            Some(app) => turn(&app).await.unwrap_or(AFTER_FAULT),
            None => return,
        };
        let _ = tokio::time::timeout(rest, hub.moved()).await;
    }
}

/// Looks, does what is to be done, and says how long to rest.
async fn turn(app: &App) -> Result<Duration, Stop> {
    let now = app.clock.now_ms();
    let mut turn = app.store.read(move |look| offers::plan(look, now)).await?;
    if !turn.is_idle() {
        let act = Act::new(Actor::Server, "offer");
        turn = app.store.write(move |tx| tx.step(act, offers::take)).await?;
    }
    let until = turn.next_ms.map(|at| Duration::from_millis((at - app.clock.now_ms()).max(0) as u64));
    Ok(until.map_or(REST, |until| until.min(REST)))
}
