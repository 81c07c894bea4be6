//! Who is typing and who is looking, in memory, while it lasts.
//!
//! Invariants
//! - Nothing here outlives its time, and there is never more than [`KEPT_MAX`].
//! - Who may hear of it is decided by whoever tells it, by the conversation as it
//!   is then.

use fieldline_model::signal::{Doing, TYPING_MS, VIEWING_MS};
use fieldline_model::{Author, PlaceId};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// What is remembered at once.
const KEPT_MAX: usize = 10_000;

struct Kept {
    author: Author,
    typing_until_ms: i64,
    viewing_until_ms: i64,
}

/// What somebody says they do.
#[derive(Clone, Copy, Debug)]
pub struct Does {
    /// Whether they type.
    pub typing: bool,
    /// Whether they look.
    pub viewing: bool,
}

/// Everything that is done just now.
#[derive(Default)]
pub struct Presence(Mutex<HashMap<(PlaceId, Uuid), Kept>>);

impl Presence {
    fn kept(&self) -> MutexGuard<'_, HashMap<(PlaceId, Uuid), Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody (a person's or a customer's id) says what they do in a place. Replies
    /// whether that says anything of their typing: that they do, or did until now.
    pub fn says(&self, (place, id): (PlaceId, Uuid), author: Author, does: Does, now_ms: i64) -> bool {
        let mut kept = self.kept();
        let typed = kept.get(&(place, id)).is_some_and(|it| it.typing_until_ms > now_ms);
        kept.retain(|_, it| it.typing_until_ms.max(it.viewing_until_ms) > now_ms);
        if does.typing || does.viewing {
            if kept.len() < KEPT_MAX || kept.contains_key(&(place, id)) {
                let until = |is: bool, time| if is { now_ms + time } else { 0 };
                let (typing_until_ms, viewing_until_ms) =
                    (until(does.typing, TYPING_MS), until(does.viewing, VIEWING_MS));
                kept.insert((place, id), Kept { author, typing_until_ms, viewing_until_ms });
            }
        } else {
            kept.remove(&(place, id));
        }
        typed || does.typing
    }

    /// What everyone but `me` does just now.
    pub fn others(&self, me: Uuid, now_ms: i64) -> Vec<Doing> {
        let mut found = Vec::new();
        for ((place, _), it) in self.kept().iter().filter(|((_, id), _)| *id != me) {
            let until = [(true, it.typing_until_ms), (false, it.viewing_until_ms)];
            let Some((typing, until_ms)) = until.into_iter().find(|(_, until)| *until > now_ms) else {
                continue;
            };
            found.push(Doing { place: *place, who: it.author.clone(), typing, left_ms: until_ms - now_ms });
        }
        found.sort_by_key(|it| (it.place, !it.typing));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_model::PersonCard;

    #[test]
    fn what_is_done_lasts_its_time_and_is_not_told_to_who_does_it() {
        let (here, ana, bo) = (PlaceId(Uuid::from_u128(1)), Uuid::from_u128(2), Uuid::from_u128(3));
        let card = || Author::Person(PersonCard { id: fieldline_model::PersonId(ana), name: "Ana".into() });
        let presence = Presence::default();
        assert!(presence.says((here, ana), card(), Does { typing: true, viewing: true }, 0));
        assert!(presence.others(ana, 1).is_empty());
        assert!(presence.others(bo, 1)[0].typing);
        assert!(!presence.others(bo, TYPING_MS)[0].typing);
        assert!(presence.others(bo, VIEWING_MS).is_empty());
        assert!(presence.says((here, ana), card(), Does { typing: false, viewing: false }, 2));
        assert!(presence.others(bo, 3).is_empty());
        assert!(!presence.says((here, ana), card(), Does { typing: false, viewing: true }, 4));
    }
}
