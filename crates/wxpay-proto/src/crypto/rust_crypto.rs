//! RSA by the pure-Rust `rsa` crate.

use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::rand_core::{CryptoRng, RngCore};
use rsa::traits::PublicKeyParts as _;
use rsa::{Oaep, Pkcs1v15Encrypt, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::der;
use super::key_file::KeyError;
use super::seam::{PrivateKey, PublicHalf};
use super::{CryptoError, Entropy, Padding};

pub(super) struct Private(RsaPrivateKey);

impl Private {
    pub(super) fn new(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let key = RsaPrivateKey::from_pkcs8_der(pkcs8).map_err(|error| KeyError::Malformed {
            kind: "the private key",
            problem: error.to_string(),
        })?;
        der::check_bits("the private key", key.size() * 8)?;
        Ok(Self(key))
    }
}

impl PrivateKey for Private {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.0
            .sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))
            .map_err(|error| CryptoError::Signer {
                problem: error.to_string(),
            })
    }

    fn decrypt(&self, padding: Padding, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let plaintext = match padding {
            Padding::OaepSha1 => self.0.decrypt(Oaep::new::<sha1::Sha1>(), ciphertext),
            Padding::Pkcs1v15 => self.0.decrypt(Pkcs1v15Encrypt, ciphertext),
        };
        plaintext.map(Zeroizing::new).map_err(|_| CryptoError::Decrypt)
    }
}

pub(super) struct Public(RsaPublicKey);

impl Public {
    pub(super) fn new(spki: &[u8]) -> Result<Self, KeyError> {
        let pkcs1 = der::rsa_in_spki(spki)?;
        let key = RsaPublicKey::from_pkcs1_der(&pkcs1).map_err(|error| KeyError::Malformed {
            kind: "the public key",
            problem: error.to_string(),
        })?;
        der::check_bits("the public key", key.size() * 8)?;
        Ok(Self(key))
    }
}

impl PublicHalf for Public {
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
        self.0
            .verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), signature)
            .map_err(|_| CryptoError::Mismatch)
    }

    fn encrypt(
        &self,
        padding: Padding,
        plaintext: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        let mut rng = Rng(entropy);
        let ciphertext = match padding {
            Padding::OaepSha1 => self.0.encrypt(&mut rng, Oaep::new::<sha1::Sha1>(), plaintext),
            Padding::Pkcs1v15 => self.0.encrypt(&mut rng, Pkcs1v15Encrypt, plaintext),
        };
        ciphertext.map_err(|_| CryptoError::Encrypt)
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}

/// The caller's entropy in the form that `rsa` asks for.
struct Rng<'a>(&'a mut dyn Entropy);

impl RngCore for Rng<'_> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

/// [`Entropy`] asks its implementors for cryptographic quality.
impl CryptoRng for Rng<'_> {}
