//! An account: everything that a client is made of.

use wxpay_hyper::Client;
use wxpay_proto::crypto::MerchantKey;
use wxpay_proto::retry::Budget;
use wxpay_proto::v3::{Credentials, PlatformKeys};
use wxpay_proto::{ApiV2Key, ApiV3Key, BaseUrl, UnixTime, v2};
use wxpay_sim::Simulator;
use zeroize::Zeroizing;

use crate::ended::NotSent;

/// Everything that a client is made of; each part is optional.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(super) merchant: Option<(Credentials, MerchantKey)>,
    pub(super) brand: Option<(Credentials, MerchantKey)>,
    pub(super) platform_keys: PlatformKeys,
    pub(super) v2: Option<(v2::Credentials, ApiV2Key)>,
    /// No call needs it: it opens what WeChat Pay encrypts.
    pub(super) api_v3_key: Option<ApiV3Key>,
    pub(super) client_certificate: Option<ClientCertificate>,
    pub(super) base: Option<BaseUrl>,
    pub(super) extra_root: Option<String>,
    /// Lives as long as calls are to be answered.
    pub(super) simulator: Option<Simulator>,
}

/// The merchant's client certificate, as PEM.
pub(crate) struct ClientCertificate {
    pub(super) chain: String,
    pub(super) key: Zeroizing<String>,
}

impl std::fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientCertificate(…)")
    }
}

impl Account {
    /// Whether calls go to WeChat Pay itself.
    pub(crate) fn is_real(&self) -> bool {
        self.base.is_none()
    }

    /// Where calls go instead of WeChat Pay's hosts.
    pub(crate) fn base(&self) -> Option<&BaseUrl> {
        self.base.as_ref()
    }

    /// Who signs a v3 request to `path`, and with what.
    pub(crate) fn v3(&self, path: &str, now: UnixTime) -> Result<(Credentials, &MerchantKey), NotSent> {
        let (account, entry) = if path.starts_with("/brand/") {
            (&self.brand, "`brand`")
        } else {
            (&self.merchant, "`merchant`, `certificate` and `private_key`")
        };
        let (credentials, key) = account
            .as_ref()
            .ok_or_else(|| NotSent::new(format!("the profile has no {entry}, which this operation needs")))?;
        let preferred = self.platform_keys.preferred(now).ok_or_else(|| {
            NotSent::new(
                "the profile has no `platform_public_key` and no `platform_certificates` that are valid",
            )
        })?;
        let credentials = credentials.clone().answer_key(preferred.id().clone());
        Ok((credentials, key))
    }

    /// Who signs a v2 request, and with what.
    pub(crate) fn v2(&self) -> Result<(&v2::Credentials, &ApiV2Key), NotSent> {
        let (credentials, key) = self.v2.as_ref().ok_or_else(|| {
            NotSent::new("the profile has no `api_v2_key`, which this operation of v2 needs")
        })?;
        Ok((credentials, key))
    }

    /// What there is, a line each, without a secret.
    pub(super) fn describe(&self) -> Vec<String> {
        let signer = |(credentials, _): &(Credentials, MerchantKey)| {
            let (account, serial) = (credentials.account().as_str(), credentials.serial());
            format!("{account}, signing with the key of certificate {serial}")
        };
        let merchant = self.merchant.as_ref().map(signer);
        let brand = self.brand.as_ref().map(signer);
        let keys = self.platform_keys.iter();
        let keys: Vec<&str> = keys.map(|key| key.id().as_str()).collect();
        let none = || "none".to_owned();
        let there = |there: bool| if there { "given" } else { "none" };
        let base = self.base.as_ref().map(BaseUrl::to_string);
        vec![
            format!("merchant: {}", merchant.unwrap_or_else(none)),
            format!("brand: {}", brand.unwrap_or_else(none)),
            format!(
                "platform keys: {}",
                if keys.is_empty() { none() } else { keys.join(", ") }
            ),
            format!("APIv2 key: {}", there(self.v2.is_some())),
            format!("client certificate: {}", there(self.client_certificate.is_some())),
            format!(
                "sends to: {}",
                base.unwrap_or_else(|| "WeChat Pay's hosts".to_owned())
            ),
        ]
    }

    /// WeChat Pay's keys.
    pub(crate) fn platform_keys(&self) -> &PlatformKeys {
        &self.platform_keys
    }

    /// Hands over the APIv3 key.
    pub(crate) fn take_api_v3_key(&mut self) -> Option<ApiV3Key> {
        self.api_v3_key.take()
    }

    /// Whether v3 can be signed.
    pub(crate) fn signs_v3(&self) -> bool {
        self.merchant.is_some()
    }

    /// Makes the client, and hands over what has to live as long.
    pub(crate) fn into_client(self) -> Result<(Client, Option<Simulator>), NotSent> {
        // Whoever calls by hand wants to see what one sending comes to.
        let mut builder = Client::builder()
            .platform_keys(self.platform_keys)
            .budget(Budget::once());
        if let Some((credentials, key)) = self.merchant {
            builder = builder.merchant(credentials, key);
        }
        if let Some((credentials, key)) = self.brand {
            builder = builder.brand(credentials, key);
        }
        if let Some((credentials, key)) = self.v2 {
            builder = builder.api_v2(credentials, key);
        }
        if let Some(ClientCertificate { chain, key }) = self.client_certificate {
            builder = builder.client_certificate_pem(chain, key.as_str());
        }
        if let Some(base) = self.base {
            builder = builder.base_url(base);
        }
        if let Some(root) = self.extra_root {
            builder = builder.extra_root_pem(root);
        }
        let client = builder
            .build()
            .map_err(|error| NotSent::new(format!("the profile makes no client: {error}")))?;
        Ok((client, self.simulator))
    }
}
