//! The end-to-end harness: real processes, real windows, a network that can be cut.
//!
//! A run has one server, one virtual display, and as many devices as its story
//! asks for. Each device reaches the server through a line of its own, so that one
//! can be offline while the others are not:
//!
//! ```text
//!  Ana's app ── tauri-driver       Ana's browser ── chromedriver      the customer's phone
//!     │                               │                                  │
//!   line 1 (cut, heal, delay)       line 2                             line 3
//!     └───────────────────────────────┴──────────────┬───────────────────┘
//!                                             fieldline-server
//! ```
//!
//! Invariants
//! - Nothing outlives the run: each process leads its own group, and a keeper ends
//!   that group when the run itself is killed.
//! - Nothing waits for a while: what is awaited is a condition with a deadline
//!   ([`eventually`]), and its failure is a sentence with the last thing seen.
//! - A missing tool fails the run in words; nothing is skipped.

mod app;
mod bus;
mod chromium;
mod customer;
mod driver;
mod fixtures;
mod hand;
mod heard;
mod house;
mod keyring;
mod line;
mod notices;
mod people;
mod pictures;
mod process;
mod screen;
mod sensor;
mod talk;
mod wait;

pub use app::{App, Around, Display};
pub use bus::Bus;
pub use chromium::{Chromium, Frame};
pub use customer::CustomerPage;
pub use driver::{Driver, Element};
pub use fixtures::{Fixtures, Stranger};
pub use hand::Hand;
pub use house::{DemoCard, House, Visitor};
pub use keyring::Keyring;
pub use line::Line;
pub use notices::{Notice, Notices};
pub use people::{Account, PASSWORD};
pub use process::{Process, free_port, tool};
pub use screen::{Bubble, Device, Screen};
pub use sensor::{Reading, Sensor};
pub use wait::{eventually, seconds, settled, soon};
