//! Fetching the platform certificates (平台证书), protocol section 3.
//!
//! The answer carries the very keys that answers are verified with, so its proof is its own: with a key that is known
//! already it is verified like every other ([`Unverified::certificates`]); without one, the APIv3 key is what it rests
//! on ([`Unverified::bootstrap`]). Neither can be confused with the other, nor left out: there is no third way.

mod error;
mod list;

use std::borrow::Cow;

use bytes::Bytes;
use http::Method;

use super::V3;
use super::answer::SignatureHeaders;
use super::platform_keys::PlatformKeys;
use super::refusal;
use crate::crypto::{Backend, Certificate};
use crate::draft::Draft;
use crate::error::{BuildError, Error, ParseError, VerifyError};
use crate::exchange::{Unverified, name_failure};
use crate::host::Host;
use crate::id::KeyId;
use crate::meta::Meta;
use crate::operation::{AnswerBody, Operation, Response};
use crate::proof::{SignatureRule, VerifiedBy};
use crate::protocol::{Failure, Protocol as _, Question, RawAnswer};
use crate::refusal::ApiError;
use crate::secret::ApiV3Key;
use crate::stamp::UnixTime;

pub use error::{CertificatesError, Skipped};
pub use list::{PlatformCertificate, seal};

/// Fetches the platform certificates, `GET /v3/certificates` (获取平台证书列表).
///
/// Ask every 12 hours, and once when an answer names a serial that is not known. For the very first fetch use
/// credentials without an answer key: there is none that could be named yet.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct FetchCertificates {
    /// Which of the three lists.
    pub region: Region,
    /// `algorithm_type`: `RSA` (the default), `SM2` or `ALL`.
    pub algorithm_type: Option<Cow<'static, str>>,
}

/// Whose certificates are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// Mainland China: `/v3/certificates`.
    #[default]
    Mainland,
    /// Hong Kong: `/hk/v3/certificates`.
    HongKong,
    /// Everywhere else: `/v3/global/certificates` on the host `apihk`.
    Global,
}

impl FetchCertificates {
    /// Asks for a region's certificates.
    #[must_use]
    pub fn new(region: Region) -> Self {
        Self {
            region,
            algorithm_type: None,
        }
    }

    /// Asks for certificates of an algorithm: `RSA`, `SM2` or `ALL`.
    #[must_use]
    pub fn algorithm_type(mut self, value: impl Into<Cow<'static, str>>) -> Self {
        self.algorithm_type = Some(value.into());
        self
    }
}

impl Operation for FetchCertificates {
    type Protocol = V3;
    type Response = EncryptedCertificates;
    const META: Meta = Meta::new("v3.certificates.fetch", Method::GET, "/v3/certificates");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        let (host, path) = match self.region {
            Region::Mainland => (Host::API, "/v3/certificates"),
            Region::HongKong => (Host::API, "/hk/v3/certificates"),
            Region::Global => (Host::API_HK, "/v3/global/certificates"),
        };
        draft.route(Method::GET, host, path);
        draft.query("algorithm_type", self.algorithm_type.as_deref());
        Ok(())
    }
}

/// The answer as it is sent: nothing in it can be read but through [`Unverified::certificates`] or
/// [`Unverified::bootstrap`].
#[derive(Debug)]
#[non_exhaustive]
pub struct EncryptedCertificates;

/// The proof of the certificates answer: a key that is known, or the APIv3 key.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CarriesItsKeys;

impl Response for EncryptedCertificates {
    type Proof = CarriesItsKeys;

    fn parse(_: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self)
    }
}

/// What proved a list of certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificatesProof {
    /// A key that was known before verified the answer.
    PlatformKey(KeyId),
    /// No key was known: every certificate was authenticated by the APIv3 key, and one of them verified the answer.
    ApiV3Key {
        /// The certificate that signed the answer.
        signer: KeyId,
        /// Whether each certificate was also held against a root.
        root: bool,
    },
}

/// What came of the fetch.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "there are certificates or there are none")]
pub enum Fetched {
    /// The certificates that are valid.
    Certificates(PlatformCertificates),
    /// WeChat Pay has none for this merchant, who works with the public key (微信支付公钥) alone: a 404 with a code.
    /// Do not ask again.
    PublicKeyMode(Box<ApiError>),
}

impl Fetched {
    /// Adds the certificates to the keys that are known, and removes those that have expired. Certificates that are
    /// known and still valid stay, on the list or not: during a rotation either may sign.
    pub fn merge_into(&self, keys: &mut PlatformKeys, now: UnixTime) {
        if let Self::Certificates(certificates) = self {
            for certificate in &certificates.certificates {
                keys.add(certificate.key().clone());
            }
        }
        keys.discard_expired(now);
    }

    /// The certificates, if there are some.
    #[must_use]
    pub fn certificates(self) -> Option<PlatformCertificates> {
        match self {
            Self::Certificates(certificates) => Some(certificates),
            Self::PublicKeyMode(_) => None,
        }
    }
}

/// The platform certificates of an answer whose proof was checked; the expired ones are left out.
#[derive(Clone, Debug)]
pub struct PlatformCertificates {
    certificates: Vec<PlatformCertificate>,
    skipped: Vec<Skipped>,
    proof: CertificatesProof,
    body: Bytes,
}

