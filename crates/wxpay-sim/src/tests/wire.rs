//! A client's TLS and HTTP, over any stream.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::header::HOST;
use http::{Request, Response, Version};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::Simulator;

/// Speaks TLS to the simulator under a name, trusting its authority and nothing else.
pub(super) async fn tls<S: AsyncRead + AsyncWrite + Unpin>(
    simulator: &Simulator,
    name: &str,
    stream: S,
    protocol: &[u8],
) -> io::Result<TlsStream<S>> {
    offering(simulator, name, stream, &[protocol]).await
}

/// The same, with a choice of protocols, or without a word about them.
pub(super) async fn offering<S: AsyncRead + AsyncWrite + Unpin>(
    simulator: &Simulator,
    name: &str,
    stream: S,
    protocols: &[&[u8]],
) -> io::Result<TlsStream<S>> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(simulator.ca_pem().as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// Makes one exchange.
pub(super) async fn exchange<S>(stream: S, request: Request<Bytes>, protocol: &[u8]) -> Response<Bytes>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    try_exchange(stream, request, protocol).await.unwrap()
}

/// Makes one exchange that may break off.
pub(super) async fn try_exchange<S>(
    stream: S,
    request: Request<Bytes>,
    protocol: &[u8],
) -> Result<Response<Bytes>, hyper::Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let io = TokioIo::new(stream);
    let mut request = request.map(Full::new);
    let response = if protocol == b"h2" {
        *request.version_mut() = Version::HTTP_2;
        let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
            .await
            .unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await?
    } else {
        if let Some(authority) = request.uri().authority().cloned() {
            let host = authority.as_str().parse().unwrap();
            request.headers_mut().insert(HOST, host);
        }
        let target = request.uri().path_and_query().unwrap().as_str().parse().unwrap();
        *request.uri_mut() = target;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await?
    };
    let (parts, body) = response.into_parts();
    Ok(Response::from_parts(parts, body.collect().await?.to_bytes()))
}

/// Writes these bytes, and gives everything that comes back until the server closes.
pub(super) async fn raw(simulator: &Simulator, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(simulator.address()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // Some servers close with a reset; what came before counts.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// Asks the simulator as a proxy for a tunnel, and gives the status line.
pub(super) async fn tunnel(simulator: &Simulator, authority: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(simulator.address()).await.unwrap();
    let connect = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
    stream.write_all(connect.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    (stream, head.lines().next().unwrap().to_owned())
}
