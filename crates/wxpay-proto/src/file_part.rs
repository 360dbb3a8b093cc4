//! A file on its way to WeChat Pay, as a value.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use md5::Digest as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A file to be uploaded: its name, its media type and its bytes.
///
/// Serde writes the bytes as base64, so that an operation can be stored before it is sent. `Debug` shows their number.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FilePart {
    name: String,
    media_type: String,
    content: Bytes,
}

impl FilePart {
    /// A file. WeChat Pay tells its kind by the ending of the name; ASCII names are the safest.
    #[must_use]
    pub fn new(name: impl Into<String>, media_type: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            media_type: media_type.into(),
            content: content.into(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its media type, `image/png` say.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Its bytes.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.content
    }

    /// The SHA-256 of its bytes in small hexadecimal, which the `meta` part of most uploads holds.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex::encode(sha2::Sha256::digest(&self.content))
    }

    /// The MD5 of its bytes in small hexadecimal, which v2's upload holds.
    #[must_use]
    pub fn md5(&self) -> String {
        hex::encode(md5::Md5::digest(&self.content))
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "FilePart({:?}, {}, {} bytes)",
            self.name,
            self.media_type,
            self.content.len()
        )
    }
}

/// What serde sees.
#[derive(Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Stored {
    name: String,
    media_type: String,
    content: String,
}

impl Serialize for FilePart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = Stored {
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            content: STANDARD.encode(&self.content),
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FilePart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let content = STANDARD
            .decode(&stored.content)
            .map_err(serde::de::Error::custom)?;
        Ok(Self::new(stored.name, stored.media_type, content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_stored_and_comes_back() {
        let file = FilePart::new("a.png", "image/png", vec![0, 255, 1]);
        let text = serde_json::to_string(&file).unwrap();
        assert_eq!(
            text,
            r#"{"name":"a.png","media_type":"image/png","content":"AP8B"}"#
        );
        assert_eq!(serde_json::from_str::<FilePart>(&text).unwrap(), file);
        assert!(serde_json::from_str::<FilePart>(r#"{"content":"?"}"#).is_err());
        assert_eq!(format!("{file:?}"), "FilePart(\"a.png\", image/png, 3 bytes)");
    }

    #[test]
    fn digests_are_in_small_hexadecimal() {
        let file = FilePart::new("a", "text/plain", "hello world");
        assert_eq!(
            file.sha256(),
            "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
        );
        assert_eq!(file.md5(), "5eb63bbbe01eeed093cb22bb8f5acdc3");
    }
}
