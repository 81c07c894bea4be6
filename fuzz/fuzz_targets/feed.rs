//! The property and its seeds: `fieldline_properties::feed`.
#![no_main]

use fieldline_properties::feed::IT;

libfuzzer_sys::fuzz_target!(init: IT.sow(), |bytes: &[u8]| (IT.holds)(bytes));
