//! The two halves that a merchant downloads together: the API certificate and its private key.

use std::fmt;

use super::certificate::Certificate;
use super::key::{Backend, MerchantKey, PublicKey};
use super::key_file::KeyError;
use super::{Signer as _, Verifier as _};
use crate::id::Serial;

/// A merchant's API certificate with the private key that belongs to it (商户API证书与私钥).
pub struct MerchantIdentity {
    certificate: Certificate,
    key: MerchantKey,
}

impl MerchantIdentity {
    /// Reads `apiclient_cert.pem` and `apiclient_key.pem`, and checks that they belong together: with a key of another
    /// certificate every request would be refused as wrongly signed.
    ///
    /// # Errors
    /// [`KeyError::NotAPair`] when they do not; otherwise what is wrong with either file.
    pub fn from_pem(certificate: &str, private_key: &str, backend: Backend) -> Result<Self, KeyError> {
        let certificate = Certificate::from_pem(certificate)?;
        let key = MerchantKey::from_pem(private_key, backend)?;
        Self::new(certificate, key, backend)
    }

    /// Puts a certificate and a key together, after checking that they belong together.
    ///
    /// # Errors
    /// [`KeyError::NotAPair`] when they do not; [`KeyError::Unusable`] when the certificate's key is of another kind.
    pub fn new(certificate: Certificate, key: MerchantKey, backend: Backend) -> Result<Self, KeyError> {
        let public = PublicKey::from_certificate(&certificate, backend)?;
        if fits(&public, &key) {
            return Ok(Self { certificate, key });
        }
        Err(KeyError::NotAPair {
            serial: certificate.serial().to_string(),
        })
    }

    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The certificate's serial number, which goes into `Authorization`.
    #[must_use]
    pub fn serial(&self) -> &Serial {
        self.certificate.serial()
    }

    /// The private key.
    #[must_use]
    pub fn key(&self) -> &MerchantKey {
        &self.key
    }

    /// Both, each for itself.
    #[must_use]
    pub fn into_parts(self) -> (Certificate, MerchantKey) {
        (self.certificate, self.key)
    }
}

impl fmt::Debug for MerchantIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantIdentity")
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

/// Whether what the key signs is what the public key verifies: the property that matters, for every kind of key.
fn fits(public: &PublicKey, key: &MerchantKey) -> bool {
    const PROBE: &[u8] = b"wxpay: does this key belong to this certificate?";
    let algorithm = key.algorithm();
    let signature = key.sign(algorithm, PROBE);
    signature.is_ok_and(|signature| public.verify(algorithm, PROBE, &signature).is_ok())
}
