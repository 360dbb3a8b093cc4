//! Paths with `{parameters}`.

/// The parameters of `path` when it fits the template.
pub(super) fn values<'t>(template: &'t str, path: &str) -> Option<Vec<(&'t str, String)>> {
    let mut values = Vec::new();
    let mut given = path.split('/');
    for wanted in template.split('/') {
        let given = given.next()?;
        match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) if !given.is_empty() => values.push((name, decoded(given)?)),
            None if wanted == given => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(values)
}

/// Percent-decoding; nothing when an escape is broken or the bytes are no text.
fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            // A sign would be read as part of the number.
            let digits = Some(digits).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_a_template() {
        let fits = |path| values("/v3/a/{id}/close", path);
        assert_eq!(
            fits("/v3/a/x%2F%E5%8D%95/close"),
            Some(vec![("id", "x/单".to_owned())])
        );
        for path in [
            "/v3/a//close",
            "/v3/a/x/close/",
            "/v3/a/x",
            "/v3/b/x/close",
            "/v3/a/x%2/close",
            "/v3/a/%+1/close",
        ] {
            assert_eq!(fits(path), None, "{path}");
        }
    }
}
