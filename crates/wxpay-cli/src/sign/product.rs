//! A signature from here or from elsewhere, and the request that carries it.

use std::io::Write;
use std::path::PathBuf;

use http::uri::PathAndQuery;
use serde_json::{Value, json};
use wxpay_proto::crypto::{Algorithm, Signature, Signer as _};
use wxpay_proto::v3::Authorization;
use wxpay_proto::v3::canonical::request_message;
use wxpay_proto::{Host, Stamp};

use crate::ended::NotSent;
use crate::input;
use crate::moment;
use crate::profile::{Reader, Signing};
use crate::subject::marked;

/// Who signs: a key that is here, or an external signer in two steps.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "External signers")]
pub(super) struct External {
    /// Print the message and nothing else, byte for byte; no private key is needed. Sign it elsewhere, and come back with
    /// --signature and the same --timestamp and --nonce.
    #[arg(long, conflicts_with = "signature")]
    pub(super) message_only: bool,
    /// A file with the signature that was made elsewhere: raw bytes, or base64 (v2: hexadecimal).
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
}

impl External {
    pub(super) fn input(&self) -> Option<&PathBuf> {
        self.signature.as_ref()
    }

    /// The signature that was made elsewhere.
    pub(super) fn signature(&self, algorithm: Algorithm) -> Result<Option<Signature>, NotSent> {
        let Some(path) = &self.signature else {
            return Ok(None);
        };
        let bytes = input::read(path)?;
        let text = std::str::from_utf8(&bytes).ok().map(str::trim);
        let read = match algorithm {
            Algorithm::Md5 | Algorithm::HmacSha256 => text.and_then(from_hex),
            _ => text.and_then(|text| Signature::from_base64(text).ok()),
        };
        Ok(Some(read.unwrap_or_else(|| Signature::new(bytes))))
    }

    /// A stamp that is drawn anew fits no signature that was made before.
    pub(super) fn check_stamp(&self, stamp: &moment::StampArgs) -> Result<(), NotSent> {
        if self.signature.is_some() && (stamp.timestamp.is_none() || stamp.nonce.is_none()) {
            return Err(NotSent::new(
                "--signature: give --timestamp and --nonce as well, those that were signed",
            ));
        }
        Ok(())
    }
}

fn from_hex(text: &str) -> Option<Signature> {
    let digit = |b: u8| {
        char::from(b)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let pairs = text.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect();
    bytes.filter(|bytes| !bytes.is_empty()).map(Signature::new)
}

/// Where a request goes: the whole address, and the target that is signed.
pub(super) struct Address {
    pub(super) url: String,
    pub(super) target: String,
}

impl Address {
    /// Takes an address of WeChat Pay's or of the profile's test server, or path and query alone.
    pub(super) fn read(text: &str, keys: &Reader) -> Result<Self, NotSent> {
        let base = keys.base()?;
        let at_base = base
            .as_ref()
            .and_then(|base| text.strip_prefix(&base.to_string()));
        let (host, target) = if text.starts_with('/') {
            let host = base.map_or_else(|| format!("https://{}", Host::API), |base| base.to_string());
            (host, text)
        } else if let Some(target) = at_base {
            (text[..text.len() - target.len()].to_owned(), target)
        } else {
            let (host, target) = Host::split(text).map_err(|error| NotSent::new(error.to_string()))?;
            (format!("https://{host}"), target)
        };
        let parsed: Option<PathAndQuery> = target.parse().ok();
        let is_exact = parsed.is_some_and(|parsed| parsed.as_str() == target);
        if !is_exact || !target.starts_with('/') || !target.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(NotSent::new(format!(
                "the target {target:?} cannot stand on a request line: percent-encode it, and sign what is sent"
            )));
        }
        Ok(Self {
            url: format!("{host}{target}"),
            target: target.to_owned(),
        })
    }
}

