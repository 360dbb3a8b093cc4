//! One request and its answer over the network, within limits. Nothing in here knows what is asked.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_util::client::legacy::ResponseFuture;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use tokio::time::{Instant, timeout_at};

use crate::attempt::Attempt;
use crate::failure::{Failure, Phase, TransportError};
use crate::tls::Pool;

/// The connections.
pub(crate) struct Wire {
    pub(crate) plain: Pool,
    /// Those that show the client certificate.
    pub(crate) mutual: Option<Pool>,
}

impl Wire {
    /// Sends a request, once, and reads its answer whole.
    pub(crate) async fn exchange(
        &self,
        attempt: &mut Attempt,
        request: http::Request<Bytes>,
        certificate: bool,
    ) -> Result<http::Response<Bytes>, Failure> {
        let response = self.open(attempt, request, certificate).await?;
        read(attempt, response).await
    }

    /// Sends a request, once, and waits for the head of its answer.
    async fn open(
        &self,
        attempt: &mut Attempt,
        request: http::Request<Bytes>,
        certificate: bool,
    ) -> Result<http::Response<Incoming>, Failure> {
        let (head, body) = request.into_parts();
        attempt.addressed(&head);
        let mut request = http::Request::from_parts(head, Full::new(body));
        let pool = self
            .mutual
            .as_ref()
            .filter(|_| certificate)
            .unwrap_or(&self.plain);
        // It tells whether a connection was had, without which nothing has left.
        let captured = capture_connection(&mut request);
        let mut answer = pool.request(request);
        let connecting = Limit::new(attempt.options.connect, attempt);
        let response = match timeout_at(connecting.at, connected(&mut answer, captured.clone())).await {
            Err(_) => return Err(connecting.passed(attempt, Phase::Connecting)),
            Ok(Some(response)) => response,
            Ok(None) => {
                let answering = Limit::new(attempt.options.answer, attempt);
                let response = timeout_at(answering.at, answer).await;
                response.map_err(|_| answering.passed(attempt, Phase::Answering))?
            }
        };
        let is_connected = captured.connection_metadata().is_some();
        match response {
            Ok(response) => {
                let (head, body) = response.into_parts();
                attempt.answered(&head);
                Ok(http::Response::from_parts(head, body))
            }
            Err(error) if error.is_connect() || !is_connected => Err(Failure::Connect {
                operation: attempt.meta.name,
                host: attempt.authority().to_owned(),
                source: TransportError::new(error),
            }),
            Err(error) => Err(interrupted(attempt, error)),
        }
    }
}

/// Waits until there is a connection for the request; gives the answer, if that comes first.
async fn connected(
    answer: &mut ResponseFuture,
    mut captured: CaptureConnection,
) -> Option<Result<http::Response<Incoming>, hyper_util::client::legacy::Error>> {
    let mut had = pin!(async { drop(captured.wait_for_connection_metadata().await) });
    poll_fn(|context| {
        if let Poll::Ready(response) = Pin::new(&mut *answer).poll(context) {
            return Poll::Ready(Some(response));
        }
        had.as_mut().poll(context).map(|()| None)
    })
    .await
}

/// Reads an answer to its end.
async fn read(
    attempt: &Attempt,
    response: http::Response<Incoming>,
) -> Result<http::Response<Bytes>, Failure> {
    let (head, body) = response.into_parts();
    let limit = attempt.options.answer_limit;
    let body = match timeout_at(attempt.deadline, Limited::new(body, limit).collect()).await {
        Err(_) => return Err(Limit::call(attempt).passed(attempt, Phase::Answering)),
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            return Err(Failure::TooLarge {
                operation: attempt.meta.name,
                status: head.status.as_u16(),
                limit,
            });
        }
        Ok(Err(error)) => return Err(interrupted(attempt, error)),
    };
    Ok(http::Response::from_parts(head, body))
}

fn interrupted(attempt: &Attempt, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::Interrupted {
        operation: attempt.meta.name,
        host: attempt.authority().to_owned(),
        source: TransportError::new(error),
    }
}

/// A deadline of one phase, which ends with the call's.
struct Limit {
    at: Instant,
    limit: Duration,
}

impl Limit {
    fn new(limit: Duration, attempt: &Attempt) -> Self {
        let at = Instant::now() + limit;
        if at < attempt.deadline {
            Self { at, limit }
        } else {
            Self::call(attempt)
        }
    }

    fn call(attempt: &Attempt) -> Self {
        Self {
            at: attempt.deadline,
            limit: attempt.options.call,
        }
    }

    fn passed(&self, attempt: &Attempt, phase: Phase) -> Failure {
        Failure::Timeout {
            operation: attempt.meta.name,
            phase,
            limit: self.limit,
        }
    }
}
