//! The property and its seeds: `fieldline_properties::intents`.
#![no_main]

use fieldline_properties::intents::IT;

libfuzzer_sys::fuzz_target!(init: IT.sow(), |bytes: &[u8]| (IT.holds)(bytes));
