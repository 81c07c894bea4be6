//! Pictures: what is made of one before anybody sees it.
//!
//! ```text
//! server ──► apart ── bytes by stdin ──► worker ── confine ── picture ─┬─ moving   (gif)
//!               ▲                          │                           ├─ heic
//!               └── facts and renditions ──┘ a process of its own,     └─ taken    (when)
//!                   by stdout (wire)         for one picture alone
//! ```
//!
//! Whatever is shown is re-encoded from pixels: upright, in a size for screens,
//! with nothing of the file it came from. So no place, no camera's serial number
//! and no script in a comment gets through; and a file that cannot be decoded whole
//! is refused when it arrives, not when somebody opens it.
//!
//! Invariants
//! - A running server decodes nothing in its own process: a decoder that is taken over,
//!   loops or dies has one picture in its hands, and neither network, files nor database.
//! - Nothing is decoded before its header's pixels are under the limit.
//! - A rendition holds pixels alone, and of one that moves how it moves.

mod apart;
mod confine;
#[cfg(feature = "heic")]
mod heic;
mod moving;
mod picture;
mod taken;
pub mod wire;
pub mod worker;

pub use apart::{Apart, Limits};

use crate::store::Stop;
use fieldline_model::{FileType, Problem};
use serde::{Deserialize, Serialize};

/// What is known of a picture, from its own bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// By the bytes.
    pub kind: FileType,
    /// Of the display rendition, in pixels.
    pub width: u32,
    /// Of the display rendition, in pixels.
    pub height: u32,
    /// Whether the display rendition moves.
    pub moves: bool,
    /// When it was taken, as its camera says.
    pub taken_at: Option<String>,
}

/// What is shown of a picture.
pub struct Made {
    /// What is known of it.
    pub facts: Facts,
    /// JPEG, or GIF of one that moves; at most 2048 pixels on its longer side.
    pub display: Vec<u8>,
    /// JPEG, at most 320 pixels on its longer side.
    pub thumb: Vec<u8>,
}

/// Where pictures are decoded.
#[derive(Clone, Debug, Default)]
pub enum Media {
    /// In this process, for tests and simulations, whose world is one process.
    #[default]
    Here,
    /// Each in a process of its own.
    Apart(Apart),
}

impl Media {
    /// Makes what is shown of a picture. Blocks.
    ///
    /// Refuses with *file_not_picture*, *file_heic* (where HEIC is not built in),
    /// *picture_too_large* or *file_damaged*.
    pub fn make(&self, bytes: &[u8]) -> Result<Made, Stop> {
        match self {
            Self::Here => Ok(here(bytes)?),
            Self::Apart(apart) => apart.make(bytes),
        }
    }
}

/// The same in this process; a decoder that panics refuses one file and harms nothing else.
pub(crate) fn here(bytes: &[u8]) -> Result<Made, Problem> {
    let made = std::panic::catch_unwind(|| picture::make(bytes));
    made.unwrap_or(Err(fieldline_model::Code::FileDamaged.into()))
}
