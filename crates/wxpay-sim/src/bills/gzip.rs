//! Packs a bill.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A gzip file of the content.
pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Invariant: writing into memory does not fail.
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}
