//! The simulation: one seed drives people, their devices and customers over a network
//! that drops, delays, doubles, reorders and cuts, with kills that reopen from disk; then
//! everything heals and settles, and every device is held against a fresh snapshot and
//! the invariants of `docs/ARCHITECTURE.md`.
//!
//! The parts are World's: real cores, the real server, one paused clock, one network. A
//! run is a function of its seed: the same seed leaves the same [`Outcome::hash`]. A seed
//! that fails is run again to find the first step whose end shows it.
//!
//! ```text
//! make sim SEEDS=10000 SEED_START=1      many
//! make sim SEEDS=1 SEED_START=42 STOP=17 ALOUD=1   one, up to a step, told as it happens
//! ```

mod agent;
mod chatter;
mod check;
mod dice;
mod drive;
mod morning;
mod run;
mod sky;
mod tally;
mod truth;
mod turns;

pub use run::{Outcome, Plan, STEPS, run, runs};
pub use tally::{Counts, wanted};

/// A runtime of one thread whose clock is paused: nothing in it depends on the machine.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime")
}
