//! Everything about a merchant that its calls need.

use std::sync::Arc;

use wxpay_proto::crypto::Signer;
use wxpay_proto::v3::{Account as AccountId, PlatformKeys};
use wxpay_proto::{ApiV2Key, v2, v3};
use zeroize::Zeroizing;

use crate::error::ConfigError;
use crate::keys::KeyStore;
use crate::net::Certificate;
use crate::parts::{Account, Parts};
use crate::signer::{AnySigner, AsyncSigner};

/// A merchant (商户) or partner (服务商): its accounts, its keys, and its view of WeChat Pay's keys. Every part is optional:
/// a call whose part is missing is not sent, and says which.
///
/// A program that serves several merchants makes one client and one copy of it for each
/// ([`Client::for_merchant`](crate::Client::for_merchant)). A **sub-merchant** (特约商户) is no merchant in this sense: its
/// partner signs, and `sub_mchid` is a field of each operation, so that one client serves hundreds of them.
#[derive(Clone, Debug, Default)]
#[must_use = "a merchant does nothing until a client is made for it"]
pub struct Merchant {
    pub(crate) parts: Parts,
    pub(crate) certificate: Option<Arc<Certificate>>,
}

impl Merchant {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Who signs v3 operations, with the key at hand.
    pub fn account(
        mut self,
        credentials: v3::Credentials,
        signer: impl Signer + Send + Sync + 'static,
    ) -> Self {
        let signer = AnySigner::local(signer);
        self.parts.merchant = Some(Account { credentials, signer });
        self
    }

    /// Who signs v3 operations, with a key that lives elsewhere, or on threads of its own
    /// ([`SigningThreads`](crate::SigningThreads)).
    pub fn account_async(mut self, credentials: v3::Credentials, signer: impl AsyncSigner + 'static) -> Self {
        let signer = AnySigner::remote(signer);
        self.parts.merchant = Some(Account { credentials, signer });
        self
    }

    /// The brand (品牌) who signs the `/brand/…` operations, with the key at hand.
    pub fn brand(
        mut self,
        credentials: v3::Credentials,
        signer: impl Signer + Send + Sync + 'static,
    ) -> Self {
        let signer = AnySigner::local(signer);
        self.parts.brand = Some(Account { credentials, signer });
        self
    }

    /// The brand (品牌) who signs the `/brand/…` operations, with a key that lives elsewhere.
    pub fn brand_async(mut self, credentials: v3::Credentials, signer: impl AsyncSigner + 'static) -> Self {
        let signer = AnySigner::remote(signer);
        self.parts.brand = Some(Account { credentials, signer });
        self
    }

    /// Who signs v2 operations, and the APIv2 key.
    pub fn api_v2(mut self, credentials: v2::Credentials, key: ApiV2Key) -> Self {
        self.parts.v2 = Some((credentials, Arc::new(key)));
        self
    }

    /// The merchant's client certificate (`apiclient_cert.pem`) and its private key (`apiclient_key.pem`), for the v2
    /// operations that ask for it (双向证书). It is shown on connections of its own.
    pub fn client_certificate_pem(mut self, chain: impl Into<String>, key: impl Into<String>) -> Self {
        self.certificate = Some(Arc::new(Certificate::Pem {
            chain: chain.into(),
            key: Zeroizing::new(key.into()),
        }));
        self
    }

    /// The same from one file, `apiclient_cert.p12`. The password of a file that was downloaded from WeChat Pay is the
    /// merchant number.
    #[cfg(feature = "p12")]
    pub fn client_certificate_p12(mut self, file: impl Into<Vec<u8>>, password: impl Into<String>) -> Self {
        self.certificate = Some(Arc::new(Certificate::P12 {
            file: Zeroizing::new(file.into()),
            password: Zeroizing::new(password.into()),
        }));
        self
    }

    /// WeChat Pay's keys, when they never change: they verify v3's answers and seal sensitive fields. The preferred one is
    /// named in every request ([`PlatformKeys::preferred`]), unless the credentials name another. Enough for a merchant
    /// with the public key (微信支付公钥); platform certificates are replaced, and want a
    /// [`key_store`](Self::key_store).
    pub fn platform_keys(mut self, keys: PlatformKeys) -> Self {
        self.parts.keys = keys.into();
        self
    }

    /// WeChat Pay's keys, as they come and go. Keep a clone of the store to look at it, to steer a migration, and to
    /// verify notifications with. Each merchant has a store of its own.
    pub fn key_store(mut self, store: KeyStore) -> Self {
        self.parts.keys = store;
        self
    }

    /// Whether each account is of the kind that it was given as.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        check("merchant", "merchant or partner", self.parts.merchant.as_ref())?;
        check("brand", "brand", self.parts.brand.as_ref())
    }
}

fn check(method: &'static str, wanted: &'static str, account: Option<&Account>) -> Result<(), ConfigError> {
    let Some(account) = account else { return Ok(()) };
    let found = match (method, account.credentials.account()) {
        ("brand", AccountId::Merchant(id)) => format!("merchant {id}"),
        ("merchant", AccountId::Brand(id)) => format!("brand {id}"),
        _ => return Ok(()),
    };
    Err(ConfigError::WrongAccount {
        method,
        wanted,
        found,
    })
}
