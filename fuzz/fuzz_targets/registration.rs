//! See `hostile::registration`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::registration(data));
