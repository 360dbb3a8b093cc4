//! How texts are written that stand for something else: times, dates, addresses.

use wxpay_proto::TimeText;

/// What is wrong with the form of a text, in the words of the catalogue's `format`; nothing where no form is known.
pub(super) fn objection(format: &str, text: &str) -> Option<&'static str> {
    let digits = |count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let is_time = || TimeText::from(text).parse().is_ok();
    let (fits, wanted) = match format {
        "rfc3339" => (
            is_time() && !digits(14) && text.contains(['T', 't']),
            "a time is wanted, as in 2018-06-08T10:34:56+08:00",
        ),
        "datetime" => (
            is_time() && text.contains(' '),
            "a time is wanted, as in 2018-06-08 10:34:56",
        ),
        "yyyymmddhhmmss" => (
            digits(14) && is_time(),
            "a time is wanted, as in 20180608103456 (Beijing)",
        ),
        // Days are written with and without hyphens, by the same operations.
        "date" => (is_day(text), "a day is wanted, as in 2018-06-08"),
        "digits" | "uint64" => (
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()),
            "digits are wanted",
        ),
        "url" | "media_url" => (
            ["https://", "http://", "weixin://"]
                .iter()
                .any(|scheme| text.starts_with(scheme)),
            "an address is wanted, with https:// or http:// in front",
        ),
        _ => return None,
    };
    (!fits).then_some(wanted)
}

fn is_day(text: &str) -> bool {
    let compact = text.replace('-', "");
    let length = if text.contains('-') { 10 } else { 8 };
    text.len() == length && TimeText::from(format!("{compact}000000")).parse().is_ok()
}

#[cfg(test)]
mod tests {
    use super::objection;

    #[test]
    fn forms_are_told_apart() {
        for (format, fits, not) in [
            ("rfc3339", "2018-06-08T10:34:56.120+08:00", "20180608103456"),
            ("rfc3339", "2019-12-31T15:59:60+08:00", "2018-06-08"),
            ("datetime", "2018-06-08 10:34:56", "2018-06-08T10:34:56+08:00"),
            ("yyyymmddhhmmss", "20180608103456", "20181308103456"),
            ("date", "2018-06-08", "2018-6-8"),
            ("date", "20180608", "2018-13-08"),
            ("date", "9999-12-31", "2018-06-08T00:00:00+08:00"),
            ("digits", "007", "7a"),
            ("url", "https://weixin.qq.com", "weixin.qq.com"),
        ] {
            assert_eq!(objection(format, fits), None, "{fits}");
            assert!(objection(format, not).is_some(), "{not}");
        }
        assert_eq!(objection("media_id", "anything"), None);
        assert_eq!(objection("", "anything"), None);
    }
}
