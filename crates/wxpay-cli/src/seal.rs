//! `wxpay seal`: encrypts fields (敏感信息) for WeChat Pay.

use std::io::Write;
use std::path::PathBuf;

use wxpay_proto::Sensitive;
use wxpay_proto::v3::PlatformKey;

use crate::ended::{Ended, NotSent};
use crate::input;
use crate::moment;
use crate::padding::PaddingName;
use crate::pointer;
use crate::profile::Keys;

/// What `wxpay seal` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The plaintext, without the line end that stands behind it; with --field, a JSON body. Standard input when nothing is
    /// said.
    #[arg(value_name = "FILE", default_value = "-")]
    input: PathBuf,
    /// Encrypt this text of a JSON body in its place, by a JSON pointer or dots; may be given more than once.
    #[arg(long, value_name = "PATH")]
    field: Vec<String>,
    /// The padding: OAEP unless the operation's page says otherwise.
    #[arg(long, value_name = "NAME", default_value = "oaep")]
    padding: PaddingName,
    #[command(flatten)]
    keys: Keys,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let keys = arguments.keys.reader()?.platform_keys()?;
    let key = keys.preferred(moment::now()).ok_or_else(|| {
        NotSent::new(
            "no valid key of WeChat Pay's is at hand to encrypt for: give --profile, --public-key with --public-key-id, or \
             --platform-certificate",
        )
    })?;
    let seal = |place: &str, text: &str| {
        seal(text, key, arguments.padding).map_err(|problem| NotSent::new(format!("{place}{problem}")))
    };
    if arguments.field.is_empty() {
        let text = input::read_text(&arguments.input)?;
        let text = input::without_line_end(&text);
        if text.is_empty() {
            return Err(NotSent::new("the plaintext is empty"));
        }
        writeln!(out, "{}", seal("", text)?)?;
    } else {
        let mut body = pointer::document(&input::read(&arguments.input)?)?;
        pointer::change(&mut body, &arguments.field, |place, text| {
            seal(&format!("{place}: "), text)
        })?;
        writeln!(out, "{body}")?;
    }
    eprintln!("send it with the header\nWechatpay-Serial: {}", key.id());
    Ok(Ended::Done)
}

fn seal(text: &str, key: &PlatformKey, padding: PaddingName) -> Result<String, String> {
    let mut field = Sensitive::new(text);
    let mut failed = false;
    let mut entropy = |bytes: &mut [u8]| failed |= getrandom::fill(bytes).is_err();
    field
        .seal_with(padding.into(), key.public_key(), key.id(), &mut entropy)
        .map_err(|error| error.to_string())?;
    if failed {
        return Err("this machine's random generator failed".to_owned());
    }
    match serde_json::to_value(&field) {
        Ok(serde_json::Value::String(ciphertext)) => Ok(ciphertext),
        _ => Err("it was not encrypted".to_owned()),
    }
}
