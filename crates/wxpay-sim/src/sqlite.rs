//! The store on disk: rows in SQLite, written before the answers that tell of them go out.
//!
//! What is true is in memory. The file takes every change in the order in which it was made, a transaction for all that
//! came while the one before was written, so that its cost is shared by the calls that wait for it. WAL with
//! `synchronous = FULL`: what was acknowledged survives the end of the process and of the machine's power alike.

mod error;
mod file;
mod task;

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use crate::journal::{Batch, Journal, Unwritten};
use crate::store::{Change, RestoreError};
pub(crate) use error::StoreError;
use file::StoreFile;
use task::Task;

/// How many batches go into one transaction at most.
const TOGETHER: usize = 1000;

/// How far the writing has come.
#[derive(Clone, Debug, Default)]
struct Stored {
    batch: Batch,
    problem: Option<Unwritten>,
}

impl Stored {
    fn tells(&self, batch: Batch) -> Option<Result<(), Unwritten>> {
        match &self.problem {
            _ if self.batch >= batch => Some(Ok(())),
            Some(problem) => Some(Err(problem.clone())),
            None => None,
        }
    }
}

/// The writing end of the file, on a thread of its own.
#[derive(Debug)]
pub(crate) struct SqliteJournal {
    last: AtomicU64,
    tasks: Option<UnboundedSender<Task>>,
    stored: watch::Receiver<Stored>,
    /// The same for those who wait without a runtime.
    told: Arc<(Mutex<Stored>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl SqliteJournal {
    /// Opens the file or makes it, and hands its rows over, in no particular order.
    pub(crate) fn open<T>(
        path: &Path,
        restore: impl FnOnce(&mut dyn Iterator<Item = Change>) -> Result<T, RestoreError>,
    ) -> Result<(T, Self), StoreError> {
        let (tasks, wanted) = unbounded_channel();
        let (tell, stored) = watch::channel(Stored::default());
        let told = Arc::new((Mutex::new(Stored::default()), Condvar::new()));
        let (rows, read) = mpsc::sync_channel(file::PAGE);
        let writer = Writer {
            path: path.to_owned(),
            wanted,
            tell,
            told: Arc::clone(&told),
        };
        let thread = std::thread::Builder::new()
            .name("wxpay-sim-store".to_owned())
            .spawn(move || writer.run(rows))
            .map_err(|source| StoreError::Thread {
                path: path.to_owned(),
                source,
            })?;
        let mut failed = None;
        let mut changes = read.iter().map_while(|row| match row {
            Ok(change) => Some(change),
            Err(error) => {
                failed = Some(error);
                None
            }
        });
        let restored = restore(&mut changes);
        drop(changes);
        // Half of the rows make no platform, whatever it looks like.
        if let Some(error) = failed {
            return Err(error);
        }
        let restored = restored.map_err(|source| StoreError::Rows {
            path: path.to_owned(),
            source,
        })?;
        let journal = Self {
            last: AtomicU64::new(0),
            tasks: Some(tasks),
            stored,
            told,
            thread: Some(thread),
        };
        Ok((restored, journal))
    }

    fn send(&self, task: Task) -> Batch {
        if let Some(tasks) = &self.tasks {
            // When the writer has ended, that is what is heard by everybody who waits.
            let _ = tasks.send(task);
        }
        // Callers hold the platform's lock, so that nobody comes between the two.
        self.last.fetch_add(1, Ordering::SeqCst) + 1
    }
}

impl Journal for SqliteJournal {
    fn write(&self, changes: Vec<Change>) -> Batch {
        if changes.is_empty() {
            return self.last.load(Ordering::SeqCst);
        }
        self.send(Task::Write(changes))
    }

    fn clear(&self) -> Batch {
        self.send(Task::Clear)
    }

    fn stored(&self, batch: Batch) -> Pin<Box<dyn Future<Output = Result<(), Unwritten>> + Send + '_>> {
        let mut stored = self.stored.clone();
        Box::pin(async move {
            let told = stored.wait_for(|stored| stored.tells(batch).is_some()).await;
            told.ok()
                .and_then(|stored| stored.tells(batch))
                .unwrap_or_else(|| Err(ended()))
        })
    }

    fn wait(&self, batch: Batch) -> Result<(), Unwritten> {
        let (stored, changed) = &*self.told;
        let mut stored = stored.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(told) = stored.tells(batch) {
                return told;
            }
            stored = changed.wait(stored).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for SqliteJournal {
    fn drop(&mut self) {
        // The writer ends when it has written what there is.
        self.tasks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn ended() -> Unwritten {
    Unwritten {
        problem: "the store was closed".to_owned(),
    }
}

/// The thread that reads and writes the file.
struct Writer {
    path: PathBuf,
    wanted: UnboundedReceiver<Task>,
    tell: watch::Sender<Stored>,
    told: Arc<(Mutex<Stored>, Condvar)>,
}

impl Writer {
    fn run(mut self, rows: mpsc::SyncSender<Result<Change, StoreError>>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let stored = match runtime {
            Ok(runtime) => runtime.block_on(self.work(rows)),
            Err(source) => {
                let path = self.path.clone();
                let _ = rows.send(Err(StoreError::Thread { path, source }));
                return;
            }
        };
        // Nobody may wait for what will not come.
        let stored = Stored {
            problem: stored.problem.or_else(|| Some(ended())),
            ..stored
        };
        self.tell(stored);
    }

    async fn work(&mut self, rows: mpsc::SyncSender<Result<Change, StoreError>>) -> Stored {
        let mut stored = Stored::default();
        let mut file = match StoreFile::open(&self.path).await {
            Ok(file) => file,
            Err(error) => {
                let _ = rows.send(Err(error));
                return stored;
            }
        };
        if let Err(error) = file.read(|change| rows.send(Ok(change)).is_ok()).await {
            let _ = rows.send(Err(error));
            return stored;
        }
        drop(rows);
        while let Some(first) = self.wanted.recv().await {
            let mut tasks = vec![first];
            while tasks.len() < TOGETHER {
                match self.wanted.try_recv() {
                    Ok(task) => tasks.push(task),
                    Err(_) => break,
                }
            }
            let count = tasks.len() as u64;
            if let Err(error) = file.write(tasks).await {
                stored.problem = Some(Unwritten {
                    problem: format!("{}: {error}", self.path.display()),
                });
                self.tell(stored.clone());
                break;
            }
            stored.batch += count;
            self.tell(stored.clone());
        }
        file.close().await;
        stored
    }

    fn tell(&self, stored: Stored) {
        let (lock, changed) = &*self.told;
        *lock.lock().unwrap_or_else(PoisonError::into_inner) = stored.clone();
        changed.notify_all();
        self.tell.send_replace(stored);
    }
}
