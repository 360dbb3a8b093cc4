//! The list of encrypted certificates: read, opened and written.

use serde::{Deserialize, Serialize};

use super::error::{CertificatesError, Skipped};
use crate::crypto::{Aead, Backend, Certificate, CryptoError};
use crate::id::Serial;
use crate::secret::ApiV3Key;
use crate::time_text::TimeText;
use crate::v3::platform_keys::PlatformKey;

/// What `associated_data` is in every list seen.
const ASSOCIATED_DATA: &str = "certificate";

/// The body of the answer.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct List {
    #[serde(default)]
    data: Vec<Entry>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Entry {
    serial_no: String,
    #[serde(default)]
    effective_time: TimeText,
    #[serde(default)]
    expire_time: TimeText,
    encrypt_certificate: Encrypted,
}

#[derive(Debug, Deserialize, Serialize)]
struct Encrypted {
    algorithm: String,
    nonce: String,
    #[serde(default)]
    associated_data: Option<String>,
    ciphertext: String,
}

/// One certificate of the list.
#[derive(Clone, Debug)]
pub struct PlatformCertificate {
    key: PlatformKey,
    certificate: Certificate,
    pem: String,
}

impl PlatformCertificate {
    /// The key to verify and to seal with.
    #[must_use]
    pub fn key(&self) -> &PlatformKey {
        &self.key
    }

    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The certificate as PEM text, to be kept over a restart.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }
}

/// What a list holds: certificates, and entries that this build has no algorithm for.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) certificates: Vec<PlatformCertificate>,
    pub(super) skipped: Vec<Skipped>,
}

impl List {
    pub(super) fn read(body: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(body)
    }

    /// Decrypts every entry. One that needs an algorithm of another build is skipped: a list of all algorithms must
    /// not fail for the sake of a certificate that nobody here could use.
    pub(super) fn open(&self, key: &ApiV3Key, backend: Backend) -> Result<Opened, CertificatesError> {
        let mut opened = Opened {
            certificates: Vec::new(),
            skipped: Vec::new(),
        };
        for entry in &self.data {
            match Aead::find(&entry.encrypt_certificate.algorithm) {
                Ok(aead) => opened.certificates.push(entry.open(aead, key, backend)?),
                Err(problem) => opened.skipped.push(Skipped {
                    serial_no: entry.serial_no.clone(),
                    problem: problem.to_string(),
                }),
            }
        }
        Ok(opened)
    }
}

impl Entry {
    fn open(
        &self,
        aead: Aead,
        key: &ApiV3Key,
        backend: Backend,
    ) -> Result<PlatformCertificate, CertificatesError> {
        let serial_no = || self.serial_no.clone();
        let encrypted = &self.encrypt_certificate;
        let aad = encrypted.associated_data.as_deref().unwrap_or_default();
        let plaintext = aead
            .open_base64(key, &encrypted.nonce, aad, &encrypted.ciphertext)
            .map_err(|source| CertificatesError::Decrypt {
                serial_no: serial_no(),
                source,
            })?;
        let unreadable = |source| CertificatesError::Unreadable {
            serial_no: serial_no(),
            source,
        };
        // What is no UTF-8 is no PEM either, and is told so by the reader.
        let pem = String::from_utf8_lossy(&plaintext).into_owned();
        let certificate = Certificate::from_pem(&pem).map_err(unreadable)?;
        if Serial::new(&self.serial_no).as_ref() != Ok(certificate.serial()) {
            return Err(CertificatesError::SerialMismatch {
                told: serial_no(),
                found: certificate.serial().to_string(),
            });
        }
        let key = PlatformKey::from_certificate(&certificate, backend).map_err(unreadable)?;
        Ok(PlatformCertificate {
            key,
            certificate,
            pem,
        })
    }
}

/// Writes the body of a certificates answer, as WeChat Pay does: for simulators and tests.
///
/// Each certificate comes as PEM text with the nonce that encrypts it, 12 characters usually. One with an SM2 key (国密) is
/// encrypted with SM4-GCM, every other with AES-256-GCM. Sign the answer as every
/// other, with the key of one of these certificates.
///
/// # Errors
/// [`CertificatesError::Unreadable`] for a text that is no certificate, [`CertificatesError::Decrypt`] when one cannot
/// be encrypted.
pub fn seal<'a>(
    certificates: impl IntoIterator<Item = (&'a str, &'a str)>,
    key: &ApiV3Key,
) -> Result<Vec<u8>, CertificatesError> {
    let entries = certificates.into_iter().map(|(pem, nonce)| {
        let certificate = Certificate::from_pem(pem).map_err(|source| CertificatesError::Unreadable {
            serial_no: String::new(),
            source,
        })?;
        let serial_no = certificate.serial().to_string();
        let aead = aead_of(&certificate);
        let ciphertext = aead
            .seal_base64(key, nonce, ASSOCIATED_DATA, pem.as_bytes())
            .map_err(|source| CertificatesError::Decrypt {
                serial_no: serial_no.clone(),
                source,
            })?;
        Ok(Entry {
            serial_no,
            effective_time: TimeText::beijing(certificate.not_before()),
            expire_time: TimeText::beijing(certificate.not_after()),
            encrypt_certificate: Encrypted {
                algorithm: aead.name().to_owned(),
                nonce: nonce.to_owned(),
                associated_data: Some(ASSOCIATED_DATA.to_owned()),
                ciphertext,
            },
        })
    });
    let list = List {
        data: entries.collect::<Result<_, CertificatesError>>()?,
    };
    serde_json::to_vec(&list).map_err(|_| CertificatesError::Decrypt {
        serial_no: String::new(),
        source: CryptoError::Encrypt,
    })
}

/// Certificates of a kind are encrypted with a cipher of the same kind (protocol section 12).
fn aead_of(certificate: &Certificate) -> Aead {
    #[cfg(feature = "sm")]
    if certificate.has_sm2_key() {
        return Aead::Sm4Gcm;
    }
    let _ = certificate;
    Aead::Aes256Gcm
}
