//! Every property, on its seeds and on what chance makes of them, the same in every run: enough
//! to see that it is one, and to notice what breaks often. Looking for what breaks seldom is the
//! fuzzer's (`make fuzz`).

use fieldline_properties::{Counted, Property, decode, feed, intents, names, order, types};
use std::sync::atomic::{AtomicUsize, Ordering};

#[global_allocator]
static COUNTED: Counted = Counted;

/// How often each seed is changed.
const ROUNDS: u64 = 200;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Tries a property. What panics and is caught (a decoder, in a server's own process) counts, too.
fn tried(property: &Property) {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |about| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        usual(about);
    }));
    for (i, seed) in (property.seeds)().iter().enumerate() {
        (property.holds)(seed);
        for round in 0..ROUNDS {
            (property.holds)(&spoiled(seed, i as u64 * ROUNDS + round));
        }
    }
    assert_eq!(PANICS.load(Ordering::Relaxed), 0, "something panicked, and was caught");
}

/// The same bytes with a few of them changed, taken out, doubled or cut off.
fn spoiled(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % most.max(1) as u64) as usize
    };
    let mut bytes = bytes.to_vec();
    for _ in 0..=below(3) {
        let at = below(bytes.len());
        match below(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..(at + below(8)).min(bytes.len()))),
            2 => bytes.extend_from_within(at..),
            _ if bytes.is_empty() => {}
            _ => bytes[at] = [0, 0xff, b'0', b'-', below(256) as u8][below(5)],
        }
    }
    bytes
}

#[test]
fn the_type_of_any_bytes_is_told_as_another_reader_tells_it() {
    tried(&types::IT);
}

#[test]
fn of_any_bytes_pixels_are_made_within_bounds_or_they_are_refused() {
    tried(&decode::IT);
}

#[test]
fn whatever_a_file_is_called_its_name_is_short_and_plain() {
    tried(&names::IT);
}

#[test]
fn any_bytes_are_an_intent_with_no_field_that_nobody_knows_or_none() {
    tried(&intents::IT);
}

#[test]
fn a_device_applies_whatever_a_server_says_and_every_screen_reads_it() {
    tried(&feed::IT);
}

#[test]
fn a_device_ends_the_same_in_whatever_order_and_however_often_it_is_told() {
    tried(&order::IT);
}
