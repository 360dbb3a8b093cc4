//! What the documentation comments say: facts of the catalogue in fixed words.

use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Field, Place};

use super::words;

/// Text of the catalogue inside a comment: nothing in it may be read as markup.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '[' | ']' | '<' | '>' | '*' | '_' | '`' | '\\' | '~' | '#' | '|' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    // A bare address would be an address without its brackets.
    out.replace("://", ":\u{2060}//")
}

/// A value as code.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace(['\n', '\r'], " "))
}

/// A comment made of lines; empty ones separate paragraphs.
pub(super) fn comment(lines: &[String]) -> String {
    lines
        .iter()
        .map(|line| {
            if line.is_empty() {
                "///\n".to_owned()
            } else {
                format!("/// {line}\n")
            }
        })
        .collect()
}

/// The official short name as the first sentence, or the name in the message.
pub(super) fn title(label: Option<&str>, name: &str) -> String {
    match label.map(str::trim).filter(|label| !label.is_empty()) {
        Some(label) => format!("{}.", escaped(label).trim_end_matches(['.', '。'])),
        None => format!("{}.", code(name)),
    }
}

/// A field in one line: official name, place, unit, limits, whether it is required.
pub(super) fn field(member: &str, field: &Field, kind: &Kind) -> String {
    let mut line = vec![title(field.label.as_deref(), member)];
    if let Some(word) = words::word(member) {
        // In front of the full stop: 商户订单号 (order number).
        line[0] = format!("{} ({word}).", line[0].trim_end_matches('.'));
    }
    let place = match field.place {
        Some(Place::Path) => "Path parameter.",
        Some(Place::Query) => "Query parameter.",
        Some(Place::Header) => "Header.",
        Some(Place::Form) => "Part of the form.",
        None => "",
    };
    line.extend((!place.is_empty()).then(|| place.to_owned()));
    line.extend(unit(member, field, kind));
    line.extend(form(field, kind));
    line.extend(limits(field, kind));
    if field.sensitive {
        line.push("Encrypted in transit.".to_owned());
    }
    if field.required {
        line.push("Required.".to_owned());
    } else if !field.required_for.is_empty() {
        line.push(format!("Required for {}.", listed(&field.required_for)));
    }
    if let Some(group) = &field.one_of {
        line.push(format!("Exactly one of the group {}.", code(group)));
    }
    if field.deprecated {
        line.push("No longer recommended.".to_owned());
    }
    line.join(" ")
}

/// What a number counts, told by its official name.
fn unit(member: &str, field: &Field, kind: &Kind) -> Option<String> {
    const MONEY: [&str; 6] = ["金额", "面额", "出资", "单价", "价格", "原价"];
    let label = field.label.as_deref().unwrap_or_default();
    if *kind != Kind::Int {
        return None;
    }
    if label.contains("汇率") {
        return Some("Times 10⁸.".to_owned());
    }
    let fee = member.ends_with("_fee") || member.ends_with("amount");
    let money = fee || MONEY.iter().any(|word| label.contains(word));
    money.then(|| "In the smallest unit of the currency (fen for CNY).".to_owned())
}

/// How a text is written.
fn form(field: &Field, kind: &Kind) -> Option<String> {
    let form = match field.format.as_deref() {
        Some("rfc3339") => "As RFC 3339.",
        Some("date") => "As `yyyy-MM-dd`.",
        Some("datetime") => "As `yyyy-MM-dd HH:mm:ss` in Beijing time.",
        Some("yyyymmdd") => "As `yyyyMMdd`.",
        Some("yyyymmddhhmmss") => "As `yyyyMMddHHmmss` in Beijing time.",
        Some("mm/yy") => "As `MM/yy`.",
        Some("url") => "An address.",
        Some("media_id") => "The id of an uploaded file.",
        Some("media_url") => "The address of an uploaded file.",
        Some("data_url") => "A `data:` address.",
        Some("digits") => "Digits.",
        Some("uint64") => "An unsigned number as text.",
        _ => match kind {
            Kind::Json(_) => "JSON inside a text.",
            Kind::UrlEncoded(_) => "A query string inside a text, encoded as a whole.",
            _ => return None,
        },
    };
    Some(form.to_owned())
}

fn limits(field: &Field, kind: &Kind) -> Vec<String> {
    let unit = if field.sensitive {
        "bytes of plaintext"
    } else {
        "characters"
    };
    let mut limits = Vec::new();
    limits.extend(range(
        field.min_len.map(i64::from),
        field.max_len.map(i64::from),
        &format!(" {unit}"),
    ));
    limits.extend(range(
        field.min_items.map(i64::from),
        field.max_items.map(i64::from),
        " elements",
    ));
    limits.extend(range(field.min, field.max, ""));
    let values: Vec<String> = field.values.iter().map(|value| code(&plain(value))).collect();
    match values.as_slice() {
        [] => {}
        [only] => limits.push(format!("Only {only} is known.")),
        several => limits.push(format!("One of {}.", several.join(", "))),
    }
    limits.extend(
        field
            .default
            .as_ref()
            .map(|value| format!("{} when left out.", code(&plain(value)))),
    );
    if matches!(kind, Kind::YesNo) {
        limits.push("`Y` or `N`.".to_owned());
    }
    limits
}

fn range(least: Option<i64>, most: Option<i64>, unit: &str) -> Option<String> {
    match (least, most) {
        (None, None) => None,
        (None, Some(most)) => Some(format!("At most {most}{unit}.")),
        (Some(least), None) => Some(format!("At least {least}{unit}.")),
        (Some(least), Some(most)) => Some(format!("From {least} to {most}{unit}.")),
    }
}

/// A value of the catalogue as text.
pub(super) fn plain(value: &toml::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// `a, b and c`.
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_markup() {
        assert_eq!(escaped("a_b [c] <d> `e`"), "a\\_b \\[c\\] \\<d\\> \\`e\\`");
        assert!(!escaped("见https://a.b/c").contains("://"));
        assert_eq!(title(Some("订单金额。"), "x"), "订单金额.");
        assert_eq!(title(None, "x"), "`x`.");
        assert_eq!(listed(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
