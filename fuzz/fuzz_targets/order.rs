//! The property and its seeds: `fieldline_properties::order`.
#![no_main]

use fieldline_properties::order::IT;

libfuzzer_sys::fuzz_target!(init: IT.sow(), |bytes: &[u8]| (IT.holds)(bytes));
