//! See `hostile::signed_answer`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::signed_answer(data));
