//! Looks for secrets, in each form that a careless line could give them.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Debug;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;

use crate::listening::Text;

/// What must stand nowhere, and what was shown of values and errors.
#[derive(Default)]
pub(crate) struct Search {
    secrets: BTreeMap<String, &'static str>,
    pub(crate) shown: Text,
}

impl Search {
    /// Adds a secret; `name` is what a finding calls it.
    pub(crate) fn secret(&mut self, name: &'static str, secret: impl Into<String>) {
        let secret = secret.into();
        // Something shorter would be found by chance.
        assert!(secret.len() >= 8, "{name}");
        self.secrets.insert(secret, name);
    }

    /// Adds each line of a private key.
    pub(crate) fn private_key(&mut self, name: &'static str, pem: &str) {
        let lines = pem
            .lines()
            .filter(|line| !line.starts_with("-----") && line.len() > 20);
        for line in lines {
            self.secret(name, line);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.secrets.len()
    }

    /// Shows a value as a careless user would.
    pub(crate) fn show(&self, value: &impl Debug) {
        self.shown.push(&format!("{value:?}\n{value:#?}"));
    }

    /// Shows an error and all of its causes.
    pub(crate) fn show_error(&self, error: &(dyn Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.shown.push(&format!("{error}\n{error:?}\n{error:#?}"));
            next = error.source();
        }
    }

    /// The names of the secrets that stand in a text, each with the line's beginning.
    pub(crate) fn in_text(&self, text: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        for (secret, name) in &self.secrets {
            for form in forms(secret) {
                if let Some(at) = memmem::find(text, form.as_bytes()) {
                    let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
                    let before = String::from_utf8_lossy(&text[line..at]);
                    found.push(format!("{name}, after {before:?}"));
                }
            }
        }
        found
    }

    /// Nothing is found in what was shown.
    pub(crate) fn in_shown(&self) -> Vec<String> {
        self.in_text(self.shown.get().as_bytes())
    }
}

/// As it is, in base64, in hexadecimal, and as `Debug` writes bytes.
fn forms(secret: &str) -> [String; 4] {
    let bytes = secret.as_bytes();
    let list: Vec<_> = bytes.iter().map(u8::to_string).collect();
    [
        secret.to_owned(),
        STANDARD.encode(bytes).trim_end_matches('=').to_owned(),
        bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        list.join(", "),
    ]
}
