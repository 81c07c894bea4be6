//! End to end: the built server, the built app in a display, and Chromium.

mod harness;
mod journey;
mod refusals;
mod stage;
mod tabs;
mod tour;
