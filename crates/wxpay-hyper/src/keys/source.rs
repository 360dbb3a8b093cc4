//! Where certificates come from: their kept form, and the download.

use std::fmt;

use tracing::{info, warn};
use wxpay_proto::crypto::{Backend, Certificate};
use wxpay_proto::v3::PlatformKeys;
use wxpay_proto::v3::certificates::{CertificatesError, FetchCertificates, Fetched, Region};
use wxpay_proto::{ApiV3Key, KeyId, UnixTime};

use super::error::KeysError;
use super::fetch::Fetch;
use super::saved::{Owner, Saved};
use super::storage::{AnyStorage, Turn};

/// How certificates are had.
pub(crate) struct Source {
    pub(crate) api_v3_key: ApiV3Key,
    pub(crate) region: Region,
    pub(crate) root: Option<Certificate>,
    pub(crate) storage: Option<Box<dyn AnyStorage>>,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("region", &self.region)
            .field("root", &self.root)
            .field("storage", &self.storage)
            .finish_non_exhaustive()
    }
}

impl Source {
    /// Asks WeChat Pay. `keys` are those that are known.
    pub(crate) async fn download(
        &self,
        fetch: &dyn Fetch,
        keys: &PlatformKeys,
    ) -> Result<Fetched, KeysError> {
        // No key is named: one that WeChat Pay has retired meanwhile would have the request refused.
        let answer = fetch.fetch(&FetchCertificates::new(self.region)).await?;
        let now = fetch.now();
        let signer = answer.serial().and_then(|serial| KeyId::new(serial).ok());
        let known = signer
            .and_then(|id| keys.get(&id))
            .is_some_and(|key| !key.is_expired(now));
        let (key, root) = (&self.api_v3_key, self.root.as_ref());
        let fetched = if known {
            let fetched = answer.certificates(keys, key, Backend::AwsLc, now)?;
            self.check_root(&fetched, now)?;
            fetched
        } else {
            // Nothing that is known signed it, so that it has to prove itself.
            answer.bootstrap(key, root, Backend::AwsLc, now)?
        };
        if let Fetched::Certificates(list) = &fetched {
            info!(
                merchant = fetch.merchant(),
                certificates = list.iter().count(),
                skipped = list.skipped().len(),
                "platform certificates were downloaded"
            );
        }
        Ok(fetched)
    }

    fn check_root(&self, fetched: &Fetched, now: UnixTime) -> Result<(), CertificatesError> {
        let (Fetched::Certificates(list), Some(root)) = (fetched, &self.root) else {
            return Ok(());
        };
        list.iter().try_for_each(|found| {
            let certificate = found.certificate();
            let checked = certificate.check_issuer(root, Backend::AwsLc, now);
            checked.map_err(|source| CertificatesError::Root {
                serial_no: certificate.serial().to_string(),
                source,
            })
        })
    }

    /// Waits until no other instance downloads. Nobody is waited for when that cannot be known.
    pub(crate) async fn turn(&self) -> Option<Turn> {
        let turn = self.storage.as_ref()?.turn().await;
        turn.inspect_err(|error| warn!(%error, "not waiting for another instance's download"))
            .ok()
    }

    /// What was kept for this merchant, if it can be used.
    pub(crate) async fn load(&self, merchant: &str) -> Kept {
        let Some(storage) = &self.storage else {
            return Kept::Nothing;
        };
        let text = match storage.load().await {
            Ok(Some(text)) => text,
            Ok(None) => return Kept::Nothing,
            Err(error) => {
                warn!(%error, "kept platform certificates cannot be loaded; they are downloaded");
                return Kept::Nothing;
            }
        };
        match Saved::read(&text) {
            Ok(saved) if saved.owner == self.owner(merchant) => Kept::Ours(saved),
            Ok(saved) => {
                let found = &saved.owner;
                warn!(
                    merchant,
                    found = found.merchant,
                    region = ?found.region,
                    "kept platform certificates are another merchant's or region's; each needs a storage of its own"
                );
                Kept::Foreign
            }
            Err(error) => {
                warn!(merchant, %error, "kept platform certificates cannot be used; they are downloaded");
                Kept::Nothing
            }
        }
    }

    pub(crate) async fn save(&self, saved: &Saved) {
        let Some(storage) = &self.storage else { return };
        if let Err(error) = storage.save(&saved.write()).await {
            warn!(%error, "platform certificates cannot be kept; other instances download their own");
        }
    }

    pub(crate) fn owner(&self, merchant: &str) -> Owner {
        Owner {
            merchant: merchant.to_owned(),
            region: self.region,
        }
    }
}

/// What a storage has.
pub(crate) enum Kept {
    /// Certificates of this merchant.
    Ours(Saved),
    /// Somebody else's, which must not be overwritten.
    Foreign,
    /// Nothing that can be used.
    Nothing,
}
