//! From a request to a notification.

use std::error::Error as _;
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::to_bytes;
use axum::extract::Request;
use bytes::Bytes;
use http::HeaderMap;
use http_body_util::LengthLimitError;
use wxpay_proto::v3::{NotificationError, UnverifiedNotification, VerifiedNotification};
use wxpay_proto::{ApiV2Key, ApiV3Key, UnixTime, VerifyError};

use crate::arrival::Arrival;
use crate::deadline::DEADLINE;
use crate::keys::Keys;
use crate::notification::Notification;
use crate::opening::MerchantKeys;
use crate::protocol::Protocol;
use crate::rejected::Rejected;

/// The longest body that is taken, unless told otherwise. The longest documented notification has a few kilobytes.
const BODY_LIMIT: usize = 1 << 20;

type Clock = dyn Fn() -> UnixTime + Send + Sync;

/// What takes notifications of one merchant: WeChat Pay's keys, and the merchant's.
///
/// Put it into an `Arc`, which is then the state of the routes that use the extractors [`V3`](crate::V3) and
/// [`V2`](crate::V2).
pub struct Receiver {
    keys: Keys,
    merchant: MerchantKeys,
    limit: usize,
    clock: Box<Clock>,
}

impl Receiver {
    /// Verifies with these keys; a merchant of v2 alone gives an empty `PlatformKeys`.
    #[must_use]
    pub fn new(keys: impl Into<Keys>) -> Self {
        Self {
            keys: keys.into(),
            merchant: MerchantKeys::default(),
            limit: BODY_LIMIT,
            clock: Box::new(system_time),
        }
    }

    /// Adds an APIv3 key, the current one first. After a change of the key on the merchant platform (更换APIv3密钥) keep the
    /// old one behind it, until nothing that arrived before waits in an inbox.
    #[must_use]
    pub fn api_v3_key(mut self, key: ApiV3Key) -> Self {
        self.merchant.v3.push(key);
        self
    }

    /// Adds an APIv2 key, the current one first.
    #[must_use]
    pub fn api_v2_key(mut self, key: ApiV2Key) -> Self {
        self.merchant.v2.push(key);
        self
    }

    /// Sets the longest body that is taken, in bytes; 1 MiB unless told otherwise.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Sets the clock that signatures are held against; the system's unless told otherwise.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> UnixTime + Send + Sync + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Verifies and opens a notification of v3. `body` is the raw body.
    ///
    /// # Errors
    /// [`Rejected`] when nothing proves it, or no APIv3 key opens it. It is not logged yet.
    pub async fn open_v3(&self, headers: &HeaderMap, body: Bytes) -> Result<Notification, Rejected> {
        Ok(self.take_v3(headers, body).await?.0)
    }

    /// The notification, and what an inbox keeps of it.
    async fn take_v3(&self, headers: &HeaderMap, body: Bytes) -> Result<(Notification, Bytes), Rejected> {
        let unverified = UnverifiedNotification::receive(headers, body);
        let verified = self.verify(&unverified).await?;
        self.keys.saw(&verified);
        self.merchant.open_v3(&verified)
    }

    /// Verifies and opens a notification of v2. `body` is the raw body.
    ///
    /// # Errors
    /// [`Rejected`] when nothing proves it, or no key opens it. It is not logged yet.
    pub fn open_v2(&self, body: &Bytes) -> Result<Notification, Rejected> {
        self.merchant.open_v2(body)
    }

    async fn verify(&self, unverified: &UnverifiedNotification) -> Result<VerifiedNotification, Rejected> {
        let verified = unverified.verify(&self.keys.current(), (self.clock)());
        if let Err(NotificationError::Unverified {
            source: VerifyError::UnknownSerial { serial, .. },
            ..
        }) = &verified
            && let Some(keys) = self.keys.refreshed(serial).await
        {
            return Ok(unverified.verify(&keys, (self.clock)())?);
        }
        Ok(verified?)
    }

    /// Reads a request whole, verifies and opens it. What is wrong with it is logged here.
    pub(crate) async fn take(
        &self,
        protocol: Protocol,
        request: Request,
    ) -> Result<(Notification, Arrival), Rejected> {
        let (parts, body) = request.into_parts();
        let taken = async {
            let body = tokio::time::timeout(DEADLINE, to_bytes(body, self.limit))
                .await
                .map_err(|_| Rejected::TooSlow {
                    protocol,
                    id: String::new(),
                    work: "received",
                    milliseconds: DEADLINE.as_millis(),
                })?
                .map_err(|error| self.unread(protocol, error))?;
            let (notification, kept) = match protocol {
                Protocol::V3 => self.take_v3(&parts.headers, body).await?,
                Protocol::V2 => (self.open_v2(&body)?, body),
            };
            let arrival = Arrival::new(notification.id(), protocol, notification.event_type(), kept);
            Ok((notification, arrival))
        };
        let taken = taken.await;
        taken.inspect_err(|rejected: &Rejected| rejected.log(request_id(&parts.headers)))
    }

    fn unread(&self, protocol: Protocol, error: axum::Error) -> Rejected {
        let too_long = error
            .source()
            .is_some_and(|source| source.is::<LengthLimitError>());
        if too_long {
            return Rejected::TooLong {
                protocol,
                limit: self.limit,
            };
        }
        Rejected::Broken {
            protocol,
            source: error.into_inner(),
        }
    }

    pub(crate) fn reopen(&self, arrival: &Arrival) -> Result<Notification, Rejected> {
        self.merchant.reopen(arrival)
    }
}

/// The keys are left out.
impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("keys", &self.keys)
            .field("api_v3_keys", &self.merchant.v3.len())
            .field("api_v2_keys", &self.merchant.v2.len())
            .field("body_limit", &self.limit)
            .finish_non_exhaustive()
    }
}

fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("request-id")?.to_str().ok()
}

fn system_time() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
