//! See `hostile::api_answer`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::api_answer(data));
