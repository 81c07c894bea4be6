//! Files of one profile: photos that were chosen here, and pictures that were
//! fetched. Camera, Gallery, paste and drop all end here: the bytes are copied
//! into the app's own storage, by name, before anything else can fail.
//!
//! A name is a [`BlobHash`](fieldline_model::BlobHash) for what was chosen here,
//! or `<message>-<i>-<rendition>` for what was fetched: letters, digits and
//! hyphens, never a path.
//!
//! Invariants
//! - `put` returns after the bytes, and the folder that lists them, are durable;
//!   only then may a row mention them (transaction rule 1).
//! - A name either holds all its bytes or does not exist.

#[cfg(not(target_arch = "wasm32"))]
mod folder;
#[cfg(target_arch = "wasm32")]
mod opfs;

#[cfg(not(target_arch = "wasm32"))]
pub use folder::Blobs;
#[cfg(target_arch = "wasm32")]
pub use opfs::Blobs;

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 80 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
