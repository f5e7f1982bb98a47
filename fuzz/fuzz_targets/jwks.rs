//! See `hostile::jwks`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::jwks(data));
