//! The sum of a text that must not change on the disk: SQLite notices a page whose
//! structure is broken, not a letter that became another.

use fieldline_model::PlaceId;
use sha2::{Digest, Sha256};

/// The first 8 bytes of the SHA-256 of where a text belongs and of the text.
pub fn of(place: PlaceId, text: &str) -> i64 {
    let hash = Sha256::new().chain_update(place.0.as_bytes()).chain_update(text).finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_le_bytes(first)
}

/// Whether `text` is what and where it was when `sum` was taken; what has none was written
/// before there were any.
pub fn fits(place: PlaceId, text: &str, sum: Option<i64>) -> bool {
    sum.is_none_or(|sum| sum == of(place, text))
}
