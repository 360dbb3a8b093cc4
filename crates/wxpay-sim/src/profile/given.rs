//! The test accounts with keys that come from elsewhere than this crate.

use std::borrow::Cow;

use wxpay_proto::PublicKeyId;
use wxpay_proto::crypto::{Backend, Certificate, PublicKey};
use wxpay_proto::v3::PlatformKey;

use super::{PlatformIdentity, Profile, UnusableKey, private_key};

/// The keys of an account that are not the shipped ones, as files.
pub(crate) struct GivenAccount {
    pub(crate) certificate: Cow<'static, str>,
    pub(crate) private_key: Cow<'static, str>,
    pub(crate) api_v2_key: Cow<'static, str>,
    pub(crate) api_v3_key: Cow<'static, str>,
}

/// A certificate or public key of the platform's, with its private key.
pub(crate) struct GivenIdentity {
    pub(crate) pem: Cow<'static, str>,
    pub(crate) private_key: Cow<'static, str>,
}

/// All keys that are not the shipped ones.
pub(crate) struct Given {
    /// In the order of [`Role::ALL`](super::Role::ALL).
    pub(crate) accounts: [GivenAccount; 3],
    pub(crate) certificate: GivenIdentity,
    pub(crate) next_certificate: GivenIdentity,
    pub(crate) public_key: GivenIdentity,
    pub(crate) public_key_id: String,
}

impl Profile {
    /// The test accounts with other keys.
    pub(crate) fn given(given: Given) -> Result<Self, UnusableKey> {
        let mut profile = Self::shipped()?;
        for (merchant, keys) in profile.merchants.iter_mut().zip(given.accounts) {
            let certificate = Certificate::from_pem(&keys.certificate)?;
            merchant.serial = certificate.serial().clone();
            merchant.public_key = PublicKey::from_certificate(&certificate, Backend::AwsLc)?;
            merchant.certificate_pem = keys.certificate;
            merchant.private_key_pem = keys.private_key;
            merchant.api_v2_key = keys.api_v2_key;
            merchant.api_v3_key = keys.api_v3_key;
        }
        let certified = |given: GivenIdentity| {
            Ok::<_, UnusableKey>(PlatformIdentity {
                public: PlatformKey::from_certificate_pem(&given.pem, Backend::AwsLc)?,
                private: private_key(&given.private_key)?,
                pem: given.pem,
            })
        };
        profile.certificate = certified(given.certificate)?;
        profile.next_certificate = certified(given.next_certificate)?;
        let id = PublicKeyId::new(given.public_key_id)?;
        profile.public_key = PlatformIdentity {
            public: PlatformKey::from_public_key_pem(id, &given.public_key.pem, Backend::AwsLc)?,
            private: private_key(&given.public_key.private_key)?,
            pem: given.public_key.pem,
        };
        Ok(profile)
    }
}
