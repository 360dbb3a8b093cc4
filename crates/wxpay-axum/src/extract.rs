//! Extractors: a handler that gets one has a notification that was verified and opened.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequest, Request};

use crate::notification::Notification;
use crate::protocol::Protocol;
use crate::receiver::Receiver;
use crate::rejected::Rejected;

/// A notification of v3, for handlers of your own. It takes the raw body, so it stands last; what cannot be proven or
/// opened never reaches the handler, and is answered and logged.
///
/// The handler has to answer within 5 s, and to store what it has taken before it answers. [`Inbox`](crate::Inbox) and
/// [`Direct`](crate::Direct) do both for you.
///
/// ```
/// use std::sync::Arc;
///
/// use axum::response::Response;
/// use axum::routing::post;
/// use axum::Router;
/// use wxpay_axum::{Receiver, V3};
/// use wxpay_types::events::v3::Event;
///
/// async fn paid(V3(notification): V3) -> Response {
///     match notification.event() {
///         Some(Event::TransactionSuccess(_)) => notification.taken(),
///         _ => notification.not_taken(), // it comes again
///     }
/// }
///
/// fn app(receiver: Receiver) -> Router {
///     Router::new().route("/wechatpay/notify", post(paid)).with_state(Arc::new(receiver))
/// }
/// # drop(app(Receiver::new(wxpay_proto::v3::PlatformKeys::new())));
/// ```
#[derive(Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an extractor is taken apart in the handler's signature"
)]
pub struct V3(pub Notification);

/// A notification of v2, otherwise as [`V3`].
#[derive(Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an extractor is taken apart in the handler's signature"
)]
pub struct V2(pub Notification);

impl<S> FromRequest<S> for V3
where
    S: Send + Sync,
    Arc<Receiver>: FromRef<S>,
{
    type Rejection = Rejected;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejected> {
        let receiver = Arc::<Receiver>::from_ref(state);
        let (notification, _) = receiver.take(Protocol::V3, request).await?;
        Ok(Self(notification))
    }
}

impl<S> FromRequest<S> for V2
where
    S: Send + Sync,
    Arc<Receiver>: FromRef<S>,
{
    type Rejection = Rejected;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejected> {
        let receiver = Arc::<Receiver>::from_ref(state);
        let (notification, _) = receiver.take(Protocol::V2, request).await?;
        Ok(Self(notification))
    }
}
