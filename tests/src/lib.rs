//! Whole-system tests: scenarios, simulation, end-to-end runs.

pub mod e2e;
pub mod power;
// Its kills need the failpoints, which release builds have not.
#[cfg(debug_assertions)]
pub mod sim;
pub mod world;
