//! The string that v2 signs (protocol section 7.2).

/// The message of a set of fields: names sorted by their bytes, `name=value` joined by `&`, without `sign` and
/// without empty values. Values are raw: neither URL-encoded nor XML-escaped.
///
/// The string does not end in `&key=…`: the key is added where it is kept, so this text is safe to log.
#[must_use]
pub fn message<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut pairs: Vec<_> = fields
        .into_iter()
        .filter(|(name, value)| *name != "sign" && !value.is_empty())
        .collect();
    pairs.sort_unstable();
    let mut message = String::new();
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
