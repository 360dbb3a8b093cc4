//! Writes `apiclient_cert.p12`: a private key and its certificate under a password (PKCS#12, RFC 7292).
//!
//! Encrypted with AES-256 and PBKDF2, its checksum with SHA-256: what today's OpenSSL, Java and Go read. WeChat Pay's own
//! files are encrypted with RC2, which OpenSSL 3 refuses.

use cms::content_info::ContentInfo;
use hmac::{Hmac, Mac as _};
use pkcs5::EncryptionScheme;
use pkcs5::pbes2::Parameters;
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{Null, OctetString, SetOfVec};
use pkcs8::der::{Any, Decode as _, Encode, Tag};
use pkcs8::spki::AlgorithmIdentifierOwned;
use pkcs12::cert_type::CertBag;
use pkcs12::digest_info::DigestInfo;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use pkcs12::mac_data::MacData;
use pkcs12::pbe_params::EncryptedPrivateKeyInfo;
use pkcs12::pfx::{Pfx, Version};
use pkcs12::safe_bag::SafeBag;
use sha2::{Digest as _, Sha256};
use x509_cert::attr::{Attribute, Attributes};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERT_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// OpenSSL's own number. The password is the merchant number, which is no secret: more rounds would protect nothing.
const ROUNDS: u16 = 2048;

/// What chance decides.
pub(super) struct Salts {
    pub(super) key: [u8; 16],
    pub(super) iv: [u8; 16],
    pub(super) mac: [u8; 16],
}

pub(super) fn write(
    certificate: &[u8],
    private_key: &[u8],
    password: &str,
    salts: &Salts,
) -> pkcs8::der::Result<Vec<u8>> {
    // What tells a reader that the two belong together.
    let id = Sha256::digest(certificate);
    let key = bag(SHROUDED_KEY_BAG, &shrouded(private_key, password, salts)?, &id)?;
    let certificate = CertBag {
        cert_id: X509_CERTIFICATE,
        cert_value: OctetString::new(certificate)?,
    };
    let certificate = bag(CERT_BAG, &certificate.to_der()?, &id)?;
    let safe = vec![data(&vec![key])?, data(&vec![certificate])?].to_der()?;
    let mac = checksum(&safe, password, salts)?;
    let pfx = Pfx {
        version: Version::V3,
        auth_safe: ContentInfo {
            content_type: DATA,
            content: Any::new(Tag::OctetString, safe)?,
        },
        mac_data: Some(mac),
    };
    pfx.to_der()
}

fn shrouded(private_key: &[u8], password: &str, salts: &Salts) -> pkcs8::der::Result<Vec<u8>> {
    let failed = |_| pkcs8::der::ErrorKind::Failed;
    let scheme =
        Parameters::pbkdf2_sha256_aes256cbc(u32::from(ROUNDS), &salts.key, &salts.iv).map_err(failed)?;
    let encrypted = scheme.encrypt(password, private_key).map_err(failed)?;
    let info = EncryptedPrivateKeyInfo {
        encryption_algorithm: AlgorithmIdentifierOwned::from_der(&EncryptionScheme::from(scheme).to_der()?)?,
        encrypted_data: OctetString::new(encrypted)?,
    };
    info.to_der()
}

fn bag(kind: ObjectIdentifier, value: &[u8], id: &[u8]) -> pkcs8::der::Result<SafeBag> {
    let mut values = SetOfVec::new();
    values.insert(Any::new(Tag::OctetString, id)?)?;
    let mut attributes = Attributes::new();
    attributes.insert(Attribute {
        oid: LOCAL_KEY_ID,
        values,
    })?;
    Ok(SafeBag {
        bag_id: kind,
        bag_value: value.to_vec(),
        bag_attributes: Some(attributes),
    })
}

fn data(content: &impl Encode) -> pkcs8::der::Result<ContentInfo> {
    Ok(ContentInfo {
        content_type: DATA,
        content: Any::new(Tag::OctetString, content.to_der()?)?,
    })
}

fn checksum(safe: &[u8], password: &str, salts: &Salts) -> pkcs8::der::Result<MacData> {
    let rounds = i32::from(ROUNDS);
    let key = derive_key_utf8::<Sha256>(password, &salts.mac, Pkcs12KeyType::Mac, rounds, 32)?;
    let mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| pkcs8::der::ErrorKind::Failed)?;
    let digest = mac.chain_update(safe).finalize().into_bytes();
    Ok(MacData {
        mac: DigestInfo {
            algorithm: AlgorithmIdentifierOwned {
                oid: SHA256,
                parameters: Some(Any::from_der(&Null.to_der()?)?),
            },
            digest: OctetString::new(digest.as_slice())?,
        },
        mac_salt: OctetString::new(salts.mac.as_slice())?,
        iterations: rounds,
    })
}
