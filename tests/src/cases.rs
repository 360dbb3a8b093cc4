//! How many cases a randomised test tries.

/// What is tried when nobody says otherwise.
const DEFAULT: u32 = 64;

/// The number of cases: `WXPAY_CASES`, or 64, divided by `cost`, and at least 4.
///
/// `cost` is 1 for what takes microseconds; a test that makes an RSA signature in each case says more.
#[must_use]
pub fn cases(cost: u32) -> u32 {
    let wanted = std::env::var("WXPAY_CASES")
        .ok()
        .and_then(|text| text.parse().ok());
    (wanted.unwrap_or(DEFAULT) / cost.max(1)).max(4)
}
