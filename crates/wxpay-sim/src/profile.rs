//! Who there is: merchants with their keys, and the platform with its own.

#[cfg(feature = "disk")]
mod given;
mod role;
mod rotation;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use wxpay_proto::crypto::{Backend, Certificate, KeyError, MerchantKey, PublicKey};
use wxpay_proto::v3::{PlatformKey, PlatformKeys};
use wxpay_proto::{KeyId, MerchantId, PublicKeyId, Serial};

#[cfg(feature = "disk")]
pub(crate) use given::{Given, GivenAccount, GivenIdentity};
pub use role::Role;

/// An account, with everything that its client needs.
#[derive(Clone)]
pub struct Merchant {
    id: MerchantId,
    role: Role,
    appids: Vec<String>,
    sub_merchants: Vec<String>,
    certificate_pem: Cow<'static, str>,
    private_key_pem: Cow<'static, str>,
    api_v2_key: Cow<'static, str>,
    api_v3_key: Cow<'static, str>,
    serial: Serial,
    public_key: PublicKey,
}

impl Merchant {
    /// The merchant number (商户号).
    #[must_use]
    pub fn id(&self) -> &MerchantId {
        &self.id
    }

    /// The kind of account.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The appids that are bound to it.
    #[must_use]
    pub fn appids(&self) -> &[String] {
        &self.appids
    }

    /// The sub-merchants (二级商户, 子商户) that it may act for.
    #[must_use]
    pub fn sub_merchants(&self) -> &[String] {
        &self.sub_merchants
    }

    /// The serial number of its API certificate (商户API证书序列号).
    #[must_use]
    pub fn serial(&self) -> &Serial {
        &self.serial
    }

    /// Its API certificate, as PEM.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// Its API private key, as PEM. It is public: never use it anywhere else.
    #[must_use]
    pub fn private_key_pem(&self) -> &str {
        &self.private_key_pem
    }

    /// Its APIv2 key. It is public: never use it anywhere else.
    #[must_use]
    pub fn api_v2_key(&self) -> &str {
        &self.api_v2_key
    }

    /// Its APIv3 key: notifications and platform certificates are encrypted with it. It is public: never use it anywhere
    /// else.
    #[must_use]
    pub fn api_v3_key(&self) -> &str {
        &self.api_v3_key
    }

    pub(crate) fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    pub(crate) fn has_appid(&self, appid: &str) -> bool {
        self.appids.iter().any(|known| known == appid)
    }

    pub(crate) fn acts_for(&self, sub_mchid: &str) -> bool {
        self.sub_merchants.iter().any(|known| known == sub_mchid)
    }
}

/// Leaves the keys out: public as they are, nobody wants them in a log.
impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}

/// One of the platform's identities: one of its certificates, or its public key.
#[derive(Clone, Debug)]
pub struct PlatformIdentity {
    pem: Cow<'static, str>,
    public: PlatformKey,
    private: Arc<MerchantKey>,
}

impl PlatformIdentity {
    /// The certificate's serial number or the public key's id, as in `Wechatpay-Serial`.
    #[must_use]
    pub fn id(&self) -> &KeyId {
        self.public.id()
    }

    /// The certificate or the public key, as PEM.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The key that verifies what this identity signs.
    #[must_use]
    pub fn key(&self) -> &PlatformKey {
        &self.public
    }

    /// What signs answers and opens sensitive fields.
    pub(crate) fn private(&self) -> &MerchantKey {
        &self.private
    }
}

/// All accounts of a platform, and its own keys.
#[derive(Clone, Debug)]
pub struct Profile {
    merchants: [Merchant; 3],
    certificate: PlatformIdentity,
    next_certificate: PlatformIdentity,
    public_key: PlatformIdentity,
}

