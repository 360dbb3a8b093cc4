//! Root certificates from the command line.

use std::path::PathBuf;

use crate::ended::NotSent;

/// Reads the files of `--trust`, PEM each.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<String>, NotSent> {
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path)
            .map_err(|error| NotSent::new(format!("--trust {}: {error}", path.display())))
    };
    paths.iter().map(read).collect()
}
