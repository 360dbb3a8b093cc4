//! More than a server can take, from many at once: it refuses, its memory stays bounded, and the next client is served.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::running::{Running, folder};

const MIB: usize = 1 << 20;

/// All bodies that are being read have 256 MiB, the log 64 MiB; this leaves as much again for buffers and keys.
const MEMORY: usize = 384 * MIB;

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// How clients connect.
#[derive(Clone)]
struct Door {
    address: String,
    config: Arc<ClientConfig>,
}

impl Door {
    fn of(running: &Running, protocol: &[u8]) -> Self {
        let ca = fs::read(running.told["ca"].as_str().unwrap()).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&ca).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        let address = running.told["base_url"].as_str().unwrap();
        Self {
            address: address
                .trim_start_matches("https://")
                .trim_end_matches('/')
                .to_owned(),
            config: Arc::new(config),
        }
    }

    fn open(&self) -> Stream {
        let tcp = TcpStream::connect(&self.address).unwrap();
        // Who waits longer than this for room is one of those that get none. (A TLS session that cannot write tries to read.)
        let patience = Some(Duration::from_secs(2));
        tcp.set_write_timeout(patience).unwrap();
        tcp.set_read_timeout(patience).unwrap();
        let name = ServerName::try_from("api.mch.weixin.qq.com").unwrap();
        let session = ClientConnection::new(Arc::clone(&self.config), name).unwrap();
        StreamOwned::new(session, tcp)
    }
}

fn head(length: &str) -> String {
    format!("POST /v3/pay/transactions/native HTTP/1.1\r\nHost: api.mch.weixin.qq.com\r\n{length}\r\n\r\n")
}

/// What comes back until the server closes.
fn rest(mut stream: Stream) -> String {
    let mut answer = Vec::new();
    stream
        .sock
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    // Some connections end in a reset; what came before counts.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// 100 MB whose length is told beforehand.
fn announced(door: &Door) {
    let mut stream = door.open();
    let length = format!("Content-Length: {}", 100 * MIB);
    stream.write_all(head(&length).as_bytes()).unwrap();
    let mebibyte = vec![b' '; MIB];
    for _ in 0..100 {
        stream.write_all(&mebibyte).unwrap();
    }
    let answer = rest(stream);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

/// The same in chunks, which is refused in the midst of it. Gives how many MiB were taken.
fn in_chunks(door: &Door) -> usize {
    let mut stream = door.open();
    stream
        .write_all(head("Transfer-Encoding: chunked").as_bytes())
        .unwrap();
    let chunk = [&b"100000\r\n"[..], &vec![b' '; MIB], b"\r\n"].concat();
    (0..100).take_while(|_| stream.write_all(&chunk).is_ok()).count()
}

/// A body that stops just before its end.
fn stalled(door: &Door) -> Stream {
    let mut stream = door.open();
    stream
        .write_all(head(&format!("Content-Length: {}", 10 * MIB)).as_bytes())
        .unwrap();
    // There is no room for all of them, and who has none is not read.
    let _ = stream.write_all(&vec![b' '; 10 * MIB - 1]);
    stream
}

/// One request after the other, and no answer is read.
fn deaf(door: &Door) -> Stream {
    let mut stream = door.open();
    let request = "GET /v3/certificates HTTP/1.1\r\nHost: api.mch.weixin.qq.com\r\n\r\n".repeat(1000);
    for _ in 0..5 {
        // The server stops reading when it cannot write.
        if stream.write_all(request.as_bytes()).is_err() {
            break;
        }
    }
    stream
}

/// A frame of HTTP/2, on stream 1.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Headers that never end. Gives how many bytes were taken.
fn endless_headers(door: &Door) -> usize {
    let mut stream = door.open();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
    stream.write_all(&frame(4, 0, 0, b"")).unwrap();
    stream.write_all(&frame(1, 0, 1, b"\x82\x87\x84")).unwrap();
    // A literal header, `x: xxxx…`, again and again.
    let header = [&b"\x00\x01x\x7f\xa1\x7d"[..], &[b'x'; 16_000]].concat();
    let more = frame(9, 0, 1, &header);
    let taken = (0..10_000)
        .take_while(|_| stream.write_all(&more).is_ok())
        .count();
    taken * more.len()
}

/// Streams that are opened and given up at once, faster than they can be answered.
fn given_up(door: &Door) -> usize {
    let mut stream = door.open();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
    stream.write_all(&frame(4, 0, 0, b"")).unwrap();
    let both = |id: u32| {
        let opened = frame(1, 0x5, id, b"\x82\x87\x84");
        [opened, frame(3, 0, id, &8_u32.to_be_bytes())].concat()
    };
    (0..20_000_u32)
        .take_while(|count| stream.write_all(&both(1 + 2 * count)).is_ok())
        .count()
}

/// The most memory that a process has had, in bytes.
#[cfg(target_os = "linux")]
fn peak(running: &Running) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kib: usize = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib << 10
}

#[test]
#[cfg(target_os = "linux")]
fn its_memory_stays_bounded() {
    let running = Running::start(&folder("flood"), &["--memory", "--http2"]);
    let (http1, http2) = (Door::of(&running, b"http/1.1"), Door::of(&running, b"h2"));
    let before = peak(&running);
    std::thread::scope(|scope| {
        let stalled: Vec<_> = (0..60).map(|_| scope.spawn(|| stalled(&http1))).collect();
        let deaf: Vec<_> = (0..2).map(|_| scope.spawn(|| deaf(&http1))).collect();
        // Kept open, all of them.
        let stalled: Vec<Stream> = stalled.into_iter().map(|kept| kept.join().unwrap()).collect();
        let deaf: Vec<_> = deaf.into_iter().map(|kept| kept.join().unwrap()).collect();
        running.order("FLOOD1");
        drop(stalled);
        let announced: Vec<_> = (0..4).map(|_| scope.spawn(|| announced(&http1))).collect();
        let chunks: Vec<_> = (0..16).map(|_| scope.spawn(|| in_chunks(&http1))).collect();
        for sent in announced {
            sent.join().unwrap();
        }
        for sent in chunks {
            let mebibytes = sent.join().unwrap();
            assert!(mebibytes < 100, "all of a body that is too long was taken");
        }
        drop(deaf);
    });
    let headers = endless_headers(&http2);
    assert!(headers < 16 * MIB, "{headers} bytes of headers were taken");
    given_up(&http2);
    running.order("FLOOD2");
    let after = peak(&running);
    eprintln!("{} MiB at the start, {} MiB at most", before / MIB, after / MIB);
    assert!(after < MEMORY, "{} MiB", after / MIB);
}
