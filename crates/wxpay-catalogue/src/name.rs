//! How things are called in Rust.

/// Words that `r#` makes into names.
const KEYWORDS: [&str; 47] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
];

/// Words that not even `r#` makes into names.
const NEVER_RAW: [&str; 4] = ["crate", "self", "super", "Self"];

/// Types that every module sees without importing them: a type of this name would hide them.
pub const RESERVED_TYPES: [&str; 14] = [
    "Box", "Clone", "Copy", "Debug", "Default", "Err", "From", "Into", "None", "Ok", "Option", "Some",
    "String", "Vec",
];

/// The struct of an operation: `close_by_id` becomes `CloseById`.
#[must_use]
pub fn type_of(id: &str) -> String {
    id.split('_').map(capitalised).collect()
}

/// The module of a family: `combine-transactions` becomes `combine_transactions`.
#[must_use]
pub fn module_of(family: &str) -> String {
    identifier(&family.replace('-', "_"))
}

/// The field of a member: lower case with underscores, `r#type` for `type`.
///
/// `payAuthNo` becomes `pay_auth_no`, `Accept-Encoding` becomes `accept_encoding`, and the numbers of
/// `coupon_refund_id_$n_$m` are left out.
#[must_use]
pub fn field_of(member: &str) -> String {
    let mut name = String::new();
    let mut before = '_';
    for c in member.replace("_$n", "").replace("_$m", "").chars() {
        if c.is_uppercase() && before.is_lowercase() {
            name.push('_');
        }
        name.extend(if c.is_alphanumeric() {
            c.to_lowercase().next()
        } else {
            Some('_')
        });
        before = c;
    }
    identifier(&name)
}

/// The field's name as it appears to serde without a `rename`.
#[must_use]
pub fn bare(identifier: &str) -> &str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

/// The variant of an enumeration's value, when the value makes one.
///
/// `NOT_PAY` becomes `NotPay`, `PARKING SPACE` becomes `ParkingSpace`, `iOS` becomes `IOS`, `1.0` becomes `V1_0`;
/// values in Chinese are names as they are.
#[must_use]
pub fn variant_of(value: &str) -> Option<String> {
    let mut name = String::new();
    for word in value
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        // Two numbers side by side would read as one.
        if name.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit()) {
            name.push('_');
        }
        let shouted = !word.chars().any(char::is_lowercase);
        name.push_str(&if shouted {
            capitalised(&word.to_lowercase())
        } else {
            capitalised(word)
        });
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'V');
    }
    if NEVER_RAW.contains(&name.as_str()) {
        name.push('_');
    }
    (!name.is_empty()).then_some(name)
}

/// The cargo feature of a family: `v3-combine-transactions`.
#[must_use]
pub fn feature_of(protocol: &str, family: &str) -> String {
    format!("{protocol}-{family}")
}

fn identifier(name: &str) -> String {
    if NEVER_RAW.contains(&name) {
        format!("{name}_")
    } else if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name.to_owned()
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_become_types() {
        assert_eq!(type_of("close"), "Close");
        assert_eq!(type_of("query_by_out_trade_no"), "QueryByOutTradeNo");
        assert_eq!(type_of("h5_prepay"), "H5Prepay");
    }

    #[test]
    fn members_become_fields() {
        for (member, field) in [
            ("mchid", "mchid"),
            ("type", "r#type"),
            ("self", "self_"),
            ("super", "super_"),
            ("payAuthNo", "pay_auth_no"),
            ("Accept-Encoding", "accept_encoding"),
            ("coupon_refund_id_$n_$m", "coupon_refund_id"),
            ("3d", "_3d"),
        ] {
            assert_eq!(field_of(member), field);
        }
        assert_eq!(bare("r#type"), "type");
    }

    #[test]
    fn values_become_variants() {
        for (value, variant) in [
            ("SUCCESS", "Success"),
            ("no_balance", "NoBalance"),
            ("HMAC-SHA256", "HmacSha256"),
            ("iOS", "IOS"),
            ("Under Review", "UnderReview"),
            ("PARKING SPACE", "ParkingSpace"),
            ("1.0", "V1_0"),
            ("01", "V01"),
            ("10", "V10"),
            ("一级", "一级"),
            ("SELF", "Self_"),
        ] {
            assert_eq!(variant_of(value).as_deref(), Some(variant), "{value}");
        }
        assert_eq!(variant_of("-"), None);
    }
}
