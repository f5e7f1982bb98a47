//! See `hostile::document_answer`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hostile::document_answer(data));
