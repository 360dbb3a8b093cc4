//! Keys as values, whichever backend does the work: RSA, and SM2 where the feature `sm` is on.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::der;
use super::key_file::{self, KeyError, Kind};
use super::seam::{PrivateKey, PublicHalf};
use super::{Algorithm, CryptoError, Decryptor, Encryptor, Entropy, Padding, Signature, Signer, Verifier};

/// Who does the RSA arithmetic. A feature adds a variant and changes nothing else; both give the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// The pure-Rust `rsa` crate. RUSTSEC-2023-0071 is open against it: the time of a private-key operation may tell
    /// about the key. Use it where nobody can measure that; for private keys on a server use AWS-LC.
    #[cfg(feature = "rsa")]
    RustCrypto,
    /// AWS-LC by the `aws-lc-rs` crate.
    #[cfg(feature = "aws-lc-rs")]
    AwsLc,
}

impl Backend {
    /// The backends that this build has.
    pub const ALL: &[Self] = &[
        #[cfg(feature = "rsa")]
        Self::RustCrypto,
        #[cfg(feature = "aws-lc-rs")]
        Self::AwsLc,
    ];
}

/// The merchant's API private key (商户API私钥): signs v3 requests, and opens sensitive fields in answers.
///
/// It cannot be cloned (share it in an `Arc`), compared, shown or serialised, and is wiped on drop.
pub struct MerchantKey(Box<dyn PrivateKey>);

impl MerchantKey {
    /// Reads `apiclient_key.pem`: PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    ///
    /// # Errors
    /// [`KeyError`] that says what the text is instead: a public key, a certificate, an encrypted key, a path.
    pub fn from_pem(text: &str, backend: Backend) -> Result<Self, KeyError> {
        let file = key_file::read(text, &[Kind::Pkcs8, Kind::Pkcs1Private], key_file::PRIVATE_KEY)?;
        let pkcs8 = match file.kind {
            Kind::Pkcs1Private => der::wrap_private(&file.der)?,
            _ => file.der,
        };
        Self::from_pkcs8_der(&pkcs8, backend)
    }

    /// Reads PKCS#8 in DER. With the feature `sm` an SM2 key is read as well, and no backend takes part in it.
    ///
    /// # Errors
    /// [`KeyError`] when it is no RSA private key of at least 2048 bits.
    pub fn from_pkcs8_der(der: &[u8], backend: Backend) -> Result<Self, KeyError> {
        #[cfg(feature = "sm")]
        if der::is_sm2_private(der) {
            return Ok(Self(Box::new(super::sm2_key::Private::new(der)?)));
        }
        der::check_rsa(der)?;
        match backend {
            #[cfg(feature = "rsa")]
            Backend::RustCrypto => Ok(Self(Box::new(super::rust_crypto::Private::new(der)?))),
            #[cfg(feature = "aws-lc-rs")]
            Backend::AwsLc => Ok(Self(Box::new(super::aws_lc::Private::new(der)?))),
        }
    }
}

impl MerchantKey {
    /// The one algorithm that this key signs with: it must be that of the credentials.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.0.algorithm()
    }
}

impl fmt::Debug for MerchantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MerchantKey(…)")
    }
}

impl Signer for MerchantKey {
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Signature, CryptoError> {
        if algorithm == self.0.algorithm() {
            return self.0.sign(message).map(Signature::new);
        }
        let key = match self.0.algorithm() {
            Algorithm::Sm2Sm3 => "an SM2 private key",
            _ => "an RSA private key",
        };
        Err(CryptoError::Unsupported { key, algorithm })
    }
}

impl Decryptor for MerchantKey {
    fn decrypt(&self, padding: Padding, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        self.0.decrypt(padding, ciphertext)
    }
}

/// A public key: WeChat Pay's, or the bank key of v2's `risk/getpublickey`.
#[derive(Clone)]
pub struct PublicKey {
    half: Arc<dyn PublicHalf>,
    spki: Arc<[u8]>,
}

impl PublicKey {
    /// Reads `pub_key.pem`: `BEGIN PUBLIC KEY`, or PKCS#1's `BEGIN RSA PUBLIC KEY`.
    ///
    /// # Errors
    /// [`KeyError`] that says what the text is instead.
    pub fn from_pem(text: &str, backend: Backend) -> Result<Self, KeyError> {
        let file = key_file::read(text, &[Kind::Spki, Kind::Pkcs1Public], key_file::PUBLIC_KEY)?;
        match file.kind {
            Kind::Pkcs1Public => Self::from_spki_der(&der::wrap_public(&file.der)?, backend),
            _ => Self::from_spki_der(&file.der, backend),
        }
    }

    /// The key in a certificate.
    ///
    /// # Errors
    /// [`KeyError`] when it is no RSA key of at least 2048 bits.
    pub fn from_certificate(certificate: &Certificate, backend: Backend) -> Result<Self, KeyError> {
        Self::from_spki_der(certificate.public_key_der(), backend)
    }

    /// Reads SubjectPublicKeyInfo in DER. With the feature `sm` an SM2 key is read as well, and no backend takes part
    /// in it.
    ///
    /// # Errors
    /// [`KeyError`] when it is no RSA key of at least 2048 bits.
    pub fn from_spki_der(der: &[u8], backend: Backend) -> Result<Self, KeyError> {
        Ok(Self {
            half: Self::half(der, backend)?,
            spki: der.into(),
        })
    }

    fn half(der: &[u8], backend: Backend) -> Result<Arc<dyn PublicHalf>, KeyError> {
        #[cfg(feature = "sm")]
        if der::is_sm2_public(der) {
            return Ok(Arc::new(super::sm2_key::Public::new(der)?));
        }
        let _ = der;
        match backend {
            #[cfg(feature = "rsa")]
            Backend::RustCrypto => Ok(Arc::new(super::rust_crypto::Public::new(der)?)),
            #[cfg(feature = "aws-lc-rs")]
            Backend::AwsLc => Ok(Arc::new(super::aws_lc::Public::new(der)?)),
        }
    }
}

impl PublicKey {
    /// The one algorithm that this key verifies.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.half.algorithm()
    }

    /// The key as SubjectPublicKeyInfo in DER, as it was read: what tells whether two files hold the same key.
    #[must_use]
    pub fn as_spki_der(&self) -> &[u8] {
        &self.spki
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} bits)", self.half.size() * 8)
    }
}

impl Verifier for PublicKey {
    fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &Signature) -> Result<(), CryptoError> {
        if algorithm == self.half.algorithm() {
            return self.half.verify(message, signature.as_bytes());
        }
        let key = match self.half.algorithm() {
            Algorithm::Sm2Sm3 => "an SM2 public key",
            _ => "an RSA public key",
        };
        Err(CryptoError::Unsupported { key, algorithm })
    }
}

impl Encryptor for PublicKey {
    fn encrypt(
        &self,
        padding: Padding,
        plaintext: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        let limit = self.half.limit(padding);
        if plaintext.len() > limit {
            return Err(CryptoError::TooLong {
                bytes: plaintext.len(),
                limit,
            });
        }
        self.half.encrypt(padding, plaintext, entropy)
    }
}
