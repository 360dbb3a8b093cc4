//! Which key a call asks for, and what was seen of the keys.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use wxpay_proto::v3::migration::{SeenIn, SeenKeys};
use wxpay_proto::v3::{Migration, PlatformKey, PlatformKeys};
use wxpay_proto::{KeyId, UnixTime};

use super::held::newest_certificate;

/// A migration that can be steered while calls go on.
#[derive(Debug, Default)]
pub(crate) struct Steering {
    migration: RwLock<Option<Migration>>,
    calls: AtomicU64,
    seen: Mutex<SeenKeys>,
}

impl Steering {
    pub(crate) fn new(migration: Option<Migration>) -> Self {
        Self {
            migration: RwLock::new(migration),
            ..Self::default()
        }
    }

    /// A new call's number.
    pub(crate) fn number(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn migration(&self) -> Option<Migration> {
        let migration = self.migration.read().unwrap_or_else(PoisonError::into_inner);
        migration.clone()
    }

    pub(crate) fn steer<T>(&self, change: impl FnOnce(&mut Option<Migration>) -> T) -> T {
        let mut migration = self.migration.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut migration)
    }

    /// The key that a call asks for: what the migration says, as far as the key can be used.
    pub(crate) fn key<'a>(
        &self,
        keys: &'a PlatformKeys,
        operation: &str,
        number: u64,
        now: UnixTime,
    ) -> Option<&'a PlatformKey> {
        let migration = self.migration.read().unwrap_or_else(PoisonError::into_inner);
        let Some(wanted) = migration
            .as_ref()
            .map(|migration| migration.key(operation, number))
        else {
            return keys.preferred(now);
        };
        let found = keys.get(wanted).filter(|key| !key.is_expired(now));
        let successor = || match wanted {
            // A certificate that was replaced on the way must not move its share over to the public key.
            KeyId::Certificate(_) => newest_certificate(keys, now),
            _ => None,
        };
        found.or_else(successor).or_else(|| keys.preferred(now))
    }

    pub(crate) fn record(&self, place: SeenIn, name: &str, key: &KeyId) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.record(place, name, key);
    }

    pub(crate) fn seen(&self) -> SeenKeys {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
