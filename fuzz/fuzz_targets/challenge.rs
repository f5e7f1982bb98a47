//! See `hostile::challenge`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::challenge(data));
