//! See `hostile::callback`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::callback(data));
