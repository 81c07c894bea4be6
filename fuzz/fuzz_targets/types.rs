//! The property and its seeds: `fieldline_properties::types`.
#![no_main]

use fieldline_properties::types::IT;

libfuzzer_sys::fuzz_target!(init: IT.sow(), |bytes: &[u8]| (IT.holds)(bytes));
