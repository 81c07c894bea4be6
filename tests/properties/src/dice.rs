//! Choices made of bytes; when there are none left, always the first one.

/// Bytes that choose.
pub struct Dice<'a>(pub &'a [u8]);

impl Dice<'_> {
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().map_or((0, self.0), |(first, rest)| (*first, rest));
        self.0 = rest;
        first
    }

    /// One of `0..below`.
    pub fn one_of(&mut self, below: usize) -> usize {
        usize::from(self.byte()) % below.max(1)
    }
}
