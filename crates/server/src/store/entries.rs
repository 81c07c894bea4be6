//! The entries of a place, by their numbers.
//!
//! Their index has the places of one run of numbers side by side: `(n / 16, place, n)`.
//! By place alone, twenty who write in twenty conversations at once would touch twenty
//! pages of it, and every page that a commit touches goes through the log whole.
//!
//! Invariant: a place has its entries from 1 to its conversation's or group's last, without gaps.

use super::Stop;
use super::look::{Look, json};
use fieldline_model::{Message, PlaceId};
use rusqlite::params;

/// Numbers of a run, as the index `message_runs` has them.
const RUN: i64 = 16;

impl Look<'_> {
    /// The number of a place's newest entry; 0 when it has none.
    fn last_n(&self, place: PlaceId) -> Result<i64, Stop> {
        let last = self.one(
            "SELECT json_extract(body, '$.last_n') FROM conversation WHERE workspace = ?1 AND id = ?2
             UNION ALL SELECT last_n FROM message_group WHERE workspace = ?1 AND id = ?2",
            params![self.key(), place.0.as_bytes()],
            |row| Ok(row.get::<_, Option<i64>>(0)?),
        )?;
        Ok(last.flatten().unwrap_or(0))
    }

    /// The `limit` entries of a place before number `before`, newest first.
    pub fn entries(&self, place: PlaceId, before: i64, limit: usize) -> Result<Vec<Message>, Stop> {
        let mut found = Vec::new();
        let mut run = self.last_n(place)?.min(before.saturating_sub(1)) / RUN;
        while run >= 0 && found.len() < limit {
            let left = (limit - found.len()) as i64;
            found.extend(self.all(
                "SELECT body FROM message WHERE workspace = ?1 AND n / 16 = ?2 AND place = ?3 AND n < ?4
                 ORDER BY n DESC LIMIT ?5",
                params![self.key(), run, place.0.as_bytes(), before, left],
                |row| json(row, 0),
            )?);
            run -= 1;
        }
        Ok(found)
    }

    /// The `limit` entries of a place after number `after`, oldest first, each with its
    /// public number.
    pub(super) fn entries_after(
        &self,
        place: PlaceId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, Message)>, Stop> {
        let (mut found, last) = (Vec::new(), self.last_n(place)?);
        let mut run = after.max(0) / RUN;
        while run <= last / RUN && found.len() < limit {
            let left = (limit - found.len()) as i64;
            found.extend(self.all(
                "SELECT public_seq, body FROM message
                 WHERE workspace = ?1 AND n / 16 = ?2 AND place = ?3 AND n > ?4 ORDER BY n LIMIT ?5",
                params![self.key(), run, place.0.as_bytes(), after, left],
                |row| Ok((row.get(0)?, json(row, 1)?)),
            )?);
            run += 1;
        }
        Ok(found)
    }

    /// The public number of an entry.
    fn public_seq_at(&self, place: PlaceId, n: i64) -> Result<Option<i64>, Stop> {
        self.one(
            "SELECT public_seq FROM message WHERE workspace = ?1 AND n / 16 = ?2 AND place = ?3 AND n = ?4",
            params![self.key(), n / RUN, place.0.as_bytes(), n],
            |row| Ok(row.get(0)?),
        )
    }

    /// The number in its place of the newest entry up to a public number; 0 when there
    /// is none. Both numbers grow together, so it is looked for by halves; mostly all
    /// or none of a place is past it.
    pub fn n_at(&self, place: PlaceId, public_seq: i64) -> Result<i64, Stop> {
        let is_past = |n| Ok::<_, Stop>(self.public_seq_at(place, n)?.is_none_or(|seq| seq > public_seq));
        let (mut low, mut high) = (0, self.last_n(place)?);
        if high == 0 || !is_past(high)? {
            return Ok(high);
        }
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if is_past(middle)? { high = middle } else { low = middle }
        }
        Ok(low)
    }

    /// The public number of the newest entry of a place up to `n`; `None` when there is none.
    pub(super) fn public_seq_up_to(&self, place: PlaceId, n: i64) -> Result<Option<i64>, Stop> {
        // Mostly there is that very one.
        match self.public_seq_at(place, n)? {
            None => self.public_seq_at(place, n.min(self.last_n(place)?)),
            found => Ok(found),
        }
    }

    /// Whether anything was said in its place after `message`.
    pub fn said_after(&self, message: &Message) -> Result<bool, Stop> {
        for run in message.n / RUN..=self.last_n(message.place)? / RUN {
            let said = self.one(
                "SELECT 1 FROM message WHERE workspace = ?1 AND n / 16 = ?2 AND place = ?3 AND n > ?4
                   AND json_extract(body, '$.body.what') = 'said' LIMIT 1",
                params![self.key(), run, message.place.0.as_bytes(), message.n],
                |_| Ok(()),
            )?;
            if said.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{connect, migrate};
    use super::*;
    use fieldline_model::{Author, Body, Event, MessageId, WorkspaceId};
    use uuid::Uuid;

    /// A place of 50 entries, whose public numbers are every second one from 11 on.
    fn with_entries(conn: &rusqlite::Connection, place: PlaceId) {
        conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let (key, id) = ([0u8; 16], place.0.as_bytes());
        conn.execute(
            "INSERT INTO conversation (workspace, id, customer, state, created_at_ms, body)
             VALUES (?1, ?2, ?1, 'open', 1, '{\"last_n\":50}')",
            params![key, id],
        )
        .unwrap();
        for n in 1..=50i64 {
            let message = Message {
                id: MessageId(Uuid::from_u128(n as u128)),
                place,
                n,
                author: Author::Customer,
                at_ms: 1,
                written_at_ms: 1,
                body: Body::Happened { event: Event::Picked },
                deleted: false,
            };
            conn.execute(
                "INSERT INTO message (workspace, id, place, n, customer, public_seq, body, seq)
                 VALUES (?1, ?2, ?3, ?4, ?1, ?5, ?6, 1)",
                params![
                    key,
                    message.id.0.as_bytes(),
                    id,
                    n,
                    9 + 2 * n,
                    serde_json::to_string(&message).unwrap()
                ],
            )
            .unwrap();
        }
    }

    #[test]
    fn entries_are_found_over_the_ends_of_their_runs() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = connect(&folder.path().join("fieldline.db")).unwrap();
        migrate::to_newest(&mut conn).unwrap();
        let (place, nowhere) = (PlaceId(Uuid::from_u128(7)), PlaceId(Uuid::from_u128(8)));
        with_entries(&conn, place);
        let look = Look::new(&conn, WorkspaceId(Uuid::nil()));
        let before =
            |n, limit| look.entries(place, n, limit).unwrap().iter().map(|entry| entry.n).collect::<Vec<_>>();
        assert_eq!(before(i64::MAX, 60), (1..=50).rev().collect::<Vec<_>>());
        assert_eq!(before(34, 20), (14..=33).rev().collect::<Vec<_>>());
        assert_eq!((before(1, 5), before(i64::MIN, 5)), (vec![], vec![]));
        let after = |n, limit| {
            let found = look.entries_after(place, n, limit).unwrap();
            found.iter().map(|(seq, entry)| (*seq, entry.n)).collect::<Vec<_>>()
        };
        assert_eq!(after(15, 3), [(41, 16), (43, 17), (45, 18)]);
        assert_eq!((after(0, 99).len(), after(50, 9)), (50, vec![]));
        let n_at = |seq| look.n_at(place, seq).unwrap();
        assert_eq!([10, 11, 12, 13, 108, 109, 500].map(n_at), [0, 1, 1, 2, 49, 50, 50]);
        let up_to = |n| look.public_seq_up_to(place, n).unwrap();
        assert_eq!([0, 1, 16, 50, 99].map(up_to), [None, Some(11), Some(41), Some(109), Some(109)]);
        assert_eq!((look.n_at(nowhere, 9), look.public_seq_up_to(nowhere, 9)), (Ok(0), Ok(None)));
        assert!(look.entries(nowhere, i64::MAX, 9).unwrap().is_empty());
    }

    #[test]
    fn an_entry_is_found_by_the_index_and_not_by_reading_others() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = connect(&folder.path().join("fieldline.db")).unwrap();
        migrate::to_newest(&mut conn).unwrap();
        let sql = "EXPLAIN QUERY PLAN SELECT body FROM message
                   WHERE workspace = ?1 AND n / 16 = ?2 AND place = ?3 AND n < ?4 ORDER BY n DESC LIMIT ?5";
        let asked = params![[0u8; 16], 1, [0u8; 16], 20, 5];
        let plan: String = conn.query_row(sql, asked, |row| row.get(3)).unwrap();
        assert!(plan.contains("message_runs (workspace=? AND <expr>=? AND place=? AND n<?)"), "{plan}");
    }
}
