//! The pull loop: a snapshot for a device that has none, then the live stream.

use super::{Woken, hold, is_open, wait_after};
use crate::profile::{Profile, Session};
use crate::remote::{Event, Failure};
use crate::store::{cache, stamp};
use crate::view::{Link, Topic};
use fieldline_model::api::ChangesPage;
use fieldline_model::signal::Signals;
use fieldline_model::{Code, Problem, Stamp};
use std::sync::Arc;

pub(super) async fn run(it: Arc<Profile>) {
    let mut tries = 0;
    loop {
        if !is_open(&it) {
            it.pull.told_now().await;
            continue;
        }
        let session = it.session();
        let failure = tokio::select! {
            biased;
            failure = stay_connected(&it, session, &mut tries) => failure,
            // Asked to connect now: give up this stream, it may be half dead.
            () = it.pull.told_now() => {
                tries = 0;
                // What it was about to tell of a page it had applied is told so.
                it.tell([Topic::Everything]);
                continue;
            }
        };
        let problem: Problem = failure.clone().into();
        let wait = wait_after(&it, session, &failure, tries).await;
        crate::signals::came(&it, Signals { doing: Vec::new() });
        if is_open(&it) {
            it.set_link(Link::Offline, Some(problem));
        }
        let Some(wait) = wait else { continue };
        tries = if hold(&it, &it.pull, wait).await == Woken::Time { tries + 1 } else { 0 };
    }
}

/// Connects and applies what comes, for as long as it comes.
async fn stay_connected(it: &Arc<Profile>, session: Session, tries: &mut u32) -> Failure {
    loop {
        let known = match it.run(|c| cache::cursor(c)).await {
            Ok(known) => known,
            Err(problem) => return Failure::Later { wait: None, problem },
        };
        let done = match known {
            None => take_snapshot(it, session).await,
            Some((epoch, cursor)) => follow(it, session, (&epoch, cursor), tries).await,
        };
        if let Err(failure) = done {
            return failure;
        }
    }
}

async fn take_snapshot(it: &Profile, session: Session) -> Result<(), Failure> {
    let snapshot = it.remote().snapshot().await?;
    it.clock.learn(snapshot.at_ms);
    let now_ms = it.clock.server_now_ms();
    let applied = it.take(session, move |c| cache::replace(c, snapshot, now_ms)).await.map_err(stored)?;
    it.push.news();
    it.contacts.news();
    it.tell_applied(applied).await;
    Ok(())
}

/// Follows the stream. Returns `Ok` when a fresh snapshot has replaced the cache.
async fn follow(
    it: &Arc<Profile>,
    session: Session,
    (epoch, cursor): (&str, i64),
    tries: &mut u32,
) -> Result<(), Failure> {
    if it.link().link != Link::Live {
        it.set_link(Link::Connecting, it.link().problem);
    }
    let fresh = Stamp(u64::from_be_bytes(it.clock.random()[..8].try_into().unwrap_or_default()));
    let shown = it.take(session, move |c| stamp::shown(c, fresh)).await.map_err(stored)?;
    let (mut events, taken) = it.remote().live(epoch, cursor, shown).await?;
    if taken {
        it.take(session, move |c| stamp::taken(c, shown.next)).await.map_err(stored)?;
    }
    let mut caught_up = false;
    while let Some(event) = events.next().await {
        *tries = 0;
        match event {
            Event::Changes(page) if page.resync || page.epoch != epoch => {
                return take_snapshot(it, session).await;
            }
            Event::Changes(page) => {
                it.clock.learn(page.at_ms);
                let more = page.more;
                take_page(it, session, page, caught_up).await?;
                caught_up |= !more;
            }
            // The server ticks when it has nothing more to say.
            Event::Tick(at_ms) => {
                it.clock.learn(at_ms);
                caught_up = true;
            }
            Event::Signals(signals) => crate::signals::came(it, signals),
            Event::Unknown | Event::Broken => {}
        }
        if caught_up {
            let was = it.link().link;
            it.set_link(Link::Live, None);
            if was != Link::Live {
                it.push.now();
                it.pictures.now();
                it.contacts.now();
            }
        }
    }
    Err(Failure::Later { wait: None, problem: Code::Unreachable.into() })
}

/// Applies a page. What was missed while away is no news by the time it comes.
async fn take_page(it: &Profile, session: Session, page: ChangesPage, live: bool) -> Result<(), Failure> {
    let now_ms = it.clock.server_now_ms();
    let mut applied = it.take(session, move |c| cache::apply_page(c, &page, now_ms)).await.map_err(stored)?;
    if !live {
        applied.topics.retain(|t| !matches!(t, Topic::News { .. }));
    }
    it.tell_applied(applied).await;
    Ok(())
}

fn stored(problem: Problem) -> Failure {
    Failure::Later { wait: None, problem }
}
