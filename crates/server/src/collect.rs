//! The bytes of deleted photos, removed from the disk.
//!
//! A deletion lists a blob that nothing names any more; its files go some time after
//! that commit. Whoever brings the same bytes again takes them off the list.
//!
//! Invariant: files are removed while nobody makes new ones of which no row tells yet.

use crate::Server;
use crate::http::Shared;
use crate::store::Stop;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(60);
/// Blobs removed at once.
const AT_ONCE: usize = 100;

impl Server {
    /// Removes the files of blobs that nothing names any more; gives how many blobs.
    pub async fn collect(&self) -> Result<usize, Stop> {
        collect(&self.app).await
    }

    /// Goes on removing them until the server is dropped.
    pub fn keep_collecting(&self) {
        let app = Arc::downgrade(&self.app);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                let Some(app) = app.upgrade() else { return };
                if let Err(Stop::Fault(fault)) = collect(&app).await {
                    eprintln!("fault: bytes of deleted photos are not removed: {fault:?}");
                }
            }
        });
    }
}

async fn collect(app: &Shared) -> Result<usize, Stop> {
    let mut count = 0;
    loop {
        let gone = app.store.read(|look| look.blobs_gone(AT_ONCE)).await?;
        if gone.is_empty() {
            return Ok(count);
        }
        let _alone = app.uploads.naming.write().await;
        // Some may have been brought again while we waited for our turn.
        let gone = app.store.read(|look| look.blobs_gone(AT_ONCE)).await?;
        count += gone.len();
        let (uploads, files) = (app.uploads.clone(), gone.clone());
        app.store.beside(move || files.iter().try_for_each(|hash| uploads.remove(hash))).await?;
        app.store.write(move |tx| tx.forget_gone(&gone)).await?;
    }
}
