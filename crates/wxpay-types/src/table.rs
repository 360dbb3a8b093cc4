//! Every documented operation whose family is compiled in, at run time.

use crate::schema::OperationInfo;

/// All operations, family by family.
pub fn operations() -> impl Iterator<Item = &'static OperationInfo> {
    [
        crate::v3::FAMILIES,
        crate::v2::FAMILIES,
        crate::global::FAMILIES,
        crate::hk::FAMILIES,
    ]
    .into_iter()
    .flatten()
    .flat_map(|family| family.iter().copied())
}

/// The operation with this name, `v3.combine-transactions.close`.
#[must_use]
pub fn named(name: &str) -> Option<&'static OperationInfo> {
    operations().find(|info| info.meta.name == name)
}

/// The operation that a request line names, with the values of its path parameters, percent-decoded.
///
/// The path comes without its query. Where several operations fit, the one whose path says more literally wins.
#[must_use]
pub fn find(method: &str, path: &str) -> Option<(&'static OperationInfo, Vec<(&'static str, String)>)> {
    operations()
        .filter(|info| info.meta.method == *method)
        .filter_map(|info| Some((info, values(info.meta.path, path)?)))
        .min_by_key(|(_, values)| values.len())
}

/// The parameters of `path` when it fits the template.
fn values(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
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

    #[test]
    #[cfg(feature = "v3-combine-transactions")]
    fn operations_are_found_by_request_line_and_name() {
        let (info, values) = find("POST", "/v3/combine-transactions/out-trade-no/P1/close").unwrap();
        assert_eq!(info.meta.name, "v3.combine-transactions.close");
        assert_eq!(values, [("combine_out_trade_no", "P1".to_owned())]);
        assert_eq!(info.status, [204]);
        assert_eq!(info.params().count(), 1);
        assert_eq!(
            info.body().map(|field| field.name).collect::<Vec<_>>(),
            ["combine_appid", "sub_orders"]
        );
        assert!(find("GET", "/v3/combine-transactions/out-trade-no/P1/close").is_none());
        assert!(named("v3.combine-transactions.app_prepay").is_some());
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = operations().map(|info| info.meta.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
