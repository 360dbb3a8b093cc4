//! Digests of files, told by a signed answer before the file is fetched.

use sha2::Digest as _;
use subtle::ConstantTimeEq as _;

/// The digest of a file and how it was made.
///
/// ```
/// use wxpay_proto::crypto::{DigestAlgorithm, FileDigest};
///
/// let told = FileDigest::of(DigestAlgorithm::Sha1, b"a bill");
/// let read = FileDigest::new("SHA1", &told.to_hex())?;
/// assert!(read.check(b"a bill").is_ok() && read.check(b"another").is_err());
/// # Ok::<(), wxpay_proto::crypto::InvalidDigest>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDigest {
    algorithm: DigestAlgorithm,
    wanted: Vec<u8>,
}

/// How a file's digest is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// SHA-1, which bills use.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SM3 (国密): the digest of invoices, and of files of merchants with 国密 keys.
    #[cfg(feature = "sm")]
    Sm3,
}

impl DigestAlgorithm {
    /// The name as `hash_type` writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            #[cfg(feature = "sm")]
            Self::Sm3 => "SM3",
        }
    }

    /// Begins a digest of what comes in parts.
    pub(crate) fn hasher(self) -> Hasher {
        match self {
            Self::Sha1 => Hasher::Sha1(sha1::Sha1::new()),
            Self::Sha256 => Hasher::Sha256(sha2::Sha256::new()),
            #[cfg(feature = "sm")]
            Self::Sm3 => Hasher::Sm3(sm3::Sm3::new()),
        }
    }
}

/// A digest of what comes in parts. A further algorithm is a further variant.
#[derive(Clone)]
pub(crate) enum Hasher {
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
    #[cfg(feature = "sm")]
    Sm3(sm3::Sm3),
}

impl Hasher {
    pub(crate) fn update(&mut self, part: &[u8]) {
        match self {
            Self::Sha1(hash) => hash.update(part),
            Self::Sha256(hash) => hash.update(part),
            #[cfg(feature = "sm")]
            Self::Sm3(hash) => hash.update(part),
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha1(hash) => hash.finalize().to_vec(),
            Self::Sha256(hash) => hash.finalize().to_vec(),
            #[cfg(feature = "sm")]
            Self::Sm3(hash) => hash.finalize().to_vec(),
        }
    }
}

impl FileDigest {
    /// Takes `hash_type` and `hash_value` of a signed answer.
    ///
    /// # Errors
    /// [`InvalidDigest`] when the type is unknown, or the value is not hexadecimal of its length.
    pub fn new(hash_type: &str, hash_value: &str) -> Result<Self, InvalidDigest> {
        let invalid = |problem| InvalidDigest {
            hash_type: hash_type.to_owned(),
            problem,
        };
        let (algorithm, length) = match hash_type.to_ascii_uppercase().replace('-', "").as_str() {
            "SHA1" => (DigestAlgorithm::Sha1, 20),
            "SHA256" => (DigestAlgorithm::Sha256, 32),
            #[cfg(feature = "sm")]
            "SM3" => (DigestAlgorithm::Sm3, 32),
            _ => return Err(invalid("this algorithm is not known here")),
        };
        let wanted = hex::decode(hash_value).map_err(|_| invalid("the value is not hexadecimal"))?;
        if wanted.len() == length {
            Ok(Self { algorithm, wanted })
        } else {
            Err(invalid("the value has the wrong length"))
        }
    }

    /// Makes the digest of `content`: what the side says that has the file.
    #[must_use]
    pub fn of(algorithm: DigestAlgorithm, content: &[u8]) -> Self {
        let mut hasher = algorithm.hasher();
        hasher.update(content);
        Self {
            algorithm,
            wanted: hasher.finish(),
        }
    }

    /// The value in small hexadecimal, as `hash_value` has it.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(&self.wanted)
    }

    /// The algorithm.
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// Compares with the digest of `content`.
    ///
    /// # Errors
    /// [`WrongDigest`] with both digests.
    pub fn check(&self, content: &[u8]) -> Result<(), WrongDigest> {
        let mut hasher = self.algorithm.hasher();
        hasher.update(content);
        self.compare(&hasher.finish())
    }

    /// Compares with a digest that was made in parts.
    pub(crate) fn compare(&self, found: &[u8]) -> Result<(), WrongDigest> {
        if bool::from(found.ct_eq(&self.wanted)) {
            return Ok(());
        }
        Err(WrongDigest {
            algorithm: self.algorithm,
            found: hex::encode(found),
            wanted: hex::encode(&self.wanted),
        })
    }
}

/// A digest that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("digest of type {hash_type:?}: {problem}")]
pub struct InvalidDigest {
    hash_type: String,
    problem: &'static str,
}

/// A file whose digest is not the one that was told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file's {algorithm} is {found}, and {wanted} was told: do not use it, fetch a fresh address", algorithm = .algorithm.as_str())]
#[non_exhaustive]
pub struct WrongDigest {
    /// The algorithm.
    pub algorithm: DigestAlgorithm,
    /// The digest of what was received, hexadecimal.
    pub found: String,
    /// The digest that a signed answer told, hexadecimal.
    pub wanted: String,
}
