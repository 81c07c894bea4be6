//! Dice of one seed: the same rolls at every run of it.

use std::time::Duration;

/// Dice.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The dice of `seed`; those of another `purpose` roll otherwise.
    pub fn of(seed: u64, purpose: u64) -> Self {
        let mut it = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ purpose.rotate_left(32));
        it.roll();
        it
    }

    /// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.roll() % bound.max(1) as u64) as usize
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent as usize
    }

    /// One of several.
    pub fn among<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { Some(all[self.below(all.len())].clone()) }
    }

    /// A time, of any size up to `most`: as often a short one as a long one.
    pub fn time(&mut self, most: Duration) -> Duration {
        let bits = 64 - (most.as_millis() as u64).leading_zeros() as usize;
        let below = 1u64 << self.below(bits + 1);
        Duration::from_millis((self.roll() % below).min(most.as_millis() as u64))
    }
}
