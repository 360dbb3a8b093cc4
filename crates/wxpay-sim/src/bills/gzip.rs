//! Packs a bill.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A gzip file of the text.
pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Invariant: writing into memory does not fail.
    let written = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}
