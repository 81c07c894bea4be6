//! What may leave the outbox now: a pure function of its rows.
//!
//! Invariants
//! - Two intents of one lane never overtake each other.
//! - A stuck intent steps aside, except that an end or a transfer behind a stuck
//!   message waits. So neither goes in one batch with a message before it: that may turn out
//!   to be refused.

use crate::store::outbox::Asked;
use fieldline_model::api::BATCH_MAX;
use fieldline_model::{Ask, PlaceId};
use std::collections::{BTreeMap, BTreeSet};

/// The most bytes of a batch that is more than one intent: what a bad network
/// carries before patience ends.
const SIZE_MAX: usize = 64 * 1024;

/// What to do next.
#[derive(Debug, Default)]
pub struct Plan {
    /// To be submitted together, in this order.
    pub submit: Vec<Asked>,
    /// The first that waits for its photos, when there is nothing to submit.
    pub upload: Option<Asked>,
}

/// What is known beside the rows.
pub struct Known<'a> {
    /// Lanes that were told *later*.
    pub held: &'a BTreeSet<PlaceId>,
    /// Behind which place in the outbox an end waits for a stuck message of its lane.
    pub stuck: &'a BTreeMap<PlaceId, i64>,
}

/// Plans the next step. `lacks_photos` tells whether a message's photos are not
/// all on the server.
pub fn plan(waiting: Vec<Asked>, known: &Known<'_>, lacks_photos: impl Fn(&Asked) -> bool) -> Plan {
    let mut plan = Plan::default();
    let mut shut: BTreeSet<PlaceId> = known.held.clone();
    let mut speaking: BTreeSet<PlaceId> = BTreeSet::new();
    let mut size = 0;
    for row in waiting {
        let place = row.intent.ask.place();
        if shut.contains(&place) {
            continue;
        }
        let ends = matches!(row.intent.ask, Ask::End { .. } | Ask::Transfer { .. });
        if ends && (speaking.contains(&place) || known.stuck.get(&place).is_some_and(|pos| *pos < row.pos)) {
            shut.insert(place);
        } else if lacks_photos(&row) {
            shut.insert(place);
            plan.upload.get_or_insert(row);
        } else if plan.submit.is_empty()
            || (plan.submit.len() < BATCH_MAX && size + row.body.len() <= SIZE_MAX)
        {
            if matches!(row.intent.ask, Ask::Send(_)) {
                speaking.insert(place);
            }
            size += row.body.len();
            plan.submit.push(row);
        } else {
            break;
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::outbox::Standing;
    use fieldline_model::*;
    use uuid::Uuid;

    const NONE: &BTreeSet<PlaceId> = &BTreeSet::new();

    fn place(n: u128) -> PlaceId {
        PlaceId(Uuid::from_u128(n))
    }

    fn row(pos: i64, ask: Ask) -> Asked {
        let intent =
            Intent { id: IntentId(Uuid::from_u128(pos as u128)), written_at_ms: 0, needs: None, ask };
        let (body, title) = (String::new(), String::new());
        Asked {
            pos,
            intent,
            body,
            title,
            standing: Standing::Waiting,
            problem: None,
            asked_at_ms: 0,
            tried: false,
        }
    }

    fn send(pos: i64, to: PlaceId) -> Asked {
        row(pos, Ask::Send(Send::text(to, "x")))
    }

    fn positions(rows: &[Asked]) -> Vec<i64> {
        rows.iter().map(|r| r.pos).collect()
    }

    #[test]
    fn a_photo_holds_its_own_lane_and_no_other() {
        let (a, b) = (place(1), place(2));
        let rows = vec![send(1, a), send(2, a), send(3, b), send(4, a)];
        let known = Known { held: NONE, stuck: &BTreeMap::new() };
        let plan = plan(rows, &known, |r| r.pos == 2);
        assert_eq!(positions(&plan.submit), [1, 3]);
        assert_eq!(plan.upload.unwrap().pos, 2);
    }

    #[test]
    fn a_held_lane_rests_and_others_go_on() {
        let held = BTreeSet::from([place(1)]);
        let known = Known { held: &held, stuck: &BTreeMap::new() };
        let plan = plan(vec![send(1, place(1)), send(2, place(2))], &known, |_| false);
        assert_eq!(positions(&plan.submit), [2]);
    }

    #[test]
    fn an_end_never_goes_with_a_message_that_may_yet_be_refused() {
        let (a, b) = (place(1), place(2));
        let end = |pos, place: PlaceId| row(pos, Ask::End { conversation: place.into() });
        let known = Known { held: NONE, stuck: &BTreeMap::new() };
        let rows = vec![send(1, a), end(2, a), end(3, b), send(4, a)];
        assert_eq!(positions(&plan(rows, &known, |_| false).submit), [1, 3]);
    }

    #[test]
    fn a_batch_is_no_larger_than_a_bad_network_carries_and_never_empty() {
        let long = |pos| Asked { body: "x".repeat(40 * 1024), ..send(pos, place(pos as u128)) };
        let known = Known { held: NONE, stuck: &BTreeMap::new() };
        let rows = vec![long(1), long(2), send(3, place(3))];
        assert_eq!(positions(&plan(rows, &known, |_| false).submit), [1]);
        let larger = Asked { body: "x".repeat(100 * 1024), ..send(1, place(1)) };
        assert_eq!(positions(&plan(vec![larger], &known, |_| false).submit), [1]);
    }

    #[test]
    fn an_end_waits_behind_a_stuck_message_and_not_behind_a_later_one() {
        let a = place(1);
        let end = |pos| row(pos, Ask::End { conversation: a.into() });
        let stuck = BTreeMap::from([(a, 2)]);
        let known = Known { held: NONE, stuck: &stuck };
        assert!(plan(vec![end(3), send(4, a)], &known, |_| false).submit.is_empty());
        assert_eq!(positions(&plan(vec![end(1)], &known, |_| false).submit), [1]);
    }
}
