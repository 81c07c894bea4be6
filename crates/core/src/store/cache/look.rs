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
    body(connection, kind, id)?.map(|b| json(&b)).transpose()
}

fn body(connection: &Connection, kind: RecordKind, id: Uuid) -> Result<Option<String>, Problem> {
    connection
        .prepare_cached("SELECT body FROM record WHERE kind = ?1 AND id = ?2")
        .and_then(|mut s| s.query_row(params![kind_word(kind), id], |r| r.get(0)).optional())
        .map(Option::flatten)
        .map_err(problem)
}

/// Who is signed in, as the server last said.
pub fn me(connection: &Connection) -> Result<Option<Me>, Problem> {
    // Every read of a screen asks for it: the record is read as what it is known to be.
    let said = body(connection, RecordKind::Me, Uuid::nil())?;
    let me = if said.is_some() { said } else { facts::get(connection, "me")? };
    me.map(|me| json(&me)).transpose()
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
