//! Texts inside a JSON document, named by JSON pointers or by dots.

use serde_json::Value;

use crate::ended::NotSent;

/// Reads a document.
pub(crate) fn document(bytes: &[u8]) -> Result<Value, NotSent> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| NotSent::new(format!("this is no JSON: {error}")))
}

/// Changes the text at each of these places.
pub(crate) fn change(
    document: &mut Value,
    places: &[String],
    mut change: impl FnMut(&str, &str) -> Result<String, NotSent>,
) -> Result<(), NotSent> {
    for place in places {
        let pointer = if place.starts_with('/') {
            place.clone()
        } else {
            format!("/{}", place.replace('.', "/"))
        };
        let value = document.pointer_mut(&pointer);
        let Some(Value::String(text)) = value else {
            return Err(NotSent::new(format!(
                "--field {place}: there is no text at {pointer}; wanted is a JSON pointer, `/a/0/b`, or `a.0.b`"
            )));
        };
        *text = change(&pointer, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::change;

    #[test]
    fn texts_are_found_by_pointers_and_by_dots() {
        let mut document = json!({ "a": [{ "b": "x", "n": 1 }], "c": "y" });
        let places = ["/a/0/b".to_owned(), "c".to_owned()];
        change(&mut document, &places, |place, text| {
            Ok(format!("{place}={text}"))
        })
        .unwrap();
        assert_eq!(
            document,
            json!({ "a": [{ "b": "/a/0/b=x", "n": 1 }], "c": "/c=y" })
        );
        for place in ["a.0.n", "nothing", "/a"] {
            let error = change(&mut document, &[place.to_owned()], |_, _| Ok(String::new()));
            assert!(error.unwrap_err().to_string().contains(place));
        }
    }
}
