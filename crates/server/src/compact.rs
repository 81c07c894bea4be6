//! The feed, kept short.
//!
//! A conversation that a hundred messages went through has a hundred changes, and its
//! reader gets one record: as it is now. A change says nothing when a later one of the
//! same record has the same audiences, before and after; such changes are dropped.
//! Whoever reads from before both gets the record by the later one; whoever stands
//! between them gets the later one anyhow. So no cursor becomes too old by it.
//!
//! Invariants
//! - Looking for them holds up nobody: a reader does it, a window at a time; the
//!   writer is given a few numbers at once.
//! - The newest changes are left alone: streams are reading them.

use crate::Server;
use crate::http::Shared;
use crate::store::Stop;
use std::sync::Arc;
use std::time::Duration;

/// How often a window is looked through.
const EVERY: Duration = Duration::from_secs(60);
/// The newest numbers, which are left alone.
const LEFT_ALONE: i64 = 1_000;
/// Changes looked through at once.
const WINDOW: usize = 10_000;
/// Changes dropped in one job of the writer.
const DROPPED_AT_ONCE: usize = 500;

impl Server {
    /// Drops changes that say nothing, all through the feed but for its newest
    /// `left_alone`; gives how many.
    pub async fn compact(&self, left_alone: i64) -> Result<usize, Stop> {
        let (mut after, mut dropped) = (0, 0);
        while let Some((next, count)) = window(&self.app, after, left_alone).await? {
            (after, dropped) = (next, dropped + count);
        }
        Ok(dropped)
    }

    /// Goes on dropping them, a window a minute, until the server is dropped.
    pub fn keep_compacting(&self) {
        let app = Arc::downgrade(&self.app);
        tokio::spawn(async move {
            let mut after = 0;
            loop {
                tokio::time::sleep(EVERY).await;
                let Some(app) = app.upgrade() else { return };
                match window(&app, after, LEFT_ALONE).await {
                    Ok(next) => after = next.map_or(0, |(next, _)| next),
                    Err(Stop::Fault(fault)) => {
                        crate::log::fault(&format!("the feed is not compacted: {fault:?}"))
                    }
                    Err(Stop::Refused(_)) => {}
                }
            }
        });
    }
}

/// Looks through the window after a number: where the next begins, and how many
/// changes were dropped; `None` at the end.
async fn window(app: &Shared, after: i64, left_alone: i64) -> Result<Option<(i64, usize)>, Stop> {
    let found = app.store.read(move |look| look.said_again(after, left_alone, WINDOW)).await?;
    let Some((next, idle)) = found else { return Ok(None) };
    for some in idle.chunks(DROPPED_AT_ONCE) {
        let some = some.to_vec();
        app.store.write(move |tx| tx.drop_changes(&some)).await?;
    }
    Ok(Some((next, idle.len())))
}
