//! See `hostile::saved`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::saved(data));
