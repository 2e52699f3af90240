#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chaland_fuzz::run("pairs", bytes));
