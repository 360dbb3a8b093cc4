//! Who else can read the files that are secret.

use std::path::Path;

use super::finding::Findings;
use crate::ended::NotSent;
use crate::profile::Reader;

/// Looks at every secret file. Paths are not shown: somebody may have written a key in a path's place.
pub(super) fn check(reader: &Reader, findings: &mut Findings<'_>) -> Result<(), NotSent> {
    for (entry, path) in reader.secret_files() {
        let name = format!("permissions of `{entry}`");
        match others_can_read(&path) {
            // A file that cannot be read was told already.
            None => {}
            Some(None) => findings.ok(&name, "its owner alone can read it")?,
            Some(Some(mode)) => findings.warning(
                &name,
                &format!("others than its owner can reach it (mode {mode:03o})"),
                "chmod 600 it: who has this file can act in the merchant's name",
            )?,
        }
    }
    Ok(())
}

/// The mode, if it lets others in; nothing at all where there is no file, or no such mode.
#[cfg(unix)]
fn others_can_read(path: &Path) -> Option<Option<u32>> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    Some((mode & 0o077 != 0).then_some(mode))
}

#[cfg(not(unix))]
fn others_can_read(_: &Path) -> Option<Option<u32>> {
    None
}
