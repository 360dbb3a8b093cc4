//! Finds the operation that a request line names.

use wxpay_types::schema::OperationInfo;
use wxpay_types::table;

/// An operation, and the values of its path's parameters.
pub(crate) type Found = (&'static OperationInfo, Vec<(&'static str, String)>);

/// The operations that a request line fits, the most literal first. Of two that differ in nothing but the name of a
/// parameter, the request decides.
pub(crate) fn route(method: &str, path: &str) -> Vec<Found> {
    let Some((first, values)) = table::find(method, path) else {
        return Vec::new();
    };
    // Twins are of one family, which is quickly compared.
    let twins = table::operations()
        .filter(|info| info.family == first.family && info.name != first.name)
        .filter(|info| info.method == method && is_twin(&info.path, &first.path));
    let twins = twins.map(|info| {
        let texts = values.iter().map(|(_, text)| text.clone());
        (info, names(&info.path).zip(texts).collect())
    });
    let mut found: Vec<Found> = twins.collect();
    found.insert(0, (first, values));
    found
}

fn name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
}

fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(name)
}

fn is_twin(path: &str, other: &str) -> bool {
    let mut others = other.split('/');
    let same = path.split('/').all(|segment| {
        let other = others.next();
        other == Some(segment) || (name(segment).is_some() && other.and_then(name).is_some())
    });
    same && others.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::route;

    #[test]
    fn two_operations_may_have_one_address() {
        let found = route("POST", "/v3/apply4subject/applyment/20000011111/cancel");
        let found: Vec<_> = found.iter().map(|(_, values)| values[0].0).collect();
        assert_eq!(found.len(), 2);
        assert!(found.contains(&"applyment_id") && found.contains(&"business_code"));
        assert_eq!(route("GET", "/v3/certificates").len(), 1);
        assert!(route("POST", "/v3/certificates").is_empty());
    }
}
