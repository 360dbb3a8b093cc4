//! What no client should send, over real sockets: a clear refusal, and the next client is served.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::wire::{exchange, raw, tls};
use crate::{Setup, Simulator};

/// A connection as a client has it that has got through the handshake.
async fn connected(simulator: &Simulator) -> tokio_rustls::client::TlsStream<TcpStream> {
    let stream = TcpStream::connect(simulator.address()).await.unwrap();
    tls(simulator, "api.mch.weixin.qq.com", stream, b"http/1.1")
        .await
        .unwrap()
}

/// Writes these bytes inside TLS, and gives everything that comes back until the server closes.
async fn inside_tls(simulator: &Simulator, bytes: &[u8]) -> String {
    let mut stream = connected(simulator).await;
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

async fn still_serves(simulator: &Simulator) {
    let request = Request::get("https://api.mch.weixin.qq.com/v3/certificates");
    let request = request.body(Bytes::new()).unwrap();
    let response = exchange(connected(simulator).await, request, b"http/1.1").await;
    assert_eq!(response.status(), 401);
}

fn impatient() -> Simulator {
    let mut setup = Setup::default();
    setup.limits.headers = Duration::from_millis(200);
    setup.limits.body = Duration::from_millis(200);
    Simulator::start_with(setup).unwrap()
}

#[tokio::test]
async fn malformed_tls_ends_the_connection() {
    let simulator = Simulator::start().unwrap();
    for bytes in [
        // A handshake record that holds no handshake.
        &b"\x16\x03\x01\x00\x05hello"[..],
        // A length beyond what TLS allows.
        b"\x16\x03\x01\xff\xff",
        // A hello that is cut short by an alert.
        b"\x16\x03\x01\x00\x04\x01\x00\x00\xff\x15\x03\x01\x00\x02\x02\x28",
    ] {
        raw(&simulator, bytes).await;
    }
    still_serves(&simulator).await;
    assert_eq!(simulator.log().len(), 1, "nothing of it reached the platform");
}

#[tokio::test]
async fn malformed_http_is_a_bad_request() {
    let simulator = Simulator::start().unwrap();
    for bytes in [
        "\0\0\0\0",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ] {
        for answer in [
            raw(&simulator, bytes.as_bytes()).await,
            inside_tls(&simulator, bytes.as_bytes()).await,
        ] {
            assert!(
                answer.starts_with("HTTP/1.1 400 Bad Request"),
                "{bytes:?}: {answer}"
            );
        }
    }
    still_serves(&simulator).await;
}

#[tokio::test]
async fn endless_headers_are_cut_off() {
    let simulator = Simulator::start().unwrap();
    let endless = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(100 << 10));
    let answer = inside_tls(&simulator, endless.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(1000));
    let answer = inside_tls(&simulator, many.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    still_serves(&simulator).await;
}

#[tokio::test]
async fn a_body_of_100_mb_is_refused_and_not_kept() {
    const MIB: usize = 1 << 20;
    let simulator = Simulator::start().unwrap();
    for length in [
        format!("Content-Length: {}", 100 * MIB),
        "Transfer-Encoding: chunked".to_owned(),
    ] {
        let mut stream = connected(&simulator).await;
        let head = format!("POST /v3/x HTTP/1.1\r\nHost: a\r\n{length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let chunked = length.starts_with('T');
        let mebibyte = vec![b' '; MIB];
        for _ in 0..100 {
            // A chunked body is refused in the midst of it, and the rest is not wanted.
            let mut written = Ok(());
            if chunked {
                written = stream.write_all(b"100000\r\n").await;
            }
            if written.is_ok() {
                written = stream.write_all(&mebibyte).await;
            }
            if written.is_ok() && chunked {
                written = stream.write_all(b"\r\n").await;
            }
            if written.is_err() {
                break;
            }
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        if !chunked {
            assert!(answer.starts_with("HTTP/1.1 413 Payload Too Large"), "{answer}");
            assert!(answer.contains("more than 10 MiB"), "{answer}");
        }
    }
    let log = simulator.log();
    assert_eq!(log.len(), 2);
    for exchange in log {
        assert_eq!(exchange.status(), 413);
        assert_eq!(exchange.request.body().len(), 0);
    }
    still_serves(&simulator).await;
}

#[tokio::test]
async fn who_asks_before_sending_too_much_is_told_at_once() {
    let simulator = Simulator::start().unwrap();
    let head = "POST /v3/x HTTP/1.1\r\nHost: a\r\nContent-Length: 104857600\r\nExpect: 100-continue\r\n\r\n";
    let answer = inside_tls(&simulator, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 Payload Too Large"), "{answer}");
}

#[tokio::test]
async fn slow_clients_are_not_waited_for() {
    let simulator = impatient();
    // Nothing at all, half a handshake, half a request line: closed without a word or with 408.
    assert_eq!(raw(&simulator, b"").await, "");
    raw(&simulator, b"\x16\x03\x01").await;
    raw(&simulator, b"GET / HT").await;
    inside_tls(&simulator, b"GET / HT").await;
    let answer = inside_tls(
        &simulator,
        b"POST /v3/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout"), "{answer}");
    assert!(answer.contains("did not arrive within"), "{answer}");
    still_serves(&simulator).await;
}

#[tokio::test]
async fn large_bodies_share_what_there_is() {
    let mut setup = Setup::default();
    setup.limits.bodies_kib = 8 << 10;
    setup.limits.body = Duration::from_millis(200);
    let simulator = Simulator::start_with(setup).unwrap();
    let head = |mib: usize| {
        format!(
            "POST /v3/x HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n",
            mib << 20
        )
    };
    // More than all of the room: its turn never comes.
    let answer = inside_tls(&simulator, head(9).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable"), "{answer}");
    still_serves(&simulator).await;
}

#[tokio::test]
async fn small_bodies_do_not_wait_for_large_ones() {
    let mut setup = Setup::default();
    setup.limits.bodies_kib = 16 << 10;
    let simulator = Simulator::start_with(setup).unwrap();
    let mut kept = Vec::new();
    // One has room and does not come; the others wait for theirs.
    for _ in 0..3 {
        let mut stream = connected(&simulator).await;
        let head = format!(
            "POST /v3/x HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n",
            9 << 20
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        kept.push(stream);
    }
    let answer = inside_tls(
        &simulator,
        b"POST /v3/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

#[tokio::test]
async fn one_connection_too_many_is_closed() {
    let mut setup = Setup::default();
    setup.limits.connections = 3;
    let simulator = Simulator::start_with(setup).unwrap();
    let mut kept = Vec::new();
    for _ in 0..3 {
        kept.push(connected(&simulator).await);
    }
    assert_eq!(raw(&simulator, b"GET / HTTP/1.1\r\n\r\n").await, "");
    drop(kept.pop());
    // The place becomes free as soon as the server has seen the end.
    for _ in 0..1000 {
        let stream = TcpStream::connect(simulator.address()).await.unwrap();
        if tls(&simulator, "localhost", stream, b"http/1.1").await.is_ok() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the place did not become free");
}
