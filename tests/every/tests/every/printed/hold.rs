//! Whether one value holds all that another says.

use serde_json::Value;
use wxpay_every::compose::text_of;

/// What is in one of them and not in the other.
pub(super) fn both(printed: &Value, sent: &Value) -> Vec<String> {
    let mut problems = holds(printed, sent, "");
    let more = holds(sent, printed, "").into_iter();
    problems.extend(more.map(|problem| format!("not printed: {problem}")));
    problems
}

/// What is printed and was not kept: null is nothing, and a number is the same as its text.
pub(super) fn holds(printed: &Value, kept: &Value, at: &str) -> Vec<String> {
    match (printed, kept) {
        (Value::Null, _) => Vec::new(),
        (Value::Object(printed), kept) => {
            let members = printed.iter();
            members
                .flat_map(|(name, printed)| {
                    let kept = kept.get(name).unwrap_or(&Value::Null);
                    holds(printed, kept, &format!("{at}/{name}"))
                })
                .collect()
        }
        (Value::Array(printed), Value::Array(kept)) if printed.len() == kept.len() => {
            let pairs = printed.iter().zip(kept).enumerate();
            pairs
                .flat_map(|(number, (printed, kept))| holds(printed, kept, &format!("{at}/{number}")))
                .collect()
        }
        (Value::Array(_), _) => vec![format!("{at}: {printed} became {kept}")],
        _ if !kept.is_null() && text_of(printed) == text_of(kept) => Vec::new(),
        _ => vec![format!("{at}: {printed} became {kept}")],
    }
}
