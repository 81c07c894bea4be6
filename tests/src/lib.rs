//! Whole-system tests: scenarios, simulation, end-to-end runs.

pub mod e2e;
// Its kills need the failpoints, which release builds have not.
#[cfg(debug_assertions)]
pub mod sim;
pub mod world;
