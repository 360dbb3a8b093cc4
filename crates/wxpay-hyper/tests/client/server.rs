//! A small HTTPS server that records what it is asked and answers as it is told.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use wxpay_proto::BaseUrl;
use wxpay_proto::crypto::{Algorithm, Signer as _};
use wxpay_proto::v3::canonical::answer_message;

use crate::keys::{Keys, PLATFORM};

/// A request as it arrived.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) request: Request<Bytes>,
    /// Which connection it came over, counted from 0.
    pub(crate) connection: usize,
    /// Whether the client showed a certificate.
    pub(crate) certificate: bool,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    pub(crate) fn target(&self) -> &str {
        self.request
            .uri()
            .path_and_query()
            .map_or("", |target| target.as_str())
    }
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Behaviour {
    Answer(StatusCode, Vec<(&'static str, String)>, Bytes),
    /// Never answers.
    Hang,
    /// Closes the connection instead of answering.
    Cut,
    /// One behaviour for each request; the last one for all that follow.
    Script(Vec<Self>),
    /// Begins a file with these bytes, and never ends it.
    Slow(Bytes),
}

impl Behaviour {
    /// A success, signed as v3 signs.
    pub(crate) fn signed(body: &str) -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970")
            .as_secs()
            .to_string();
        let nonce = "0123456789abcdef";
        let message = answer_message(&now, nonce, body.as_bytes());
        let key = Keys::get().platform_key();
        let signature = key
            .sign(Algorithm::RsaSha256, &message)
            .expect("a signature")
            .to_base64();
        let headers = vec![
            ("wechatpay-timestamp", now),
            ("wechatpay-nonce", nonce.to_owned()),
            ("wechatpay-signature", signature),
            ("wechatpay-serial", PLATFORM.to_owned()),
            ("request-id", "08F5A1B2-268435456".to_owned()),
        ];
        Self::Answer(StatusCode::OK, headers, Bytes::copy_from_slice(body.as_bytes()))
    }

    /// What a script has for the request of that number, counted from 1.
    fn for_request(&self, number: usize) -> &Self {
        match self {
            Self::Script(script) => &script[number.min(script.len()) - 1],
            other => other,
        }
    }

    /// The answer as HTTP/1.1 writes it, after which the connection ends.
    pub(crate) fn written(&self) -> Vec<u8> {
        let answered = match self {
            Self::Answer(status, headers, body) => Some((status, headers, body)),
            _ => None,
        };
        let (status, headers, body) = answered.expect("an answer");
        let mut text = format!(
            "HTTP/1.1 {} x\r\ncontent-length: {}\r\nconnection: close\r\n",
            status.as_u16(),
            body.len()
        );
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        [text.as_bytes(), b"\r\n", body].concat()
    }

    /// An answer without a signature.
    pub(crate) fn plain(status: u16, headers: Vec<(&'static str, String)>, body: impl Into<Bytes>) -> Self {
        Self::Answer(
            StatusCode::from_u16(status).expect("a status"),
            headers,
            body.into(),
        )
    }
}

/// A running server; it ends with the test.
pub(crate) struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    _tasks: JoinSet<()>,
}

impl Server {
    pub(crate) async fn start(behaviour: Behaviour) -> Self {
        Self::with_alpn(behaviour, &["h2", "http/1.1"]).await
    }

    pub(crate) async fn with_alpn(behaviour: Behaviour, alpn: &[&str]) -> Self {
        let acceptor = TlsAcceptor::from(Keys::get().server_config(alpn));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&seen);
        let mut connections = 0;
        Self::accept(seen, move |tcp| {
            let (acceptor, record, behaviour) = (acceptor.clone(), Arc::clone(&record), behaviour.clone());
            let connection = connections;
            connections += 1;
            async move {
                // A client that refuses the certificate is one of the tests.
                let Ok(tls) = acceptor.accept(tcp).await else {
                    return;
                };
                let certificate = tls.get_ref().1.peer_certificates().is_some();
                let service = service_fn(move |request: Request<Incoming>| {
                    let (record, behaviour) = (Arc::clone(&record), behaviour.clone());
                    async move {
                        let (parts, body) = request.into_parts();
                        let body = body
                            .collect()
                            .await
                            .map_err(|error| error.to_string())?
                            .to_bytes();
                        let request = Request::from_parts(parts, body);
                        let seen = Seen {
                            request,
                            connection,
                            certificate,
                        };
                        let number = {
                            let mut record = record.lock().expect("no panic");
                            record.push(seen);
                            record.len()
                        };
                        answer(behaviour.for_request(number)).await
                    }
                });
                let served = auto::Builder::new(TokioExecutor::new());
                // A connection that is cut ends with an error, on purpose.
                let _ = served.serve_connection(TokioIo::new(tls), service).await;
            }
        })
        .await
    }

    /// A server that answers HTTP/1.1 by hand: `answer` gives what it writes for a request line's target, byte for byte,
    /// and the connection ends with that.
    pub(crate) async fn scripted(answer: impl Fn(&str) -> Vec<Vec<u8>> + Send + Sync + 'static) -> Self {
        let acceptor = TlsAcceptor::from(Keys::get().server_config(&["http/1.1"]));
        let answer = Arc::new(answer);
        Self::raw(move |tcp| {
            let (acceptor, answer) = (acceptor.clone(), Arc::clone(&answer));
            async move {
                let Ok(mut tls) = acceptor.accept(tcp).await else {
                    return;
                };
                let mut request = Vec::new();
                while !request.windows(4).any(|four| four == b"\r\n\r\n") {
                    let mut buffer = [0; 4096];
                    match tls.read(&mut buffer).await {
                        Ok(count @ 1..) => request.extend_from_slice(&buffer[..count]),
                        _ => return,
                    }
                }
                let request = String::from_utf8(request).expect("a head");
                let target = request.split(' ').nth(1).expect("a target");
                for part in answer(target) {
                    // Each in a record of its own. A client that has heard enough hangs up.
                    if tls.write_all(&part).await.is_err() || tls.flush().await.is_err() {
                        return;
                    }
                }
                let _ = tls.shutdown().await;
            }
        })
        .await
    }

    /// A server that does what `serve` does with each TCP connection.
    pub(crate) async fn raw<F>(serve: impl FnMut(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self::accept(Arc::default(), serve).await
    }

    async fn accept<F>(
        seen: Arc<Mutex<Vec<Seen>>>,
        mut serve: impl FnMut(TcpStream) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((tcp, _)) = listener.accept().await {
                connections.spawn(serve(tcp));
            }
        });
        Self {
            port,
            seen,
            _tasks: tasks,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn base(&self) -> BaseUrl {
        BaseUrl::new(&format!("https://localhost:{}", self.port)).expect("a base address")
    }

    /// What has been asked so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().expect("no panic"))
    }

    /// Looks at what has been asked so far, and leaves it there.
    pub(crate) fn with_seen<T>(&self, look: impl FnOnce(&Vec<Seen>) -> T) -> T {
        look(&self.seen.lock().expect("no panic"))
    }

    /// The only request so far.
    pub(crate) fn only(&self) -> Seen {
        let mut seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.remove(0)
    }
}

async fn answer(behaviour: &Behaviour) -> Result<Response<Answer>, String> {
    match behaviour {
        Behaviour::Answer(status, headers, body) => {
            let mut response = Response::new(Answer::new(Full::new(body.clone())));
            *response.status_mut() = *status;
            for (name, value) in headers {
                response
                    .headers_mut()
                    .insert(*name, value.parse().expect("a header value"));
            }
            Ok(response)
        }
        Behaviour::Hang => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Err("nobody waits this long".to_owned())
        }
        Behaviour::Cut => Err("cut".to_owned()),
        Behaviour::Script(_) => Err("a script in a script".to_owned()),
        Behaviour::Slow(beginning) => Ok(Response::new(Answer::new(Beginning(Some(beginning.clone()))))),
    }
}

type Answer = UnsyncBoxBody<Bytes, Infallible>;

/// A body of which only the beginning ever comes.
struct Beginning(Option<Bytes>);

impl hyper::body::Body for Beginning {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0.take() {
            Some(beginning) => Poll::Ready(Some(Ok(Frame::data(beginning)))),
            None => Poll::Pending,
        }
    }
}
