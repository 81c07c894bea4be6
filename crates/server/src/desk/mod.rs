//! The desk: what people and customers ask for, done to the truth.
//!
//! An intent's way: its bytes are hashed as they came; in the writer's transaction
//! its idempotency row is looked for; the model's rule is applied to today's
//! record; effect, row and changes commit together ([`crate::store::Tx::step`]);
//! the answer carries the records as they then are.
//!
//! ```text
//!            ┌ row, accepted, same bytes and device ─► accepted, today's records
//! intent ────┼ row, other bytes or somebody else's ──► refused(id_reused), and so is an entry's id
//!            └ no row, or refused before ─► needs? ─► rule ─► accepted | refused(code)
//!                                             └ not here yet ─► later, and its lane with it
//! ```
//!
//! An intent that was refused is judged anew when it comes again: its person asked
//! again, and things may stand otherwise.
//!
//! Invariants
//! - No decision reads a device's clock.
//! - A repeat has no effect and reads no differently from the first answer, but for
//!   what has changed since.

mod ask;
mod block;
mod customer;
mod erase;
mod groups;
pub mod offers;
mod one_time_link;
pub mod public;
mod rename;

pub use block::{block, unblock};
pub use customer::{Said, read, say, start};
pub use one_time_link::one_time_link;
pub use rename::rename;

use crate::feed;
use crate::store::{Act, Actor, IntentRow, Put, Session, Stop, Tx};
use fieldline_model::client::ClientIntent;
use fieldline_model::{
    Ask, Change, Code, GroupId, Intent, IntentId, Outcome, PlaceId, Problem, RecordKind, RecordRef, Scope,
    Verdict,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a *later* asks a device to wait when an intent came before the one it needs.
const NEEDS_WAIT_MS: u64 = 1_000;

/// The kinds of [`Ask`]; another kind is a newer app's.
pub const KINDS: [&str; 16] = [
    "pick",
    "send",
    "end",
    "reopen",
    "read",
    "note",
    "transfer",
    "accept",
    "pass",
    "availability",
    "delete",
    "start",
    "members",
    "leave",
    "rename",
    "sound",
];

/// The body of `POST /v1/intents`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch<'b> {
    #[serde(borrow)]
    intents: Vec<&'b RawValue>,
}

/// One intent of a batch: its bytes' hash and what they say.
pub struct Item {
    id: Option<IntentId>,
    hash: [u8; 32],
    intent: Result<Intent, Code>,
}

/// Takes a batch apart; an item that does not read is refused alone.
///
/// Refuses the whole with *bad_request* when it is no batch, or of more than
/// [`fieldline_model::api::BATCH_MAX`].
pub fn items(body: &[u8]) -> Result<Vec<Item>, Problem> {
    Ok(batch(body)?.intents.iter().map(|raw| item(raw.get())).collect())
}

/// The same of a client's batch: what is staff's to ask is refused as such, whatever it
/// is about.
pub fn client_items(body: &[u8]) -> Result<Vec<Item>, Problem> {
    let mine = |raw: &&RawValue| {
        let item = item(raw.get());
        let asked = serde_json::from_str::<ClientIntent>(raw.get()).map(Intent::from);
        let intent = item.intent.and_then(|_| asked.map_err(|_| Code::NotPermitted));
        Item { intent, ..item }
    };
    Ok(batch(body)?.intents.iter().map(mine).collect())
}

fn batch(body: &[u8]) -> Result<Batch<'_>, Problem> {
    let batch: Batch<'_> = serde_json::from_slice(body).map_err(|_| Problem::new(Code::BadRequest))?;
    if batch.intents.len() > fieldline_model::api::BATCH_MAX {
        return Err(Code::BadRequest.into());
    }
    Ok(batch)
}

fn item(raw: &str) -> Item {
    let hash = Sha256::digest(raw.as_bytes()).into();
    if let Ok(intent) = serde_json::from_str::<Intent>(raw) {
        return Item { id: Some(intent.id), hash, intent: Ok(intent) };
    }
    let loose: serde_json::Value = serde_json::from_str(raw).unwrap_or_default();
    let id = loose["id"].as_str().and_then(|id| id.parse().ok());
    let known = loose["ask"]["kind"].as_str().is_none_or(|kind| KINDS.contains(&kind));
    Item { id, hash, intent: Err(if known { Code::BadRequest } else { Code::UnknownIntent }) }
}

