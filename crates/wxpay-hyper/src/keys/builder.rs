//! Puts a key store together.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use wxpay_proto::ApiV3Key;
use wxpay_proto::crypto::Certificate;
use wxpay_proto::v3::certificates::Region;
use wxpay_proto::v3::{Migration, PlatformKeys};

use super::held::Held;
use super::refresh::Refresher;
use super::source::Source;
use super::steering::Steering;
use super::storage::{AnyStorage, KeyStorage};
use super::store::KeyStore;

/// A key that is not on the list is looked for again after this.
const PAUSE: Duration = Duration::from_secs(60);
/// The documentation asks for the list every 12 hours.
const RENEWAL: Duration = Duration::from_secs(12 * 60 * 60);

/// A pause beyond this is for ever, and `Duration::MAX` has no place on any clock.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Puts a [`KeyStore`] together.
#[derive(Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct KeyStoreBuilder {
    given: PlatformKeys,
    api_v3_key: Option<ApiV3Key>,
    region: Region,
    root: Option<Certificate>,
    storage: Option<Box<dyn AnyStorage>>,
    pause: Duration,
    renewal: Duration,
    migration: Option<Migration>,
}

impl Default for KeyStoreBuilder {
    fn default() -> Self {
        Self {
            given: PlatformKeys::new(),
            api_v3_key: None,
            region: Region::default(),
            root: None,
            storage: None,
            pause: PAUSE,
            renewal: RENEWAL,
            migration: None,
        }
    }
}

impl KeyStoreBuilder {
    /// Keys that are known beforehand: the WeChat Pay public key (微信支付公钥) with its id, certificates that are at hand.
    pub fn platform_keys(mut self, keys: PlatformKeys) -> Self {
        self.given = keys;
        self
    }

    /// Fetches platform certificates (平台证书), which the APIv3 key decrypts. Without this nothing is ever fetched: right
    /// for a merchant with the public key alone.
    pub fn certificates(mut self, key: ApiV3Key) -> Self {
        self.api_v3_key = Some(key);
        self
    }

    /// Which list of certificates: mainland China's, unless told otherwise. Each has an address of its own.
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// The certificate that issues platform certificates, had from elsewhere: each one fetched is held against it as well.
    pub fn root(mut self, root: Certificate) -> Self {
        self.root = Some(root);
        self
    }

    /// Keeps what was fetched over a restart, and shares it with other instances.
    pub fn storage(mut self, storage: impl KeyStorage + 'static) -> Self {
        self.storage = Some(Box::new(storage));
        self
    }

    /// How long a key that was not on the list is not looked for again: 60 s unless told otherwise.
    pub fn pause(mut self, pause: Duration) -> Self {
        self.pause = pause.min(LONGEST);
        self
    }

    /// After which time a call has the list fetched again, without waiting for it: 12 hours unless told otherwise.
    pub fn renewal(mut self, age: Duration) -> Self {
        self.renewal = age;
        self
    }

    /// Which requests ask for which key, while a merchant moves from certificates to the public key.
    pub fn migration(mut self, migration: Migration) -> Self {
        self.migration = Some(migration);
        self
    }

    /// Makes the store. Nothing is sent.
    #[must_use]
    pub fn build(self) -> KeyStore {
        let Self {
            region,
            root,
            storage,
            ..
        } = self;
        let source = self.api_v3_key.map(|api_v3_key| Source {
            api_v3_key,
            region,
            root,
            storage,
        });
        let refresher = Refresher {
            held: RwLock::new(Held::new(self.given)),
            source,
            pause: self.pause,
            renewal: self.renewal,
            client: RwLock::default(),
            flight: Arc::default(),
            downloads: 0.into(),
            looked_for: std::sync::Mutex::default(),
            public_key_mode: false.into(),
        };
        KeyStore::new(refresher, Steering::new(self.migration))
    }
}

impl KeyStore {
    /// Starts with nothing.
    pub fn builder() -> KeyStoreBuilder {
        KeyStoreBuilder::default()
    }
}

impl From<PlatformKeys> for KeyStore {
    /// A set that never changes.
    fn from(keys: PlatformKeys) -> Self {
        Self::builder().platform_keys(keys).build()
    }
}

impl Default for KeyStore {
    /// No keys, and none to come.
    fn default() -> Self {
        Self::builder().build()
    }
}
