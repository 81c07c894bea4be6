//! Availability and offers, as the server last said, with the outbox laid over them.

use super::cache::{self, Applied};
use super::{contacts, json, outbox, problem};
use crate::view::{Colleague, OfferRow, Topic};
use fieldline_model::{Code, Offer, PlaceId, Problem, QueueMode, Ready, Record, RecordKind, State};
use rusqlite::{Connection, Transaction};
use std::collections::BTreeMap;

/// How long an offer that ran out unseen is still told of.
const TOLD_MS: i64 = 10 * 60 * 1000;

/// What a screen shows of offers.
pub struct Offering {
    /// Whether this person takes conversations.
    pub ready: Ready,
    /// How conversations leave the picklist.
    pub queue: QueueMode,
    /// What is offered to them, or was until a moment ago.
    pub offers: Vec<OfferRow>,
}

/// Everything about offers, at `now_ms` by the server's clock.
pub fn offering(connection: &Connection, now_ms: i64) -> Result<Offering, Problem> {
    let ready = match outbox::ready(connection)? {
        Some(asked) => asked,
        None => known_ready(connection)?,
    };
    let mut queue = QueueMode::default();
    for record in all(connection, "queue")? {
        if let Record::Queue(it) = record {
            // Of several, one that offers is what makes somebody available.
            if it.mode == QueueMode::Offer {
                queue = it.mode;
            }
        }
    }
    let mut offers = Vec::new();
    for record in all(connection, "offer")? {
        if let Record::Offer(it) = record {
            offers.extend(row(connection, &it, now_ms)?);
        }
    }
    offers.sort_by_key(|it| it.expires_at_ms);
    Ok(Offering { ready, queue, offers })
}

fn known_ready(connection: &Connection) -> Result<Ready, Problem> {
    let Some(me) = cache::me(connection)? else { return Ok(Ready::default()) };
    Ok(match cache::record(connection, RecordKind::Availability, me.person.id.0)? {
        Some(Record::Availability(it)) => it.ready,
        _ => Ready::default(),
    })
}

fn all(connection: &Connection, kind: &str) -> Result<Vec<Record>, Problem> {
    let mut rows = connection
        .prepare_cached("SELECT body FROM record WHERE kind = ?1 AND body IS NOT NULL ORDER BY id")
        .map_err(problem)?;
    let bodies = rows.query_map([kind], |row| row.get::<_, String>(0)).map_err(problem)?;
    bodies.map(|body| json(&body.map_err(problem)?)).collect()
}

/// An offer as a screen shows it; none when it was answered here, no longer waits,
/// or ran out long ago.
fn row(connection: &Connection, it: &Offer, now_ms: i64) -> Result<Option<OfferRow>, Problem> {
    let place: PlaceId = it.conversation.into();
    let Some(conversation) = cache::conversation(connection, place)? else { return Ok(None) };
    let told = now_ms.saturating_sub(it.expires_at_ms) < TOLD_MS;
    if !told || conversation.state != State::Waiting || outbox::answered(connection, place)? {
        return Ok(None);
    }
    let (text, photos) = conversation.last.map_or((String::new(), 0), |last| (last.text, last.photos));
    Ok(Some(OfferRow {
        place,
        name: conversation.customer.name,
        phone: conversation.customer.phone,
        text,
        photos,
        waiting_since_ms: conversation.waiting_since_ms,
        made_at_ms: it.made_at_ms,
        expires_at_ms: it.expires_at_ms,
    }))
}

/// Everybody else of the staff, by name, and whether they take conversations.
pub fn colleagues(connection: &Connection) -> Result<Vec<Colleague>, Problem> {
    let me = cache::my(connection)?.person.id;
    let mut ready = BTreeMap::new();
    for record in all(connection, "availability")? {
        if let Record::Availability(it) = record {
            ready.insert(it.person, it.ready);
        }
    }
    let others = contacts::staff(connection)?.into_iter().filter(|it| it.id != me);
    let colleague = |it: fieldline_model::Person| {
        let ready = ready.get(&it.id).copied().unwrap_or_default();
        Colleague { id: it.id, name: it.name, ready }
    };
    Ok(others.map(colleague).collect())
}

/// Refuses to accept what is not, or no longer, offered here.
pub fn check(connection: &Connection, place: PlaceId, now_ms: i64) -> Result<(), Problem> {
    let me = cache::my(connection)?.person.id;
    match cache::record(connection, RecordKind::Offer, place.0)? {
        Some(Record::Offer(it)) => it.stands_for(me, now_ms),
        _ => Err(Code::OfferOver.into()),
    }
}

/// Tells of an offer that came.
pub(super) fn tell(work: &Transaction<'_>, it: &Offer, to: &mut Applied) -> Result<(), Problem> {
    to.topics.insert(Topic::Status);
    let place = it.conversation.into();
    if let Some(conversation) = cache::conversation(work, place)? {
        let text = conversation.last.as_ref().map(|last| last.text.clone()).unwrap_or_default();
        to.topics.insert(Topic::Offered { place, title: cache::title(&conversation), text });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{schema, to_json};
    use fieldline_model::{Conversation, ConversationId, Customer, CustomerId, PersonId};
    use rusqlite::params;
    use uuid::Uuid;

    #[test]
    fn an_offer_of_an_impossible_time_is_one_that_ran_out_or_stands() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::prepare(&mut connection).unwrap();
        let id = ConversationId(Uuid::from_u128(1));
        let customer = Customer { id: CustomerId(Uuid::from_u128(2)), name: None, phone: Some("1".into()) };
        let body = to_json(&Conversation::begun(id, customer, 1));
        connection
            .execute("INSERT INTO conversation (id, seq, body) VALUES (?1, 1, ?2)", params![id.0, body])
            .unwrap();
        for (expires_at_ms, shown) in [(i64::MIN, 0), (i64::MAX, 1)] {
            let agent = PersonId(Uuid::from_u128(3));
            let offer = Record::Offer(Offer { conversation: id, agent, made_at_ms: 0, expires_at_ms });
            connection
                .execute(
                    "INSERT OR REPLACE INTO record VALUES ('offer', ?1, 1, ?2)",
                    params![id.0, to_json(&offer)],
                )
                .unwrap();
            assert_eq!(offering(&connection, 1_772_438_400_000).unwrap().offers.len(), shown);
        }
    }
}
