//! Times and amounts.

use proptest::prelude::*;
use wxpay_proto::{TimeText, UnixTime, fen_from_yuan};
use wxpay_tests::fuzz;

use crate::{config, text};

/// 0000-01-01T00:00:00+08:00.
const FIRST: i64 = -62_167_248_000;
/// 9999-12-31T23:59:59+08:00.
const LAST: i64 = 253_402_271_999;

fn moment() -> impl Strategy<Value = i64> {
    prop_oneof![4 => FIRST..=LAST, 1 => 0..=4_102_444_800_i64, 1 => prop::sample::select(vec![FIRST, LAST, 0, -1])]
}

fn beijing(seconds: i64) -> TimeText {
    TimeText::beijing(UnixTime::from_secs(seconds))
}

#[test]
fn the_ends_of_the_calendar_are_where_they_should_be() {
    assert_eq!(beijing(FIRST).as_str(), "0000-01-01T00:00:00+08:00");
    assert_eq!(beijing(LAST).as_str(), "9999-12-31T23:59:59+08:00");
    assert_eq!(beijing(951_753_600).as_str(), "2000-02-29T00:00:00+08:00");
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn what_is_written_is_read(seconds in moment()) {
        let time = UnixTime::from_secs(seconds);
        prop_assert_eq!(TimeText::beijing(time).parse(), Ok(time));
        prop_assert_eq!(TimeText::compact_beijing(time).parse(), Ok(time));
    }

    #[test]
    fn later_is_later_in_text(seconds in FIRST..LAST, step in 1..200_000_000_i64) {
        let later = seconds.saturating_add(step).min(LAST);
        prop_assert!(beijing(seconds) < beijing(later));
        prop_assert_eq!(beijing(seconds).as_str().len(), 25);
    }

    #[test]
    fn every_form_of_a_moment_is_the_same_moment(seconds in moment(), offset in -14 * 60..=14 * 60_i64, decimals in "(\\.[0-9]{1,9})?") {
        // The wall clock of another time zone, made from Beijing's text for a shifted moment.
        let shifted = seconds + (offset - 8 * 60) * 60;
        prop_assume!((FIRST..=LAST).contains(&shifted));
        let (sign, minutes) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
        let wall = beijing(shifted).as_str().replace("+08:00", "");
        let text = format!("{wall}{decimals}{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        prop_assert_eq!(TimeText::new(text.clone()).parse(), Ok(UnixTime::from_secs(seconds)), "{}", text);
        if offset == 0 {
            prop_assert_eq!(TimeText::new(format!("{wall}Z")).parse(), Ok(UnixTime::from_secs(seconds)));
        }
        let local = beijing(seconds).as_str().replace("+08:00", "").replace('T', " ");
        prop_assert_eq!(TimeText::new(local).parse(), Ok(UnixTime::from_secs(seconds)));
    }

    #[test]
    fn a_second_60_is_the_next_minute(minute in FIRST / 60..LAST / 60) {
        let text = beijing(minute * 60).as_str().replace(":00+08:00", ":60+08:00");
        prop_assert_eq!(TimeText::new(text).parse(), Ok(UnixTime::from_secs(minute * 60 + 60)));
    }

    #[test]
    fn no_moment_panics(seconds in prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX)]) {
        let time = UnixTime::from_secs(seconds);
        prop_assert!(TimeText::beijing(time).as_str().ends_with("+08:00"));
        prop_assert!(TimeText::compact_beijing(time).as_str().len() >= 14);
    }

    #[test]
    fn no_text_panics(any in text(30)) {
        fuzz::texts(any.as_bytes());
    }

    #[test]
    fn no_text_that_looks_like_a_time_panics(any in "[0-9]{0,5}-?[0-9]{0,3}-?[0-9]{0,3}[T t微]?[0-9]{0,3}:?[0-9]{0,3}:?[0-9]{0,3}[.]?[0-9]{0,4}[-+Z微]?[0-9]{0,3}:?[0-9]{0,3}") {
        fuzz::texts(any.as_bytes());
    }

    #[test]
    fn amounts_are_exact(fen in prop_oneof![any::<i64>(), -200..=200_i64, Just(i64::MIN), Just(i64::MAX)], zeros in 0..6_usize) {
        let (sign, size) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
        let yuan = format!("{sign}{}.{:02}{}", size / 100, size % 100, "0".repeat(zeros));
        prop_assert_eq!(fen_from_yuan(&yuan), Ok(fen));
        if size % 10 == 0 {
            prop_assert_eq!(fen_from_yuan(&format!("{sign}{}.{}", size / 100, size / 10 % 10)), Ok(fen));
        }
        if size % 100 == 0 {
            prop_assert_eq!(fen_from_yuan(&format!("{sign}{}", size / 100)), Ok(fen));
        }
    }

    #[test]
    fn a_part_of_a_fen_or_too_much_is_refused(whole in any::<u32>(), part in "[0-9]{2}0{0,3}[1-9]", huge in "[1-9][0-9]{17,30}") {
        let part_of_a_fen = format!("{whole}.{part}");
        prop_assert!(fen_from_yuan(&part_of_a_fen).is_err(), "{}", part_of_a_fen);
        prop_assert!(fen_from_yuan(&huge).is_err());
    }

    #[test]
    fn nothing_else_is_an_amount(any in text(6).prop_union(text(2))) {
        if fen_from_yuan(&any).is_ok() {
            prop_assert!(any.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-'), "{}", any);
            prop_assert!(any.parse::<f64>().is_ok(), "{}", any);
        }
    }
}
