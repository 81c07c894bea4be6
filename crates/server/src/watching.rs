//! What the operator's command line wrote beside the running server is told within a
//! second: its process wakes nobody here.

use crate::Server;
use std::time::Duration;

/// How often it is looked for.
const EVERY: Duration = Duration::from_millis(500);

impl Server {
    /// Goes on looking for changes of another process, until the server is dropped.
    pub fn keep_watching(&self) {
        let app = std::sync::Arc::downgrade(&self.app);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                let Some(app) = app.upgrade() else { return };
                // What cannot be read now is looked for again.
                if let Ok(head) = app.store.read(|look| Ok(look.workspace()?.seq)).await {
                    app.hub.catch_up(head);
                }
            }
        });
    }
}
