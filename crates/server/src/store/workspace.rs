//! The one workspace of the file.

use super::look::{Look, json};
use super::{Stop, Tx};
use crate::clock::Clock;
use fieldline_model::{Policy, Record, Scope, WorkspaceId};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// The workspace and where its feed is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Its shown name.
    pub name: String,
    /// Of its feed.
    pub epoch: String,
    /// The number of the newest change.
    pub seq: i64,
    /// Cursors below it need a new snapshot.
    pub tail: i64,
    /// What may be sent.
    pub policy: Policy,
}

/// Which workspace the file has, if it was set up.
pub fn only(conn: &Connection) -> rusqlite::Result<Option<WorkspaceId>> {
    conn.query_row("SELECT id FROM workspace", [], |row| row.get::<_, [u8; 16]>(0))
        .optional()
        .map(|id| id.map(|id| WorkspaceId(Uuid::from_bytes(id))))
}

/// A name no feed had before.
pub fn mint_epoch(clock: &Clock) -> String {
    crate::secrets::base64url(&clock.random::<12>())
}

/// Sets one up, with the first change: what its policy is.
pub fn found(conn: &Connection, name: &str, clock: &Clock) -> rusqlite::Result<()> {
    let id = WorkspaceId::mint(clock.now_ms(), clock.random());
    let epoch = mint_epoch(clock);
    let policy = serde_json::to_string(&Policy::default()).expect("a policy is plain JSON");
    let tx = conn.unchecked_transaction()?;
    tx.execute(
        "INSERT INTO workspace (id, name, epoch, seq, policy) VALUES (?1, ?2, ?3, 1, ?4)",
        params![id.0.as_bytes(), name, epoch, policy],
    )?;
    tx.execute(
        r#"INSERT INTO change (workspace, seq, kind, id, scope, was_scope)
           VALUES (?1, 1, 'policy', ?2, '{"to":"everyone"}', '{"to":"nobody"}')"#,
        params![id.0.as_bytes(), Uuid::nil().as_bytes()],
    )?;
    tx.commit()
}

impl Look<'_> {
    /// The number of the newest change.
    pub(super) fn head(&self) -> Result<i64, Stop> {
        let sql = "SELECT seq FROM workspace WHERE id = ?1";
        let found = self.one(sql, params![self.key()], |row| Ok(row.get(0)?))?;
        found.ok_or_else(|| super::Fault::Broken("the workspace is gone".into()).into())
    }

    /// The workspace as it is.
    pub fn workspace(&self) -> Result<Workspace, Stop> {
        let found = self.one(
            "SELECT name, epoch, seq, tail, policy FROM workspace WHERE id = ?1",
            params![self.key()],
            |row| {
                Ok(Workspace {
                    name: row.get(0)?,
                    epoch: row.get(1)?,
                    seq: row.get(2)?,
                    tail: row.get(3)?,
                    policy: json(row, 4)?,
                })
            },
        )?;
        found.ok_or_else(|| super::Fault::Broken("the workspace is gone".into()).into())
    }

    /// Where the map's tiles are fetched, `{z}`, `{x}` and `{y}` in it; `None`: no map.
    pub fn tiles(&self) -> Result<Option<String>, Stop> {
        let sql = "SELECT tiles FROM workspace WHERE id = ?1";
        Ok(self.one(sql, params![self.key()], |row| Ok(row.get(0)?))?.flatten())
    }
}

impl Tx<'_> {
    /// Sets what may be sent; that it is as it was is told to nobody.
    pub fn put_policy(&mut self, policy: &Policy) -> Result<(), Stop> {
        if self.workspace()?.policy == *policy {
            return Ok(());
        }
        let body = serde_json::to_string(policy).expect("a policy is plain JSON");
        self.conn
            .prepare_cached("UPDATE workspace SET policy = ?2 WHERE id = ?1")?
            .execute(params![self.key(), body])?;
        self.note_put(Record::Policy(policy.clone()), Scope::Everyone, Scope::Everyone);
        Ok(())
    }

    /// Sets where the map's tiles are fetched.
    pub fn put_tiles(&mut self, address: Option<&str>) -> Result<(), Stop> {
        self.conn
            .prepare_cached("UPDATE workspace SET tiles = ?2 WHERE id = ?1")?
            .execute(params![self.key(), address])?;
        Ok(())
    }
}
