//! Encryption with a password, as p12 files have it: the old schemes of PKCS#12 itself, and PBES2.

use cipher::block_padding::Pkcs7;
use cipher::{BlockDecryptMut as _, InnerIvInit as _, KeyInit as _};
use des::TdesEde3;
use pkcs5::EncryptionScheme;
use pkcs5::pbes2::Kdf;
use pkcs8::der::{Decode as _, Encode as _};
use pkcs8::spki::AlgorithmIdentifierOwned;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use pkcs12::pbe_params::Pkcs12PbeParams;
use rc2::Rc2;
use sha1::Sha1;
use zeroize::Zeroizing;

use super::problem::unusable;
use crate::crypto::key_file::KeyError;

/// The most rounds of key derivation that are done. Tools write some thousands; a file that asks for more would keep a
/// processor busy for as long as it likes.
const MOST_ROUNDS: i64 = 1_000_000;

/// The block length of the old ciphers, in bytes.
const IV: usize = 8;

/// Decrypts with whatever scheme the file names.
pub(super) fn decrypt(
    algorithm: &AlgorithmIdentifierOwned,
    password: &str,
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    match algorithm.oid {
        pkcs12::PKCS_12_PBE_WITH_SHAAND3_KEY_TRIPLE_DES_CBC => {
            let (key, iv) = derive(algorithm, password, 24)?;
            let cipher = TdesEde3::new_from_slice(&key).map_err(|_| KeyError::WrongPassword)?;
            old(cipher, &iv, ciphertext)
        }
        pkcs12::PKCS_12_PBEWITH_SHAAND40_BIT_RC2_CBC => {
            let (key, iv) = derive(algorithm, password, 5)?;
            old(Rc2::new_with_eff_key_len(&key, 40), &iv, ciphertext)
        }
        pkcs12::PKCS_12_PBE_WITH_SHAAND128_BIT_RC2_CBC => {
            let (key, iv) = derive(algorithm, password, 16)?;
            old(Rc2::new_with_eff_key_len(&key, 128), &iv, ciphertext)
        }
        _ => modern(algorithm, password, ciphertext),
    }
}

/// The number of rounds, if it can be done.
pub(super) fn rounds(iterations: i64) -> Result<i32, KeyError> {
    let fits = i32::try_from(iterations).ok();
    fits.filter(|_| (1..=MOST_ROUNDS).contains(&iterations))
        .ok_or_else(|| unusable(format!("it asks for {iterations} rounds of key derivation")))
}

type KeyAndIv = (Zeroizing<Vec<u8>>, Zeroizing<Vec<u8>>);

fn derive(
    algorithm: &AlgorithmIdentifierOwned,
    password: &str,
    key_length: usize,
) -> Result<KeyAndIv, KeyError> {
    let parameters = algorithm.parameters.as_ref();
    let parameters = parameters.and_then(|parameters| parameters.decode_as::<Pkcs12PbeParams>().ok());
    let parameters = parameters.ok_or_else(|| unusable("its encryption lacks its parameters".to_owned()))?;
    let iterations = rounds(i64::from(parameters.iterations))?;
    let derive = |kind, length| {
        derive_key_utf8::<Sha1>(password, parameters.salt.as_bytes(), kind, iterations, length)
            .map(Zeroizing::new)
            .map_err(|_| KeyError::WrongPassword)
    };
    Ok((
        derive(Pkcs12KeyType::EncryptionKey, key_length)?,
        derive(Pkcs12KeyType::Iv, IV)?,
    ))
}

fn old<C>(cipher: C, iv: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError>
where
    C: cipher::BlockCipher + cipher::BlockDecrypt,
{
    let cbc = cbc::Decryptor::inner_iv_slice_init(cipher, iv).map_err(|_| KeyError::WrongPassword)?;
    let plaintext = cbc.decrypt_padded_vec_mut::<Pkcs7>(ciphertext);
    plaintext.map(Zeroizing::new).map_err(|_| KeyError::WrongPassword)
}

fn modern(
    algorithm: &AlgorithmIdentifierOwned,
    password: &str,
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let unknown = || {
        unusable(format!(
            "it is encrypted with the algorithm {} or its parameters, which are not known here",
            algorithm.oid
        ))
    };
    let der = algorithm.to_der().map_err(|_| unknown())?;
    let scheme = EncryptionScheme::from_der(&der).map_err(|_| unknown())?;
    let EncryptionScheme::Pbes2(parameters) = &scheme else {
        return Err(unknown());
    };
    match &parameters.kdf {
        Kdf::Pbkdf2(pbkdf2) => rounds(i64::from(pbkdf2.iteration_count))?,
        // Its parameters say how much memory is to be filled.
        _ => return Err(unknown()),
    };
    let plaintext = scheme.decrypt(password.as_bytes(), ciphertext);
    plaintext.map(Zeroizing::new).map_err(|error| match error {
        pkcs5::Error::DecryptFailed => KeyError::WrongPassword,
        _ => unknown(),
    })
}
