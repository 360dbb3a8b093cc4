//! What a command reads: a file, or standard input where `-` stands for it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::ended::NotSent;

/// The longest input that is held in memory as a whole, in bytes: 64 MiB.
const LIMIT: u64 = 64 << 20;

/// Opens a file, or standard input.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, NotSent> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).map_err(|error| NotSent::new(format!("{}: {error}", path.display())))?;
    Ok(Box::new(file))
}

/// Reads all of it, byte for byte.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, NotSent> {
    let problem = |problem: String| NotSent::new(format!("{}: {problem}", path.display()));
    let mut bytes = Vec::new();
    open(path)?
        .take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| problem(error.to_string()))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= LIMIT) {
        Ok(bytes)
    } else {
        Err(problem(format!("it is longer than {LIMIT} bytes")))
    }
}

/// Reads all of it as a text.
pub(crate) fn read_text(path: &Path) -> Result<String, NotSent> {
    String::from_utf8(read(path)?)
        .map_err(|_| NotSent::new(format!("{}: wanted is a text in UTF-8", path.display())))
}

/// A text without the line end that an editor or `echo` puts behind it.
pub(crate) fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// Standard input can be read once.
pub(crate) fn only_one_stdin<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<(), NotSent> {
    let count = paths.into_iter().filter(|path| *path == Path::new("-")).count();
    if count > 1 {
        return Err(NotSent::new(
            "two inputs are to come from standard input (`-`), which can be read once: give a file for one of them",
        ));
    }
    Ok(())
}
