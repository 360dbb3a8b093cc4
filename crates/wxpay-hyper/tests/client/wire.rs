//! What goes over the wire, and what happens when the wire fails.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use wxpay_hyper::{Client, Failure};
use wxpay_proto::crypto::FileDigest;
use wxpay_proto::retry::Budget;
use wxpay_proto::v3::{Call, Download};
use wxpay_proto::{Host, Outcome, UnixTime, VerifiedBy};

use crate::keys::Keys;
use crate::operations::{pay, query};
use crate::server::{Behaviour, Server};
use crate::{builder, client};

/// A target that anything which tidies addresses would change.
const UNTIDY: &str = "/v3/x/./a/../b//c;d=1?a=%e5%BE%AE+b|c^d&&e=~!*'(){}&f=%2F%2f&g=https://h/i?j&k";

#[tokio::test]
async fn a_verified_answer_comes_back_over_both_versions_of_http() {
    for (alpn, version) in [
        ("h2", http::Version::HTTP_2),
        ("http/1.1", http::Version::HTTP_11),
    ] {
        let server = Server::with_alpn(Behaviour::signed(r#"{"trade_state":"SUCCESS"}"#), &[alpn]).await;
        let answer = client(&server).send(&query()).await.unwrap();
        assert_eq!(
            answer.verified_by(),
            &VerifiedBy::PlatformKey(Keys::get().platform_id())
        );
        assert_eq!(
            &answer.body().slice(..),
            r#"{"trade_state":"SUCCESS"}"#.as_bytes()
        );
        let seen = server.only();
        assert_eq!(seen.request.version(), version);
        assert_eq!(seen.header("accept-encoding"), None);
        assert_eq!(seen.header("wechatpay-serial"), Some(crate::keys::PLATFORM));
        assert!(!seen.certificate);
    }
}

#[tokio::test]
async fn the_target_is_sent_verbatim() {
    for alpn in ["h2", "http/1.1"] {
        let server = Server::with_alpn(Behaviour::signed("{}"), &[alpn]).await;
        client(&server)
            .send(&Call::new(http::Method::GET, UNTIDY))
            .await
            .unwrap();
        assert_eq!(server.only().target(), UNTIDY, "{alpn}");
    }
}

#[tokio::test]
async fn the_first_line_and_the_body_are_sent_byte_for_byte() {
    let acceptor = TlsAcceptor::from(Keys::get().server_config(&["http/1.1"]));
    let text = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&text);
    let server = Server::raw(move |tcp| {
        let (acceptor, heard) = (acceptor.clone(), Arc::clone(&heard));
        async move {
            let mut tls = acceptor.accept(tcp).await.unwrap();
            let mut buffer = [0; 4096];
            while !heard.lock().unwrap().ends_with(b"\xE5\xBE\xAE\x00\r\n ") {
                let count = tls.read(&mut buffer).await.unwrap();
                heard.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
            tls.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        }
    })
    .await;
    let call = Call::new(http::Method::POST, UNTIDY).body(&b"{ }\n\xE5\xBE\xAE\x00\r\n "[..]);
    // The answer is not signed, so the call fails; what was sent is what counts.
    client(&server).send(&call).await.unwrap_err();
    let text = text.lock().unwrap();
    let start = format!("POST {UNTIDY} HTTP/1.1\r\n");
    assert!(
        text.starts_with(start.as_bytes()),
        "{}",
        String::from_utf8_lossy(&text)
    );
    assert!(
        text.ends_with(b"\r\n\r\n{ }\n\xE5\xBE\xAE\x00\r\n "),
        "{}",
        String::from_utf8_lossy(&text)
    );
}

#[tokio::test]
async fn one_base_stands_in_for_every_host_and_one_connection_serves_them() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let client = client(&server);
    for host in Host::ALL {
        client.send(&query().host(*host)).await.unwrap();
    }
    let seen = server.seen();
    assert_eq!(seen.len(), Host::ALL.len());
    assert!(seen.iter().all(|seen| seen.connection == 0), "{seen:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Server::start(Behaviour::signed("{}")).await;
    for status in [301, 302, 307, 308] {
        let location = format!("{}/v3/elsewhere", other.base());
        let server = Server::start(Behaviour::plain(status, vec![("location", location)], "")).await;
        let error = client(&server).send(&query()).await.unwrap_err();
        assert_eq!(error.api_error().unwrap().status, status, "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        server.only();
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn a_refusal_is_told_with_its_code() {
    let body = r#"{"code":"PARAM_ERROR","message":"no"}"#;
    let server = Server::start(Behaviour::plain(400, vec![], body)).await;
    let error = client(&server).send(&pay()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Refused);
    assert_eq!(error.api_error().unwrap().code.as_deref(), Some("PARAM_ERROR"));
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_dropped_and_the_limit_is_named() {
    for alpn in ["h2", "http/1.1"] {
        let server = Server::with_alpn(Behaviour::signed(&"x".repeat(1001)), &[alpn]).await;
        let client = builder(&server).answer_limit(1000).build().unwrap();
        let error = client.send(&pay()).await.unwrap_err();
        assert!(
            matches!(
                error.failure(),
                Failure::TooLarge {
                    limit: 1000,
                    status: 200,
                    ..
                }
            ),
            "{error:?}"
        );
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(error.to_string().contains("1000 bytes"), "{error}");

        let server = Server::with_alpn(Behaviour::signed(&"x".repeat(1000)), &[alpn]).await;
        builder(&server)
            .answer_limit(1000)
            .connect_timeout(Duration::MAX)
            .call_timeout(Duration::MAX)
            .build()
            .unwrap()
            .send(&pay())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_after_the_request_leaves_the_outcome_unknown() {
    for alpn in ["h2", "http/1.1"] {
        let server = Server::with_alpn(Behaviour::Cut, &[alpn]).await;
        let error = client(&server).send(&pay()).await.unwrap_err();
        assert!(
            matches!(error.failure(), Failure::Interrupted { .. }),
            "{error:?}"
        );
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(error.to_string().contains("query by the same number"), "{error}");
        server.only();
    }
}

#[tokio::test]
async fn nobody_listening_means_that_nothing_was_sent() {
    let server = Server::start(Behaviour::Hang).await;
    let client = client(&server);
    drop(server);
    tokio::task::yield_now().await;
    let error = client.send(&pay()).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Connect { .. }), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("localhost:"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_trusted_gets_nothing() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let client = Client::builder()
        .merchant(Keys::get().merchant_credentials(), Keys::get().merchant_key())
        .platform_keys(Keys::get().platform_keys())
        .base_url(server.base())
        .build()
        .unwrap();
    let error = client.send(&pay()).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Connect { .. }), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_connection_closed_while_idle_is_replaced() {
    let acceptor = TlsAcceptor::from(Keys::get().server_config(&["http/1.1"]));
    let Behaviour::Answer(_, headers, body) = Behaviour::signed("{}") else {
        panic!("an answer")
    };
    let head: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n{head}\r\n{body}",
        body.len()
    );
    let server = Server::raw(move |tcp| {
        let (acceptor, answer) = (acceptor.clone(), answer.clone());
        async move {
            let mut tls = acceptor.accept(tcp).await.unwrap();
            let _ = tls.read(&mut [0; 4096]).await.unwrap();
            tls.write_all(answer.as_bytes()).await.unwrap();
            tls.shutdown().await.unwrap();
        }
    })
    .await;
    let client = client(&server);
    for _ in 0..3 {
        client.send(&pay()).await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_from_another_time_is_refused() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let client = builder(&server)
        .clock(|| UnixTime::from_secs(1_700_000_000))
        .budget(Budget::once())
        .build()
        .unwrap();
    let error = client.send(&query()).await.unwrap_err();
    assert!(error.to_string().contains("clock"), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(
        server
            .only()
            .header("authorization")
            .unwrap()
            .contains("timestamp=\"1700000000\"")
    );
}

#[tokio::test]
async fn a_file_is_proven_by_its_digest() {
    // SHA-1 of "abc".
    let digest = FileDigest::new("SHA1", "a9993e364706816aba3e25717850c26c9cd0d89d").unwrap();
    let download = Download::new("https://api.mch.weixin.qq.com/v3/billdownload/file?token=a%2Bb").unwrap();
    let server = Server::start(Behaviour::plain(200, vec![], "abc")).await;
    let file = client(&server).download(&download, &digest).await.unwrap();
    assert_eq!(&file.content()[..], b"abc");
    assert_eq!(server.only().target(), "/v3/billdownload/file?token=a%2Bb");

    let server = Server::start(Behaviour::plain(200, vec![], "abd")).await;
    let error = client(&server).download(&download, &digest).await.unwrap_err();
    assert!(
        matches!(
            error.failure(),
            Failure::Exchange(wxpay_proto::Error::Unverified { .. })
        ),
        "{error:?}"
    );
}
