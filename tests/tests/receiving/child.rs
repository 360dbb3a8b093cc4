//! A shop as a process of its own, so that it can be killed: a server, an inbox, and a handler that writes a journal.

use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use wxpay_axum::{BoxError, Delivery, Inbox, Policy, SqliteStore, Store};

use crate::world::{impatient, receiver, serve};
use crate::{block_on, postgres};

/// Says that this process is a shop, and where its store is.
const STORE: &str = "WXPAY_RECEIVING_STORE";
const JOURNAL: &str = "WXPAY_RECEIVING_JOURNAL";
const LEASE: &str = "WXPAY_RECEIVING_LEASE";

/// The id of notifications on which the first attempt never comes to an end begins so.
pub(crate) const STUCK: &str = "stuck";

pub(crate) fn is_one() -> bool {
    std::env::var_os(STORE).is_some()
}

/// The shop. It ends when its standard input does: with the test, at the latest.
pub(crate) fn run() {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let place = std::env::var(STORE).expect("a place");
    let journal = PathBuf::from(std::env::var(JOURNAL).expect("a journal"));
    let lease = std::env::var(LEASE).ok().and_then(|seconds| seconds.parse().ok());
    let policy = impatient().lease(Duration::from_secs(lease.expect("seconds")));
    block_on(async {
        match place.split_once(' ') {
            Some(("sqlite", path)) => {
                let store = SqliteStore::open(path).await.expect("a store");
                open(store, policy, journal).await;
            }
            Some(("postgres", place)) => open(postgres::store(place).await, policy, journal).await,
            _ => panic!("no store is at {place}"),
        }
    });
}

async fn open<S: Store>(store: S, policy: Policy, journal: PathBuf) {
    let inbox = Arc::new(Inbox::new(Arc::new(receiver()), store).policy(policy));
    let address = serve(Router::new().route("/notify", inbox.route_v3())).await;
    let mut out = std::io::stdout();
    writeln!(out, "{address}")
        .and_then(|()| out.flush())
        .expect("the test reads it");
    let handler = move |delivery: Delivery| handle(delivery, journal.clone());
    inbox.work(4, handler, std::future::pending()).await;
}

async fn handle(delivery: Delivery, journal: PathBuf) -> Result<(), BoxError> {
    let first = !read(&journal).contains(&format!("started {}", delivery.id()));
    write(&journal, "started", delivery.id());
    if delivery.id().starts_with(STUCK) && first {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(Duration::from_millis(5)).await;
    write(&journal, "done", delivery.id());
    Ok(())
}

fn write(journal: &Path, what: &str, id: &str) {
    let file = OpenOptions::new().append(true).create(true).open(journal);
    // In one write, so that the lines of two processes do not mix.
    let line = format!("{what} {id}\n");
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .expect("a journal");
}

/// The lines of a journal.
pub(crate) fn read(journal: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(journal).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// A running shop, seen from the test. Killed when it is dropped, without a chance to tidy up.
pub(crate) struct Shop {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Shop {
    /// `lease` in seconds: after this time another process takes what a killed one had.
    pub(crate) fn start(place: &str, journal: &Path, lease: u64) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this file"))
            .env(STORE, place)
            .env(JOURNAL, journal)
            .env(LEASE, lease.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address = line.trim().parse().expect("an address");
        Self { child, address }
    }

    /// `SIGKILL`, where there are signals.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
