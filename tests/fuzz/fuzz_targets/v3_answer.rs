//! See `wxpay_tests::fuzz::v3_answer`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| wxpay_tests::fuzz::v3_answer(bytes));
