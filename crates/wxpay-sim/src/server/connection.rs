//! A connection: TLS, or plain HTTP for the proxy and for control.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::console::h5;
use super::front::Front;
use super::plain::refuse;
use super::{console, control, hosts, proxy, sent, service};

/// The first byte of a TLS connection: a handshake record.
const HANDSHAKE: u8 = 0x16;

/// How much a request's headers may have, in bytes.
const HEADER_BYTES: u32 = 64 << 10;

/// Serves a connection until it ends. Which of the two protocols it speaks, its first byte tells.
pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, front: Arc<Front>) {
    let mut first = [0];
    match timeout(front.limits.headers, stream.peek(&mut first)).await {
        Ok(Ok(1)) if first[0] == HANDSHAKE => serve_tls(stream, peer, front).await,
        Ok(Ok(1)) => serve_plain(stream, peer, front).await,
        // It ended, or nothing came.
        _ => {}
    }
}

/// Serves what is spoken to WeChat Pay's hosts.
async fn serve_tls(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    front: Arc<Front>,
) {
    // A handshake that fails is the client's to report: it does not trust the authority, most likely.
    let Ok(Ok(stream)) = timeout(front.limits.headers, front.acceptor.accept(stream)).await else {
        return;
    };
    let (limits, http2) = (front.limits, front.http2);
    let (_, session) = stream.get_ref();
    let shown = front.certificates.owner(session.peer_certificates());
    let service = service_fn(move |mut request: Request<Incoming>| {
        let front = Arc::clone(&front);
        if let Some(shown) = shown.clone() {
            request.extensions_mut().insert(shown);
        }
        async move { sent::send(answer(request, peer, &front).await).await }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    if !http2 {
        builder = builder.http1_only();
    }
    builder
        .http1()
        .timer(TokioTimer::new())
        // wechatpay-java looks its headers up as `Wechatpay-Nonce`. `Request-ID` goes out as `Request-Id`: hyper writes
        // only names that it has read in another spelling.
        .title_case_headers(true)
        .header_read_timeout(limits.headers)
        .max_buf_size(HEADER_BYTES as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.headers)
        .keep_alive_timeout(limits.headers)
        .max_header_list_size(HEADER_BYTES)
        .max_concurrent_streams(100);
    // A connection that breaks has nobody left to tell.
    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: Request<Incoming>, peer: SocketAddr, front: &Arc<Front>) -> Response<Bytes> {
    if console::is_ours(request.uri().path()) {
        return console::answer(request, peer, front).await;
    }
    if control::is_ours(request.uri().path()) {
        return control::answer(request, peer, front).await;
    }
    if h5::is_asked(request.uri(), request.headers()) {
        return h5::answer(request, front).await;
    }
    service::answer(request, front).await
}

/// Serves a client that takes this for its proxy.
async fn serve_plain(stream: TcpStream, peer: SocketAddr, front: Arc<Front>) {
    let limits = front.limits;
    let service = service_fn(move |request| {
        let front = Arc::clone(&front);
        async move { Ok::<_, Infallible>(answer_plain(request, peer, front).await.map(Full::new)) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_buf_size(HEADER_BYTES as usize)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let _ = connection.await;
}

async fn answer_plain(request: Request<Incoming>, peer: SocketAddr, front: Arc<Front>) -> Response<Bytes> {
    if request.method() == Method::CONNECT {
        return match proxy::destination(&request, &front.tunnels) {
            Ok(proxy::Destination::Here) => {
                tokio::spawn(async move {
                    if let Ok(upgraded) = hyper::upgrade::on(request).await {
                        serve_tls(TokioIo::new(upgraded), peer, front).await;
                    }
                });
                Response::new(Bytes::new())
            }
            Ok(proxy::Destination::Tunnel(address)) => proxy::tunnel(request, address, &front.limits).await,
            Err(refused) => refused.into(),
        };
    }
    if request.uri().authority().is_none() {
        if console::is_ours(request.uri().path()) {
            return console::answer(request, peer, &front).await;
        }
        if control::is_ours(request.uri().path()) {
            return control::answer(request, peer, &front).await;
        }
        if h5::is_asked(request.uri(), request.headers()) {
            return h5::answer(request, &front).await;
        }
    }
    let problem = match request.uri().host() {
        Some(host) if hosts::is_wechats(host) => format!(
            "{host} is not asked in plain text, nor through a proxy that would read along: WeChat Pay speaks HTTPS only. \
             Have the client open a tunnel (CONNECT {host}:443) and speak TLS inside it"
        ),
        Some(host) => {
            format!("this is the proxy of a simulator of WeChat Pay: it does not fetch from {host}")
        }
        None => {
            "WeChat Pay speaks HTTPS only: https:// at this port, or this port as the client's HTTPS proxy \
                 (HTTPS_PROXY=http://…)"
                .to_owned()
        }
    };
    refuse(StatusCode::FORBIDDEN, problem)
}
