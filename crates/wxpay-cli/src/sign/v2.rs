//! Fields of v2.

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json};
use wxpay_proto::crypto::{Algorithm, Signer as _};
use wxpay_proto::v2::{Fields, canonical, verify_sign, xml};

use super::product::External;
use crate::ended::NotSent;
use crate::input;
use crate::profile::Keys;

/// The algorithms of v2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum SignType {
    #[value(name = "MD5")]
    Md5,
    #[value(name = "HMAC-SHA256")]
    HmacSha256,
}

impl SignType {
    pub(super) fn algorithm(self) -> Algorithm {
        match self {
            Self::Md5 => Algorithm::Md5,
            Self::HmacSha256 => Algorithm::HmacSha256,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The fields: v2's XML, a JSON object, or `name=value` a line; standard input when nothing is said.
    #[arg(value_name = "FILE", default_value = "-")]
    fields: PathBuf,
    /// The algorithm; that of the field `sign_type` when nothing is said, and MD5 without one.
    #[arg(long, value_name = "TYPE", ignore_case = true)]
    sign_type: Option<SignType>,
    /// Print a JSON object: message, sign, XML.
    #[arg(long, conflicts_with = "message_only")]
    json: bool,
    #[command(flatten)]
    external: External,
    #[command(flatten)]
    keys: Keys,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<(), NotSent> {
    let external = &arguments.external;
    let inputs = [&arguments.fields].into_iter().chain(external.input());
    input::only_one_stdin(inputs.map(PathBuf::as_path))?;
    let mut fields = read(&input::read(&arguments.fields)?)?;
    let algorithm = algorithm(&fields, arguments.sign_type)?;
    let message = canonical::message(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    if external.message_only {
        eprintln!("append &key= and the APIv2 key, and take {algorithm}");
        out.write_all(message.as_bytes())?;
        return Ok(());
    }
    let keys = arguments.keys.reader()?;
    let signature = match external.signature(algorithm)? {
        Some(signature) => signature,
        None => {
            let key = keys.api_v2_key()?.ok_or_else(|| {
                NotSent::new(
                    "no APIv2 key is at hand: give --profile with `api_v2_key`, or --api-v2-key FILE",
                )
            })?;
            if fields.get("sign").is_some_and(|sign| !sign.is_empty()) {
                match verify_sign(&fields, &key) {
                    Ok(found) => eprintln!("the `sign` that is there fits, with {found}"),
                    Err(error) => eprintln!("the `sign` that is there does not fit: {error}"),
                }
            }
            key.sign(algorithm, message.as_bytes())
                .map_err(|error| NotSent::new(error.to_string()))?
        }
    };
    let sign = signature.to_hex();
    fields.insert("sign".to_owned(), sign.clone());
    // What is no request, a set of parameters say, may have names that XML has not.
    let document = xml::write(&fields);
    if arguments.json {
        let product = json!({
            "algorithm": algorithm.as_str(),
            "message": message,
            "sign": sign,
            "xml": document.ok(),
        });
        writeln!(out, "{product:#}")?;
    } else {
        eprintln!("message that was signed with {algorithm} (&key=… follows):\n{message}\n\nsign: {sign}\n");
        match document {
            Ok(document) => writeln!(out, "{document}")?,
            Err(error) => {
                eprintln!("no document is made of these fields: {error}");
                writeln!(out, "{sign}")?;
            }
        }
    }
    Ok(())
}

fn algorithm(fields: &Fields, chosen: Option<SignType>) -> Result<Algorithm, NotSent> {
    let told = match fields.get("sign_type").map(String::as_str) {
        None | Some("") => None,
        Some("MD5") => Some(Algorithm::Md5),
        Some("HMAC-SHA256") => Some(Algorithm::HmacSha256),
        Some(other) => {
            return Err(NotSent::new(format!(
                "`sign_type` is {other:?}; v2 has MD5 and HMAC-SHA256"
            )));
        }
    };
    let chosen = chosen.map(SignType::algorithm);
    if let (Some(told), Some(chosen)) = (told, chosen)
        && told != chosen
    {
        eprintln!("the field `sign_type` says {told}, and {chosen} is taken: WeChat Pay goes by the field");
    }
    if told.is_none() && chosen == Some(Algorithm::HmacSha256) {
        eprintln!(
            "there is no field `sign_type`: WeChat Pay takes MD5 then, unless the operation is HMAC-SHA256 alone"
        );
    }
    Ok(chosen.or(told).unwrap_or(Algorithm::Md5))
}

/// Reads fields in any of the three forms.
fn read(bytes: &[u8]) -> Result<Fields, NotSent> {
    let failed = |error: &dyn std::fmt::Display| NotSent::new(format!("the fields: {error}"));
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
        .map_err(|_| failed(&"wanted is a text in UTF-8"))?;
    match text.trim_start().chars().next() {
        Some('<') => xml::read(bytes).map_err(|error| failed(&error)),
        Some('{') => {
            let object: serde_json::Map<String, Value> =
                serde_json::from_str(text).map_err(|error| failed(&error))?;
            let fields = object.into_iter().filter_map(|(name, value)| match value {
                Value::Null => None,
                Value::String(text) => Some((name, text)),
                other => Some((name, other.to_string())),
            });
            Ok(fields.collect())
        }
        _ => {
            let mut fields = Fields::new();
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let (name, value) = line
                    .split_once('=')
                    .ok_or_else(|| failed(&format!("{line:?} is no `name=value`")))?;
                if fields.insert(name.trim().to_owned(), value.to_owned()).is_some() {
                    return Err(failed(&format!("`{name}` is there twice")));
                }
            }
            Ok(fields)
        }
    }
}
