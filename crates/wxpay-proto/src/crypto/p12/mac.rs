//! The checksum of a whole p12 file, keyed with the password: what tells a wrong password from a damaged file.

use hmac::{Hmac, Mac as _};
use pkcs8::ObjectIdentifier;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use pkcs12::mac_data::MacData;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use super::decrypt::rounds;
use super::problem::unusable;
use crate::crypto::key_file::KeyError;

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// Checks the checksum, in constant time.
pub(super) fn check(mac: &MacData, password: &str, content: &[u8]) -> Result<(), KeyError> {
    let salt = mac.mac_salt.as_bytes();
    let iterations = rounds(i64::from(mac.iterations))?;
    let wanted = mac.mac.digest.as_bytes();
    // The output of each hash is also the length of its key.
    macro_rules! verify {
        ($hash:ty, $length:literal) => {{
            let key = derive_key_utf8::<$hash>(password, salt, Pkcs12KeyType::Mac, iterations, $length);
            let key = Zeroizing::new(key.map_err(|_| KeyError::WrongPassword)?);
            let mac = Hmac::<$hash>::new_from_slice(&key).map_err(|_| KeyError::WrongPassword)?;
            mac.chain_update(content).verify_slice(wanted)
        }};
    }
    let verified = match mac.mac.algorithm.oid {
        SHA1 => verify!(Sha1, 20),
        SHA256 => verify!(Sha256, 32),
        SHA512 => verify!(Sha512, 64),
        other => {
            return Err(unusable(format!(
                "its checksum is made with the algorithm {other}, which is not known here"
            )));
        }
    };
    verified.map_err(|_| KeyError::WrongPassword)
}
