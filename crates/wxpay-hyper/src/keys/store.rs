//! The key store.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tracing::warn;
use wxpay_proto::v3::migration::{SeenIn, SeenKeys};
use wxpay_proto::v3::{Migration, PlatformKey, PlatformKeys};
use wxpay_proto::{KeyId, UnixTime};

use super::error::KeysError;
use super::fetch::Fetch;
use super::refresh::{Refresher, Why};
use super::steering::Steering;

/// WeChat Pay's keys of one merchant: certificates and public keys side by side, fetched when they are needed.
///
/// It is cheap to clone, and its clones are one store: give one to the client, and keep one to look at it and to verify
/// notifications with.
///
/// * An answer with an **unknown serial number** is held while the certificates are fetched, and is then verified: a
///   rotation loses no answer, and no call is sent again for it.
/// * However many calls need them, **one download** runs, and all of them wait for it, each no longer than its own
///   deadline. A key that is not on the list is not looked for again for a minute.
/// * A store **without any key** fetches before the first call ([`KeyStoreBuilder::certificates`]); the APIv3 key
///   authenticates each certificate, and one of them must have signed the list.
/// * When the list is 12 hours old, a call has it fetched again, and does not wait. No task runs in between.
/// * A merchant with the public key (微信支付公钥) alone is **never asked about**: nothing is fetched unless the store was
///   told to, and a 404 with a code is remembered.
///
/// ```no_run
/// use wxpay_hyper::{FileStorage, KeyStore};
/// use wxpay_proto::ApiV3Key;
///
/// # fn example(api_v3_key: ApiV3Key) -> KeyStore {
/// KeyStore::builder()
///     .certificates(api_v3_key)
///     .storage(FileStorage::new("/var/lib/shop/wechatpay-1900007291.pem"))
///     .build()
/// # }
/// ```
///
/// [`KeyStoreBuilder::certificates`]: super::KeyStoreBuilder::certificates
#[derive(Clone)]
pub struct KeyStore(Arc<Inner>);

struct Inner {
    refresher: Arc<Refresher>,
    steering: Steering,
}

impl KeyStore {
    pub(crate) fn new(refresher: Refresher, steering: Steering) -> Self {
        Self(Arc::new(Inner {
            refresher: Arc::new(refresher),
            steering,
        }))
    }

    /// The keys of this moment.
    #[must_use]
    pub fn current(&self) -> Arc<PlatformKeys> {
        self.0.refresher.keys()
    }

    /// Fetches the certificates now, whatever there is. A merchant who has none is no error. Whoever calls while a
    /// download runs gets what comes of it.
    ///
    /// # Errors
    /// [`KeysError`]; the keys that were there stay.
    pub async fn refresh(&self) -> Result<(), KeysError> {
        Arc::clone(&self.0.refresher).refresh(Why::Asked).await
    }

    /// The keys with the one that a notification names, after a download if it is needed. The same key is looked for
    /// once in a while only, and nothing is sent for the id of a public key.
    ///
    /// # Errors
    /// [`KeysError`] when there is no such key.
    pub async fn with_key(&self, serial: &str) -> Result<Arc<PlatformKeys>, KeysError> {
        let unknown = || KeysError::Unknown {
            serial: serial.chars().take(128).collect(),
        };
        let id = KeyId::new(serial).map_err(|_| unknown())?;
        let keys = self.current();
        if keys.get(&id).is_some() {
            return Ok(keys);
        }
        let KeyId::Certificate(_) = &id else {
            return Err(unknown()); // no list of certificates has it
        };
        Arc::clone(&self.0.refresher).refresh(Why::Unknown(id)).await?;
        Ok(self.current())
    }

    /// Fetches the certificates again and again, and never ends: spawn it, if a first call after a quiet night should not
    /// be the one that has them fetched. A failure is logged, and tried again after a minute.
    pub fn refresh_every(
        &self,
        interval: Duration,
    ) -> impl Future<Output = std::convert::Infallible> + Send + 'static {
        let store = self.clone();
        async move {
            loop {
                let wait = match store.refresh().await {
                    Ok(()) => interval,
                    Err(error) => {
                        warn!(%error, "platform certificates could not be fetched");
                        interval.min(Duration::from_secs(60))
                    }
                };
                tokio::time::sleep(wait.max(Duration::from_secs(1))).await;
            }
        }
    }
}

