//! RSA by AWS-LC.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    Pkcs1PrivateDecryptingKey, Pkcs1PublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use zeroize::Zeroizing;

use super::der;
use super::key_file::KeyError;
use super::seam::{PrivateKey, PublicHalf};
use super::{CryptoError, Entropy, Padding};

pub(super) struct Private {
    signing: KeyPair,
    oaep: OaepPrivateDecryptingKey,
    pkcs1: Pkcs1PrivateDecryptingKey,
}

impl Private {
    pub(super) fn new(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let kind = "the private key";
        let malformed = |problem: String| KeyError::Malformed { kind, problem };
        let decrypting =
            || PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|error| malformed(error.to_string()));
        der::check_bits(kind, decrypting()?.key_size_bits())?;
        Ok(Self {
            signing: KeyPair::from_pkcs8(pkcs8).map_err(|error| malformed(error.to_string()))?,
            oaep: OaepPrivateDecryptingKey::new(decrypting()?)
                .map_err(|error| malformed(error.to_string()))?,
            pkcs1: Pkcs1PrivateDecryptingKey::new(decrypting()?)
                .map_err(|error| malformed(error.to_string()))?,
        })
    }
}

impl PrivateKey for Private {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let mut signature = vec![0; self.signing.public_modulus_len()];
        // PKCS#1 v1.5 signatures are deterministic: this source is asked for by the interface and never used.
        self.signing
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|error| CryptoError::Signer {
                problem: error.to_string(),
            })?;
        Ok(signature)
    }

    fn decrypt(&self, padding: Padding, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let size = self.signing.public_modulus_len();
        let mut buffer = Zeroizing::new(vec![0; size]);
        let length = match padding {
            Padding::OaepSha1 => self
                .oaep
                .decrypt(&OAEP_SHA1_MGF1SHA1, ciphertext, &mut buffer, None),
            Padding::Pkcs1v15 => self.pkcs1.decrypt(ciphertext, &mut buffer),
        }
        .map_err(|_| CryptoError::Decrypt)?
        .len();
        buffer.truncate(length);
        Ok(buffer)
    }
}

pub(super) struct Public {
    /// Read once: what its arithmetic needs beforehand is a tenth of a verification.
    verifying: ParsedPublicKey,
    oaep: OaepPublicEncryptingKey,
    pkcs1: Pkcs1PublicEncryptingKey,
}

impl Public {
    pub(super) fn new(spki: &[u8]) -> Result<Self, KeyError> {
        let kind = "the public key";
        let malformed = |problem: String| KeyError::Malformed { kind, problem };
        let pkcs1 = der::rsa_in_spki(spki)?;
        let encrypting = PublicEncryptingKey::from_der(spki).map_err(|error| malformed(error.to_string()))?;
        der::check_bits(kind, encrypting.key_size_bits())?;
        Ok(Self {
            verifying: ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pkcs1)
                .map_err(|error| malformed(error.to_string()))?,
            oaep: OaepPublicEncryptingKey::new(encrypting.clone())
                .map_err(|error| malformed(error.to_string()))?,
            pkcs1: Pkcs1PublicEncryptingKey::new(encrypting).map_err(|error| malformed(error.to_string()))?,
        })
    }
}

impl PublicHalf for Public {
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
        self.verifying
            .verify_sig(message, signature)
            .map_err(|_| CryptoError::Mismatch)
    }

    fn encrypt(
        &self,
        padding: Padding,
        plaintext: &[u8],
        _: &mut dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        let mut buffer = vec![0; self.size()];
        let length = match padding {
            Padding::OaepSha1 => self
                .oaep
                .encrypt(&OAEP_SHA1_MGF1SHA1, plaintext, &mut buffer, None),
            Padding::Pkcs1v15 => self.pkcs1.encrypt(plaintext, &mut buffer),
        }
        .map_err(|_| CryptoError::Encrypt)?
        .len();
        buffer.truncate(length);
        Ok(buffer)
    }

    fn size(&self) -> usize {
        self.oaep.key_size_bytes()
    }
}
