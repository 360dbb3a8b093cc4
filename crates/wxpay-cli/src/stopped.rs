//! Waiting to be told to stop.

use std::io;

/// Listens for Ctrl-C and SIGTERM.
pub(crate) struct Stopped {
    runtime: tokio::runtime::Runtime,
    signals: Signals,
}

#[cfg(unix)]
struct Signals(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(not(unix))]
struct Signals;

impl Stopped {
    pub(crate) fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let signals = runtime.block_on(Signals::listen())?;
        Ok(Self { runtime, signals })
    }

    pub(crate) fn wait(mut self) {
        self.runtime.block_on(self.signals.wait());
    }

    /// Does something until it is done or told to stop; nothing comes of it then.
    pub(crate) fn unless<T>(mut self, work: impl Future<Output = T>) -> Option<T> {
        self.runtime.block_on(async {
            tokio::select! {
                () = self.signals.wait() => None,
                done = work => Some(done),
            }
        })
    }
}

#[cfg(unix)]
impl Signals {
    #[expect(clippy::unused_async, reason = "signals are taken over inside a runtime")]
    async fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self(
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        ))
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unused_async, reason = "it is async on other systems")]
    async fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn wait(&mut self) {
        // Without signals there is nothing to wait for, and it runs until it is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
