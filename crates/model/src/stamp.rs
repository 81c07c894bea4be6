//! What a device shows each time it connects, so that a second copy of its files is noticed.
//!
//! A device names the stamp it was left with last and, beside it, the next one, which it
//! minted and stored before. The server takes a next one only after the last it took: two
//! devices that go on from the same stamp name two different next ones, and the second is
//! found out. One that asks again, because it heard no answer, names the same two.

use std::fmt;
use std::str::FromStr;

/// The header that carries it: what is [shown](Shown), and in the answer the [`Stamp`] that
/// was taken.
pub const STAMP_HEADER: &str = "x-fieldline-stamp";

/// A number that nobody else mints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp(pub u64);

/// What a device shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The one it was left with; none before it connects for the first time.
    pub last: Option<Stamp>,
    /// The one it goes on with.
    pub next: Stamp,
}

/// What was shown or kept is not of this shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoStamp;

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Stamp {
    type Err = NoStamp;
    fn from_str(text: &str) -> Result<Self, NoStamp> {
        let digits = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let number = if digits { u64::from_str_radix(text, 16).ok() } else { None };
        number.map(Self).ok_or(NoStamp)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) => write!(f, "{last} {}", self.next),
            None => write!(f, "- {}", self.next),
        }
    }
}

impl FromStr for Shown {
    type Err = NoStamp;
    fn from_str(text: &str) -> Result<Self, NoStamp> {
        let (last, next) = text.split_once(' ').ok_or(NoStamp)?;
        let last = if last == "-" { None } else { Some(last.parse()?) };
        Ok(Self { last, next: next.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_as_it_was_written_and_nothing_else_is() {
        for last in [None, Some(Stamp(7))] {
            let shown = Shown { last, next: Stamp(u64::MAX) };
            assert_eq!(shown.to_string().parse(), Ok(shown));
        }
        for bad in ["", "-", "- 7", "x 0000000000000007", "0000000000000007", "- +000000000000007"] {
            assert_eq!(bad.parse::<Shown>(), Err(NoStamp), "{bad}");
        }
    }
}
