//! Platform certificates as a text to be kept over a restart, or shared.
//!
//! ```text
//! wxpay-platform-certificates 1
//! sha256 4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945   of everything below
//! merchant 1900007291
//! region mainland
//! fetched 1790000000
//! -----BEGIN CERTIFICATE-----
//! ```
//!
//! The certificates are public; whoever can change the text can however have forged answers believed.

use std::fmt::Write as _;

use wxpay_proto::UnixTime;
use wxpay_proto::crypto::{Backend, DigestAlgorithm, FileDigest};
use wxpay_proto::v3::PlatformKey;
use wxpay_proto::v3::certificates::Region;

const NAME: &str = "wxpay-platform-certificates";
const VERSION: &str = "1";
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// A certificate, as key and as text.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) key: PlatformKey,
    pub(crate) pem: String,
}

/// Whose certificates they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) merchant: String,
    pub(crate) region: Region,
}

/// The certificates of a merchant, and when they were fetched.
#[derive(Clone, Debug)]
pub(crate) struct Saved {
    pub(crate) owner: Owner,
    pub(crate) fetched_at: UnixTime,
    pub(crate) certificates: Vec<Kept>,
}

/// A text that was kept and cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SavedError {
    #[error("this is no list of platform certificates of wxpay's: it does not begin with `{NAME}`")]
    Foreign,
    #[error("the list of platform certificates has version {found:?}, and version {VERSION} is read here")]
    Version { found: String },
    #[error("the list of platform certificates is damaged: {problem}")]
    Damaged { problem: String },
}

impl Saved {
    pub(crate) fn write(&self) -> String {
        let mut content = format!(
            "merchant {}\nregion {}\nfetched {}\n",
            self.owner.merchant,
            region_name(self.owner.region),
            self.fetched_at,
        );
        for kept in &self.certificates {
            let _ = writeln!(content, "{}", kept.pem.trim()); // a `String` takes everything
        }
        let digest = FileDigest::of(DigestAlgorithm::Sha256, content.as_bytes()).to_hex();
        format!("{NAME} {VERSION}\nsha256 {digest}\n{content}")
    }

    pub(crate) fn read(text: &str) -> Result<Self, SavedError> {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let version = first.strip_prefix(NAME).ok_or(SavedError::Foreign)?.trim();
        if version != VERSION {
            let found = version.chars().take(32).collect();
            return Err(SavedError::Version { found });
        }
        let damaged = |problem: &str| SavedError::Damaged {
            problem: problem.to_owned(),
        };
        let (digest, content) = field(rest, "sha256")?;
        FileDigest::new("SHA256", digest)
            .map_err(|error| damaged(&error.to_string()))?
            .check(content.as_bytes())
            .map_err(|_| damaged("its digest is another one; it was cut short or changed"))?;
        let (merchant, content) = field(content, "merchant")?;
        let (region, content) = field(content, "region")?;
        let (fetched, content) = field(content, "fetched")?;
        let region = [Region::Mainland, Region::HongKong, Region::Global]
            .into_iter()
            .find(|known| region_name(*known) == region)
            .ok_or_else(|| damaged("its region is unknown"))?;
        let fetched = fetched.parse().map_err(|_| damaged("its time is no number"))?;
        Ok(Self {
            owner: Owner {
                merchant: merchant.to_owned(),
                region,
            },
            fetched_at: UnixTime::from_secs(fetched),
            certificates: certificates(content).map_err(|problem| damaged(&problem))?,
        })
    }
}

fn field<'a>(text: &'a str, name: &'static str) -> Result<(&'a str, &'a str), SavedError> {
    text.split_once('\n')
        .and_then(|(line, rest)| Some((line.strip_prefix(name)?.strip_prefix(' ')?, rest)))
        .ok_or_else(|| SavedError::Damaged {
            problem: format!("the line `{name}` is missing"),
        })
}

fn certificates(text: &str) -> Result<Vec<Kept>, String> {
    let each = text.split(BEGIN).skip(1).map(|rest| {
        let pem = format!("{BEGIN}{rest}");
        let key = PlatformKey::from_certificate_pem(&pem, Backend::AwsLc);
        Ok(Kept {
            key: key.map_err(|error| error.to_string())?,
            pem,
        })
    });
    each.collect()
}

fn region_name(region: Region) -> &'static str {
    match region {
        Region::HongKong => "hong-kong",
        Region::Global => "global",
        _ => "mainland",
    }
}