impl Profile {
    /// The test accounts, with keys that ship with this crate and are therefore public.
    ///
    /// | Account | Number | Appids | Sub-merchants |
    /// |---|---|---|---|
    /// | merchant | 1900007291 | `wxd678efh567hg6787`, `wx8888888888888888` | |
    /// | partner | 1900000109 | `wxd678efh567hg6787`, `wx8888888888888888` | 1900000110, 1900000111, 1230000109 |
    /// | institution | 1900000100 | `wx8888888888888888` | 1900000109, 1900000110 |
    ///
    /// # Panics
    /// Never: the shipped files can be read.
    #[must_use]
    pub fn test() -> Self {
        // Invariant: the shipped files are keys and certificates; the tests below read every one of them.
        #[expect(clippy::expect_used, reason = "the invariant above")]
        Self::shipped().expect("the shipped keys can be read")
    }

    fn shipped() -> Result<Self, UnusableKey> {
        let certificate_pem = include_str!("../keys/platform_cert.pem");
        let next_pem = include_str!("../keys/platform_next_cert.pem");
        let public_key_pem = include_str!("../keys/platform_public_key.pem");
        let public_key_id = PublicKeyId::new("PUB_KEY_ID_0119000072912026010100389100001000")?;
        Ok(Self {
            merchants: [
                merchant(Shipped {
                    id: Role::Merchant.mchid(),
                    role: Role::Merchant,
                    appids: &["wxd678efh567hg6787", "wx8888888888888888"],
                    sub_merchants: &[],
                    certificate: include_str!("../keys/merchant_1900007291_cert.pem"),
                    private_key: include_str!("../keys/merchant_1900007291_key.pem"),
                    api_v2_key: "WxpaySimTestKeyV2Merchant0000001",
                    api_v3_key: "WxpaySimTestKeyV3Merchant0000001",
                })?,
                merchant(Shipped {
                    id: Role::Partner.mchid(),
                    role: Role::Partner,
                    appids: &["wxd678efh567hg6787", "wx8888888888888888"],
                    sub_merchants: &["1900000110", "1900000111", "1230000109"],
                    certificate: include_str!("../keys/merchant_1900000109_cert.pem"),
                    private_key: include_str!("../keys/merchant_1900000109_key.pem"),
                    api_v2_key: "WxpaySimTestKeyV2Partner00000002",
                    api_v3_key: "WxpaySimTestKeyV3Partner00000002",
                })?,
                merchant(Shipped {
                    id: Role::Institution.mchid(),
                    role: Role::Institution,
                    appids: &["wx8888888888888888"],
                    sub_merchants: &["1900000109", "1900000110"],
                    certificate: include_str!("../keys/merchant_1900000100_cert.pem"),
                    private_key: include_str!("../keys/merchant_1900000100_key.pem"),
                    api_v2_key: "WxpaySimTestKeyV2Institution0003",
                    api_v3_key: "WxpaySimTestKeyV3Institution0003",
                })?,
            ],
            certificate: PlatformIdentity {
                pem: certificate_pem.into(),
                public: PlatformKey::from_certificate_pem(certificate_pem, Backend::AwsLc)?,
                private: private_key(include_str!("../keys/platform_key.pem"))?,
            },
            next_certificate: PlatformIdentity {
                pem: next_pem.into(),
                public: PlatformKey::from_certificate_pem(next_pem, Backend::AwsLc)?,
                private: private_key(include_str!("../keys/platform_next_key.pem"))?,
            },
            public_key: PlatformIdentity {
                pem: public_key_pem.into(),
                public: PlatformKey::from_public_key_pem(public_key_id, public_key_pem, Backend::AwsLc)?,
                private: private_key(include_str!("../keys/platform_public_key_private.pem"))?,
            },
        })
    }

    /// The same, with a merchant of this number and these keys in the place of [`merchant`](Self::merchant), which
    /// notifications can be sealed for. Requests that it signs are verified with the old one's certificate.
    #[must_use]
    pub fn with_merchant(mut self, mchid: MerchantId, api_v2_key: &str, api_v3_key: &str) -> Self {
        let merchant = &mut self.merchants[0];
        merchant.id = mchid;
        merchant.api_v2_key = api_v2_key.to_owned().into();
        merchant.api_v3_key = api_v3_key.to_owned().into();
        self
    }

