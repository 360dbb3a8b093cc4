//! Certificates in a file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use super::storage::{BoxError, KeyStorage, Turn};

/// How long another process's download is waited for. One that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often it is looked whether the other has finished.
const LOOK: Duration = Duration::from_millis(50);

/// Keeps a merchant's platform certificates in a file. Processes of one machine that name the same file share one download.
///
/// The file is replaced as a whole: no reader ever sees half of it. Beside it are made `….lock`, by which one process
/// at a time downloads, and for a moment `….new`. Each merchant needs a file of its own.
#[derive(Clone, Debug)]
pub struct FileStorage {
    path: PathBuf,
}

impl FileStorage {
    /// Keeps them at `path`. The folder must exist; the file need not.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(ending);
        name.into()
    }
}

impl KeyStorage for FileStorage {
    async fn load(&self) -> Result<Option<String>, BoxError> {
        let path = self.path.clone();
        let read = move || match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(named(&path, "read", &error)),
        };
        spawn_blocking(read).await?
    }

    async fn save(&self, text: &str) -> Result<(), BoxError> {
        let (path, new, text) = (self.path.clone(), self.beside(".new"), text.to_owned());
        let write = move || replace(&path, &new, &text).map_err(|error| named(&path, "written", &error));
        spawn_blocking(write).await?
    }

    async fn turn(&self) -> Result<Turn, BoxError> {
        let path = self.beside(".lock");
        let open = {
            let path = path.clone();
            move || {
                OpenOptions::new()
                    .create(true)
                    .truncate(false)
                    .write(true)
                    .open(&path)
            }
        };
        let file: File = spawn_blocking(open)
            .await?
            .map_err(|error| named(&path, "opened", &error))?;
        let until = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                // The lock ends with the file, and with the process.
                Ok(()) => return Ok(Box::new(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => sleep(LOOK).await,
                Err(TryLockError::WouldBlock) => {
                    return Err(format!("{} is locked for more than {PATIENCE:?}", path.display()).into());
                }
                Err(TryLockError::Error(error)) => return Err(named(&path, "locked", &error)),
            }
        }
    }
}

/// Writes beside the file and puts that in its place, which a crash can only prevent.
fn replace(path: &Path, new: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(new, path)
}

fn named(path: &Path, what: &str, error: &io::Error) -> BoxError {
    format!("{} cannot be {what}: {error}", path.display()).into()
}