impl KeyStore {
    /// The migration as it stands, if there is one.
    #[must_use]
    pub fn migration(&self) -> Option<Migration> {
        self.0.steering.migration()
    }

    /// Begins, changes or ends a migration while calls go on: the next call obeys it.
    ///
    /// ```
    /// use wxpay_hyper::KeyStore;
    /// use wxpay_proto::v3::migration::Share;
    ///
    /// # let store = KeyStore::builder().build();
    /// store.steer(|migration| migration.as_mut().map(|migration| migration.set_share(Share::percent(10))));
    /// store.steer(|migration| migration.as_mut().map(|migration| migration.roll_back()));
    /// ```
    pub fn steer<T>(&self, change: impl FnOnce(&mut Option<Migration>) -> T) -> T {
        self.0.steering.steer(change)
    }

    /// Which keys were asked for, which signed answers, and which signed notifications, by operation: what the next
    /// step of a migration is decided by. It counts since the store was made.
    #[must_use]
    pub fn seen(&self) -> SeenKeys {
        self.0.steering.seen()
    }

    /// Counts the key that a notification was verified with.
    pub fn saw_notification(&self, event_type: &str, key: &KeyId) {
        self.0.steering.record(SeenIn::Notification, event_type, key);
    }
}

/// What a client does with it.
impl KeyStore {
    /// Gives it a client to send with.
    pub(crate) fn bind(&self, client: Arc<dyn Fetch>) {
        let slot = &self.0.refresher.client;
        *slot.write().unwrap_or_else(PoisonError::into_inner) = Some(client);
    }

    /// Whose client it was bound to.
    pub(crate) fn bound_to(&self) -> Option<String> {
        let client = self.0.refresher.client().ok()?;
        Some(client.merchant().to_owned())
    }

    /// A new call's number, the same for all its attempts.
    pub(crate) fn number(&self) -> u64 {
        self.0.steering.number()
    }

    /// The key that a call asks for.
    pub(crate) fn key<'a>(
        &self,
        keys: &'a PlatformKeys,
        operation: &str,
        number: u64,
        now: UnixTime,
    ) -> Option<&'a PlatformKey> {
        self.0.steering.key(keys, operation, number, now)
    }

    /// Sees to it that there is a key to ask for: waits if there is none, and has old ones fetched beside the call.
    pub(crate) async fn prepare(&self, now: UnixTime) -> Result<(), KeysError> {
        let refresher = &self.0.refresher;
        if !refresher.fetches() {
            return Ok(());
        }
        let certificate = self.0.steering.migration().is_some();
        if !refresher.has_key(certificate, now) {
            let missing = Why::Missing { certificate };
            return Arc::clone(refresher).refresh(missing).await;
        }
        if refresher.is_old(now) && refresher.flight.try_lock().is_ok() {
            let refresher = Arc::clone(refresher);
            tokio::spawn(async move {
                if let Err(error) = refresher.refresh(Why::Old).await {
                    warn!(%error, "old platform certificates could not be fetched again");
                }
            });
        }
        Ok(())
    }

    /// Looks for the key that an answer names, if it is not known.
    pub(crate) async fn look_for(&self, serial: &str) {
        if !self.0.refresher.fetches() {
            return;
        }
        if let Err(error) = self.with_key(serial).await {
            warn!(serial, %error, "an answer names a key of WeChat Pay's that is not known");
        }
    }

    /// Counts a key that a request asks for, or that has verified an answer.
    pub(crate) fn saw(&self, place: SeenIn, operation: &str, serial: &str) {
        let keys = self.current();
        // What nobody knows is not counted, so that the report stays as small as the set of keys.
        if let Ok(id) = KeyId::new(serial)
            && let Some(key) = keys.get(&id)
        {
            self.0.steering.record(place, operation, key.id());
        }
    }
}

/// The ids of the keys.
impl fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.current();
        let ids: Vec<_> = keys.iter().map(|key| key.id().as_str()).collect();
        f.debug_struct("KeyStore")
            .field("current", &ids)
            .field("fetches", &self.0.refresher.source.is_some())
            .finish_non_exhaustive()
    }
}
