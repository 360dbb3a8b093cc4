//! The parts of a merchant that a client was given, and which of them a call needs.

use wxpay_proto::v2::{self, V2};
use wxpay_proto::v3::{self, PlatformKey, PlatformKeys, V3};
use wxpay_proto::{ApiV2Key, BuildError, KeyId, Protocol, UnixTime};

use crate::signer::{AnySigner, SignerRef};

/// A protocol that a [`Client`](crate::Client) speaks: every one of wxpay-proto's. Sealed.
pub trait ClientProtocol: Protocol + sealed::Choose {}

impl ClientProtocol for V3 {}
impl ClientProtocol for V2 {}

/// An account with its signer.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) credentials: v3::Credentials,
    pub(crate) signer: AnySigner,
}

/// Everything that was given; each part is optional.
#[derive(Debug, Default)]
#[expect(
    unnameable_types,
    reason = "it passes through the sealed `ClientProtocol` trait only"
)]
pub struct Parts {
    pub(crate) merchant: Option<Account>,
    pub(crate) brand: Option<Account>,
    pub(crate) platform_keys: PlatformKeys,
    pub(crate) v2: Option<(v2::Credentials, ApiV2Key)>,
}

/// The parts that one call needs.
#[expect(
    unnameable_types,
    missing_debug_implementations,
    reason = "it passes through the sealed `ClientProtocol` trait only"
)]
pub struct Chosen<'a, P: Protocol> {
    pub(crate) credentials: P::Credentials,
    pub(crate) signer: SignerRef<'a>,
    pub(crate) keys: &'a P::Keys,
}

pub(crate) mod sealed {
    use super::{BuildError, Chosen, KeyId, Parts, PlatformKey, Protocol, UnixTime};

    /// Chooses among the parts.
    #[expect(unnameable_types, reason = "this is what seals `ClientProtocol`")]
    pub trait Choose: Protocol {
        /// Whose name a request to `target` is signed in.
        fn choose<'a>(
            parts: &'a Parts,
            operation: &'static str,
            target: &str,
            now: UnixTime,
        ) -> Result<Chosen<'a, Self>, BuildError>;

        /// The key to seal sensitive fields with, given the one that other fields are sealed for already.
        fn sealing_key<'a>(
            parts: &'a Parts,
            credentials: &Self::Credentials,
            sealed_for: Option<&KeyId>,
            now: UnixTime,
        ) -> Result<&'a PlatformKey, &'static str>;
    }
}

impl sealed::Choose for V3 {
    fn choose<'a>(
        parts: &'a Parts,
        operation: &'static str,
        target: &str,
        now: UnixTime,
    ) -> Result<Chosen<'a, Self>, BuildError> {
        let (account, missing) = if target.starts_with("/brand/") {
            (
                &parts.brand,
                "a brand's v3 credentials (brand number, certificate serial number and private key)",
            )
        } else {
            (
                &parts.merchant,
                "v3 credentials (merchant number, certificate serial number and private key)",
            )
        };
        let account = account
            .as_ref()
            .ok_or(BuildError::MissingCredential { operation, missing })?;
        let mut credentials = account.credentials.clone();
        if credentials.chosen_answer_key().is_none()
            && let Some(key) = parts.platform_keys.preferred(now)
        {
            credentials = credentials.answer_key(key.id().clone());
        }
        Ok(Chosen {
            credentials,
            signer: account.signer.borrow(),
            keys: &parts.platform_keys,
        })
    }

    fn sealing_key<'a>(
        parts: &'a Parts,
        credentials: &v3::Credentials,
        sealed_for: Option<&KeyId>,
        now: UnixTime,
    ) -> Result<&'a PlatformKey, &'static str> {
        let keys = &parts.platform_keys;
        // All fields of a request are sealed for one key, which also signs the answer.
        let wanted = sealed_for.or_else(|| credentials.chosen_answer_key());
        let found = wanted.and_then(|id| keys.get(id)).or_else(|| keys.preferred(now));
        found.ok_or("the client was given no platform certificate or WeChat Pay public key (ClientBuilder::platform_keys)")
    }
}

impl sealed::Choose for V2 {
    fn choose<'a>(
        parts: &'a Parts,
        operation: &'static str,
        _: &str,
        _: UnixTime,
    ) -> Result<Chosen<'a, Self>, BuildError> {
        let missing = "v2 credentials (merchant number and APIv2 key)";
        let (credentials, key) = parts
            .v2
            .as_ref()
            .ok_or(BuildError::MissingCredential { operation, missing })?;
        Ok(Chosen {
            credentials: credentials.clone(),
            signer: SignerRef::Local(key),
            keys: key,
        })
    }

    fn sealing_key<'a>(
        _: &'a Parts,
        _: &v2::Credentials,
        _: Option<&KeyId>,
        _: UnixTime,
    ) -> Result<&'a PlatformKey, &'static str> {
        Err(
            "v2 seals with a key of its own, which risk/getpublickey returns: seal the field with it before sending",
        )
    }
}
