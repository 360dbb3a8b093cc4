//! Reads key files and says what a wrong one is.
//!
//! Merchants download several files with similar names, and the usual mistake is to pass one where another belongs.

use zeroize::Zeroizing;

/// What is wrong with a key or certificate file. No variant shows its content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Another kind of file belongs here.
    #[error("this is {found}; wanted is {wanted}")]
    WrongKind {
        /// What it is.
        found: String,
        /// What belongs here.
        wanted: &'static str,
    },
    /// The text is no PEM at all.
    #[error("this is no PEM text (no -----BEGIN … line{hint}); wanted is {wanted}")]
    NotPem {
        /// What it looks like instead, if it can be told.
        hint: &'static str,
        /// What belongs here.
        wanted: &'static str,
    },
    /// The file is of the right kind, but its content cannot be read.
    #[error("{kind} cannot be read: {problem}")]
    Malformed {
        /// What it should be.
        kind: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// The password does not open a p12 file.
    #[error(
        "the password does not open the p12 file (of apiclient_cert.p12 it is the merchant number), or the file is \
         damaged"
    )]
    WrongPassword,
    /// A private key and a certificate that do not belong together.
    #[error(
        "the private key does not belong to the certificate {serial}: take apiclient_key.pem and apiclient_cert.pem \
         from one download"
    )]
    NotAPair {
        /// The certificate's serial number.
        serial: String,
    },
    /// The key is not RSA, or too small.
    #[error("{kind} is not usable: {problem}")]
    Unusable {
        /// What it is.
        kind: &'static str,
        /// Why not.
        problem: String,
    },
}

/// A private key belongs here.
pub(crate) const PRIVATE_KEY: &str =
    "the merchant's API private key, apiclient_key.pem (-----BEGIN PRIVATE KEY-----)";
/// A public key belongs here.
pub(crate) const PUBLIC_KEY: &str = "WeChat Pay's public key, pub_key.pem (-----BEGIN PUBLIC KEY-----)";
/// A certificate belongs here.
pub(crate) const CERTIFICATE: &str = "a certificate (-----BEGIN CERTIFICATE-----)";

/// The block of a PEM text that counts.
pub(crate) struct KeyFile {
    pub(crate) kind: Kind,
    pub(crate) der: Zeroizing<Vec<u8>>,
}

/// What a PEM block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Pkcs8,
    Pkcs1Private,
    Spki,
    Pkcs1Public,
    Certificate,
}

impl Kind {
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Pkcs8 | Self::Pkcs1Private => "a private key",
            Self::Spki | Self::Pkcs1Public => "a public key",
            Self::Certificate => "a certificate",
        }
    }
}

/// Reads the first block of a kind in `accepted`; anything else is named in the error.
pub(crate) fn read(text: &str, accepted: &[Kind], wanted: &'static str) -> Result<KeyFile, KeyError> {
    let blocks = pem::parse_many(text).map_err(|error| match guess(text) {
        "" => KeyError::Malformed {
            kind: "the PEM text",
            problem: format!("{} (wanted is {wanted})", describe(&error)),
        },
        hint => KeyError::NotPem { hint, wanted },
    })?;
    let mut first_found = None;
    for block in blocks {
        let kind = match block.tag() {
            "PRIVATE KEY" => Ok(Kind::Pkcs8),
            "RSA PRIVATE KEY" if block.headers().get("Proc-Type").is_some() => {
                Err("an encrypted private key; decrypt it first (openssl pkey -in … -out …)")
            }
            "RSA PRIVATE KEY" => Ok(Kind::Pkcs1Private),
            "PUBLIC KEY" => Ok(Kind::Spki),
            "RSA PUBLIC KEY" => Ok(Kind::Pkcs1Public),
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Ok(Kind::Certificate),
            "ENCRYPTED PRIVATE KEY" => {
                Err("an encrypted private key; decrypt it first (openssl pkey -in … -out …)")
            }
            "EC PRIVATE KEY" => Err("a private key of an elliptic curve, not RSA"),
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Err("a certificate request"),
            _ => Err("a PEM block of an unknown kind"),
        };
        match kind {
            Ok(kind) if accepted.contains(&kind) => {
                return Ok(KeyFile {
                    kind,
                    der: Zeroizing::new(block.into_contents()),
                });
            }
            Ok(kind) => first_found = first_found.or_else(|| Some(kind.describe())),
            Err(other) => first_found = first_found.or(Some(other)),
        }
    }
    match first_found {
        Some(found) => Err(KeyError::WrongKind {
            found: found.to_owned(),
            wanted,
        }),
        None => Err(KeyError::NotPem {
            hint: guess(text),
            wanted,
        }),
    }
}

/// What is wrong with a PEM text, in words of our own: the parser's quote the text, which may be a private key.
fn describe(error: &pem::PemError) -> &'static str {
    match error {
        pem::PemError::MismatchedTags(..) | pem::PemError::MissingEndTag => {
            "its END line is missing, damaged, or of another kind than its BEGIN line"
        }
        pem::PemError::InvalidData(_) | pem::PemError::MissingData => {
            "what stands between its BEGIN and END lines is not base64"
        }
        pem::PemError::InvalidHeader(_) => "a line above its base64 is no header",
        _ => "its BEGIN and END lines are damaged",
    }
}

fn guess(text: &str) -> &'static str {
    if text.trim().is_empty() {
        "; it is empty"
    } else if text.starts_with("MII") {
        "; it looks like the base64 inside of one: put the BEGIN and END lines around it"
    } else if text.contains("\\n") && text.contains("-----BEGIN") {
        "; its line ends are the two characters \\n: replace them with line feeds"
    } else if text.len() == 32 {
        "; it looks like an API key"
    } else if text.trim_end().ends_with(".pem") || text.trim_end().ends_with(".p12") {
        "; it looks like a file name: pass the file's content"
    } else {
        ""
    }
}
