//! Single values, as likely as the documentation lets them be.

use serde_json::{Map, Value};
use wxpay_types::schema::Field;

/// What fields say that tell of success, by their names (protocol section 7.6).
pub(super) fn outcome(name: &str) -> Option<&'static str> {
    match name {
        "return_code" | "result_code" => Some("SUCCESS"),
        "return_msg" | "retmsg" => Some("OK"),
        "retcode" => Some("0"),
        _ => None,
    }
}

/// Whether a field is there when something went wrong.
pub(super) fn tells_of_failure(field: &Field) -> bool {
    let named = ["fail", "reject", "err_code", "error_", "errcode", "errmsg"]
        .iter()
        .any(|word| field.name.contains(word));
    // Some are named `reason`, as reasons of refunds are.
    named
        || ["失败原因", "驳回原因"]
            .iter()
            .any(|word| field.label.contains(word))
}

/// Whether a field names something that a request may name as well.
pub(super) fn names_something(name: &str) -> bool {
    ["_no", "_id", "mchid", "appid", "openid", "_code", "currency"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Whether it is a number that WeChat Pay gives out for each thing anew.
pub(super) fn is_given_out(name: &str) -> bool {
    let number = name.ends_with("_id") || name.ends_with("_no");
    let others = [
        "mch_id", "device", "store", "scene", "plan", "category", "brand", "template",
    ];
    number && !others.iter().any(|other| name.contains(other))
}

/// A whole number.
pub(super) fn number(field: &Field) -> i64 {
    let read = |text: &String| text.parse::<i64>().ok();
    let shown = field.example.as_ref().and_then(read);
    let shown = shown.or_else(|| field.values.first().and_then(read));
    shown.unwrap_or(1).clamp(
        field.min.unwrap_or(i64::MIN),
        field.max.unwrap_or(i64::MAX).max(field.min.unwrap_or(i64::MIN)),
    )
}

/// Something about a person, in plaintext: it is encrypted before it is sent.
pub(super) fn personal(field: &Field) -> String {
    let named = |word: &str| field.name.contains(word);
    let text = if named("email") {
        "somebody@wxpay-sim.example"
    } else if named("phone") || named("mobile") {
        "13900000000"
    } else if named("name") || named("user") || named("owner") {
        "张三"
    } else if named("address") {
        "深圳市南山区"
    } else {
        "6222020000000000000"
    };
    fit(text, field)
}

/// The text within its limits; a shorter one is filled up.
pub(super) fn fit(text: &str, field: &Field) -> String {
    let limit = |limit: Option<u32>| limit.and_then(|limit| usize::try_from(limit).ok());
    let mut fitted: String = text
        .chars()
        .take(limit(field.max_len).unwrap_or(usize::MAX))
        .collect();
    let short = limit(field.min_len)
        .unwrap_or_default()
        .saturating_sub(fitted.chars().count());
    fitted.extend(std::iter::repeat_n('0', short));
    fitted
}

/// Counts tell how many elements the list beside them has.
pub(super) fn count(members: &mut Map<String, Value>) {
    let lists: Vec<(String, usize)> = members
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.as_array()?.len())))
        .collect();
    for (name, value) in members.iter_mut() {
        let Some(counted) = name
            .strip_suffix("_count")
            .or_else(|| name.strip_suffix("_count_$n"))
        else {
            continue;
        };
        let named = lists.iter().find(|(list, _)| list.starts_with(counted));
        let only = lists.first().filter(|_| counted == "total" && lists.len() == 1);
        if let (Some((_, length)), true) = (named.or(only), value.is_number()) {
            *value = (*length).into();
        }
    }
}
