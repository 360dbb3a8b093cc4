//! SM2 keys (国密): signatures with SM3, and sensitive fields (protocol section 12).
//!
//! The curve, its scalars and SM2DSA come from RustCrypto's `sm2`. The release on our line of `digest` has no SM2
//! encryption, so the scheme of GM/T 0003.4 is put together here from that crate's constant-time arithmetic and SM3.

use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::elliptic_curve::sec1::{FromEncodedPoint as _, ToEncodedPoint as _};
use sm2::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};
use sm2::{AffinePoint, EncodedPoint, FieldBytes, ProjectivePoint, PublicKey, SecretKey};
use sm3::{Digest as _, Sm3};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::key_file::KeyError;
use super::seam::{PrivateKey, PublicHalf};
use super::sm2_der::{self, Ciphertext};
use super::{Algorithm, CryptoError, Entropy, Padding};

/// The user id of every signature of WeChat Pay's and to it. Tools that default to the empty one make others.
const USER_ID: &str = "1234567812345678";

/// How often a new scalar is drawn before the entropy is given up: one draw fails once in 2^32 times.
const DRAWS: usize = 8;

/// Coordinates and scalars, in bytes.
const FIELD: usize = 32;

pub(super) struct Private(SecretKey);

impl Private {
    pub(super) fn new(pkcs8: &[u8]) -> Result<Self, KeyError> {
        SecretKey::from_pkcs8_der(pkcs8)
            .map(Self)
            .map_err(|error| malformed("the SM2 private key", &error))
    }
}

impl PrivateKey for Private {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Sm2Sm3
    }

    /// The scalar of a signature is derived from key and message (RFC 6979), so no entropy is asked for.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let failed = |problem: String| CryptoError::Signer { problem };
        // Made for each signature, because it is not wiped on drop; the key in `self` is.
        let key = SigningKey::new(USER_ID, &self.0).map_err(|error| failed(error.to_string()))?;
        let signature: Signature = key.try_sign(message).map_err(|error| failed(error.to_string()))?;
        sm2_der::write_signature(&signature.r_bytes(), &signature.s_bytes())
            .ok_or_else(|| failed("the signature cannot be written".to_owned()))
    }

    fn decrypt(&self, padding: Padding, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        check(padding, CryptoError::Decrypt)?;
        let sealed = sm2_der::read_ciphertext(ciphertext).ok_or(CryptoError::Decrypt)?;
        let point = EncodedPoint::from_affine_coordinates(
            FieldBytes::from_slice(&sealed.x),
            FieldBytes::from_slice(&sealed.y),
            false,
        );
        // A point that is not on the curve ends here.
        let point = Option::<AffinePoint>::from(AffinePoint::from_encoded_point(&point));
        let point = ProjectivePoint::from(point.ok_or(CryptoError::Decrypt)?);
        let shared = Shared::new(point * *self.0.to_nonzero_scalar()).ok_or(CryptoError::Decrypt)?;
        let mut plaintext = Zeroizing::new(sealed.text);
        // An empty key stream is that of an empty text.
        if !shared.mask(&mut plaintext) && !plaintext.is_empty() {
            return Err(CryptoError::Decrypt);
        }
        if bool::from(shared.hash(&plaintext).ct_eq(&sealed.hash)) {
            Ok(plaintext)
        } else {
            Err(CryptoError::Decrypt)
        }
    }
}

pub(super) struct Public {
    verifying: VerifyingKey,
    point: AffinePoint,
}

impl Public {
    pub(super) fn new(spki: &[u8]) -> Result<Self, KeyError> {
        let kind = "the SM2 public key";
        let key = PublicKey::from_public_key_der(spki).map_err(|error| malformed(kind, &error))?;
        let point = *key.as_affine();
        let verifying = VerifyingKey::new(USER_ID, key).map_err(|error| malformed(kind, &error))?;
        Ok(Self { verifying, point })
    }
}

impl PublicHalf for Public {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Sm2Sm3
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
        let (r, s) = sm2_der::read_signature(signature).ok_or(CryptoError::Mismatch)?;
        let signature = Signature::from_scalars(r, s).map_err(|_| CryptoError::Mismatch)?;
        self.verifying
            .verify(message, &signature)
            .map_err(|_| CryptoError::Mismatch)
    }

    fn encrypt(
        &self,
        padding: Padding,
        plaintext: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        check(padding, CryptoError::Encrypt)?;
        for _ in 0..DRAWS {
            let mut random = Zeroizing::new([0; FIELD]);
            entropy.fill(&mut *random);
            // Zero and what lies beyond the group's order are drawn again.
            let Ok(scalar) = SecretKey::from_slice(&*random) else {
                continue;
            };
            let Some(shared) = Shared::new(ProjectivePoint::from(self.point) * *scalar.to_nonzero_scalar())
            else {
                continue;
            };
            let hash = shared.hash(plaintext);
            let mut text = plaintext.to_vec();
            if !shared.mask(&mut text) && !text.is_empty() {
                continue;
            }
            let point = scalar.public_key().to_encoded_point(false);
            let (Some(x), Some(y)) = (point.x(), point.y()) else {
                continue;
            };
            let (x, y) = ((*x).into(), (*y).into());
            let sealed = Ciphertext { x, y, hash, text };
            return sm2_der::write_ciphertext(&sealed).ok_or(CryptoError::Encrypt);
        }
        Err(CryptoError::Encrypt)
    }

    fn size(&self) -> usize {
        FIELD
    }

    /// The text is masked, whatever its length.
    fn limit(&self, _: Padding) -> usize {
        usize::MAX
    }
}

/// The coordinates of the point that both sides compute.
struct Shared(Zeroizing<[u8; 2 * FIELD]>);

impl Shared {
    /// Nothing for the point at infinity.
    fn new(point: ProjectivePoint) -> Option<Self> {
        let point = point.to_affine().to_encoded_point(false);
        let mut shared = Zeroizing::new([0; 2 * FIELD]);
        let (x, y) = shared.split_at_mut(FIELD);
        x.copy_from_slice(point.x()?);
        y.copy_from_slice(point.y()?);
        Some(Self(shared))
    }

    /// Masks or unmasks the text with the key stream, and says whether a bit of that was set: if none was, the text
    /// would have been sent as it is.
    fn mask(&self, text: &mut [u8]) -> bool {
        let mut set = 0;
        for (counter, block) in (1_u32..).zip(text.chunks_mut(FIELD)) {
            let stream = Sm3::new()
                .chain_update(*self.0)
                .chain_update(counter.to_be_bytes())
                .finalize();
            for (byte, mask) in block.iter_mut().zip(stream) {
                *byte ^= mask;
                set |= mask;
            }
        }
        set != 0
    }

    fn hash(&self, plaintext: &[u8]) -> [u8; FIELD] {
        let (x, y) = self.0.split_at(FIELD);
        let hash = Sm3::new().chain_update(x).chain_update(plaintext);
        hash.chain_update(y).finalize().into()
    }
}

/// SM2 has one form of encryption, so the padding of sensitive fields stands for it; the other is RSA's alone.
fn check(padding: Padding, error: CryptoError) -> Result<(), CryptoError> {
    match padding {
        Padding::OaepSha1 => Ok(()),
        Padding::Pkcs1v15 => Err(error),
    }
}

fn malformed(kind: &'static str, error: &dyn std::fmt::Display) -> KeyError {
    let problem = error.to_string();
    KeyError::Malformed { kind, problem }
}
