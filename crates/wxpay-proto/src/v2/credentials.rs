//! Who signs a v2 request. The APIv2 key is not in here: it is the signer.

use crate::crypto::Algorithm;
use crate::id::MerchantId;

/// The algorithm of operations that leave the choice (签名类型).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignType {
    /// MD5, v2's default and broken; WeChat Pay still takes it.
    Md5,
    /// HMAC-SHA256: take this one.
    #[default]
    HmacSha256,
}

impl SignType {
    /// The algorithm.
    #[must_use]
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::Md5 => Algorithm::Md5,
            Self::HmacSha256 => Algorithm::HmacSha256,
        }
    }
}

/// What a v2 request says about its signer, without any secret.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(super) merchant: MerchantId,
    pub(super) sign_type: SignType,
}

impl Credentials {
    /// A merchant or partner. Operations that leave the choice are signed with HMAC-SHA256.
    #[must_use]
    pub fn new(merchant: MerchantId) -> Self {
        Self {
            merchant,
            sign_type: SignType::default(),
        }
    }

    /// Sets the algorithm of operations that leave the choice.
    #[must_use]
    pub fn sign_type(mut self, sign_type: SignType) -> Self {
        self.sign_type = sign_type;
        self
    }

    /// The merchant.
    #[must_use]
    pub fn merchant(&self) -> &MerchantId {
        &self.merchant
    }
}
