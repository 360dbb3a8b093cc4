//! Encrypted fields (敏感信息): taken out of the body as plaintext, put back as ciphertext.

use serde_json::{Map, Value};
use wxpay_proto::{BuildError, Draft, KeyId, Sensitive};
use wxpay_types::schema::{Kind, Place, Schema};
use wxpay_types::secrets;

use super::name::NAME;

/// Stands for a ciphertext in a request that is only shown.
const SHOWN: &str = "(encrypted when it is sent)";

/// An encrypted parameter that stands in the query or in a header.
#[derive(Clone, Debug)]
pub(super) struct SealedParameter {
    pub(super) place: Place,
    pub(super) name: &'static str,
    pub(super) value: Sensitive,
}

impl SealedParameter {
    pub(super) fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        let ciphertext = secrets::ciphertext(NAME, Some(&self.value))?;
        if let Some(key) = self.value.key() {
            draft.sealed_for(key)?;
        }
        match self.place {
            Place::Header => draft.header(self.name, ciphertext.as_deref()),
            _ => {
                draft.query(self.name, ciphertext.as_deref());
                Ok(())
            }
        }
    }
}

/// Takes the plaintexts of all encrypted fields out, with their JSON pointers.
pub(super) fn take(schema: &Schema, body: &mut Map<String, Value>) -> Vec<(String, Sensitive)> {
    let mut taken = Vec::new();
    take_members(schema, body, "", &mut taken);
    taken
}

fn take_members(
    schema: &Schema,
    members: &mut Map<String, Value>,
    at: &str,
    taken: &mut Vec<(String, Sensitive)>,
) {
    for (name, value) in members {
        if let Some(field) = schema.field(name) {
            let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            take_value(&field.kind, field.sensitive, value, &pointer, taken);
        }
    }
}

fn take_value(
    kind: &Kind,
    sensitive: bool,
    value: &mut Value,
    at: &str,
    taken: &mut Vec<(String, Sensitive)>,
) {
    match (kind, value) {
        (Kind::Object(schema), Value::Object(members)) => take_members(schema, members, at, taken),
        (Kind::List(element), Value::Array(elements)) => {
            for (number, element_value) in elements.iter_mut().enumerate() {
                take_value(
                    element,
                    sensitive,
                    element_value,
                    &format!("{at}/{number}"),
                    taken,
                );
            }
        }
        (_, value @ Value::String(_)) if sensitive => {
            if let Value::String(plaintext) = value.take() {
                taken.push((at.to_owned(), Sensitive::new(plaintext)));
            }
        }
        _ => {}
    }
}

/// Puts ciphertexts where the plaintexts were, and names their key in the request.
pub(super) fn put_back(
    body: &Map<String, Value>,
    sealed: &[(String, Sensitive)],
    draft: &mut Draft,
) -> Result<Value, BuildError> {
    let mut body = Value::Object(body.clone());
    for (pointer, field) in sealed {
        let failed = |problem: String| BuildError::Body {
            operation: NAME,
            problem: format!("{pointer}: {problem}"),
        };
        let ciphertext = serde_json::to_value(field).map_err(|error| failed(error.to_string()))?;
        let place = body
            .pointer_mut(pointer)
            .ok_or_else(|| failed("it is not there".to_owned()))?;
        *place = ciphertext;
        if let Some(key) = field.key() {
            draft.sealed_for(key)?;
        }
    }
    Ok(body)
}

/// Words in the place of a ciphertext, for a request that is not sent.
pub(super) fn shown(key: &KeyId) -> Sensitive {
    Sensitive::sealed(SHOWN, key.clone())
}
