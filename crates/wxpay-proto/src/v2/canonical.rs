//! The string that v2 signs (protocol section 7.2).

/// The message of a set of fields: names sorted by their bytes, `name=value` joined by `&`, without `sign` and
/// without empty values. Values are raw: neither URL-encoded nor XML-escaped.
///
/// The string does not end in `&key=…`: the key is added where it is kept, so this text is safe to log.
#[must_use]
pub fn message<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut pairs: Vec<_> = fields.into_iter().collect();
    pairs.retain(|(name, value)| *name != "sign" && !value.is_empty());
    pairs.sort_unstable();
    let length = pairs
        .iter()
        .map(|(name, value)| name.len() + value.len() + 2)
        .sum();
    let mut message = String::with_capacity(length);
    for (name, value) in pairs {
        if !message.is_empty() {
            message.push('&');
        }
        message.push_str(name);
        message.push('=');
        message.push_str(value);
    }
    message
}
