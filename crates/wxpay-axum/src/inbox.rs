//! The inbox: stored, acknowledged, handled until it succeeds.

mod attempt;
mod lease;
mod work;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use tokio::sync::Notify;
use tokio::time::Instant;
use tracing::debug;
use wxpay_proto::v3::Acknowledgement;

use crate::BoxError;
use crate::deadline::{DEADLINE, RETENTION, RETENTION_DEADLINE};
use crate::direct::{self, Reply};
use crate::notification::Notification;
use crate::policy::Policy;
use crate::protocol::{Form, Protocol};
use crate::receiver::Receiver;
use crate::rejected::Rejected;
use crate::store::{Put, Store, StoreError};

pub use attempt::Ended;

type Answering = Pin<Box<dyn Future<Output = Result<Reply, BoxError>> + Send>>;
type Retention = dyn Fn(Notification) -> Answering + Send + Sync;

/// Takes notifications into a [`Store`], acknowledges them at once, and runs a handler on each until it succeeds.
///
/// ```text
/// request ──▶ verify ──▶ open ──▶ store ──▶ acknowledge
///                                   │
///                                   └──▶ claim ──▶ handler ──▶ handled | again later | parked
/// ```
///
/// Only what this merchant's keys can open is acknowledged. What is stored is the body as it arrived (and for v3 the proof
/// that it was verified), so that what v3's notifications are about stays encrypted until it is handled; see
/// [`Arrival`](crate::Arrival).
///
/// ```
/// use std::sync::Arc;
///
/// use axum::Router;
/// use wxpay_axum::{BoxError, Delivery, Inbox, MemoryStore, Receiver};
/// use wxpay_types::events::v3::{Event, Transaction};
///
/// async fn handle(delivery: Delivery) -> Result<(), BoxError> {
///     if let Some(Event::TransactionSuccess(Transaction::Payment(payment))) = delivery.event() {
///         let order = payment.out_trade_no.as_deref().ok_or("a payment without an order number")?;
///         println!("{order} is paid; mark it so, unless it is");
///     }
///     Ok(())
/// }
///
/// # async fn serve(receiver: Receiver, shutdown: impl Future<Output = ()> + Send + 'static) {
/// let inbox = Arc::new(Inbox::new(Arc::new(receiver), MemoryStore::new()));
/// let app: Router = Router::new().route("/wechatpay/notify", inbox.route_v3());
/// // Beside `axum::serve(listener, app)`: four handlers at a time, until the shutdown.
/// let workers = tokio::spawn(inbox.work(4, handle, shutdown));
/// # drop((app, workers));
/// # }
/// ```
pub struct Inbox<S> {
    receiver: Arc<Receiver>,
    store: S,
    policy: Policy,
    retention: Option<Box<Retention>>,
    arrived: Notify,
}

impl<S: Store> Inbox<S> {
    /// An inbox with the default [`Policy`].
    #[must_use]
    pub fn new(receiver: Arc<Receiver>, store: S) -> Self {
        Self {
            receiver,
            store,
            policy: Policy::default(),
            retention: None,
            arrived: Notify::new(),
        }
    }

    /// Sets the policy.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Answers `ENTRUST.TERMINATE_RETENTION` (解约挽留), which waits 1 s for an answer with content, by a handler that has
    /// 800 ms. Nothing is stored of it then. Without this it is stored and acknowledged like any other.
    #[must_use]
    pub fn retention<H, F, E>(mut self, handler: H) -> Self
    where
        H: Fn(Notification) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Acknowledgement, E>> + Send + 'static,
        E: Into<BoxError> + 'static,
    {
        self.retention = Some(Box::new(move |notification| {
            let answering = handler(notification);
            Box::pin(async move { answering.await.map(Reply::With).map_err(Into::into) })
        }));
        self
    }

    /// A route for the `notify_url` of notifications of v3.
    pub fn route_v3<R: Clone + Send + Sync + 'static>(self: &Arc<Self>) -> MethodRouter<R> {
        self.route(Protocol::V3)
    }

    /// A route for the `notify_url` of notifications of v2.
    pub fn route_v2<R: Clone + Send + Sync + 'static>(self: &Arc<Self>) -> MethodRouter<R> {
        self.route(Protocol::V2)
    }

    fn route<R: Clone + Send + Sync + 'static>(self: &Arc<Self>, protocol: Protocol) -> MethodRouter<R> {
        let inbox = self.clone();
        post(move |request: Request| async move { inbox.receive(protocol, request).await })
    }

    /// Takes one notification: what the routes do, for a route of your own. The response is the acknowledgement.
    pub async fn receive(&self, protocol: Protocol, request: Request) -> Response {
        let arrived = Instant::now();
        let received = tokio::time::timeout(DEADLINE, self.keep(protocol, request, arrived)).await;
        match received {
            Ok(Ok(response)) => response,
            Ok(Err(rejected)) => rejected.into_response(),
            Err(_) => direct::slow(protocol, "", "stored", DEADLINE),
        }
    }

    async fn keep(
        &self,
        protocol: Protocol,
        request: Request,
        arrived: Instant,
    ) -> Result<Response, Rejected> {
        let (notification, arrival) = self.receiver.take(protocol, request).await?;
        if notification.event_type() == RETENTION
            && let Some(handler) = &self.retention
        {
            let until = arrived + RETENTION_DEADLINE;
            return Ok(direct::run(notification, until, RETENTION_DEADLINE, handler).await);
        }
        let form: Form = notification.form();
        // What was decrypted is not needed until the handler gets it.
        drop(notification);
        match self.store.put(&arrival).await {
            Ok(Put::New) => self.arrived.notify_one(),
            Ok(Put::Known) => debug!(id = arrival.id, "a notification that is known was sent again"),
            Err(source) => {
                let rejected = Rejected::NotStored {
                    protocol,
                    id: arrival.id,
                    event_type: arrival.event_type,
                    source: source.into(),
                };
                rejected.log(None);
                return Err(rejected);
            }
        }
        Ok(form.success())
    }

    /// The store: what is parked, how much there is, what can be forgotten.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Opens a parked notification again, as [`Store::retry`] does, and wakes a worker.
    ///
    /// # Errors
    /// [`StoreError`] when the store could not be asked.
    pub async fn retry(&self, id: &str) -> Result<bool, StoreError> {
        let opened = self.store.retry(id).await?;
        if opened {
            self.arrived.notify_one();
        }
        Ok(opened)
    }
}

impl<S: fmt::Debug> fmt::Debug for Inbox<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("receiver", &self.receiver)
            .field("store", &self.store)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
