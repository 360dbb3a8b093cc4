//! Times in answers: the business clock's, in the form that the documentation shows.

use wxpay_proto::{TimeText, UnixTime};
use wxpay_types::schema::{Field, Protocol};

/// How far ahead the end of something lies that has just begun: a day.
const AHEAD: i64 = 86_400;

/// The field's time; nothing for a field that is none. Where the documentation shows no form of it, it is the protocol's
/// usual one.
pub(super) fn text(field: &Field, now: UnixTime, protocol: Option<Protocol>) -> Option<String> {
    let form = match field.format.as_str() {
        "rfc3339" => Form::Rfc3339,
        "datetime" => Form::Spaced,
        "yyyymmddhhmmss" => Form::Compact,
        "date" => match field.example.as_deref() {
            Some(example) if !example.contains('-') => Form::CompactDay,
            _ => Form::Day,
        },
        "" if is_named_so(&field.name) => match field.example.as_deref().filter(|shown| has_digits(shown)) {
            Some(example) => Form::of(example)?,
            None => Form::usual(&field.name, protocol?)?,
        },
        _ => return None,
    };
    let ahead = ["expire", "end", "invalid", "deadline"]
        .iter()
        .any(|word| field.name.contains(word));
    let at = now.as_secs().saturating_add(if ahead { AHEAD } else { 0 });
    Some(form.write(UnixTime::from_secs(at)))
}

fn is_named_so(name: &str) -> bool {
    ["time", "date", "day"].iter().any(|word| name.contains(word))
}

/// Some examples are those of another line of the page: a word, where a time is told.
fn has_digits(example: &str) -> bool {
    example.contains(|character: char| character.is_ascii_digit())
}

#[derive(Clone, Copy)]
enum Form {
    Rfc3339,
    Spaced,
    Compact,
    Day,
    CompactDay,
}

impl Form {
    /// The form of an example.
    fn of(example: &str) -> Option<Self> {
        let day = |text: &str| TimeText::from(format!("{text}000000")).parse().is_ok();
        let parsed = TimeText::from(example).parse().is_ok();
        match example.len() {
            14 if parsed => Some(Self::Compact),
            8 if day(example) => Some(Self::CompactDay),
            10 if day(&example.replace('-', "")) => Some(Self::Day),
            _ if parsed && example.contains(' ') => Some(Self::Spaced),
            _ if parsed => Some(Self::Rfc3339),
            _ => None,
        }
    }

    /// The form of a moment of which no example is shown. What is named after a day as well may be an hour.
    fn usual(name: &str, protocol: Protocol) -> Option<Self> {
        let moment = name.ends_with("_time") && !name.contains("day");
        moment.then_some(match protocol {
            Protocol::V2 => Self::Spaced,
            _ => Self::Rfc3339,
        })
    }

    fn write(self, time: UnixTime) -> String {
        let full = TimeText::beijing(time).to_string();
        let compact = TimeText::compact_beijing(time).to_string();
        match self {
            Self::Rfc3339 => full,
            Self::Spaced => full[..19].replace('T', " "),
            Self::Compact => compact,
            Self::Day => full[..10].to_owned(),
            Self::CompactDay => compact[..8].to_owned(),
        }
    }
}