impl PlatformCertificates {
    /// The certificates in the order of the list; at least one.
    pub fn iter(&self) -> impl Iterator<Item = &PlatformCertificate> {
        self.certificates.iter()
    }

    /// Their keys.
    #[must_use]
    pub fn keys(&self) -> PlatformKeys {
        self.iter().map(|certificate| certificate.key().clone()).collect()
    }

    /// The newest: the one to seal sensitive fields with.
    #[must_use]
    pub fn newest(&self) -> Option<&PlatformCertificate> {
        self.iter()
            .max_by_key(|certificate| certificate.certificate().not_before())
    }

    /// Entries that this build cannot use.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// What proved the list.
    #[must_use]
    pub fn proof(&self) -> &CertificatesProof {
        &self.proof
    }

    /// The body as it was received.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

impl Unverified<FetchCertificates> {
    /// Verifies the answer with keys that are known, and decrypts the certificates.
    ///
    /// `backend` is who will verify with them.
    ///
    /// # Errors
    /// [`CertificatesError`]: an unknown serial means that every known key is too old, and that a new fetch must
    /// [`bootstrap`](Self::bootstrap).
    pub fn certificates(
        self,
        keys: &PlatformKeys,
        api_v3_key: &ApiV3Key,
        backend: Backend,
        now: UnixTime,
    ) -> Result<Fetched, CertificatesError> {
        let (question, answer) = self.into_raw();
        let signer = match V3::open(&answer, &(), keys, now, SignatureRule::Always, question) {
            Ok(opened) => opened.by,
            Err(Failure::Refused(error)) => return none_or_refused(*error),
            Err(failure) => return Err(name_failure(failure, question, &answer).into()),
        };
        let Some(VerifiedBy::PlatformKey(signer)) = signer else {
            let name = "Wechatpay-Signature";
            return Err(unproven(VerifyError::MissingHeader { name }, question, &answer));
        };
        let opened = read(question, &answer)?.open(api_v3_key, backend)?;
        valid(opened, CertificatesProof::PlatformKey(signer), answer, now)
    }

    /// Starts without any key: every certificate is authenticated by the APIv3 key, held against `root` where one is
    /// given, and the answer must be signed with one of them.
    ///
    /// `root` is the certificate that issues platform certificates, had from elsewhere. `backend` is who will verify.
    ///
    /// # Errors
    /// [`CertificatesError`] that says which of these steps failed.
    pub fn bootstrap(
        self,
        api_v3_key: &ApiV3Key,
        root: Option<&Certificate>,
        backend: Backend,
        now: UnixTime,
    ) -> Result<Fetched, CertificatesError> {
        let (question, answer) = self.into_raw();
        if !answer.status.is_success() {
            // No key is known that a signature could be held against.
            return none_or_refused(refusal::refusal(&answer, question));
        }
        let opened = read(question, &answer)?.open(api_v3_key, backend)?;
        if let Some(root) = root {
            for found in &opened.certificates {
                let check = found.certificate().check_issuer(root, backend, now);
                check.map_err(|source| CertificatesError::Root {
                    serial_no: found.certificate().serial().to_string(),
                    source,
                })?;
            }
        }
        if opened.certificates.is_empty() {
            return Err(CertificatesError::NoCertificate {
                expired: 0,
                skipped: opened.skipped.len(),
            });
        }
        let found = opened.certificates.iter();
        let keys: PlatformKeys = found.map(|certificate| certificate.key().clone()).collect();
        let signer = SignatureHeaders::read(&answer.headers)
            .and_then(|headers| headers.verify(&answer.body, &keys, now))
            .map_err(|problem| unproven(problem, question, &answer))?;
        let root = root.is_some();
        valid(opened, CertificatesProof::ApiV3Key { signer, root }, answer, now)
    }
}

/// In public-key mode WeChat Pay answers 404 with one code or another (protocol section 2.5); a 404 without any code
/// is not WeChat Pay's, but some proxy's.
fn none_or_refused(error: ApiError) -> Result<Fetched, CertificatesError> {
    if error.status == 404 && error.code.is_some() {
        return Ok(Fetched::PublicKeyMode(Box::new(error)));
    }
    Err(Error::Refused(Box::new(error)).into())
}

fn unproven(problem: VerifyError, question: Question, answer: &RawAnswer) -> CertificatesError {
    name_failure(Failure::Unverified(problem, None), question, answer).into()
}

fn read(question: Question, answer: &RawAnswer) -> Result<list::List, CertificatesError> {
    list::List::read(refusal::without_bom(&answer.body)).map_err(|error| {
        let failure = Failure::Unreadable(error.to_string());
        name_failure(failure, question, answer).into()
    })
}

/// Leaves out what has expired.
fn valid(
    opened: list::Opened,
    proof: CertificatesProof,
    answer: RawAnswer,
    now: UnixTime,
) -> Result<Fetched, CertificatesError> {
    let total = opened.certificates.len();
    let usable = opened.certificates.into_iter();
    let certificates: Vec<_> = usable.filter(|found| !found.key().is_expired(now)).collect();
    if certificates.is_empty() {
        return Err(CertificatesError::NoCertificate {
            expired: total,
            skipped: opened.skipped.len(),
        });
    }
    Ok(Fetched::Certificates(PlatformCertificates {
        certificates,
        skipped: opened.skipped,
        proof,
        body: answer.body,
    }))
}
