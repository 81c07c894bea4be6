//! The engine of one Fieldline device: an offline cache, an outbox, and the sync
//! between them and a server. Headless: it knows no window and no Tauri; the
//! shell and the browser's worker hold one [`Engine`] each.
//!
//! ```text
//!   screens ──► engine ──► store (SQLite: cache, outbox, drafts) ◄── sync ──► remote
//!      ▲                     │                                        │
//!      └──── views ◄── overlay (the outbox laid over the cache)      blobs
//! ```
//!
//! Invariants
//! - Screens read the store, never the network; what they ask is committed there
//!   before they show it.
//! - Only [`remote`] speaks HTTP, only [`store`] speaks SQL, only [`clock`] tells
//!   time. (Held by `scripts/lint-rooms.sh`.)
//! - Only five doors know the platform: the store's runner and disk, the wire,
//!   the clock, the blobs, the keychain.

pub mod bell;
pub mod blobs;
pub mod clock;
pub mod door;
mod engine;
pub mod failpoint;
pub mod overlay;
pub mod profile;
pub mod remote;
mod signals;
pub mod store;
mod sync;
pub mod tokens;
pub mod view;

pub use engine::{Engine, Setup};
