//! Identities: who signs (merchant number, brand), and which key (serial number, public key id).

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A merchant number (商户号): digits, ten of them on every account seen so far.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MerchantId(String);

impl MerchantId {
    /// Takes a merchant number.
    ///
    /// # Errors
    /// [`InvalidId`] when it is empty, longer than 32 characters or not all digits.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
        digits("merchant number (mchid)", text.into()).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MerchantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A brand number (品牌 ID), the identity of the `/brand/…` operations: digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BrandId(String);

impl BrandId {
    /// Takes a brand number.
    ///
    /// # Errors
    /// [`InvalidId`] when it is empty, longer than 32 characters or not all digits.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
        digits("brand number (brand_id)", text.into()).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BrandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn digits(what: &'static str, text: String) -> Result<String, InvalidId> {
    let fits = (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits {
        Ok(text)
    } else {
        Err(InvalidId {
            what,
            wanted: "1 to 32 digits",
            found: text,
        })
    }
}

/// The serial number of a certificate (证书序列号) in hexadecimal.
///
/// Two serials are equal when they are the same number: some tools drop leading zeros or print small letters
/// (protocol section 2.6). What is shown and sent is the text as given, in capitals, padded to whole bytes.
#[derive(Clone, Debug)]
pub struct Serial(Arc<str>);

impl Serial {
    /// Takes a serial number in hexadecimal, with or without leading zeros, in either case.
    ///
    /// # Errors
    /// [`InvalidId`] when it is empty, longer than 64 characters or not hexadecimal.
    pub fn new(text: &str) -> Result<Self, InvalidId> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
        if !fits {
            return Err(InvalidId {
                what: "certificate serial number",
                wanted: "1 to 64 hexadecimal digits",
                found: text.to_owned(),
            });
        }
        let upper = text.to_ascii_uppercase();
        Ok(Self(if upper.len().is_multiple_of(2) {
            upper.into()
        } else {
            format!("0{upper}").into()
        }))
    }

    /// Takes the bytes of the number, most significant first.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        // X.509 puts a zero byte in front of a number whose highest bit is set; openssl prints it without.
        let bytes = match bytes {
            [0, rest @ ..] if !rest.is_empty() => rest,
            _ => bytes,
        };
        Self(hex::encode_upper(bytes).into())
    }

    /// The text, in capitals, with an even number of digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is(&self, text: &str) -> bool {
        (1..=64).contains(&text.len()) && text.trim_start_matches('0').eq_ignore_ascii_case(self.number())
    }

    fn number(&self) -> &str {
        self.0.trim_start_matches('0')
    }
}

impl AsRef<str> for Serial {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Serial {
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}

impl Eq for Serial {}

impl Hash for Serial {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names a key of WeChat Pay: the serial of a platform certificate, or the id of a public key.
///
/// It is the value of the `Wechatpay-Serial` header in both directions (protocol sections 2.1 and 2.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyId {
    /// A platform certificate (平台证书), by its serial number.
    Certificate(Serial),
    /// A WeChat Pay public key (微信支付公钥), by its id `PUB_KEY_ID_…`; compared as exact text.
    PublicKey(PublicKeyId),
}

impl KeyId {
    /// Reads either form.
    ///
    /// # Errors
    /// [`InvalidId`] when it is neither `PUB_KEY_ID_` with digits nor a hexadecimal serial number.
    pub fn new(text: &str) -> Result<Self, InvalidId> {
        if text.starts_with(PublicKeyId::PREFIX) {
            PublicKeyId::new(text).map(Self::PublicKey)
        } else {
            Serial::new(text).map(Self::Certificate)
        }
    }

    /// Whether a text names this key: as reading and comparing it would tell, without taking a copy.
    pub(crate) fn is(&self, text: &str) -> bool {
        match self {
            Self::Certificate(serial) => serial.is(text),
            Self::PublicKey(id) => id.as_str() == text,
        }
    }

    /// The text that goes into the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Certificate(serial) => serial.as_str(),
            Self::PublicKey(id) => id.as_str(),
        }
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The id of a WeChat Pay public key (微信支付公钥 ID): `PUB_KEY_ID_` and digits or letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKeyId(Arc<str>);

impl PublicKeyId {
    /// What every id begins with.
    pub const PREFIX: &str = "PUB_KEY_ID_";

    /// Takes the id as the merchant platform shows it.
    ///
    /// # Errors
    /// [`InvalidId`] when the prefix is missing, nothing follows it, or something else than letters and digits does.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
        let text = text.into();
        let rest = text.strip_prefix(Self::PREFIX).unwrap_or_default();
        let fits = (1..=64).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(InvalidId {
                what: "public key id",
                wanted: "PUB_KEY_ID_ and 1 to 64 letters or digits",
                found: text,
            })
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that cannot be the identity it was given as.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is no {what}: wanted {wanted}")]
pub struct InvalidId {
    what: &'static str,
    wanted: &'static str,
    found: String,
}
