//! X.509 certificates, as far as WeChat Pay uses them: a serial number, a validity, a name and a key.

use std::fmt;

use x509_cert::der::{Decode, Encode, Reader as _, SliceReader};

use super::Algorithm;
use super::key_file::{self, KeyError, Kind};
use crate::id::Serial;
use crate::stamp::UnixTime;

/// A certificate. Trust in it comes from where it was had, not from a chain (protocol section 2.5).
#[derive(Clone)]
pub struct Certificate {
    serial: Serial,
    not_before: UnixTime,
    not_after: UnixTime,
    common_name: Option<String>,
    spki: Vec<u8>,
    /// Names in DER, to be compared byte for byte.
    pub(super) subject: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    /// What the issuer signed, how, and its signature.
    pub(super) signed: Vec<u8>,
    signature_algorithm: pkcs8::ObjectIdentifier,
    pub(super) signature: Vec<u8>,
}

/// sha256WithRSAEncryption, RFC 4055.
const RSA_SHA256: pkcs8::ObjectIdentifier = pkcs8::ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");

/// SM2 with SM3, GB/T 33560.
#[cfg(feature = "sm")]
const SM2_SM3: pkcs8::ObjectIdentifier = pkcs8::ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");

impl Certificate {
    /// Reads `-----BEGIN CERTIFICATE-----`.
    ///
    /// # Errors
    /// [`KeyError`] that says what the text is instead.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let file = key_file::read(text, &[Kind::Certificate], key_file::CERTIFICATE)?;
        Self::from_der(&file.der)
    }

    /// Reads the binary form.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when it is no certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let malformed = |problem: String| KeyError::Malformed {
            kind: "the certificate",
            problem,
        };
        let certificate =
            x509_cert::Certificate::from_der(der).map_err(|error| malformed(error.to_string()))?;
        let body = &certificate.tbs_certificate;
        let encode = |encoded: Result<Vec<u8>, x509_cert::der::Error>| {
            encoded.map_err(|error| malformed(error.to_string()))
        };
        let seconds = |time: x509_cert::time::Time| {
            // Years beyond 9999 do not exist in X.509, so the count always fits.
            UnixTime::from_secs(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
        };
        Ok(Self {
            serial: Serial::from_bytes(body.serial_number.as_bytes()),
            not_before: seconds(body.validity.not_before),
            not_after: seconds(body.validity.not_after),
            common_name: common_name(&body.subject),
            spki: encode(body.subject_public_key_info.to_der())?,
            subject: encode(body.subject.to_der())?,
            issuer: encode(body.issuer.to_der())?,
            signed: encode(first_part(der).map(<[u8]>::to_vec))?,
            signature_algorithm: certificate.signature_algorithm.oid,
            signature: certificate.signature.raw_bytes().to_vec(),
        })
    }

    /// The serial number (证书序列号).
    #[must_use]
    pub fn serial(&self) -> &Serial {
        &self.serial
    }

    /// Valid from.
    #[must_use]
    pub fn not_before(&self) -> UnixTime {
        self.not_before
    }

    /// Valid until.
    #[must_use]
    pub fn not_after(&self) -> UnixTime {
        self.not_after
    }

    /// The subject's common name: the merchant number in a merchant's certificate.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.common_name.as_deref()
    }

    /// The merchant whose API certificate this is, told by a common name of digits only.
    #[must_use]
    pub fn merchant(&self) -> Option<&str> {
        self.common_name()
            .filter(|name| name.len() >= 8 && name.bytes().all(|b| b.is_ascii_digit()))
    }

    /// The public key, as SubjectPublicKeyInfo in DER.
    #[must_use]
    pub fn public_key_der(&self) -> &[u8] {
        &self.spki
    }
}

impl Certificate {
    /// What its issuer signed with, where this build can verify it.
    pub(super) fn signed_with(&self) -> Option<Algorithm> {
        match self.signature_algorithm {
            RSA_SHA256 => Some(Algorithm::RsaSha256),
            #[cfg(feature = "sm")]
            SM2_SM3 => Some(Algorithm::Sm2Sm3),
            _ => None,
        }
    }

    /// Whether its key is an SM2 key.
    #[cfg(feature = "sm")]
    pub(crate) fn has_sm2_key(&self) -> bool {
        super::der::is_sm2_public(&self.spki)
    }
}

/// The part of a certificate that is signed, as it stands there: encoding it anew might write it differently.
fn first_part(der: &[u8]) -> x509_cert::der::Result<&[u8]> {
    SliceReader::new(der)?.sequence(|parts| {
        let first = parts.tlv_bytes()?;
        while !parts.is_finished() {
            parts.tlv_bytes()?;
        }
        Ok(first)
    })
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("serial", &self.serial)
            .field("common_name", &self.common_name)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// The common name, read from the form that people read, where it is escaped but otherwise text.
fn common_name(name: &x509_cert::name::Name) -> Option<String> {
    let text = name.to_string();
    let found = text
        .split([',', '+'])
        .find_map(|part| part.trim().strip_prefix("CN="))?;
    Some(found.to_owned())
}
