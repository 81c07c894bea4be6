//! The property and its seeds: `fieldline_properties::decode`.
#![no_main]

use fieldline_properties::Counted;
use fieldline_properties::decode::IT;

#[global_allocator]
static COUNTED: Counted = Counted;

libfuzzer_sys::fuzz_target!(init: IT.sow(), |bytes: &[u8]| (IT.holds)(bytes));
