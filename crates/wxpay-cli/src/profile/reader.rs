//! A profile that was read, and its files; errors name the entry and what belongs there, never a content.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::file::{ProfileFile, SecretSource};
use crate::ended::NotSent;

/// A profile: a file, or what the command line says in its place.
#[derive(Debug)]
pub(crate) struct Reader {
    /// The profile file, if there is one.
    pub(super) name: Option<PathBuf>,
    pub(super) folder: PathBuf,
    pub(super) file: ProfileFile,
}

impl Reader {
    /// Reads a profile file, and none of the files that it names.
    pub(crate) fn open(path: &Path) -> Result<Self, NotSent> {
        let failed = |problem: String| NotSent::new(format!("the profile {}: {problem}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        let file = serde_json::from_str(&text)
            .map_err(|error| failed(format!("{error} (see `wxpay profile --example`)")))?;
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        Ok(Self {
            name: Some(path.to_owned()),
            folder: folder.to_owned(),
            file,
        })
    }

    /// The content of a text file.
    pub(super) fn text(&self, entry: &str, path: &Path) -> Result<String, NotSent> {
        self.named(entry, path, |path| std::fs::read_to_string(path))
    }

    /// The content of a binary file.
    pub(super) fn bytes(&self, entry: &str, path: &Path) -> Result<Zeroizing<Vec<u8>>, NotSent> {
        self.named(entry, path, |path| std::fs::read(path))
            .map(Zeroizing::new)
    }

    fn named<T>(
        &self,
        entry: &str,
        path: &Path,
        read: impl FnOnce(&Path) -> std::io::Result<T>,
    ) -> Result<T, NotSent> {
        if path.to_string_lossy().contains("-----BEGIN") {
            return Err(self.problem(
                entry,
                "wanted is the name of a file, and this is a file's content",
            ));
        }
        let path = self.beside(path);
        read(&path).map_err(|error| self.problem(entry, &format!("{}: {error}", path.display())))
    }

    /// The text of an API key.
    pub(super) fn secret(&self, entry: &str, source: &SecretSource) -> Result<Zeroizing<String>, NotSent> {
        // Neither path nor name is shown: somebody may have written the key there.
        let text = match source {
            SecretSource::File { file } => std::fs::read_to_string(self.beside(file)).map_err(|error| {
                let problem = format!("wanted is the name of a file that holds the key: {error}");
                self.problem(&format!("{entry}.file"), &problem)
            })?,
            SecretSource::Env { env } => std::env::var(env).map_err(|_| {
                let problem = "wanted is the name of an environment variable; the one named is not set";
                self.problem(&format!("{entry}.env"), problem)
            })?,
        };
        let text = Zeroizing::new(text);
        // An editor ends a file with a line end, which no key has.
        Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Where a file of the profile is.
    pub(crate) fn beside(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    pub(super) fn in_file<T>(
        &self,
        entry: &str,
        path: &Path,
        result: Result<T, impl Display>,
    ) -> Result<T, NotSent> {
        result.map_err(|error| self.problem(entry, &format!("{}: {error}", self.beside(path).display())))
    }

    pub(super) fn about<T>(&self, entry: &str, result: Result<T, impl Display>) -> Result<T, NotSent> {
        result.map_err(|error| self.problem(entry, &error.to_string()))
    }

    pub(super) fn problem(&self, entry: &str, problem: &str) -> NotSent {
        NotSent::new(match &self.name {
            Some(name) => format!("the profile {}: `{entry}`: {problem}", name.display()),
            None => format!("`{entry}`: {problem}"),
        })
    }
}