/// Does a batch, in order. Once one of a lane is to come later, so is its rest.
pub fn submit(tx: &mut Tx<'_>, session: &Session, items: &[Item]) -> Result<Vec<Verdict>, Stop> {
    let mut held: BTreeSet<PlaceId> = BTreeSet::new();
    let mut verdicts = Vec::with_capacity(items.len());
    for item in items {
        let lane = item.intent.as_ref().ok().map(|intent| intent.ask.place());
        let outcome = if lane.is_some_and(|lane| held.contains(&lane)) {
            Outcome::Later { wait_ms: NEEDS_WAIT_MS }
        } else {
            judge(tx, session, item)?
        };
        if let (Outcome::Later { .. }, Some(lane)) = (&outcome, lane) {
            held.insert(lane);
        }
        verdicts.push(Verdict { intent: item.id, outcome });
    }
    Ok(verdicts)
}

fn judge(tx: &mut Tx<'_>, session: &Session, item: &Item) -> Result<Outcome, Stop> {
    let act = Act::new(Actor::Person(session.person.id), "intent");
    let intent = match &item.intent {
        Ok(intent) => intent,
        Err(code) => {
            let problem = Problem::new(*code);
            tx.deny(act, &problem)?;
            return Ok(Outcome::Refused { problem });
        }
    };
    let row = IntentRow {
        id: intent.id,
        asker: session.person.id.0,
        device: session.device,
        hash: item.hash,
        code: None,
    };
    let act = Act { what: word(&intent.ask), ..act }.about(intent.ask.place().0);
    match settled(tx, &row)? {
        Before::Accepted => return accepted(tx, session, intent, Vec::new()),
        Before::Another => {
            let problem = Problem::new(Code::IdReused);
            tx.deny(act, &problem)?;
            return Ok(Outcome::Refused { problem });
        }
        Before::Nothing => {}
    }
    let needs = match intent.needs {
        Some(needs) => needed(tx, session, needs)?,
        None => Needs::Met,
    };
    if needs == Needs::NotHere {
        return Ok(Outcome::Later { wait_ms: NEEDS_WAIT_MS });
    }
    let done = tx.step(act, |tx| {
        if needs == Needs::Refused {
            return Err(Code::NeedsRefused.into());
        }
        ask::apply(tx, session, intent)?;
        tx.answers(row.clone());
        Ok(())
    });
    match done {
        Ok(()) => {
            let put = tx.take_put();
            accepted(tx, session, intent, put)
        }
        Err(Stop::Refused(problem)) => {
            tx.log_refused(&IntentRow { code: Some(problem.code), ..row })?;
            Ok(Outcome::Refused { problem })
        }
        Err(fault) => Err(fault),
    }
}

/// What is known of an intent's id.
enum Before {
    Nothing,
    Accepted,
    Another,
}

/// Whether these bytes were accepted before, or others under the same id. That an id is an
/// entry's of the server's own making shows when it is to be another entry's.
fn settled(tx: &Tx<'_>, row: &IntentRow) -> Result<Before, Stop> {
    Ok(match tx.intent(row.id)? {
        None => Before::Nothing,
        Some(known) if (known.asker, known.hash) != (row.asker, row.hash) => Before::Another,
        Some(known) if known.code.is_some() => Before::Nothing,
        Some(_) => Before::Accepted,
    })
}

#[derive(PartialEq, Eq)]
enum Needs {
    Met,
    Refused,
    NotHere,
}

fn needed(tx: &Tx<'_>, session: &Session, id: IntentId) -> Result<Needs, Stop> {
    Ok(match tx.intent(id)? {
        Some(row) if row.asker != session.person.id.0 || row.code.is_some() => Needs::Refused,
        Some(_) => Needs::Met,
        None => Needs::NotHere,
    })
}

