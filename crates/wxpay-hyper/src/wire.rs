//! One request and its answer over the network, within limits. Nothing in here knows what is asked.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::capture_connection;
use tokio::time::{Instant, timeout_at};
use tracing::Span;
use tracing::field::display;

use crate::error::{ConfigError, Error, Phase, TransportError};
use crate::tls::Pool;

/// How long, and how much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    pub(crate) call: Duration,
    /// In bytes.
    pub(crate) answer: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(30),
            answer: 10 << 20,
        }
    }
}

impl Limits {
    pub(crate) fn check(self) -> Result<(), ConfigError> {
        let zero = |limit| Err(ConfigError::Zero { limit });
        match self {
            Self {
                connect: Duration::ZERO,
                ..
            } => zero("ClientBuilder::connect_timeout"),
            Self {
                call: Duration::ZERO, ..
            } => zero("ClientBuilder::call_timeout"),
            Self { answer: 0, .. } => zero("ClientBuilder::answer_limit"),
            _ => Ok(()),
        }
    }
}

/// The connections.
pub(crate) struct Wire {
    pub(crate) plain: Pool,
    /// Those that show the client certificate.
    pub(crate) mutual: Option<Pool>,
    pub(crate) limits: Limits,
}

impl Wire {
    /// Sends a request, once, and reads its answer whole.
    pub(crate) async fn exchange(
        &self,
        operation: &'static str,
        span: &Span,
        request: http::Request<Bytes>,
        certificate: bool,
        deadline: Instant,
    ) -> Result<http::Response<Bytes>, Error> {
        let host = request
            .uri()
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default();
        span.record("method", display(request.method()));
        span.record("host", &host);
        span.record(
            "key",
            request
                .headers()
                .get("wechatpay-serial")
                .and_then(|key| key.to_str().ok()),
        );

        let pool = self
            .mutual
            .as_ref()
            .filter(|_| certificate)
            .unwrap_or(&self.plain);
        let mut request = request.map(Full::new);
        // It tells whether a connection was had, without which nothing has left.
        let captured = capture_connection(&mut request);
        let connected = || captured.connection_metadata().is_some();
        let mut answer = pool.request(request);

        let connecting = deadline.min(Instant::now() + self.limits.connect);
        let response = match timeout_at(connecting, &mut answer).await {
            Ok(response) => response,
            Err(_) if !connected() => {
                let limit = if connecting < deadline {
                    self.limits.connect
                } else {
                    self.limits.call
                };
                return Err(Error::Timeout {
                    operation,
                    phase: Phase::Connecting,
                    limit,
                });
            }
            Err(_) => timeout_at(deadline, &mut answer)
                .await
                .map_err(|_| self.late(operation))?,
        };
        let response = response.map_err(|error| {
            let nothing_left = error.is_connect() || !connected();
            let source = TransportError::new(error);
            let host = host.clone();
            if nothing_left {
                Error::Connect {
                    operation,
                    host,
                    source,
                }
            } else {
                Error::Interrupted {
                    operation,
                    host,
                    source,
                }
            }
        })?;
        span.record("status", response.status().as_u16());
        let read = self.read(operation, host, response);
        timeout_at(deadline, read)
            .await
            .map_err(|_| self.late(operation))?
    }

    async fn read(
        &self,
        operation: &'static str,
        host: String,
        response: http::Response<Incoming>,
    ) -> Result<http::Response<Bytes>, Error> {
        let (parts, body) = response.into_parts();
        let limit = self.limits.answer;
        match Limited::new(body, limit).collect().await {
            Ok(body) => Ok(http::Response::from_parts(parts, body.to_bytes())),
            Err(error) if error.is::<LengthLimitError>() => Err(Error::TooLarge {
                operation,
                status: parts.status.as_u16(),
                limit,
            }),
            Err(error) => Err(Error::Interrupted {
                operation,
                host,
                source: TransportError::new(error),
            }),
        }
    }

    fn late(&self, operation: &'static str) -> Error {
        Error::Timeout {
            operation,
            phase: Phase::Answering,
            limit: self.limits.call,
        }
    }
}
