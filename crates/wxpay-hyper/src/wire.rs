//! One request and its answer over the network, within limits. Nothing in here knows what is asked.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::{Instant, timeout_at};

use crate::attempt::Attempt;
use crate::bodies::{Arriving, Bodies};
use crate::body::Body;
use crate::failure::{Failure, Phase, TransportError};
use crate::fault::{self, NothingSent};
use crate::keys::BoxError;
use crate::places::{Place, Places};
use crate::progress::before;
use crate::transport::{Carriage, Connections, ShowsCertificate};

/// What requests go over.
pub(crate) struct Wire {
    pub(crate) carriage: Carriage,
    pub(crate) places: Places,
    /// For other merchants' certificates.
    pub(crate) connections: Option<Connections>,
}

impl Wire {
    /// Sends a request, once, and reads its answer: whole, or its head alone where the body is wanted as it arrives.
    pub(crate) async fn exchange(
        &self,
        attempt: &mut Attempt,
        request: http::Request<Bytes>,
        certificate: Option<&ShowsCertificate>,
        bodies: &Bodies<'_>,
    ) -> Result<http::Response<Bytes>, Failure> {
        let (head, body) = request.into_parts();
        attempt.addressed(&head);
        let place = self.place(attempt).await?;
        let request = http::Request::from_parts(head, body);
        let (request, trouble) = bodies.outgoing(attempt, request).await?;
        let response = match self.open(attempt, request, certificate).await {
            // The upload's own words say more than those of the connection that it has ended.
            Err(failure @ Failure::Interrupted { .. }) => {
                return Err(trouble
                    .take()
                    .map_or(failure, |trouble| interrupted(attempt, trouble)));
            }
            other => other?,
        };
        match bodies.arriving() {
            // A refusal is no file, and is read whole.
            Some(slot) if response.status().is_success() => {
                let (head, body) = response.into_parts();
                let host = attempt.authority().to_owned();
                slot.put(Arriving { body, place, host });
                Ok(http::Response::from_parts(head, Bytes::new()))
            }
            _ => read(attempt, response).await,
        }
    }

    /// Waits until another call to the host may be under way.
    async fn place(&self, attempt: &Attempt) -> Result<Place, Failure> {
        let limit = Limit::call(attempt);
        match timeout_at(limit.at, self.places.take(attempt.authority())).await {
            Err(_) => Err(limit.passed(attempt, Phase::Waiting)),
            Ok(Ok(place)) => Ok(place),
            Ok(Err(full)) => Err(Failure::Busy {
                operation: attempt.meta.name,
                host: attempt.authority().to_owned(),
                waiting: full.waiting,
            }),
        }
    }

    /// Sends a request, once, and waits for the head of its answer.
    async fn open(
        &self,
        attempt: &mut Attempt,
        request: http::Request<Body>,
        certificate: Option<&ShowsCertificate>,
    ) -> Result<http::Response<Body>, Failure> {
        let connecting = Limit::new(attempt.options.connect, attempt);
        attempt.leaving();
        let (mut answer, progress) = self.carriage.carry(request, certificate);
        let left = before(&mut answer, progress.left());
        let response = match timeout_at(connecting.at, left).await {
            Err(_) => return Err(connecting.passed(attempt, Phase::Connecting)),
            Ok(Some(response)) => response,
            Ok(None) => {
                let answering = Limit::new(attempt.options.answer, attempt);
                let response = timeout_at(answering.at, answer).await;
                response.map_err(|_| answering.passed(attempt, Phase::Answering))?
            }
        };
        match response {
            Ok(response) => {
                let (head, body) = response.into_parts();
                attempt.answered(&head);
                Ok(http::Response::from_parts(head, body))
            }
            Err(error) if !progress.has_left() || nothing_sent(&error) => Err(Failure::Connect {
                operation: attempt.meta.name,
                host: attempt.authority().to_owned(),
                source: TransportError::new(error),
            }),
            Err(error) => Err(interrupted(attempt, error)),
        }
    }
}

/// Whether an error says by itself that nothing of the request has left.
fn nothing_sent(error: &BoxError) -> bool {
    fault::find::<NothingSent>(&**error).is_some()
        || fault::find::<hyper_util::client::legacy::Error>(&**error).is_some_and(|error| error.is_connect())
}

/// Reads an answer to its end.
async fn read(attempt: &Attempt, response: http::Response<Body>) -> Result<http::Response<Bytes>, Failure> {
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

fn interrupted(attempt: &Attempt, error: impl Into<BoxError>) -> Failure {
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