/// A request with its signature.
pub(super) struct Product {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) message: Vec<u8>,
    pub(super) algorithm: Algorithm,
    pub(super) headers: Vec<(&'static str, String)>,
    /// What curl takes for the body, quoted by us.
    pub(super) data: Vec<(&'static str, String)>,
}

/// How it is printed.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Form {
    /// Print a line for curl.
    #[arg(long, conflicts_with_all = ["json", "message_only"])]
    pub(super) curl: bool,
    /// Print a JSON object: message, signature, headers.
    #[arg(long, conflicts_with = "message_only")]
    pub(super) json: bool,
}

/// Signs a request of v3, or takes the signature that was made elsewhere.
pub(super) fn authorize(
    keys: &Reader,
    external: &External,
    stamp: &Stamp,
    target: &str,
    message: &[u8],
) -> Result<(Authorization, Algorithm), NotSent> {
    let brand = target.starts_with("/brand/");
    let signing = if brand { keys.brand()? } else { keys.merchant()? };
    let Signing { credentials, key, .. } = signing.ok_or_else(|| {
        NotSent::new(
            "who signs is not known: give --profile, or --mchid and --private-key with --certificate or --serial",
        )
    })?;
    let algorithm = credentials.scheme().algorithm();
    let signature = match (external.signature(algorithm)?, key) {
        (Some(signature), _) => signature,
        (None, Some(key)) => key
            .sign(algorithm, message)
            .map_err(|error| NotSent::new(error.to_string()))?,
        (None, None) => {
            return Err(NotSent::new(
                "the private key is not at hand: give --private-key, or take the message elsewhere with --message-only",
            ));
        }
    };
    let authorization = Authorization {
        scheme: credentials.scheme(),
        identity: credentials.account().as_str().to_owned(),
        nonce_str: stamp.nonce.to_string(),
        timestamp: stamp.timestamp.to_string(),
        serial_no: credentials.serial().to_string(),
        signature: signature.to_base64(),
    };
    Ok((authorization, algorithm))
}

/// The message of a request with this stamp.
pub(super) fn message_of(method: &str, target: &str, stamp: &Stamp, signed: &[u8]) -> Vec<u8> {
    request_message(
        method,
        target,
        &stamp.timestamp.to_string(),
        stamp.nonce.as_str(),
        signed,
    )
}

/// `Wechatpay-Serial`, when a key of WeChat Pay's is known.
pub(super) fn answer_key(keys: &Reader) -> Result<Option<String>, NotSent> {
    let platform = keys.platform_keys()?;
    let preferred = platform.preferred(moment::now());
    Ok(preferred.map(|key| key.id().to_string()))
}

impl Product {
    pub(super) fn write(&self, form: &Form, out: &mut dyn Write) -> Result<(), NotSent> {
        if form.json {
            writeln!(out, "{:#}", self.json())?;
            return Ok(());
        }
        eprintln!(
            "message that was signed with {}, {} bytes (⏎ is a line feed):\n{}",
            self.algorithm,
            self.message.len(),
            marked(&self.message)
        );
        if form.curl {
            writeln!(out, "{}", self.curl())?;
        } else {
            for (name, value) in &self.headers {
                writeln!(out, "{name}: {value}")?;
            }
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let headers: serde_json::Map<String, Value> = self
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
            .collect();
        json!({
            "method": self.method,
            "url": self.url,
            "algorithm": self.algorithm.as_str(),
            "message": String::from_utf8_lossy(&self.message),
            "message_bytes": self.message.len(),
            "headers": headers,
        })
    }

    /// A line for a shell. `--globoff` keeps curl from reading brackets in the address as patterns.
    fn curl(&self) -> String {
        let mut line = format!("curl --globoff -X {}", self.method);
        for (name, value) in &self.headers {
            line.push_str(&format!(" \\\n  -H {}", quoted(&format!("{name}: {value}"))));
        }
        for (flag, value) in &self.data {
            line.push_str(&format!(" \\\n  {flag} {}", quoted(value)));
        }
        line.push_str(&format!(" \\\n  {}", quoted(&self.url)));
        line
    }
}

/// For a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