/// The records an intent touched, as its asker sees them now; those it `put` a moment
/// ago need not be read.
fn accepted(tx: &Tx<'_>, session: &Session, intent: &Intent, mut put: Vec<Put>) -> Result<Outcome, Stop> {
    let place = intent.ask.place().0;
    let of_group = match intent.ask {
        Ask::Send(_) => is_group(tx, place, &put)?,
        // What is not the newest is deleted without moving a conversation's record.
        Ask::Delete { .. } => is_group(tx, place, &[])?,
        _ => false,
    };
    let record = if of_group { RecordKind::Group } else { RecordKind::Conversation };
    let mut kinds = vec![(record, place), (RecordKind::Message, intent.id.0)];
    match intent.ask {
        Ask::Send(_) => kinds.push((RecordKind::Read, place)),
        Ask::Start(_) => {
            kinds[0].0 = RecordKind::Group;
            kinds.push((RecordKind::Read, place));
        }
        Ask::Members { .. } | Ask::Leave { .. } | Ask::Rename { .. } => kinds[0].0 = RecordKind::Group,
        Ask::Sound { .. } | Ask::Read { .. } => kinds = vec![(RecordKind::Read, place)],
        Ask::Accept { .. } => kinds.push((RecordKind::Offer, place)),
        Ask::Pass { .. } => kinds = vec![(RecordKind::Offer, place)],
        Ask::Availability { .. } => kinds = vec![(RecordKind::Availability, session.person.id.0)],
        Ask::Note { .. } => kinds = vec![(RecordKind::Note, intent.id.0)],
        Ask::Delete { message, .. } => kinds[1] = (RecordKind::Message, message.0),
        _ => {}
    }
    let reader = session.reader();
    // Whoever did something to a record has seen it: what is gone since has *left*.
    let was = Scope::Only { person: reader.id };
    let mut changes: Vec<Change> = Vec::with_capacity(kinds.len());
    for (kind, id) in kinds {
        let name = RecordRef { kind, id };
        changes.extend(match put.iter().position(|put| put.record.name() == name) {
            Some(at) => feed::seen_as_put(&reader, put.swap_remove(at), &was),
            None => feed::seen(tx, &reader, name, &was)?,
        });
    }
    Ok(Outcome::Accepted { changes })
}

/// Whether what was said at `place` was said in a group.
fn is_group(tx: &Tx<'_>, place: Uuid, put: &[Put]) -> Result<bool, Stop> {
    match put {
        [] => Ok(tx.group(GroupId(place))?.is_some()),
        // What is said moves a conversation's record, and none of a group.
        some => Ok(some.iter().all(|put| put.record.name().kind != RecordKind::Conversation)),
    }
}

fn word(ask: &Ask) -> &'static str {
    match ask {
        Ask::Pick { .. } => "pick",
        Ask::Send(_) => "send",
        Ask::End { .. } => "end",
        Ask::Reopen { .. } => "reopen",
        Ask::Read { .. } => "read",
        Ask::Accept { .. } => "accept",
        Ask::Pass { .. } => "pass",
        Ask::Availability { .. } => "availability",
        Ask::Note { .. } => "note",
        Ask::Transfer { .. } => "transfer",
        Ask::Delete { .. } => "delete",
        Ask::Start(_) => "start",
        Ask::Members { .. } => "members",
        Ask::Leave { .. } => "leave",
        Ask::Rename { .. } => "rename",
        Ask::Sound { .. } => "sound",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_the_model_has_is_known_here() {
        let schema = serde_json::to_value(schemars::schema_for!(Ask)).unwrap();
        let kinds: BTreeSet<_> = schema["oneOf"]
            .as_array()
            .unwrap()
            .iter()
            .map(|kind| kind["properties"]["kind"]["const"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(kinds, KINDS.iter().map(|k| (*k).to_owned()).collect());
    }

    #[test]
    fn a_batch_is_taken_apart_and_each_item_judged_alone() {
        let id = "00000000-0000-7000-8000-000000000001";
        let good =
            format!(r#"{{"id":"{id}","written_at_ms":1,"ask":{{"kind":"pick","conversation":"{id}"}}}}"#);
        let newer = good.replace("pick", "juggle");
        let text = r#"{"id":7}"#;
        let found = items(format!(r#"{{"intents":[{good}, {newer},{text},"x"]}}"#).as_bytes()).unwrap();
        let codes: Vec<_> = found.iter().map(|i| i.intent.as_ref().err().copied()).collect();
        assert_eq!(codes, [None, Some(Code::UnknownIntent), Some(Code::BadRequest), Some(Code::BadRequest)]);
        assert_eq!(found[0].hash, <[u8; 32]>::from(Sha256::digest(good.as_bytes())));
        assert_eq!(found[1].id, Some(id.parse().unwrap()));
        assert!(items(b"{\"intents\":[").is_err());
        let many = vec![good.as_str(); 101].join(",");
        assert!(items(format!(r#"{{"intents":[{many}]}}"#).as_bytes()).is_err());
    }
}
