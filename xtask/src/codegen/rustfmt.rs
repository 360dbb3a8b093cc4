//! Giving generated code its form.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Formats a source with the workspace's settings.
pub(super) fn format(config: &Path, source: &str) -> Result<String, String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(config)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            format!("rustfmt is needed and cannot be run ({error}): `rustup component add rustfmt`")
        })?;
    let mut input = child.stdin.take().ok_or("rustfmt has no input")?;
    let source = source.to_owned();
    // Written from a thread, because rustfmt may begin to answer before it has read everything.
    let writer = std::thread::spawn(move || input.write_all(source.as_bytes()));
    let output = child
        .wait_with_output()
        .map_err(|error| format!("rustfmt: {error}"))?;
    writer
        .join()
        .map_err(|_| "rustfmt: the writer panicked")?
        .map_err(|error| format!("rustfmt: {error}"))?;
    if !output.status.success() {
        return Err(format!("rustfmt: {}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("rustfmt: {error}"))
}
