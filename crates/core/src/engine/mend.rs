//! Going on when the open profile's file turns out to be damaged: what was written
//! is carried over into a fresh one, which takes its place, and the cache is pulled
//! again. Until then nothing is written, so nothing is written in vain.

use super::{Engine, Inner};
use crate::clock::spawn;
use crate::store::runner::Damage;
use crate::view::Topic;
use std::sync::{Arc, PoisonError, Weak};

impl Engine {
    /// Mends the profile called `name` as soon as its store meets damage.
    pub(super) fn mend_when_damaged(&self, damage: Arc<Damage>, name: String) {
        let engine = Arc::downgrade(&self.it);
        let task = spawn(async move {
            damage.met().await;
            mend(&engine, &name).await;
        });
        *self.it.mending.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
    }
}

/// Tries until it succeeds: a full disk, for one, may be emptied.
async fn mend(engine: &Weak<Inner>, name: &str) {
    for tries in 0.. {
        let Some(it) = engine.upgrade() else { return };
        let engine = Engine { it };
        // Not one that was left, or replaced, meanwhile.
        if !engine.profile().is_ok_and(|open| open.name == name) {
            return;
        }
        engine.pause();
        // Nothing may wait behind this: the opening replaces the task that runs it.
        if engine.open_profile(name, true).await.is_ok() {
            let _ = engine.it.topics.send(vec![Topic::Everything]);
            return;
        }
        engine.it.clock.sleep(engine.it.clock.backoff(tries)).await;
    }
}
