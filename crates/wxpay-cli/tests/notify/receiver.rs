//! A receiver of notifications that replies what it is told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver as Channel, channel};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

/// What arrived.
pub(crate) struct Arrived {
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Listens for as long as the test runs.
pub(crate) struct Receiver {
    address: SocketAddr,
    arrived: Channel<Arrived>,
}

/// No test waits for as long as this unless it fails.
const PATIENCE: Duration = Duration::from_secs(60);

impl Receiver {
    /// Replies with these, one after the other, and with the last one from then on; an empty one is a broken connection.
    pub(crate) fn replying(replies: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, arrived) = channel();
        std::thread::spawn(move || {
            let mut replies = replies.iter().peekable();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let mut headers = HeaderMap::new();
                loop {
                    let mut header = String::new();
                    reader.read_line(&mut header).unwrap();
                    let Some((name, value)) = header.trim_end().split_once(": ") else {
                        break;
                    };
                    headers.append(
                        HeaderName::from_bytes(name.as_bytes()).unwrap(),
                        HeaderValue::from_str(value).unwrap(),
                    );
                }
                let length = headers.get("content-length").unwrap().to_str().unwrap();
                let mut body = vec![0; length.parse().unwrap()];
                reader.read_exact(&mut body).unwrap();
                let reply = *replies.peek().unwrap();
                if replies.len() > 1 {
                    replies.next();
                }
                stream.write_all(reply.as_bytes()).unwrap();
                let line = line.trim_end().to_owned();
                if sender.send(Arrived { line, headers, body }).is_err() {
                    return;
                }
            }
        });
        Self { address, arrived }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn next(&self) -> Arrived {
        self.arrived.recv_timeout(PATIENCE).unwrap()
    }
}

/// A reply with this status line and body.
pub(crate) const TAKEN: &str = "HTTP/1.1 200 OK\r\nContent-Length: 37\r\nConnection: close\r\n\r\n{\"code\":\"SUCCESS\",\"message\":\"taken\"} ";
pub(crate) const FAILED: &str =
    "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops";
pub(crate) const MOVED: &str =
    "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
