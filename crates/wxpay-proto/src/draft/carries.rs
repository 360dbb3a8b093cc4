//! Whether a request has a value for a field, for the decision whether it may be repeated.

use serde_json::Value;

use super::{Body, Draft};

impl Draft {
    /// Whether the request has a value for `field` of the operation at `path`, wherever it stands.
    pub(crate) fn carries(&self, path: &str, field: &str) -> bool {
        let given = |value: Option<&Value>| value.is_some_and(|value| !value.is_null() && value != "");
        let member = |json: &[u8]| {
            let object = serde_json::from_slice::<Value>(json);
            given(object.ok().as_ref().and_then(|object| object.get(field)))
        };
        let in_query = self.target.split_once('?').is_some_and(|(_, query)| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.any(|(name, value)| name == field && !value.is_empty())
        });
        let in_header = || {
            let mut headers = self.headers.iter();
            headers.any(|(name, value)| name.as_str().eq_ignore_ascii_case(field) && !value.is_empty())
        };
        let in_body = || match &self.body {
            Body::Empty => false,
            Body::Bytes { bytes, .. } => member(bytes),
            Body::Fields(fields) | Body::Form(fields, _) => fields
                .iter()
                .any(|(name, value)| name == field && !value.is_empty()),
            Body::Upload(upload) => member(upload.meta.as_bytes()),
        };
        // A parameter of the path is filled in, or there would be no request.
        path.contains(&format!("{{{field}}}")) || in_query || in_header() || in_body()
    }
}
