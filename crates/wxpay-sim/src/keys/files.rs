//! Files in a folder: written so that there is all of it or nothing, private ones for nobody else to read.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::error::FolderError;

/// A file that is to be written.
pub(super) struct File {
    /// Inside the folder, with `/` between its parts.
    name: String,
    content: Vec<u8>,
    secret: bool,
}

impl File {
    /// One that everybody may read.
    pub(super) fn open(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            content: content.into(),
            secret: false,
        }
    }

    /// One that nobody but its owner may read.
    pub(super) fn secret(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self {
            secret: true,
            ..Self::open(name, content)
        }
    }
}

/// A folder that is complete.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// The folder, if there is one.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, FolderError> {
        let there = path.try_exists().map_err(FolderError::io(path))?;
        Ok(there.then(|| Self(path.to_owned())))
    }

    /// Writes a folder beside its place, and moves it there when it is complete.
    pub(super) fn create(path: &Path, files: &[File]) -> Result<Self, FolderError> {
        let unfinished = path.with_extension(format!("{}.unfinished", std::process::id()));
        make_folder(&unfinished)?;
        let folder = Self(unfinished);
        for file in files {
            folder.write(file)?;
        }
        match fs::rename(&folder.0, path) {
            Ok(()) => Ok(Self(path.to_owned())),
            Err(error) => {
                // Somebody else may have been faster, and then theirs is as good.
                let _ = fs::remove_dir_all(&folder.0);
                Self::open(path)?.ok_or_else(|| FolderError::io(path)(error))
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn read(&self, name: &str) -> Result<String, FolderError> {
        let path = self.0.join(name);
        fs::read_to_string(&path).map_err(FolderError::io(&path))
    }

    /// Writes one file, in the place of one with the same name.
    pub(super) fn write(&self, file: &File) -> Result<(), FolderError> {
        let path = self.0.join(&file.name);
        if let Some(parent) = path.parent() {
            make_folder(parent)?;
        }
        let unfinished = path.with_extension("unfinished");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        limit(&mut options, file.secret);
        let mut written = options.open(&unfinished).map_err(FolderError::io(&unfinished))?;
        let done = written
            .write_all(&file.content)
            .and_then(|()| written.sync_all())
            .and_then(|()| fs::rename(&unfinished, &path));
        done.map_err(FolderError::io(&path))
    }
}

fn make_folder(path: &Path) -> Result<(), FolderError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(FolderError::io(path))
}

/// Who may read a file is said when it is made: there is no moment at which everybody may.
#[cfg(unix)]
fn limit(options: &mut OpenOptions, secret: bool) {
    let mode = if secret { 0o600 } else { 0o644 };
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
}

#[cfg(not(unix))]
fn limit(_: &mut OpenOptions, _: bool) {}
