//! See `hostile::id_token`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::id_token(data));
