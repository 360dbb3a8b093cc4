//! See `wxpay_tests::fuzz::multipart`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| wxpay_tests::fuzz::multipart(bytes));
