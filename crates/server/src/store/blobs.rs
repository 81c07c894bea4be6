//! Which bytes are ready to be shown, and who has a claim on them. The bytes
//! themselves are files ([`crate::uploads`]), durable before a row here names them.

use super::look::{Look, of_word, word};
use super::{Stop, Tx};
use fieldline_model::api::BlobReady;
use fieldline_model::{BlobHash, CustomerId, PersonId};
use rusqlite::params;

/// Whose an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A person's.
    Person(PersonId),
    /// A customer's.
    Customer(CustomerId),
}

impl Owner {
    /// As a key, and as a folder's name: `p-` or `c-` and an id.
    pub fn key(self) -> String {
        match self {
            Self::Person(id) => format!("p-{id}"),
            Self::Customer(id) => format!("c-{id}"),
        }
    }
}

impl Look<'_> {
    /// The bytes `owner` has a claim on.
    pub fn claimed(&self, owner: Owner, hash: &BlobHash) -> Result<Option<BlobReady>, Stop> {
        self.one(
            "SELECT b.kind, b.size_bytes, b.width, b.height, b.taken_at
             FROM claim c JOIN blob b ON b.workspace = c.workspace AND b.hash = c.hash
             WHERE c.workspace = ?1 AND c.owner = ?2 AND c.hash = ?3",
            params![self.key(), owner.key(), hash.as_str()],
            |row| {
                Ok(BlobReady {
                    kind: of_word(row, 0)?,
                    size_bytes: row.get::<_, i64>(1)?.unsigned_abs(),
                    width: row.get(2)?,
                    height: row.get(3)?,
                    taken_at: row.get(4)?,
                })
            },
        )
    }
}

impl Look<'_> {
    /// Those of `hashes` that no row names.
    pub fn unnamed(&self, hashes: Vec<BlobHash>) -> Result<Vec<BlobHash>, Stop> {
        let sql = "SELECT 1 FROM blob WHERE workspace = ?1 AND hash = ?2";
        let mut left = Vec::new();
        for hash in hashes {
            if self.one(sql, params![self.key(), hash.as_str()], |_| Ok(()))?.is_none() {
                left.push(hash);
            }
        }
        Ok(left)
    }
}

impl Tx<'_> {
    /// Gives `owner` a claim on bytes whose files are durable.
    pub fn claim(&mut self, owner: Owner, hash: &BlobHash, ready: &BlobReady) -> Result<(), Stop> {
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO blob (workspace, hash, kind, size_bytes, width, height, taken_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                self.key(),
                hash.as_str(),
                word(&ready.kind),
                ready.size_bytes as i64,
                ready.width,
                ready.height,
                ready.taken_at
            ])?;
        self.conn
            .prepare_cached("INSERT OR IGNORE INTO claim (workspace, owner, hash) VALUES (?1, ?2, ?3)")?
            .execute(params![self.key(), owner.key(), hash.as_str()])?;
        self.forget_gone(std::slice::from_ref(hash))
    }
}
