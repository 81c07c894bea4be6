//! Whether the server can do its work now.
//!
//! Invariant: whoever asks, and however often, it is tried at most once a second.

use crate::http::Shared;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use tokio::sync::Mutex;

/// What was found holds this long.
const FRESH_MS: i64 = 1_000;
/// A writer that takes longer is not ready for anybody.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is ready. All of it, or the server is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ready {
    /// The writer takes a job and answers.
    pub writer: bool,
    /// A file can be written beside the database.
    pub disk: bool,
    /// The database is of this server's version.
    pub migrated: bool,
    /// The server is not stopping.
    pub serving: bool,
}

impl Ready {
    /// Whether everything is.
    pub fn is_all(self) -> bool {
        self.writer && self.disk && self.migrated && self.serving
    }
}

/// What was found last, and when.
#[derive(Default)]
pub struct Health(Mutex<Option<(i64, Ready)>>);

impl Health {
    /// What is ready now.
    pub async fn look(&self, app: &Shared) -> Ready {
        let mut last = self.0.lock().await;
        let now = app.clock.now_ms();
        let serving = !app.hub.is_closed();
        if let Some((at_ms, found)) = *last
            && (0..FRESH_MS).contains(&(now - at_ms))
        {
            return Ready { serving, ..found };
        }
        let dir = app.dir.clone();
        let writer = tokio::time::timeout(PATIENCE, app.store.write(|_| Ok(()))).await;
        let found = Ready {
            writer: matches!(writer, Ok(Ok(()))),
            disk: app.store.beside(move || Ok(can_write(&dir))).await.unwrap_or(false),
            migrated: app.store.read(|look| look.is_newest()).await.unwrap_or(false),
            serving,
        };
        *last = Some((now, found));
        found
    }
}

fn can_write(dir: &Path) -> bool {
    let file = dir.join("ready");
    let written = std::fs::File::create(&file).and_then(|mut it| {
        it.write_all(&[0; 4096])?;
        it.sync_data()
    });
    // Also a half-written one is taken away.
    std::fs::remove_file(file).is_ok() && written.is_ok()
}
