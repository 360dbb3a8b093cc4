//! The server as an HTTPS proxy, over real sockets.

use bytes::Bytes;
use http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::wire::{exchange, raw, tls, tunnel};
use crate::{Setup, Simulator};

#[tokio::test]
async fn wechats_hosts_are_answered_inside_a_tunnel() {
    let setup = Setup {
        http2: true,
        ..Setup::default()
    };
    let simulator = Simulator::start_with(setup).unwrap();
    for (host, protocol) in [
        ("api.mch.weixin.qq.com", &b"http/1.1"[..]),
        ("api2.mch.weixin.qq.com", b"h2"),
        ("apihk.mch.weixin.qq.com", b"http/1.1"),
    ] {
        let (stream, status) = tunnel(&simulator, &format!("{host}:443")).await;
        assert_eq!(status, "HTTP/1.1 200 OK");
        let stream = tls(&simulator, host, stream, protocol).await.unwrap();
        let request = Request::get(format!("https://{host}/v3/certificates"));
        let response = exchange(stream, request.body(Bytes::new()).unwrap(), protocol).await;
        // It is not signed: the platform itself has answered.
        assert_eq!(response.status(), 401);
        assert!(String::from_utf8_lossy(response.body()).contains("SIGN_ERROR"));
    }
    assert_eq!(simulator.log().len(), 3);
}

#[tokio::test]
async fn other_hosts_are_refused_and_told_why() {
    let simulator = Simulator::start().unwrap();
    let answer = raw(
        &simulator,
        b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
    assert!(answer.contains("NO_PROXY=example.com"), "{answer}");
    assert_eq!(simulator.log().len(), 0);
}

#[tokio::test]
async fn a_host_that_was_allowed_is_reached_untouched() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let setup = Setup {
        tunnels: vec![address.to_string()],
        ..Setup::default()
    };
    let simulator = Simulator::start_with(setup).unwrap();
    let (mut stream, status) = tunnel(&simulator, &address.to_string()).await;
    assert_eq!(status, "HTTP/1.1 200 OK");
    stream.write_all(b"ping").await.unwrap();
    let (mut there, _) = listener.accept().await.unwrap();
    let mut heard = [0; 4];
    there.read_exact(&mut heard).await.unwrap();
    there.write_all(b"pong").await.unwrap();
    drop(there);
    let mut said = Vec::new();
    stream.read_to_end(&mut said).await.unwrap();
    assert_eq!((&heard, &said[..]), (b"ping", &b"pong"[..]));
    let (_, status) = tunnel(&simulator, "127.0.0.1:1").await;
    assert_eq!(status, "HTTP/1.1 403 Forbidden");
}

#[tokio::test]
async fn plain_http_is_refused_with_the_way_out() {
    let simulator = Simulator::start().unwrap();
    let through = |target: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: api.mch.weixin.qq.com\r\nConnection: close\r\n\r\n")
    };
    for (target, says) in [
        (
            "http://api.mch.weixin.qq.com/v3/certificates",
            "WeChat Pay speaks HTTPS only",
        ),
        (
            "https://api.mch.weixin.qq.com/v3/certificates",
            "CONNECT api.mch.weixin.qq.com:443",
        ),
        ("http://example.com/", "does not fetch from example.com"),
        ("/v3/certificates", "https:// at this port"),
    ] {
        let answer = raw(&simulator, through(target).as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
        assert!(answer.contains(says), "{answer}");
    }
    assert_eq!(simulator.log().len(), 0);
}
