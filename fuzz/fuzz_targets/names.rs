//! The property and its seeds: `fieldline_properties::names`.
#![no_main]

use fieldline_properties::names::IT;

libfuzzer_sys::fuzz_target!(init: IT.sow(), |bytes: &[u8]| (IT.holds)(bytes));
