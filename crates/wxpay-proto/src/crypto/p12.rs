//! `apiclient_cert.p12`: the merchant's private key and API certificate in one encrypted file (PKCS#12, RFC 7292).
//!
//! The structures, the key derivation and every cipher come from RustCrypto; what is here walks from one to the next.

mod decrypt;
mod mac;
mod problem;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cms::content_info::ContentInfo;
use cms::encrypted_data::EncryptedData;
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{ContextSpecific, OctetString};
use pkcs8::der::{Any, Decode, DecodeOwned, Encode as _, Tag, Tagged};
use pkcs12::authenticated_safe::AuthenticatedSafe;
use pkcs12::cert_type::CertBag;
use pkcs12::pbe_params::EncryptedPrivateKeyInfo;
use pkcs12::pfx::Pfx;
use pkcs12::safe_bag::SafeContents;
use zeroize::{Zeroize as _, Zeroizing};

use super::certificate::Certificate;
use super::identity::MerchantIdentity;
use super::key::{Backend, MerchantKey};
use super::key_file::KeyError;
use problem::{malformed, unreadable};

/// id-data and id-encryptedData, RFC 5652.
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");

/// The largest file that is looked at, in bytes. Merchants' files have less than 8 KiB.
const LARGEST: usize = 1 << 20;

/// The content of an `apiclient_cert.p12`, decrypted.
///
/// Both encryptions that are met are read: the old one (triple DES and RC2) and the new one (AES with PBKDF2). Files in
/// BER that is not DER, which some tools write, are refused with an advice.
pub struct P12 {
    private_key: Zeroizing<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
}

impl P12 {
    /// Opens a file. The password of a file that was downloaded from WeChat Pay is the merchant number.
    ///
    /// # Errors
    /// [`KeyError::WrongPassword`] when it does not open; [`KeyError`] that says what the file is instead, or lacks.
    pub fn open(bytes: &[u8], password: &str) -> Result<Self, KeyError> {
        refuse_others(bytes)?;
        let pfx: Pfx = decode(bytes)?;
        if pfx.auth_safe.content_type != DATA {
            return Err(malformed("it is signed instead of protected by a password"));
        }
        let safe = octets(&pfx.auth_safe.content)?;
        if let Some(mac) = &pfx.mac_data {
            mac::check(mac, password, safe.as_bytes())?;
        }
        let mut found = Found::default();
        let safe: AuthenticatedSafe<'_> = decode(safe.as_bytes())?;
        for info in safe {
            found.read(&contents(&info, password)?, password)?;
        }
        match (found.private_key, found.certificates.is_empty()) {
            (Some(private_key), false) => Ok(Self {
                private_key,
                certificates: found.certificates,
            }),
            (None, _) => Err(malformed("it holds no private key")),
            (_, true) => Err(malformed("it holds no certificate")),
        }
    }

    /// The private key and the certificate that belongs to it.
    ///
    /// # Errors
    /// [`KeyError::NotAPair`] when none of the certificates does; [`KeyError`] when the key is of no usable kind.
    pub fn identity(&self, backend: Backend) -> Result<MerchantIdentity, KeyError> {
        let mut first = None;
        for der in &self.certificates {
            let key = MerchantKey::from_pkcs8_der(&self.private_key, backend)?;
            let certificate = Certificate::from_der(der)?;
            match MerchantIdentity::new(certificate, key, backend) {
                Ok(identity) => return Ok(identity),
                // An issuer's certificate may stand beside it, with a key of whatever kind.
                Err(error) => first = first.or(Some(error)),
            }
        }
        Err(first.unwrap_or_else(|| malformed("it holds no certificate")))
    }

    /// The certificates as PEM, for a TLS library that needs them as the client certificate of some v2 operations.
    #[must_use]
    pub fn certificates_pem(&self) -> String {
        let blocks = self.certificates.iter().map(|der| pem("CERTIFICATE", der));
        blocks.map(|text| text.to_string()).collect()
    }

    /// The private key as PEM (PKCS#8), for the same use. It is secret, and wiped on drop.
    #[must_use]
    pub fn expose_private_key_pem(&self) -> Zeroizing<String> {
        pem("PRIVATE KEY", &self.private_key)
    }
}

impl fmt::Debug for P12 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P12(…, {} certificates)", self.certificates.len())
    }
}

