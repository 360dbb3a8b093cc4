//! The console's user.

use crate::Simulator;

/// A browser without scripts: what it asks, synchronously.
pub(super) struct Browser<'a> {
    pub(super) simulator: &'a Simulator,
    pub(super) lang: &'a str,
}

pub(super) struct Seen {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Browser<'_> {
    fn exchange(&self, method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
        use std::io::{Read as _, Write as _};

        let address = self.simulator.address();
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAccept-Language: {}\r\n{headers}\
             Content-Length: {}\r\n\r\n{body}",
            self.lang,
            body.len(),
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    }

    pub(super) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Seen {
        let answer = String::from_utf8(self.exchange(method, path, headers, body)).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Seen {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// An answer as it came, head and all.
    pub(super) fn ask_bytes(&self, path: &str) -> Vec<u8> {
        self.exchange("GET", path, "", "")
    }

    pub(super) fn get(&self, path: &str) -> Seen {
        self.ask("GET", path, "", "")
    }

    /// Sends a form of the console's own.
    pub(super) fn post(&self, action: &str, form: &str) -> Seen {
        let headers = format!(
            "Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n",
            self.simulator.address()
        );
        self.ask("POST", &format!("/_sim/do/{action}"), &headers, form)
    }
}

pub(super) fn english(simulator: &Simulator) -> Browser<'_> {
    Browser {
        simulator,
        lang: "en",
    }
}
