//! The simulation: one seed drives people, clients among them, their devices and customers over a network
//! that drops, delays, doubles, reorders and cuts, with kills that reopen from disk,
//! servers that are restored and apps that are updated; then everything heals and settles,
//! and every device is held against a fresh snapshot and the invariants below.
//!
//! The parts are World's: real cores, the real server, one paused clock, one network. A
//! run is a function of its seed: the same seed leaves the same [`Outcome::hash`]. A seed
//! that fails is run again to find the first step whose end shows it.
//!
//! ```text
//! make sim SEEDS=10000 SEED_START=1      many
//! make sim SEEDS=1 SEED_START=42 STOP=17 ALOUD=1   one, up to a step, told as it happens
//! ```
//!
//! Where each invariant is checked:
//!
//! | | here | and by tests of its own |
//! |---|---|---|
//! | I1 | `Agent::asks`, and `Agent::starts` after each kill | `core::store::schema`'s, `tests/kills.rs`, `tests/power.rs` |
//! | I2 | `check`: what a device was told is done is done, after kills of the server | `server/kills.rs`, `tests/power.rs` |
//! | I3 | `check`: what was asked is on the server, or stuck, or taken back; `run`: within an hour | |
//! | I4 | `check`, `members`; the server's keys | `server/intents.rs` |
//! | I5 | doubled and late requests: I4 of them | `server/intents.rs` |
//! | I6 | `truth`: numbers and times; `check`: threads are shown in order, holes as holes | `core::store::threads`'s |
//! | I7 | `check` | `core::sync::lanes`'s |
//! | I8 | `truth`: photos are on the disk; `check`: what is deleted is | `server/deleting.rs` |
//! | I9 | `check`: each entry and each unsent thing once | `core::overlay`'s, `tests/world_messages.rs` |
//! | I10 | `Agent::moves_on`, after each step | `tests/world_wire.rs` |
//! | I11 | `run`: customers' pages; `fresh`: devices | `server/feed.rs` |
//! | I12, I13 | `fresh` | `core::store::cache`'s, `server/loops.rs` |
//! | I14 | `sky`: no answer after a block; `fresh`: nothing is kept; `members` | `server/doors.rs`, `tests/world_groups.rs` |
//! | I15 | `truth`: numbers alone | `server/notes.rs`, `server/signals.rs` |
//! | I16, I17 | `truth` | `server/intents.rs` |
//! | I18 | clocks that are wrong and set: all of the above | `tests/world_device.rs`; `scripts/lint-rooms.sh` |
//! | I19 | `check`: how often a device asks | `tests/world_many.rs`, `tests/world_answers.rs` |
//! | I20 | answers of a newer server; devices that had version 1 | `tests/world_wire.rs`, `core::store::schema`'s |
//! | I21 | `truth`: intents; `rules`: rights | `server/doors.rs`, `server/rights_admin.rs` |

mod acts;
mod agent;
mod chatter;
mod check;
mod dice;
mod drive;
mod fresh;
mod members;
mod morning;
mod races;
mod rules;
mod run;
mod sky;
mod tally;
mod threads;
mod truth;
mod turns;

pub use run::{Outcome, Plan, STEPS, run, runs};
pub use tally::{Counts, wanted};

/// A runtime of one thread whose clock is paused: nothing in it depends on the machine.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime")
}