/// What the bags hold.
#[derive(Default)]
struct Found {
    private_key: Option<Zeroizing<Vec<u8>>>,
    certificates: Vec<Vec<u8>>,
}

impl Found {
    fn read(&mut self, contents: &[u8], password: &str) -> Result<(), KeyError> {
        let bags: SafeContents = decode(contents)?;
        for mut bag in bags {
            match bag.bag_id {
                pkcs12::PKCS_12_CERT_BAG_OID => {
                    let certificate: CertBag = inner(&bag.bag_value)?;
                    if certificate.cert_id == pkcs12::PKCS_12_X509_CERT_OID {
                        self.certificates.push(certificate.cert_value.into_bytes());
                    }
                }
                pkcs12::PKCS_12_PKCS8_KEY_BAG_OID => {
                    let sealed: EncryptedPrivateKeyInfo = inner(&bag.bag_value)?;
                    let key = decrypt::decrypt(
                        &sealed.encryption_algorithm,
                        password,
                        sealed.encrypted_data.as_bytes(),
                    )?;
                    self.private_key.get_or_insert(key);
                }
                pkcs12::PKCS_12_KEY_BAG_OID => {
                    let key: Any = inner(&bag.bag_value)?;
                    let key = Zeroizing::new(key.to_der().map_err(unreadable)?);
                    self.private_key.get_or_insert(key);
                }
                // Lists of revoked certificates, secrets, and bags within bags: none holds what is looked for.
                _ => {}
            }
            bag.bag_value.zeroize();
        }
        Ok(())
    }
}

/// The bags of one part of the file, decrypted.
fn contents(info: &ContentInfo, password: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    match info.content_type {
        DATA => Ok(Zeroizing::new(octets(&info.content)?.into_bytes())),
        ENCRYPTED_DATA => {
            let data = info.content.to_der().map_err(unreadable)?;
            let data: EncryptedData = decode(&data)?;
            let sealed = data.enc_content_info;
            let ciphertext = sealed.encrypted_content;
            let ciphertext = ciphertext.ok_or_else(|| malformed("an encrypted part of it is empty"))?;
            decrypt::decrypt(&sealed.content_enc_alg, password, ciphertext.as_bytes())
        }
        _ => Err(malformed("a part of it is encrypted for a certificate")),
    }
}

/// Says of the usual mistakes what they are.
fn refuse_others(bytes: &[u8]) -> Result<(), KeyError> {
    let found = match bytes {
        [] => "an empty file",
        [b'-', b'-', b'-', ..] => "a PEM text",
        [b'M', b'I', ..] => "base64 text; decode it first",
        // An indefinite length: BER.
        [0x30, 0x80, ..] => {
            return Err(malformed(
                "it is written in BER; write it anew with `openssl pkcs12` in two steps (to PEM, and back)",
            ));
        }
        [0x30, ..] if bytes.len() > LARGEST => "a file of more than 1 MiB",
        [0x30, ..] => return Ok(()),
        _ => "no PKCS#12 file",
    };
    Err(KeyError::WrongKind {
        found: found.to_owned(),
        wanted: "the merchant's key and certificate in one file, apiclient_cert.p12",
    })
}

fn octets(content: &Any) -> Result<OctetString, KeyError> {
    if content.tag() != Tag::OctetString {
        return Err(malformed("a part of it is not made of bytes"));
    }
    content.decode_as().map_err(unreadable)
}

/// The value of a bag, inside its tag.
fn inner<T: for<'a> Decode<'a> + DecodeOwned + Tagged>(value: &[u8]) -> Result<T, KeyError> {
    let tagged: ContextSpecific<T> = decode(value)?;
    Ok(tagged.value)
}

fn decode<'a, T: Decode<'a>>(der: &'a [u8]) -> Result<T, KeyError> {
    T::from_der(der).map_err(unreadable)
}

/// PEM without the copies that a parser's types would leave in memory.
fn pem(label: &str, der: &[u8]) -> Zeroizing<String> {
    let base64 = Zeroizing::new(STANDARD.encode(der));
    let mut text = Zeroizing::new(String::with_capacity(base64.len() * 66 / 64 + 128));
    text.push_str(&format!("-----BEGIN {label}-----\n"));
    for (index, c) in base64.chars().enumerate() {
        text.push(c);
        if index % 64 == 63 {
            text.push('\n');
        }
    }
    if !base64.len().is_multiple_of(64) {
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}