    /// The merchant.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.merchants[0]
    }

    /// The partner.
    #[must_use]
    pub fn partner(&self) -> &Merchant {
        &self.merchants[1]
    }

    /// The institution.
    #[must_use]
    pub fn institution(&self) -> &Merchant {
        &self.merchants[2]
    }

    /// All accounts.
    #[must_use]
    pub fn merchants(&self) -> &[Merchant] {
        &self.merchants
    }

    /// Finds an account by its number.
    #[must_use]
    pub fn find(&self, mchid: &str) -> Option<&Merchant> {
        self.merchants
            .iter()
            .find(|merchant| merchant.id.as_str() == mchid)
    }

    /// The platform certificate (平台证书).
    #[must_use]
    pub fn platform_certificate(&self) -> &PlatformIdentity {
        &self.certificate
    }

    /// The certificate that is to replace it. Both are valid, and clients encrypt with this one.
    #[must_use]
    pub fn next_platform_certificate(&self) -> &PlatformIdentity {
        &self.next_certificate
    }

    /// The WeChat Pay public key (微信支付公钥).
    #[must_use]
    pub fn platform_public_key(&self) -> &PlatformIdentity {
        &self.public_key
    }

    /// All of the platform's keys, for a client to verify answers with.
    #[must_use]
    pub fn platform_keys(&self) -> PlatformKeys {
        self.identities()
            .into_iter()
            .map(|identity| identity.public.clone())
            .collect()
    }

    pub(crate) fn identity(&self, id: &KeyId) -> Option<&PlatformIdentity> {
        self.identities().into_iter().find(|identity| identity.id() == id)
    }

    fn identities(&self) -> [&PlatformIdentity; 3] {
        [&self.certificate, &self.next_certificate, &self.public_key]
    }
}

struct Shipped {
    id: &'static str,
    role: Role,
    appids: &'static [&'static str],
    sub_merchants: &'static [&'static str],
    certificate: &'static str,
    private_key: &'static str,
    api_v2_key: &'static str,
    api_v3_key: &'static str,
}

fn merchant(shipped: Shipped) -> Result<Merchant, UnusableKey> {
    let certificate = Certificate::from_pem(shipped.certificate)?;
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Ok(Merchant {
        id: MerchantId::new(shipped.id)?,
        role: shipped.role,
        appids: owned(shipped.appids),
        sub_merchants: owned(shipped.sub_merchants),
        certificate_pem: shipped.certificate.into(),
        private_key_pem: shipped.private_key.into(),
        api_v2_key: shipped.api_v2_key.into(),
        api_v3_key: shipped.api_v3_key.into(),
        serial: certificate.serial().clone(),
        public_key: PublicKey::from_certificate(&certificate, Backend::AwsLc)?,
    })
}

fn private_key(pem: &str) -> Result<Arc<MerchantKey>, KeyError> {
    MerchantKey::from_pem(pem, Backend::AwsLc).map(Arc::new)
}

/// Why an account cannot be made of its files.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnusableKey {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Id(#[from] wxpay_proto::InvalidId),
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxpay_proto::crypto::{Algorithm, Signer as _, Verifier as _};
    use wxpay_proto::{ApiV2Key, ApiV3Key};

    #[test]
    fn every_shipped_key_fits_its_other_half() {
        let profile = Profile::test();
        for merchant in profile.merchants() {
            let key = MerchantKey::from_pem(merchant.private_key_pem(), Backend::AwsLc).unwrap();
            let signature = key.sign(Algorithm::RsaSha256, b"text").unwrap();
            merchant
                .public_key()
                .verify(Algorithm::RsaSha256, b"text", &signature)
                .unwrap();
            let certificate = Certificate::from_pem(merchant.certificate_pem()).unwrap();
            assert_eq!(certificate.merchant(), Some(merchant.id().as_str()));
            assert_eq!(merchant.api_v2_key().len(), 32);
            ApiV2Key::new(merchant.api_v2_key()).unwrap();
            ApiV3Key::new(merchant.api_v3_key()).unwrap();
        }
        for identity in profile.identities() {
            let signature = identity.private().sign(Algorithm::RsaSha256, b"text").unwrap();
            identity
                .key()
                .public_key()
                .verify(Algorithm::RsaSha256, b"text", &signature)
                .unwrap();
            assert!(profile.identity(identity.id()).is_some());
        }
    }
}
