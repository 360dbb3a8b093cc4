//! The parts of a merchant that a client was given, and which of them a call needs.

use std::ops::Deref;
use std::sync::Arc;

use wxpay_proto::v2::{self, V2};
use wxpay_proto::v3::{self, PlatformKey, V3};
use wxpay_proto::{ApiV2Key, BuildError, KeyId, Protocol, UnixTime};

use crate::keys::KeyStore;
use crate::signer::{AnySigner, SignerRef};
use crate::transport::ShowsCertificate;

/// A protocol that a [`Client`](crate::Client) speaks: every one of wxpay-proto's. Sealed.
pub trait ClientProtocol: Protocol + sealed::Choose {}

impl ClientProtocol for V3 {}
impl ClientProtocol for V2 {}

/// An account with its signer.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) credentials: v3::Credentials,
    pub(crate) signer: AnySigner,
}

/// Everything that was given; each part is optional.
#[derive(Clone, Debug, Default)]
#[expect(
    unnameable_types,
    reason = "it passes through the sealed `ClientProtocol` trait only"
)]
pub struct Parts {
    pub(crate) merchant: Option<Account>,
    pub(crate) brand: Option<Account>,
    pub(crate) keys: KeyStore,
    pub(crate) v2: Option<(v2::Credentials, Arc<ApiV2Key>)>,
    /// How the merchant's client certificate is shown, if there is one.
    pub(crate) certificate: Option<ShowsCertificate>,
}

/// Whose name a call is signed in, and who signs.
#[expect(
    unnameable_types,
    missing_debug_implementations,
    reason = "it passes through the sealed `ClientProtocol` trait only"
)]
pub struct Chosen<'a, P: Protocol> {
    pub(crate) credentials: P::Credentials,
    pub(crate) signer: SignerRef<'a>,
}

/// What answers are verified with: the keys of a moment, or the one that never changes.
#[expect(
    unnameable_types,
    missing_debug_implementations,
    reason = "it passes through the sealed `ClientProtocol` trait only"
)]
pub enum InForce<'a, K> {
    /// v3's.
    OfNow(Arc<K>),
    /// v2's.
    Always(&'a K),
}

impl<K> Deref for InForce<'_, K> {
    type Target = K;

    fn deref(&self) -> &K {
        match self {
            Self::OfNow(keys) => keys,
            Self::Always(key) => key,
        }
    }
}

/// One call, from its first attempt to its last.
#[derive(Clone, Copy, Debug)]
#[expect(
    unnameable_types,
    reason = "it passes through the sealed `ClientProtocol` trait only"
)]
pub struct Turn {
    pub(crate) operation: &'static str,
    /// By which a migration decides.
    pub(crate) number: u64,
}

pub(crate) mod sealed {
    use super::{BuildError, Chosen, InForce, KeyId, KeyStore, Parts, PlatformKey, Protocol, Turn, UnixTime};

    /// Chooses among the parts.
    #[expect(unnameable_types, reason = "this is what seals `ClientProtocol`")]
    pub trait Choose: Protocol<Keys: Sized> {
        /// Whose name a request to `target` is signed in.
        fn choose<'a>(
            parts: &'a Parts,
            turn: Turn,
            target: &str,
            now: UnixTime,
        ) -> Result<Chosen<'a, Self>, BuildError>;

        /// What answers are verified with now.
        fn keys<'a>(parts: &'a Parts, turn: Turn) -> Result<InForce<'a, Self::Keys>, BuildError>;

        /// Where those come from, if they can change.
        fn store(parts: &Parts) -> Option<&KeyStore>;

        /// The key to seal sensitive fields with, given the one that other fields are sealed for already.
        fn sealing_key(
            parts: &Parts,
            credentials: &Self::Credentials,
            sealed_for: Option<&KeyId>,
            now: UnixTime,
        ) -> Result<PlatformKey, &'static str>;
    }
}

impl sealed::Choose for V3 {
    fn choose<'a>(
        parts: &'a Parts,
        turn: Turn,
        target: &str,
        now: UnixTime,
    ) -> Result<Chosen<'a, Self>, BuildError> {
        let Turn { operation, number } = turn;
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
            && let Some(key) = parts.keys.key(&parts.keys.current(), operation, number, now)
        {
            credentials = credentials.answer_key(key.id().clone());
        }
        Ok(Chosen {
            credentials,
            signer: account.signer.borrow(),
        })
    }

    fn keys(parts: &Parts, _: Turn) -> Result<InForce<'_, Self::Keys>, BuildError> {
        Ok(InForce::OfNow(parts.keys.current()))
    }

    fn store(parts: &Parts) -> Option<&KeyStore> {
        Some(&parts.keys)
    }

    fn sealing_key(
        parts: &Parts,
        credentials: &v3::Credentials,
        sealed_for: Option<&KeyId>,
        now: UnixTime,
    ) -> Result<PlatformKey, &'static str> {
        let keys = parts.keys.current();
        // All fields of a request are sealed for one key, which also signs the answer.
        let wanted = sealed_for.or_else(|| credentials.chosen_answer_key());
        let found = wanted.and_then(|id| keys.get(id)).or_else(|| keys.preferred(now));
        found.cloned().ok_or(
            "the client was given no platform certificate or WeChat Pay public key (ClientBuilder::platform_keys, key_store)",
        )
    }
}

impl sealed::Choose for V2 {
    fn choose<'a>(
        parts: &'a Parts,
        turn: Turn,
        _: &str,
        _: UnixTime,
    ) -> Result<Chosen<'a, Self>, BuildError> {
        let (credentials, key) = of_v2(parts, turn)?;
        Ok(Chosen {
            credentials: credentials.clone(),
            signer: SignerRef::Local(key),
        })
    }

    fn keys(parts: &Parts, turn: Turn) -> Result<InForce<'_, Self::Keys>, BuildError> {
        of_v2(parts, turn).map(|(_, key)| InForce::Always(key))
    }

    fn store(_: &Parts) -> Option<&KeyStore> {
        None
    }

    fn sealing_key(
        _: &Parts,
        _: &v2::Credentials,
        _: Option<&KeyId>,
        _: UnixTime,
    ) -> Result<PlatformKey, &'static str> {
        Err(
            "v2 seals with a key of its own, which risk/getpublickey returns: seal the field with it before sending",
        )
    }
}

fn of_v2(parts: &Parts, turn: Turn) -> Result<(&v2::Credentials, &ApiV2Key), BuildError> {
    let Turn { operation, .. } = turn;
    let missing = "v2 credentials (merchant number and APIv2 key)";
    let (credentials, key) = parts
        .v2
        .as_ref()
        .ok_or(BuildError::MissingCredential { operation, missing })?;
    Ok((credentials, key))
}
