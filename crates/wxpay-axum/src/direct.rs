//! Handling before answering: the synchronous mode.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use tokio::time::Instant;
use wxpay_proto::v3;

use crate::BoxError;
use crate::deadline::{DEADLINE, RETENTION, RETENTION_DEADLINE};
use crate::guarded::guarded;
use crate::notification::Notification;
use crate::protocol::{Protocol, v3_answer};
use crate::receiver::Receiver;
use crate::rejected::Rejected;

/// What a handler answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Taken; it is not sent again.
    Taken,
    /// Taken, with content, for the few notifications of v3 that ask for some: `ENTRUST.TERMINATE_RETENTION`.
    With(v3::Acknowledgement),
}

/// The synchronous mode: the handler runs first, and its result is the answer. Nothing is stored.
///
/// For what is quick and harmless to repeat. The handler has 4 s from the arrival of the request, 800 ms for
/// `ENTRUST.TERMINATE_RETENTION`; then it is dropped where it waits, the answer is 503, and WeChat Pay sends the
/// notification again. What a dropped handler had done until then stays done, so use a transaction.
///
/// ```
/// use std::sync::Arc;
///
/// use axum::Router;
/// use wxpay_axum::{BoxError, Direct, Notification, Receiver, Reply};
/// use wxpay_proto::v3::Acknowledgement;
/// use wxpay_types::events::v3::Event;
///
/// async fn stay(notification: Notification) -> Result<Reply, BoxError> {
///     match notification.event() {
///         Some(Event::EntrustTerminateRetention(_)) => {
///             Ok(Reply::With(Acknowledgement::retention_coupon("SENDED", "98674556")))
///         }
///         _ => Ok(Reply::Taken),
///     }
/// }
///
/// fn app(receiver: Receiver) -> Router {
///     let direct = Direct::new(Arc::new(receiver));
///     Router::new().route("/wechatpay/entrust", direct.route_v3(stay))
/// }
/// # drop(app(Receiver::new(wxpay_proto::v3::PlatformKeys::new())));
/// ```
#[derive(Clone)]
pub struct Direct {
    receiver: Arc<Receiver>,
    deadline: Duration,
    retention: Duration,
}

impl Direct {
    /// Takes notifications with this receiver.
    #[must_use]
    pub fn new(receiver: Arc<Receiver>) -> Self {
        Self {
            receiver,
            deadline: DEADLINE,
            retention: RETENTION_DEADLINE,
        }
    }

    /// Sets the deadline, from the request's arrival to the answer; WeChat Pay waits 5 s.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the deadline for `ENTRUST.TERMINATE_RETENTION`; WeChat Pay waits 1 s.
    #[must_use]
    pub fn retention_deadline(mut self, deadline: Duration) -> Self {
        self.retention = deadline;
        self
    }

    /// A route for the `notify_url` of notifications of v3.
    pub fn route_v3<S, H, F, E>(&self, handler: H) -> MethodRouter<S>
    where
        S: Clone + Send + Sync + 'static,
        H: Fn(Notification) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Reply, E>> + Send + 'static,
        E: Into<BoxError> + 'static,
    {
        self.route(Protocol::V3, handler)
    }

    /// A route for the `notify_url` of notifications of v2. [`Reply::With`] is v3's, and answered as v3 has it.
    pub fn route_v2<S, H, F, E>(&self, handler: H) -> MethodRouter<S>
    where
        S: Clone + Send + Sync + 'static,
        H: Fn(Notification) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Reply, E>> + Send + 'static,
        E: Into<BoxError> + 'static,
    {
        self.route(Protocol::V2, handler)
    }

    fn route<S, H, F, E>(&self, protocol: Protocol, handler: H) -> MethodRouter<S>
    where
        S: Clone + Send + Sync + 'static,
        H: Fn(Notification) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Reply, E>> + Send + 'static,
        E: Into<BoxError> + 'static,
    {
        let direct = self.clone();
        post(move |request: Request| async move { direct.answer(protocol, request, handler).await })
    }

    async fn answer<H, F, E>(self, protocol: Protocol, request: Request, handler: H) -> Response
    where
        H: Fn(Notification) -> F,
        F: Future<Output = Result<Reply, E>>,
        E: Into<BoxError>,
    {
        let arrived = Instant::now();
        let taken = tokio::time::timeout(self.deadline, self.receiver.take(protocol, request)).await;
        let notification = match taken {
            Ok(Ok((notification, _))) => notification,
            Ok(Err(rejected)) => return rejected.into_response(),
            Err(_) => return slow(protocol, "", "received", self.deadline),
        };
        let deadline = if notification.event_type() == RETENTION {
            self.retention
        } else {
            self.deadline
        };
        run(notification, arrived + deadline, deadline, handler).await
    }
}

/// Runs a handler against a deadline, and makes the answer of its result.
pub(crate) async fn run<H, F, E>(
    notification: Notification,
    until: Instant,
    deadline: Duration,
    handler: H,
) -> Response
where
    H: Fn(Notification) -> F,
    F: Future<Output = Result<Reply, E>>,
    E: Into<BoxError>,
{
    let (protocol, form) = (notification.protocol(), notification.form());
    let (id, event_type) = (notification.id().to_owned(), notification.event_type().to_owned());
    match tokio::time::timeout_at(until, guarded(|| handler(notification))).await {
        Ok(Ok(Reply::Taken)) => form.success(),
        Ok(Ok(Reply::With(acknowledgement))) => v3_answer(acknowledgement),
        Ok(Err(source)) => {
            let rejected = Rejected::Handler {
                protocol,
                id,
                event_type,
                source,
            };
            rejected.log(None);
            form.failure(None)
        }
        Err(_) => slow(protocol, &id, "handled", deadline),
    }
}

pub(crate) fn slow(protocol: Protocol, id: &str, work: &'static str, deadline: Duration) -> Response {
    let rejected = Rejected::TooSlow {
        protocol,
        id: id.to_owned(),
        work,
        milliseconds: deadline.as_millis(),
    };
    rejected.log(None);
    rejected.into_response()
}

impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direct")
            .field("receiver", &self.receiver)
            .field("deadline", &self.deadline)
            .field("retention", &self.retention)
            .finish()
    }
}
