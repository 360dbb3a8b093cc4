//! The keys that a store has at a moment.

use std::sync::Arc;

use wxpay_proto::v3::certificates::PlatformCertificates;
use wxpay_proto::v3::{PlatformKey, PlatformKeys};
use wxpay_proto::{KeyId, UnixTime};

use super::saved::{Kept, Saved};

/// What was given, and what was fetched.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    given: PlatformKeys,
    fetched: Vec<Kept>,
    fetched_at: Option<UnixTime>,
    /// Both: made once for each change, and shared by every call.
    all: Arc<PlatformKeys>,
}

impl Held {
    pub(crate) fn new(given: PlatformKeys) -> Self {
        let mut held = Self {
            given,
            ..Self::default()
        };
        held.join();
        held
    }

    pub(crate) fn all(&self) -> Arc<PlatformKeys> {
        Arc::clone(&self.all)
    }

    pub(crate) fn fetched(&self) -> &[Kept] {
        &self.fetched
    }

    pub(crate) fn fetched_at(&self) -> Option<UnixTime> {
        self.fetched_at
    }

    /// Takes a list that was just downloaded.
    pub(crate) fn take(&mut self, list: &PlatformCertificates, now: UnixTime) {
        let new = list.iter().map(|certificate| Kept {
            key: certificate.key().clone(),
            pem: certificate.pem().to_owned(),
        });
        self.merge(new, now, now);
    }

    /// Takes what was kept elsewhere, which may be older than what is here: all of it is valid side by side.
    pub(crate) fn take_saved(&mut self, saved: Saved, now: UnixTime) {
        // A clock that was wrong when they were saved must not make them young for ever.
        let fetched_at = saved.fetched_at.min(now);
        let newer = self.fetched_at.map_or(fetched_at, |ours| ours.max(fetched_at));
        self.merge(saved.certificates, newer, now);
    }

    /// Certificates that are known and still valid stay, on the list or not: during a rotation either may sign.
    fn merge(&mut self, new: impl IntoIterator<Item = Kept>, fetched_at: UnixTime, now: UnixTime) {
        for kept in new {
            self.fetched.retain(|known| known.key.id() != kept.key.id());
            self.fetched.push(kept);
        }
        self.fetched.retain(|kept| !kept.key.is_expired(now));
        self.fetched_at = Some(fetched_at);
        self.join();
    }

    fn join(&mut self) {
        let fetched = self.fetched.iter().map(|kept| &kept.key);
        self.all = Arc::new(fetched.chain(self.given.iter()).cloned().collect());
    }
}

/// The newest certificate that has not expired: the one to seal with where no public key is wanted.
pub(crate) fn newest_certificate(keys: &PlatformKeys, now: UnixTime) -> Option<&PlatformKey> {
    keys.iter()
        .filter(|key| matches!(key.id(), KeyId::Certificate(_)) && !key.is_expired(now))
        .max_by_key(|key| key.not_before())
}
