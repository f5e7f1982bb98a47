//! See `hostile::token_answer`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::token_answer(data));
