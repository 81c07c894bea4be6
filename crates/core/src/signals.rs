//! Who types and who looks just now: told by the live stream, kept in memory while
//! it lasts, gone with the connection.

use crate::clock::{Task, spawn};
use crate::engine::Engine;
use crate::profile::Profile;
use crate::view::{Link, Thread, Topic};
use fieldline_model::signal::{Doing, Signal, Signals as Told, VIEWING_MS};
use fieldline_model::{Author, PlaceId, Problem};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What others do, each until a moment of the clock that nobody sets
/// ([`crate::clock::Clock::ticks_ms`]): whoever sets the device's own makes nobody type
/// for ever.
#[derive(Default)]
pub(crate) struct Signals(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    doing: Vec<(Doing, i64)>,
    /// Tells screens when the first of them is over.
    over: Option<Task>,
}

impl Signals {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lays what others do in a place over its thread.
    pub fn lay(&self, thread: &mut Thread, ticks_ms: i64) {
        for (it, until_ms) in &self.kept().doing {
            if it.place != thread.place || *until_ms <= ticks_ms {
                continue;
            }
            match (&it.who, it.typing) {
                (Author::Customer, typing) => thread.customer_typing |= typing,
                (Author::Person(card), true) => thread.typing.push(card.name.clone()),
                (Author::Person(card), false) => thread.viewing.push(card.name.clone()),
            }
        }
    }

    /// Takes what is done now. Replies where anything changed, and the shortest time
    /// until something is over.
    fn take(&self, told: Option<Told>, ticks_ms: i64) -> (Vec<PlaceId>, Option<i64>) {
        let mut kept = self.kept();
        let mut places: Vec<_> = kept.doing.iter().map(|(it, _)| it.place).collect();
        match told {
            Some(told) => {
                // However confused the server: none lasts longer than the longest.
                let until = |it: &Doing| ticks_ms + it.left_ms.clamp(0, VIEWING_MS);
                kept.doing =
                    told.doing.into_iter().map(|it| (until(&it), it)).map(|(u, it)| (it, u)).collect()
            }
            None => kept.doing.retain(|(_, until_ms)| *until_ms > ticks_ms),
        }
        places.extend(kept.doing.iter().map(|(it, _)| it.place));
        places.sort_unstable();
        places.dedup();
        (places, kept.doing.iter().map(|(_, until_ms)| until_ms - ticks_ms).min())
    }
}

/// The stream told what others do now.
pub(crate) fn came(it: &Arc<Profile>, told: Told) {
    let (places, first_ms) = it.signals.take(Some(told), it.clock.ticks_ms());
    it.tell(places.into_iter().map(|place| Topic::Thread { place }));
    let watch = first_ms.map(|ms| spawn(watch(Arc::downgrade(it), ms)));
    it.signals.kept().over = watch;
}

/// Lets what is over go, one after another.
async fn watch(it: std::sync::Weak<Profile>, mut rest_ms: i64) {
    loop {
        let Some(clock) = it.upgrade().map(|it| it.clock.clone()) else { return };
        clock.sleep(Duration::from_millis(rest_ms.max(1) as u64)).await;
        let Some(it) = it.upgrade() else { return };
        let (places, next_ms) = it.signals.take(None, it.clock.ticks_ms());
        it.tell(places.into_iter().map(|place| Topic::Thread { place }));
        let Some(next_ms) = next_ms else { return };
        rest_ms = next_ms;
    }
}

impl Engine {
    /// Tells others that this person types, or looks, just now. It is never kept:
    /// without a signal nobody hears it, and that is no fault.
    pub async fn signal(&self, place: PlaceId, typing: bool, viewing: bool) -> Result<(), Problem> {
        let profile = self.profile()?;
        if profile.link().link == Link::Live {
            let _ = profile.remote().signal(&Signal { place, typing, viewing }).await;
        }
        Ok(())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn rosa_types(left_ms: i64) -> Told {
        let place = PlaceId(uuid::Uuid::from_u128(1));
        Told { doing: vec![Doing { place, who: Author::Customer, typing: true, left_ms }] }
    }

    #[test]
    fn what_a_confused_server_says_lasts_no_longer_than_the_longest_and_breaks_nothing() {
        for (left_ms, lasts_ms) in [(i64::MAX, VIEWING_MS), (i64::MIN, 0), (7, 7)] {
            let signals = Signals::default();
            assert_eq!(signals.take(Some(rosa_types(left_ms)), 1_000).1, Some(lasts_ms));
            assert_eq!(signals.take(None, 1_000 + lasts_ms).1, None);
        }
    }
}
