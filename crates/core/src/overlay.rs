//! The outbox laid over the cache: what the truth will be if everything asked is
//! accepted. The rules are the model's, the same ones the server applies.
//!
//! Invariants
//! - Pure functions of their arguments; nothing is stored, nothing rolled back:
//!   when an intent settles or is refused, the overlay simply no longer has it.
//! - A stuck intent changes nothing: it is shown beside, not laid over.

use crate::store::outbox::{Asked, Standing};
use fieldline_model::{Ask, Conversation, Event, PersonCard, Problem};

/// What an intent would do to its conversation.
pub fn apply(
    it: &mut Conversation,
    ask: &Ask,
    me: &PersonCard,
    now_ms: i64,
) -> Result<Option<Event>, Problem> {
    match ask {
        Ask::Pick { .. } | Ask::Accept { .. } => it.pick(me),
        Ask::End { .. } => it.end(me, now_ms),
        Ask::Reopen { .. } => it.reopen(me),
        Ask::Transfer { to, .. } => {
            // Their name comes with the truth.
            let to = to.map(|id| PersonCard { id, name: String::new() });
            it.transfer(me, to.as_ref(), now_ms)
        }
        Ask::Send(_) => it.may_send(me).map(|()| None),
        // They move no conversation.
        Ask::Read { .. }
        | Ask::Note { .. }
        | Ask::Pass { .. }
        | Ask::Availability { .. }
        | Ask::Delete { .. }
        | Ask::Start(_)
        | Ask::Members { .. }
        | Ask::Leave { .. }
        | Ask::Rename { .. }
        | Ask::Sound { .. } => Ok(None),
    }
}

/// The conversation with its waiting intents laid over it.
pub fn lay<'a>(
    mut it: Conversation,
    asked: impl IntoIterator<Item = &'a Asked>,
    me: &PersonCard,
) -> Conversation {
    for row in asked {
        if row.standing == Standing::Waiting {
            // What would be refused changes nothing; the verdict will say so.
            let _ = apply(&mut it, &row.intent.ask, me, row.asked_at_ms);
        }
    }
    it
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_model::*;
    use uuid::Uuid;

    fn asked(ask: Ask, standing: Standing) -> Asked {
        let intent = Intent { id: IntentId(Uuid::from_u128(7)), written_at_ms: 5, needs: None, ask };
        Asked {
            pos: 1,
            intent,
            body: String::new(),
            title: String::new(),
            standing,
            problem: None,
            asked_at_ms: 5,
            tried: false,
        }
    }

    #[test]
    fn a_waiting_pick_moves_the_conversation_and_a_stuck_one_does_not() {
        let id = ConversationId(Uuid::from_u128(1));
        let customer = Customer { id: CustomerId(Uuid::from_u128(2)), name: None, phone: Some("1".into()) };
        let me = PersonCard { id: PersonId(Uuid::from_u128(3)), name: "Ana".into() };
        let it = Conversation::begun(id, customer, 1);
        let pick = Ask::Pick { conversation: id };
        let picked = lay(it.clone(), &[asked(pick.clone(), Standing::Waiting)], &me);
        assert_eq!((picked.state, picked.agent), (State::Open, Some(me.clone())));
        let same = lay(it.clone(), &[asked(pick, Standing::Stuck)], &me);
        assert_eq!(same, it);
    }
}
