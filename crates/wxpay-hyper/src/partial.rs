//! A file that appears under its name only when it is complete.

use std::path::{Path, PathBuf};

use tokio::fs::{self, File, OpenOptions};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use crate::download_error::DownloadError;

/// A file under a temporary name in the folder of its own. Unless it is kept, it is removed.
pub(crate) struct Partial {
    file: File,
    at: PathBuf,
    name: PathBuf,
    kept: bool,
}

impl Partial {
    /// Begins a file that is to be `name`; `mark` tells attempts apart that run at the same time.
    pub(crate) async fn begin(name: &Path, mark: &str) -> Result<Self, DownloadError> {
        let file_name = name.file_name().ok_or_else(|| disk(name)(no_file_name()))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(file_name);
        hidden.push(format!(".{mark}.part"));
        let at = name.with_file_name(hidden);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // Bills are read by whoever fetched them, and by nobody else until that changes it.
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&at).await.map_err(disk(&at))?;
        Ok(Self {
            file,
            at,
            name: name.to_owned(),
            kept: false,
        })
    }

    pub(crate) async fn write(&mut self, piece: &[u8]) -> Result<(), DownloadError> {
        self.file.write_all(piece).await.map_err(disk(&self.at))
    }

    /// Takes back what was written after so many bytes.
    pub(crate) async fn cut(&mut self, length: u64) -> Result<(), DownloadError> {
        let cut = async {
            self.file.flush().await?;
            self.file.set_len(length).await?;
            self.file.seek(std::io::SeekFrom::Start(length)).await
        };
        cut.await.map(drop).map_err(disk(&self.at))
    }

    /// Gives the file its name, whatever stood there: after a crash there is the whole file or what was there before.
    pub(crate) async fn keep(mut self) -> Result<(), DownloadError> {
        self.file.flush().await.map_err(disk(&self.at))?;
        self.file.sync_all().await.map_err(disk(&self.at))?;
        fs::rename(&self.at, &self.name).await.map_err(disk(&self.name))?;
        self.kept = true;
        // The name is in the folder, which is written by itself.
        #[cfg(unix)]
        {
            let folder = self.name.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or_else(|| Path::new("."));
            let opened = File::open(folder).await.map_err(disk(folder))?;
            opened.sync_all().await.map_err(disk(folder))?;
        }
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.kept {
            // Also when the future of a download is dropped. There is nobody to tell when it fails: the name says what
            // it is.
            let _ = std::fs::remove_file(&self.at);
        }
    }
}

fn disk(path: &Path) -> impl FnOnce(std::io::Error) -> DownloadError + use<> {
    let path = path.to_owned();
    move |source| DownloadError::Disk { path, source }
}

fn no_file_name() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidInput, "it names no file")
}
