//! A look at one moment of the file: what all fetching hangs on.

use super::Stop;
use fieldline_model::WorkspaceId;
use rusqlite::{Connection, Params, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// One moment of one workspace.
pub struct Look<'c> {
    pub(super) conn: &'c Connection,
    pub(super) workspace: WorkspaceId,
}

impl<'c> Look<'c> {
    pub(super) fn new(conn: &'c Connection, workspace: WorkspaceId) -> Self {
        Self { conn, workspace }
    }

    /// Which workspace.
    pub fn workspace_id(&self) -> WorkspaceId {
        self.workspace
    }

    /// Whether the file is of this server's version: a newer one may have been started.
    pub fn is_newest(&self) -> Result<bool, Stop> {
        Ok(super::migrate::is_newest(self.conn)?)
    }

    /// The workspace's key, as every statement's first parameter.
    pub(super) fn key(&self) -> &[u8; 16] {
        self.workspace.0.as_bytes()
    }

    /// The row `sql` gives, if any.
    pub(super) fn one<T, P: Params>(
        &self,
        sql: &str,
        params: P,
        read: impl FnOnce(&Row<'_>) -> Result<T, Stop>,
    ) -> Result<Option<T>, Stop> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        match rows.next()? {
            Some(row) => read(row).map(Some),
            None => Ok(None),
        }
    }

    /// Every row `sql` gives.
    pub(super) fn all<T, P: Params>(
        &self,
        sql: &str,
        params: P,
        mut read: impl FnMut(&Row<'_>) -> Result<T, Stop>,
    ) -> Result<Vec<T>, Stop> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }
}

/// The id in column `i`.
pub(super) fn id(row: &Row<'_>, i: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(i).map(Uuid::from_bytes)
}

/// The JSON in column `i`.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, i: usize) -> Result<T, Stop> {
    Ok(serde_json::from_str(row.get_ref(i)?.as_str().map_err(rusqlite::Error::from)?)?)
}

/// How a value of a closed list (a role, a state, a kind) is written in a column.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("a closed list writes as one word, not {other:?}"),
    }
}

/// The value of a closed list in column `i`.
pub(super) fn of_word<T: DeserializeOwned>(row: &Row<'_>, i: usize) -> Result<T, Stop> {
    Ok(serde_json::from_value(serde_json::Value::String(row.get(i)?))?)
}

#[cfg(test)]
mod tests {
    use super::super::{connect, migrate};
    use rusqlite::{StatementStatus, params};

    #[test]
    fn a_kept_statement_is_prepared_once_whatever_is_asked_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = connect(&folder.path().join("fieldline.db")).unwrap();
        migrate::to_newest(&mut conn).unwrap();
        let sql = super::super::feed::NEWEST_CHANGE;
        for id in 0u8..3 {
            let mut statement = conn.prepare_cached(sql).unwrap();
            let asked = params![[0u8; 16], "person", [id; 16]];
            let newest: Option<i64> = statement.query_row(asked, |row| row.get(0)).unwrap();
            assert_eq!(newest, None);
        }
        assert_eq!(conn.prepare_cached(sql).unwrap().get_status(StatementStatus::RePrepare), 0);
    }
}
