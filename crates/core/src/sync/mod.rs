//! How a photo with a caption travels.
//!
//! 1. The bytes are copied into the profile's files, by hash, durably ([`crate::blobs`]).
//! 2. *Send* turns the draft into an intent: id, text and hashes, serialised once
//!    and committed before any screen shows the bubble ([`crate::store::outbox`]).
//! 3. The push loop takes the first of each lane (one lane a place). If its photo
//!    is not on the server, it sends the next part; texts of other lanes go between.
//! 4. When the server has made the photo ready, the intent's bytes are submitted.
//! 5. The verdict decides: *accepted* applies its changes and settles the row in one
//!    transaction; *later* holds the lane; *refused* makes the row stuck.
//! 6. Or the feed is faster: a message whose id is the intent's settles it as well.
//! 7. The pull loop keeps a live stream open; each page and its cursor are applied
//!    in one transaction. Losing the stream loses only time.
//! 8. The pictures loop fetches what is worth having before the signal goes, the contacts
//!    loop the rest of the contact list.
//!
//! Invariants
//! - What is in flight lives in memory: after a crash every step is computed again
//!   from what is true here and on the server.
//! - A shut door (signed out, update needed) pauses all loops and keeps everything.

mod contacts;
mod lanes;
pub(crate) mod pictures;
mod pull;
mod push;

use crate::bell::{Bell, Rung};
use crate::clock::{Task, spawn};
use crate::profile::{Profile, Session};
use crate::remote::Failure;
use crate::store::{damage, schema};
use crate::view::{Door, Link, Topic};
use fieldline_model::{Code, Problem};
use std::sync::Arc;
use std::time::Duration;

/// Starts the loops; they end when the tasks are dropped.
pub fn start(profile: &Arc<Profile>) -> Vec<Task> {
    vec![
        spawn(pull::run(profile.clone())),
        spawn(push::run(profile.clone())),
        spawn(pictures::run(profile.clone())),
        spawn(contacts::run(profile.clone())),
    ]
}

/// What every loop does about a failure of what it did in `session`: shuts the door
/// where that is the answer, else says how long to wait.
async fn wait_after(it: &Profile, session: Session, failure: &Failure, tries: u32) -> Option<Duration> {
    let (why, problem) = match failure {
        Failure::Later { wait, .. } => return Some(wait.unwrap_or_else(|| it.clock.backoff(tries))),
        Failure::NotSent(_) | Failure::Refused(_) => return Some(it.clock.backoff(tries)),
        Failure::SignInAgain => (Door::SignInAgain, None),
        Failure::Copied => (Door::SignInAgain, Some(Code::Copied.into())),
        Failure::Blocked => (Door::SignInAgain, Some(Code::Blocked.into())),
        Failure::UpdateNeeded => (Door::UpdateNeeded, None),
    };
    if !it.shut(session, why, problem) {
        return Some(Duration::ZERO);
    }
    if *failure == Failure::Blocked {
        wipe(it).await;
    }
    None
}

/// Who was blocked is left nothing to read. What fails here is done when the server
/// says so again, after the next start: the session goes with the rows, so what was kept
/// aside of them goes first, and files that no row mentions go at any start.
async fn wipe(it: &Profile) {
    let (disk, name) = (it.disk.clone(), it.name.clone());
    let wiped = it.run(move |c| {
        if let Some(disk) = disk.upgrade() {
            damage::forget_aside(&disk, &name, c);
        }
        schema::wipe(c)
    });
    if let (Ok(()), Some(tokens)) = (wiped.await, &it.tokens) {
        // A keychain that is locked keeps what is worth nothing any more.
        let _ = tokens.forget(&it.name).await;
    }
    for name in it.blobs.names().await.unwrap_or_default() {
        let _ = it.blobs.remove(&name).await;
    }
    it.tell([Topic::Everything]);
}

/// What ended a rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Woken {
    /// The bell.
    By(Rung),
    /// The time was over.
    Time,
}

/// Waits for the bell, and at most for `wait` if there is one.
async fn rest(it: &Profile, bell: &Bell, wait: Option<Duration>) -> Woken {
    match wait {
        None => Woken::By(bell.heard().await),
        Some(wait) => tokio::select! {
            biased;
            rung = bell.heard() => Woken::By(rung),
            () = it.clock.sleep(wait) => Woken::Time,
        },
    }
}

/// Waits for `wait`, which news do not cut short.
async fn hold(it: &Profile, bell: &Bell, wait: Duration) -> Woken {
    tokio::select! {
        biased;
        () = bell.told_now() => Woken::By(Rung::Now),
        () = it.clock.sleep(wait) => Woken::Time,
    }
}

/// Waits after a failure. What the server asked for, or is too busy for, is held; where
/// the way to it failed, something new is worth a try.
async fn rest_after(it: &Profile, bell: &Bell, failure: &Failure, wait: Duration) -> Woken {
    match failure {
        Failure::Later { wait: told, problem } if told.is_some() || of_server(problem) => {
            hold(it, bell, wait).await
        }
        _ => rest(it, bell, Some(wait)).await,
    }
}

/// Whether the server itself said so, and not the way to it.
fn of_server(problem: &Problem) -> bool {
    matches!(problem.code, Code::Busy | Code::StorageFull)
}

/// Whether the door is open.
fn is_open(it: &Profile) -> bool {
    it.door() == Door::SignedIn
}

/// Whether the stream is open: then a failing request is worth trying again soon.
fn is_live(it: &Profile) -> bool {
    it.link().link == Link::Live
}
