//! See `hostile::claims`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::claims(data));
