//! Who signs a v3 request. The private key is not in here: it is the signer, wherever it lives.

use crate::crypto::Algorithm;
use crate::id::{BrandId, KeyId, MerchantId, Serial};

/// The account that signs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Account {
    /// A merchant (商户) or partner (服务商): the pair `mchid="…"`. In partner mode this is the partner's number.
    Merchant(MerchantId),
    /// A brand (品牌), for the `/brand/…` operations: the pair `brand_id="…"`.
    Brand(BrandId),
}

impl Account {
    /// The text of the number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Merchant(id) => id.as_str(),
            Self::Brand(id) => id.as_str(),
        }
    }

    /// The scheme that this kind of account signs with, when its key is an RSA key.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        match self {
            Self::Merchant(_) => Scheme::MerchantRsa,
            Self::Brand(_) => Scheme::BrandRsa,
        }
    }
}

/// The scheme of `Authorization` (认证类型): its name, and the name of the pair that tells who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// `WECHATPAY2-SHA256-RSA2048`, with `mchid`.
    MerchantRsa,
    /// `WECHATPAY-BRAND-SHA256-RSA2048`, with `brand_id`.
    BrandRsa,
    /// `WECHATPAY2-SM2-WITH-SM3` (国密), with `mchid`.
    MerchantSm2,
}

impl Scheme {
    /// Every scheme that is known.
    pub const ALL: &[Self] = &[Self::MerchantRsa, Self::BrandRsa, Self::MerchantSm2];

    /// The name at the head of the header.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MerchantRsa => "WECHATPAY2-SHA256-RSA2048",
            Self::BrandRsa => "WECHATPAY-BRAND-SHA256-RSA2048",
            Self::MerchantSm2 => "WECHATPAY2-SM2-WITH-SM3",
        }
    }

    /// The name of the pair that tells who signs.
    #[must_use]
    pub fn identity(self) -> &'static str {
        match self {
            Self::MerchantRsa | Self::MerchantSm2 => "mchid",
            Self::BrandRsa => "brand_id",
        }
    }

    /// The algorithm.
    #[must_use]
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::MerchantRsa | Self::BrandRsa => Algorithm::RsaSha256,
            Self::MerchantSm2 => Algorithm::Sm2Sm3,
        }
    }
}

/// What a v3 request says about its signer, without any secret.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(super) account: Account,
    pub(super) scheme: Scheme,
    pub(super) serial: Serial,
    pub(super) answer_key: Option<KeyId>,
}

impl Credentials {
    /// An account and the serial number of its **API certificate** (商户API证书序列号), not of a platform certificate.
    #[must_use]
    pub fn new(account: Account, serial: Serial) -> Self {
        Self {
            scheme: account.scheme(),
            account,
            serial,
            answer_key: None,
        }
    }

    /// A merchant or partner.
    #[must_use]
    pub fn merchant(id: MerchantId, serial: Serial) -> Self {
        Self::new(Account::Merchant(id), serial)
    }

    /// A merchant or partner who signs with an SM2 key (国密); the serial number is that of its SM2 certificate. The key
    /// itself is read by [`MerchantKey`](crate::crypto::MerchantKey) where the feature `sm` is on.
    #[must_use]
    pub fn merchant_sm2(id: MerchantId, serial: Serial) -> Self {
        let mut credentials = Self::merchant(id, serial);
        credentials.scheme = Scheme::MerchantSm2;
        credentials
    }

    /// A brand.
    #[must_use]
    pub fn brand(id: BrandId, serial: Serial) -> Self {
        Self::new(Account::Brand(id), serial)
    }

    /// Says which of WeChat Pay's keys answers are to be signed with: it goes into `Wechatpay-Serial` of every request
    /// whose sensitive fields do not name another.
    #[must_use]
    pub fn answer_key(mut self, key: KeyId) -> Self {
        self.answer_key = Some(key);
        self
    }

    /// The key that answers are to be signed with, if one was chosen.
    #[must_use]
    pub fn chosen_answer_key(&self) -> Option<&KeyId> {
        self.answer_key.as_ref()
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The scheme that requests are signed with.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The serial number of the account's API certificate.
    #[must_use]
    pub fn serial(&self) -> &Serial {
        &self.serial
    }
}
