//! The test vectors: `data/vectors.json`, read once.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// The file as it is.
const TEXT: &str = include_str!("../data/vectors.json");

/// A vector: inputs, and either what comes out or the error.
#[derive(Debug)]
pub struct Vector {
    /// The group that it belongs to.
    pub group: String,
    /// Its name, unique within the group.
    pub name: String,
    inputs: Value,
    expected: Option<Value>,
    expected_error: Option<Value>,
}

/// The whole file, `keys` and conventions included.
///
/// # Panics
/// When the file is not JSON.
#[must_use]
#[expect(clippy::expect_used, reason = "the file is part of this crate")]
pub fn file() -> &'static Value {
    static FILE: OnceLock<Value> = OnceLock::new();
    FILE.get_or_init(|| serde_json::from_str(TEXT).expect("the vectors are JSON"))
}

/// Every vector, in the order of the file.
///
/// # Panics
/// When the file has another shape than the one described here.
#[must_use]
#[expect(clippy::expect_used, reason = "the file is part of this crate")]
pub fn vectors() -> Vec<Vector> {
    let text = |value: &Value, name: &str| value[name].as_str().expect("a text").to_owned();
    let groups = file()["groups"].as_array().expect("a list of groups");
    let of_group = |group: &Value| {
        let id = text(group, "id");
        let vectors = group["vectors"].as_array().expect("a list of vectors").clone();
        vectors.into_iter().map(move |vector| Vector {
            group: id.clone(),
            name: text(&vector, "name"),
            inputs: vector["inputs"].clone(),
            expected: vector.get("expected").cloned(),
            expected_error: vector.get("expected_error").cloned(),
        })
    };
    groups.iter().flat_map(of_group).collect()
}

impl Vector {
    /// The input `name`, if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.inputs.get(name)
    }

    /// The input `name` as text.
    ///
    /// # Panics
    /// When there is none, or it is no text.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        let found = self.get(name).and_then(Value::as_str);
        found.unwrap_or_else(|| self.lacks(name))
    }

    /// The input `name` as a whole number.
    ///
    /// # Panics
    /// When there is none, or it is no whole number.
    #[must_use]
    pub fn number(&self, name: &str) -> i64 {
        let found = self.get(name).and_then(Value::as_i64);
        found.unwrap_or_else(|| self.lacks(name))
    }

    /// The input `name` as an object.
    ///
    /// # Panics
    /// When there is none, or it is no object.
    #[must_use]
    pub fn object(&self, name: &str) -> &Map<String, Value> {
        let found = self.get(name).and_then(Value::as_object);
        found.unwrap_or_else(|| self.lacks(name))
    }

    /// The input `name`, exact bytes in base64.
    ///
    /// # Panics
    /// When there is none, or it is not base64.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        STANDARD
            .decode(self.text(name))
            .unwrap_or_else(|_| self.lacks(name))
    }

    /// Whether an error must come out.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.expected_error.is_some()
    }

    /// What must come out, be it a result or an error; each member is to be taken.
    ///
    /// # Panics
    /// When the vector has both, or neither.
    #[must_use]
    #[expect(clippy::panic, reason = "a vector in another shape must not pass")]
    pub fn expected(&self) -> Expected {
        match (&self.expected, &self.expected_error) {
            (Some(Value::Object(members)), None) | (None, Some(Value::Object(members))) => Expected {
                members: members.clone(),
            },
            _ => panic!(
                "{}::{} has not exactly one of result and error",
                self.group, self.name
            ),
        }
    }

    #[expect(clippy::panic, reason = "a vector in another shape must not pass")]
    fn lacks(&self, name: &str) -> ! {
        panic!("{}::{} has no usable input `{name}`", self.group, self.name)
    }
}

/// What a vector expects. A member that no test has taken fails the test in [`finish`](Expected::finish).
#[derive(Debug)]
pub struct Expected {
    members: Map<String, Value>,
}

impl Expected {
    /// Takes the member `name`.
    ///
    /// # Panics
    /// When it is missing, or was taken before.
    #[expect(clippy::panic, reason = "what is compared must be there")]
    pub fn take(&mut self, name: &str) -> Value {
        self.take_if_any(name)
            .unwrap_or_else(|| panic!("`{name}` is not expected, or was compared before"))
    }

    /// Takes the member `name` if it is there.
    pub fn take_if_any(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name)
    }

    /// Takes the member `name`, a text.
    ///
    /// # Panics
    /// When it is missing, or no text.
    #[expect(clippy::panic, reason = "what is compared must be there")]
    pub fn text(&mut self, name: &str) -> String {
        match self.take(name) {
            Value::String(text) => text,
            other => panic!("`{name}` is {other} and no text"),
        }
    }

    /// Ends the comparison.
    ///
    /// # Panics
    /// When a member was not compared.
    pub fn finish(self) {
        let left: Vec<&String> = self.members.keys().collect();
        assert!(left.is_empty(), "not compared: {left:?}");
    }
}
