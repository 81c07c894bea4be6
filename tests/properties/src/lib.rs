//! What holds for any bytes that come in from outside, whoever made them.
//!
//! Each property is one function over bytes that panics when it does not hold, and a few seeds
//! to begin from. `tests/hold.rs` tries them on the seeds and on what a little chance makes of
//! those, in every run; `make fuzz` has a fuzzer look for what breaks them (`fuzz/`).
//!
//! | property | bytes are | holds |
//! |---|---|---|
//! | [`types`] | a file | its type is that of another reader, by its first bytes alone |
//! | [`decode`] | a file | what is made of it is pixels of a bounded size, in bounded memory, or a refusal |
//! | [`names`] | a name | a name that every file system keeps and no reader is tricked by |
//! | [`intents`] | JSON | an intent reads as it was written, with no field that nobody knows |
//! | [`feed`] | JSON | a device applies any page, once as twice, and every screen reads it |
//! | [`order`] | choices | a device ends the same in whatever order, and however often, changes come |

mod device;
mod dice;
mod memory;

pub mod decode;
pub mod feed;
pub mod intents;
pub mod names;
pub mod order;
pub mod types;

pub use memory::Counted;

use std::path::Path;

/// A property.
pub struct Property {
    /// What it is called, in the fuzzer's folders too.
    pub name: &'static str,
    /// Panics when it does not hold for these bytes.
    pub holds: fn(&[u8]),
    /// Where a search begins.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const ALL: [Property; 6] = [types::IT, decode::IT, names::IT, intents::IT, feed::IT, order::IT];

impl Property {
    /// Writes the seeds into the folder that `FIELDLINE_SEEDS` names, if any, for a fuzzer.
    pub fn sow(&self) {
        let Some(folder) = std::env::var_os("FIELDLINE_SEEDS") else { return };
        for (i, seed) in (self.seeds)().iter().enumerate() {
            let file = Path::new(&folder).join(format!("seed-{i:02}"));
            std::fs::write(file, seed).expect("the seeds' folder can be written to");
        }
    }
}
