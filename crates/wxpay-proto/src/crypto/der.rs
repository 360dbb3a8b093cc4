//! RSA keys in DER: between the forms that files have and the forms that the backends read.

#[cfg(any(feature = "rsa", feature = "aws-lc-rs"))]
use pkcs8::der::Decode as _;
use pkcs8::der::Encode as _;
use zeroize::Zeroizing;

use super::key_file::KeyError;

#[cfg(any(feature = "rsa", feature = "aws-lc-rs"))]
/// The smallest key that is let in, in bits; WeChat Pay's and merchants' keys have 2048.
const MIN_BITS: usize = 2048;

#[cfg(any(feature = "rsa", feature = "aws-lc-rs"))]
/// Refuses a modulus that is too small.
pub(super) fn check_bits(kind: &'static str, bits: usize) -> Result<(), KeyError> {
    if bits >= MIN_BITS {
        return Ok(());
    }
    let problem = format!("it has {bits} bits, and at least {MIN_BITS} are needed");
    Err(KeyError::Unusable { kind, problem })
}

/// Refuses another algorithm's key in PKCS#8, which the backends would only call malformed, each in its own words.
pub(super) fn check_rsa(pkcs8: &[u8]) -> Result<(), KeyError> {
    match pkcs8::PrivateKeyInfo::try_from(pkcs8) {
        Ok(info) if info.algorithm.oid != RSA_ENCRYPTION => Err(not_rsa("the private key")),
        // What is no PKCS#8 at all is for the backend to say.
        _ => Ok(()),
    }
}

/// ecPublicKey, RFC 5480, and the curve of SM2, GB/T 33560.
#[cfg(feature = "sm")]
const EC_PUBLIC_KEY: pkcs8::ObjectIdentifier = pkcs8::ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
#[cfg(feature = "sm")]
const SM2_CURVE: pkcs8::ObjectIdentifier = pkcs8::ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");

/// Whether PKCS#8 holds an SM2 key.
#[cfg(feature = "sm")]
pub(super) fn is_sm2_private(pkcs8: &[u8]) -> bool {
    pkcs8::PrivateKeyInfo::try_from(pkcs8).is_ok_and(|info| is_sm2(&info.algorithm))
}

/// Whether SubjectPublicKeyInfo holds an SM2 key.
#[cfg(feature = "sm")]
pub(super) fn is_sm2_public(spki: &[u8]) -> bool {
    let info = <pkcs8::spki::SubjectPublicKeyInfoRef<'_> as pkcs8::der::Decode<'_>>::from_der(spki);
    info.is_ok_and(|info| is_sm2(&info.algorithm))
}

#[cfg(feature = "sm")]
fn is_sm2(algorithm: &pkcs8::AlgorithmIdentifierRef<'_>) -> bool {
    algorithm.oid == EC_PUBLIC_KEY && algorithm.parameters_oid().is_ok_and(|curve| curve == SM2_CURVE)
}

fn not_rsa(kind: &'static str) -> KeyError {
    let problem = if cfg!(feature = "sm") {
        "it is neither an RSA key nor an SM2 key"
    } else {
        "it is not an RSA key (国密 keys need the sm feature)"
    };
    let problem = problem.to_owned();
    KeyError::Unusable { kind, problem }
}

/// PKCS#1 inside PKCS#8, which is the form that both backends read.
pub(super) fn wrap_private(pkcs1: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let info = pkcs8::PrivateKeyInfo::new(rsa_identifier(), pkcs1);
    let malformed = |error: pkcs8::der::Error| KeyError::Malformed {
        kind: "the private key",
        problem: error.to_string(),
    };
    info.to_der().map(Zeroizing::new).map_err(malformed)
}

/// PKCS#1 inside SubjectPublicKeyInfo.
pub(super) fn wrap_public(pkcs1: &[u8]) -> Result<Vec<u8>, KeyError> {
    let malformed = |error: pkcs8::der::Error| KeyError::Malformed {
        kind: "the public key",
        problem: error.to_string(),
    };
    let key = pkcs8::der::asn1::BitStringRef::from_bytes(pkcs1).map_err(malformed)?;
    let info = pkcs8::spki::SubjectPublicKeyInfo {
        algorithm: rsa_identifier(),
        subject_public_key: key,
    };
    info.to_der().map_err(malformed)
}

fn rsa_identifier() -> pkcs8::AlgorithmIdentifierRef<'static> {
    pkcs8::AlgorithmIdentifierRef {
        oid: RSA_ENCRYPTION,
        parameters: Some(pkcs8::der::asn1::AnyRef::NULL),
    }
}

/// rsaEncryption, RFC 8017 appendix A.1.
const RSA_ENCRYPTION: pkcs8::ObjectIdentifier = pkcs8::ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

#[cfg(any(feature = "rsa", feature = "aws-lc-rs"))]
/// The PKCS#1 key inside SubjectPublicKeyInfo, after making sure that it is RSA.
pub(super) fn rsa_in_spki(der: &[u8]) -> Result<Vec<u8>, KeyError> {
    let kind = "the public key";
    let malformed = |problem: String| KeyError::Malformed { kind, problem };
    let info = pkcs8::spki::SubjectPublicKeyInfoRef::from_der(der).map_err(|e| malformed(e.to_string()))?;
    if info.algorithm.oid != RSA_ENCRYPTION {
        return Err(not_rsa(kind));
    }
    let key = info.subject_public_key.as_bytes();
    key.map(<[u8]>::to_vec)
        .ok_or_else(|| malformed("its bit string has unused bits".to_owned()))
}
