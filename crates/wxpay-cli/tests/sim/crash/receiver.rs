//! A shop that takes every notification, and outlives every simulator.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

pub(super) struct Receiver {
    url: String,
    taken: Arc<Mutex<BTreeSet<String>>>,
}

impl Receiver {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        let taken = Arc::new(Mutex::new(BTreeSet::new()));
        let known = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let known = Arc::clone(&known);
                std::thread::spawn(move || {
                    while let Some(id) = take(&stream) {
                        known.lock().unwrap().insert(id);
                        let replied = (&stream).write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
                        if replied.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { url, taken }
    }

    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    /// The ids of all notifications that came.
    pub(super) fn taken(&self) -> BTreeSet<String> {
        self.taken.lock().unwrap().clone()
    }
}

/// The id of the next notification; nothing when the sender is gone, or was killed in the midst of it.
fn take(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let envelope: Value = serde_json::from_slice(&body).ok()?;
    Some(envelope["id"].as_str()?.to_owned())
}
