//! What the cache holds, read: the records a screen asks for by name.

use super::kind_word;
use crate::store::{facts, json, problem};
use fieldline_model::{Code, Conversation, Me, PlaceId, Policy, Problem, Record, RecordKind};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// A record that stands alone, as the server last said.
pub(in crate::store) fn record(
    connection: &Connection,
    kind: RecordKind,
    id: Uuid,
) -> Result<Option<Record>, Problem> {
    let body: Option<Option<String>> = connection
        .prepare_cached("SELECT body FROM record WHERE kind = ?1 AND id = ?2")
        .and_then(|mut s| s.query_row(params![kind_word(kind), id], |r| r.get(0)).optional())
        .map_err(problem)?;
    body.flatten().map(|b| json(&b)).transpose()
}

/// Who is signed in, as the server last said.
pub fn me(connection: &Connection) -> Result<Option<Me>, Problem> {
    match record(connection, RecordKind::Me, Uuid::nil())? {
        Some(Record::Me(me)) => Ok(Some(me)),
        _ => match facts::get(connection, "me")? {
            Some(me) => json(&me).map(Some),
            None => Ok(None),
        },
    }
}

/// The person who is signed in; a profile always has one.
pub fn my(connection: &Connection) -> Result<Me, Problem> {
    me(connection)?.ok_or_else(|| Code::SignedOut.into())
}

/// What may be sent, as the server last said.
pub fn policy(connection: &Connection) -> Result<Policy, Problem> {
    match record(connection, RecordKind::Policy, Uuid::nil())? {
        Some(Record::Policy(policy)) => Ok(policy),
        _ => Ok(Policy::default()),
    }
}

/// A conversation as the server last said.
pub fn conversation(connection: &Connection, place: PlaceId) -> Result<Option<Conversation>, Problem> {
    let body: Option<Option<String>> = connection
        .prepare_cached("SELECT body FROM conversation WHERE id = ?1")
        .and_then(|mut s| s.query_row([place.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    body.flatten().map(|b| json(&b)).transpose()
}
