//! A shop's receiver: it takes what comes, and hands it over; and its page for users who come back.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Channel, Sender, channel};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

/// What the shop shows a user who comes back.
const WELCOME: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<p>Welcome back</p>";

const TAKEN: &[u8] = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

/// What arrived.
pub(crate) struct Arrived {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Receiver {
    address: SocketAddr,
    arrived: Channel<Arrived>,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, arrived) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, sender) = (stream.unwrap(), sender.clone());
                // Browsers open connections that they may want later, and say nothing on them.
                std::thread::spawn(move || serve(stream, &sender));
            }
        });
        Self { address, arrived }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/notify", self.address)
    }

    /// Where users come back to.
    pub(crate) fn page(&self) -> String {
        format!("http://{}/back?order=1&from=wechat", self.address)
    }

    pub(crate) fn next(&self) -> Arrived {
        self.arrived.recv_timeout(Duration::from_secs(60)).unwrap()
    }
}

fn serve(mut stream: TcpStream, sender: &Sender<Arrived>) {
    let answer = match read(&stream) {
        Some(arrived) => {
            // Nobody listens any more when the test is over.
            let _ = sender.send(arrived);
            TAKEN
        }
        None => WELCOME,
    };
    let _ = stream.write_all(answer);
}

/// A notification; nothing when a browser asks for a page.
fn read(stream: &TcpStream) -> Option<Arrived> {
    let mut reader = BufReader::new(stream);
    let mut headers = HeaderMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        // The request line has no such pair.
        if let Some((name, value)) = line.split_once(": ") {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
    }
    let length = headers.get("content-length")?.to_str().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Some(Arrived { headers, body })
}
