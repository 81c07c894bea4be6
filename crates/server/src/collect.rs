//! The bytes of deleted photos, removed from the disk, and those that never got a name.
//!
//! A deletion lists a blob that nothing names any more; its files go some time after
//! that commit. Whoever brings the same bytes again takes them off the list. A server that
//! was killed between a photo's files and its row leaves files that nothing lists: folder
//! after folder is looked through for them.
//!
//! Invariant: files are removed while nobody makes new ones of which no row tells yet.

use crate::Server;
use crate::http::Shared;
use crate::store::Stop;
use fieldline_model::BlobHash;
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
            for folder in (0..=u8::MAX).cycle() {
                tokio::time::sleep(EVERY).await;
                let Some(app) = app.upgrade() else { return };
                for done in [collect(&app).await.map(drop), sweep(&app, folder).await] {
                    if let Err(Stop::Fault(fault)) = done {
                        crate::log::fault(&format!("bytes that nothing names are not removed: {fault:?}"));
                    }
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

/// Looks through one folder of blobs for what no row names.
async fn sweep(app: &Shared, folder: u8) -> Result<(), Stop> {
    let uploads = app.uploads.clone();
    let there = app.store.beside(move || uploads.blobs_in(folder)).await?;
    unnamed(app, there).await
}

/// Removes the files of those of `hashes` that no row names.
pub async fn unnamed(app: &Shared, hashes: Vec<BlobHash>) -> Result<(), Stop> {
    let left = app.store.read(move |look| look.unnamed(hashes)).await?;
    if left.is_empty() {
        return Ok(());
    }
    let _alone = app.uploads.naming.write().await;
    // Some may have got their name while we waited for our turn.
    let left = app.store.read(move |look| look.unnamed(left)).await?;
    let uploads = app.uploads.clone();
    app.store.beside(move || left.iter().try_for_each(|hash| uploads.remove(hash))).await
}
