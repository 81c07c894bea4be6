//! The worker of one picture: `fieldline-server media-worker`, which the server starts and
//! nobody else.
//!
//! Invariants
//! - It is confined before it reads a byte of the picture.
//! - It serves one picture and ends: what a picture could make of it, the next one does
//!   not meet.

use super::{Limits, confine, here, wire};
use fieldline_model::Code;
use std::io;

/// Serves one picture from standard input to standard output.
pub fn serve(limits: &Limits) -> io::Result<()> {
    let made = match confine::confine(limits) {
        Ok(()) => here(&wire::read(io::stdin().lock())?),
        Err(_) => Err(Code::Busy.into()),
    };
    wire::answer(io::stdout().lock(), made)
}
