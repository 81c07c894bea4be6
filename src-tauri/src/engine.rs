//! The engine as the shell holds it: opened once, before the window.
//!
//! When it cannot be opened (another window has this profile, the disk is full,
//! the app is older than its data) the window opens all the same, and every
//! command answers why: the page says it in words.

use std::collections::BTreeSet;
use std::sync::Arc;

use fieldline_core::clock::Clock;
use fieldline_core::remote::ReqwestWire;
use fieldline_core::store::Disk;
use fieldline_core::view::Topic;
use fieldline_core::{Engine, Setup};
use fieldline_model::api::Hold;
use fieldline_model::{Code, Problem};
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;

use crate::keychain::SystemKeychain;
use crate::{news, profile};

/// The engine, or why there is none.
pub struct Core(Result<Engine, Problem>);

impl Core {
    /// Opens the engine on this device's folder and begins to pass on what it tells.
    pub fn open(app: &AppHandle) -> Self {
        let opened = tauri::async_runtime::block_on(open(app));
        if let Ok(engine) = &opened {
            pass_on(app.clone(), engine);
        }
        Self(opened)
    }

    /// The engine.
    ///
    /// # Errors
    ///
    /// Why it could not be opened.
    pub fn engine(&self) -> Result<&Engine, Problem> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

/// Somebody looks at the window again: what was missed is fetched now.
pub fn wake(app: &AppHandle) {
    // The first Resumed comes before the set-up; then there is nothing to wake.
    let Some(Ok(engine)) = app.try_state::<Core>().map(|core| core.engine().cloned()) else { return };
    tauri::async_runtime::spawn(async move {
        // Refused only while nobody is signed in.
        let _ = engine.sync_now().await;
    });
}

async fn open(app: &AppHandle) -> Result<Engine, Problem> {
    let folder = profile::data_folder(app).map_err(|_| Code::StorageFailed)?;
    let setup = Setup {
        disk: Disk::open(folder.join("engine")).await?,
        clock: Clock::system(),
        wire: Arc::new(ReqwestWire::default()),
        device_name: profile::device_name(),
        hold: Hold::Token,
        keychain: SystemKeychain::begin().ok(),
        inline: false,
    };
    Engine::open(setup).await
}

/// Hands hints on in heaps: a page that catches up after a week reads again a few
/// times, not a thousand.
fn pass_on(app: AppHandle, engine: &Engine) {
    let mut hints = engine.subscribe();
    tauri::async_runtime::spawn(async move {
        let mut heap = BTreeSet::new();
        loop {
            match hints.recv().await {
                Ok(topics) => heap.extend(topics),
                // Too many at once: what was missed is named as a whole.
                Err(RecvError::Lagged(_)) => heap.extend([Topic::Everything]),
                Err(RecvError::Closed) => return,
            }
            while let Ok(more) = hints.try_recv() {
                heap.extend(more);
            }
            news::tell(&app, std::mem::take(&mut heap).into_iter().collect());
        }
    });
}
