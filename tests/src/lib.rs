//! Whole-system tests: scenarios, simulation, end-to-end runs.

pub mod e2e;
pub mod world;
