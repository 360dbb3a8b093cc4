//! A file on its way to WeChat Pay, as a value.

mod sums;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use md5::Digest as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use sums::{FileSummer, FileSums};

/// A file to be uploaded: its name, its media type and its bytes, or what they were summed up to when they are elsewhere.
///
/// Serde writes the bytes as base64, so that an operation can be stored before it is sent. `Debug` shows their number.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FilePart {
    name: String,
    media_type: String,
    content: Bytes,
    /// Of a content that is elsewhere.
    sums: Option<FileSums>,
}

impl FilePart {
    /// A file. WeChat Pay tells its kind by the ending of the name; ASCII names are the safest.
    #[must_use]
    pub fn new(name: impl Into<String>, media_type: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            media_type: media_type.into(),
            content: content.into(),
            sums: None,
        }
    }

    /// A file whose content is not held here: whoever sends the request puts it between what
    /// [`UploadFrame::of`](crate::UploadFrame::of) finds around it.
    #[must_use]
    pub fn elsewhere(name: impl Into<String>, media_type: impl Into<String>, sums: FileSums) -> Self {
        Self {
            name: name.into(),
            media_type: media_type.into(),
            content: Bytes::new(),
            sums: Some(sums),
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

    /// Its length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        match &self.sums {
            Some(sums) => sums.length(),
            // Lengths in memory fit, whatever the platform.
            None => self.content.len() as u64,
        }
    }

    /// Its bytes; none when they are [elsewhere](Self::elsewhere).
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.content
    }

    /// The SHA-256 of its bytes in small hexadecimal, which the `meta` part of most uploads holds.
    #[must_use]
    pub fn sha256(&self) -> String {
        match &self.sums {
            Some(sums) => sums.sha256().to_owned(),
            None => hex::encode(sha2::Sha256::digest(&self.content)),
        }
    }

    /// The MD5 of its bytes in small hexadecimal, which v2's upload holds.
    #[must_use]
    pub fn md5(&self) -> String {
        match &self.sums {
            Some(sums) => sums.md5().to_owned(),
            None => hex::encode(md5::Md5::digest(&self.content)),
        }
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "FilePart({:?}, {}, {} bytes)",
            self.name,
            self.media_type,
            self.length()
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
    #[serde(skip_serializing_if = "Option::is_none")]
    sums: Option<FileSums>,
}

impl Serialize for FilePart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = Stored {
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            content: STANDARD.encode(&self.content),
            sums: self.sums.clone(),
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
        Ok(Self {
            sums: stored.sums,
            ..Self::new(stored.name, stored.media_type, content)
        })
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
    fn a_file_elsewhere_says_what_the_file_itself_would() {
        let file = FilePart::new("a.png", "image/png", "hello world");
        let mut summer = FileSummer::default();
        for piece in file.content().chunks(3) {
            summer.push(piece);
        }
        let elsewhere = FilePart::elsewhere("a.png", "image/png", summer.finish());
        assert_eq!(
            (elsewhere.sha256(), elsewhere.md5(), elsewhere.length()),
            (file.sha256(), file.md5(), 11)
        );
        assert_eq!(format!("{elsewhere:?}"), format!("{file:?}"));
        let text = serde_json::to_string(&elsewhere).unwrap();
        assert_eq!(serde_json::from_str::<FilePart>(&text).unwrap(), elsewhere);
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
