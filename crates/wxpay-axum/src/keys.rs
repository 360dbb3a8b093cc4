//! Where WeChat Pay's keys come from, and how they are asked for again.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::{info, warn};
use wxpay_proto::KeyId;
use wxpay_proto::v3::{PlatformKeys, VerifiedNotification};

use crate::BoxError;

/// How long after a refresh no other one is made, unless told otherwise: anybody can send unknown serial numbers.
const PAUSE: Duration = Duration::from_secs(60);

type Current = dyn Fn() -> Arc<PlatformKeys> + Send + Sync;
type Refreshing = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;
type Refresh = dyn Fn(String) -> Refreshing + Send + Sync;
type Count = dyn Fn(&str, &KeyId) + Send + Sync;

/// The keys that notifications of v3 are verified with: a fixed set, or the view of a store that can fetch newer ones.
///
/// ```
/// use std::sync::{Arc, RwLock};
///
/// use wxpay_axum::Keys;
/// use wxpay_proto::v3::PlatformKeys;
///
/// let store = Arc::new(RwLock::new(Arc::new(PlatformKeys::new())));
/// let view = store.clone();
/// let keys = Keys::from_fn(
///     move || view.read().expect("not poisoned").clone(),
///     move |unknown_serial| {
///         let store = store.clone();
///         async move {
///             // Here /v3/certificates is asked; an error is logged, and the notification comes again.
///             let fetched = PlatformKeys::new();
///             *store.write().map_err(|_| format!("no key {unknown_serial}"))? = Arc::new(fetched);
///             Ok(())
///         }
///     },
/// );
/// # drop(keys);
/// ```
#[derive(Clone)]
pub struct Keys {
    inner: Arc<Inner>,
    count: Option<Arc<Count>>,
}

struct Inner {
    current: Box<Current>,
    refresh: Option<Box<Refresh>>,
    pause: Duration,
    /// When the last refresh ended. Who holds the lock refreshes; everybody else waits for it.
    last: Mutex<Option<Instant>>,
}

impl Keys {
    /// A set that never changes: enough for a merchant with WeChat Pay's public key (微信支付公钥), which does not expire.
    #[must_use]
    pub fn fixed(keys: PlatformKeys) -> Self {
        let keys = Arc::new(keys);
        Self::build(Box::new(move || keys.clone()), None, PAUSE)
    }

    /// Keys that something else holds. `current` gives them, at once; `refresh` is told a serial number or id that is
    /// not among them, and fetches.
    ///
    /// However many notifications name an unknown key at a time, `refresh` runs once, to its end even when the senders
    /// hang up, and then not for a minute ([`from_fn_with_pause`](Self::from_fn_with_pause)).
    #[must_use]
    pub fn from_fn<F>(
        current: impl Fn() -> Arc<PlatformKeys> + Send + Sync + 'static,
        refresh: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        Self::from_fn_with_pause(PAUSE, current, refresh)
    }

    /// As [`from_fn`](Self::from_fn), with the shortest time between two refreshes.
    #[must_use]
    pub fn from_fn_with_pause<F>(
        pause: Duration,
        current: impl Fn() -> Arc<PlatformKeys> + Send + Sync + 'static,
        refresh: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        let refresh: Box<Refresh> = Box::new(move |serial| Box::pin(refresh(serial)));
        Self::build(Box::new(current), Some(refresh), pause)
    }

    fn build(current: Box<Current>, refresh: Option<Box<Refresh>>, pause: Duration) -> Self {
        let inner = Arc::new(Inner {
            current,
            refresh,
            pause,
            last: Mutex::new(None),
        });
        Self { inner, count: None }
    }

    /// Tells `count` the event type of each notification of v3 that was verified, and the key that it was verified with:
    /// the report by which a migration of keys is steered. A repetition counts again. It is called before the
    /// notification is opened, and has to be quick.
    ///
    /// ```
    /// use std::sync::Mutex;
    ///
    /// use wxpay_axum::Keys;
    /// use wxpay_proto::v3::PlatformKeys;
    /// use wxpay_proto::v3::migration::{SeenIn, SeenKeys};
    ///
    /// let seen = Mutex::new(SeenKeys::new());
    /// let keys = Keys::fixed(PlatformKeys::new()).counted_by(move |event_type, key| {
    ///     seen.lock().expect("not poisoned").record(SeenIn::Notification, event_type, key);
    /// });
    /// # drop(keys);
    /// ```
    #[must_use]
    pub fn counted_by(mut self, count: impl Fn(&str, &KeyId) + Send + Sync + 'static) -> Self {
        self.count = Some(Arc::new(count));
        self
    }

    /// Counts the key of a notification that was verified.
    pub(crate) fn saw(&self, verified: &VerifiedNotification) {
        if let Some(count) = &self.count {
            count(verified.event_type(), verified.verified_by());
        }
    }

    pub(crate) fn current(&self) -> Arc<PlatformKeys> {
        (self.inner.current)()
    }

    /// The keys after a refresh that has brought the key `serial`; nothing when it is still unknown.
    pub(crate) async fn refreshed(&self, serial: &str) -> Option<Arc<PlatformKeys>> {
        self.inner.refresh.as_ref()?;
        let id = KeyId::new(serial).ok()?;
        let inner = self.inner.clone();
        // A task of its own: a sender that hangs up, or a deadline, must not cut a download short, again and again.
        let task = tokio::spawn(async move { inner.refresh(&id).await });
        task.await.ok().flatten()
    }
}

impl Inner {
    async fn refresh(&self, id: &KeyId) -> Option<Arc<PlatformKeys>> {
        let mut last = self.last.lock().await;
        let known = || Some((self.current)()).filter(|keys| keys.get(id).is_some());
        if let Some(keys) = known() {
            return Some(keys); // somebody else has just refreshed
        }
        if last.is_some_and(|at| at.elapsed() < self.pause) {
            return None;
        }
        let refresh = self.refresh.as_ref()?;
        info!(serial = id.as_str(), "an unknown key of WeChat Pay; refreshing");
        let refreshed = refresh(id.as_str().to_owned()).await;
        *last = Some(Instant::now());
        if let Err(error) = refreshed {
            warn!(serial = id.as_str(), %error, "WeChat Pay's keys could not be refreshed");
        }
        known()
    }
}

impl From<PlatformKeys> for Keys {
    fn from(keys: PlatformKeys) -> Self {
        Self::fixed(keys)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.current();
        let ids: Vec<_> = keys.iter().map(|key| key.id().as_str()).collect();
        f.debug_struct("Keys")
            .field("current", &ids)
            .field("refreshes", &self.inner.refresh.is_some())
            .finish()
    }
}
