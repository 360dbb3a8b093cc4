//! The clock window: 300 s in both directions, and no time in the world panics.

use http::HeaderMap;
use proptest::prelude::*;
use wxpay_proto::v3::{CLOCK_WINDOW, PlatformKeys, SignatureHeaders};
use wxpay_proto::{UnixTime, VerifyError};

use crate::{config, text};

/// What the check of the clock says; behind it no key is known, which is the other error.
fn check(timestamp: &str, now: i64) -> VerifyError {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("wechatpay-timestamp", timestamp),
        ("wechatpay-nonce", "n"),
        ("wechatpay-signature", "AA=="),
        ("wechatpay-serial", "0A"),
    ] {
        headers.insert(name, value.parse().expect("a header"));
    }
    let read = SignatureHeaders::read(&headers).expect("all headers");
    read.verify(b"", &PlatformKeys::new(), UnixTime::from_secs(now))
        .expect_err("no key is known")
}

fn passes(timestamp: &str, now: i64) -> bool {
    matches!(check(timestamp, now), VerifyError::UnknownSerial { .. })
}

fn is_expired(timestamp: &str, now: i64) -> bool {
    matches!(check(timestamp, now), VerifyError::Expired { .. })
}

#[test]
fn the_window_is_what_the_protocol_says() {
    assert_eq!(CLOCK_WINDOW, 300);
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn the_window_is_symmetric(timestamp in 301..i64::MAX - 301) {
        let text = timestamp.to_string();
        for near in [0, 1, 299, 300] {
            prop_assert!(passes(&text, timestamp + near), "{}", near);
            prop_assert!(passes(&text, timestamp - near), "-{}", near);
        }
        prop_assert!(is_expired(&text, timestamp + 301));
        prop_assert!(is_expired(&text, timestamp - 301));
    }

    #[test]
    fn any_two_moments_are_compared_without_overflow(
        timestamp in prop_oneof![0..=i64::MAX, Just(0), Just(i64::MAX)],
        now in prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), Just(0)],
    ) {
        let apart = (i128::from(now) - i128::from(timestamp)).unsigned_abs();
        prop_assert_eq!(is_expired(&timestamp.to_string(), now), apart > 300);
        prop_assert_eq!(passes(&timestamp.to_string(), now), apart <= 300);
    }

    #[test]
    fn only_decimal_digits_are_a_timestamp(any in text(8).prop_union(text(3)).prop_filter("a header", |text| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
    })) {
        let digits = any.bytes().all(|b| b.is_ascii_digit());
        let invalid = matches!(check(&any, 0), VerifyError::InvalidTimestamp { .. });
        prop_assert_eq!(invalid, !digits);
    }

    #[test]
    fn a_timestamp_beyond_every_clock_is_invalid(digits in "[1-9][0-9]{19,40}") {
        let invalid = matches!(check(&digits, i64::MAX), VerifyError::InvalidTimestamp { .. });
        prop_assert!(invalid);
    }

    #[test]
    fn seconds_between_never_overflow(one in any::<i64>(), other in any::<i64>()) {
        let found = UnixTime::from_secs(one).seconds_since(UnixTime::from_secs(other));
        let exact = i128::from(one) - i128::from(other);
        prop_assert_eq!(i128::from(found), exact.clamp(i64::MIN.into(), i64::MAX.into()));
    }
}
