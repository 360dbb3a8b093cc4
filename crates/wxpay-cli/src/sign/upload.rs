//! An upload of v3: the text of `meta` is signed, the file is not.

use std::io::Write;
use std::path::PathBuf;

use wxpay_proto::{FilePart, UploadMeta};

use super::product::{Address, External, Form, Product, answer_key, authorize, message_of};
use crate::ended::NotSent;
use crate::input;
use crate::moment::StampArgs;
use crate::profile::Keys;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The address, or path and query alone: `/v3/merchant/media/upload`.
    url: String,
    /// The file.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Its media type.
    #[arg(long, value_name = "TYPE", default_value = "application/octet-stream")]
    media_type: String,
    /// The text of `meta`, byte for byte, in a file; made of the file's name and its SHA-256 when nothing is said.
    #[arg(long, value_name = "FILE")]
    meta: Option<PathBuf>,
    #[command(flatten)]
    stamp: StampArgs,
    #[command(flatten)]
    external: External,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    keys: Keys,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<(), NotSent> {
    let external = &arguments.external;
    let inputs = arguments.meta.iter().chain(external.input());
    input::only_one_stdin(inputs.map(PathBuf::as_path))?;
    external.check_stamp(&arguments.stamp)?;
    let keys = arguments.keys.reader()?;
    let address = Address::read(&arguments.url, &keys)?;
    let name = arguments.file.file_name().map(|name| name.to_string_lossy());
    let name = name.ok_or_else(|| NotSent::new("--file: wanted is the name of a file"))?;
    let meta = match &arguments.meta {
        Some(path) => input::read_text(path)?,
        None => {
            let content = input::read(&arguments.file)?;
            let part = FilePart::new(&*name, arguments.media_type.as_str(), content);
            UploadMeta::media().upload(&part).meta
        }
    };
    let stamp = arguments.stamp.stamp()?;
    let message = message_of("POST", &address.target, &stamp, meta.as_bytes());
    if external.message_only {
        eprintln!("--timestamp {} --nonce {}", stamp.timestamp, stamp.nonce);
        out.write_all(&message)?;
        return Ok(());
    }
    let (authorization, algorithm) = authorize(&keys, external, &stamp, &address.target, &message)?;
    let mut headers = vec![
        ("Authorization", authorization.to_string()),
        ("Accept", "application/json".to_owned()),
    ];
    if let Some(id) = answer_key(&keys)? {
        headers.push(("Wechatpay-Serial", id));
    }
    let file = format!(
        "file=@{};filename={};type={}",
        curl_text(&arguments.file.display().to_string()),
        curl_text(&name),
        arguments.media_type
    );
    let product = Product {
        method: "POST".to_owned(),
        url: address.url,
        message,
        algorithm,
        headers,
        // A text in which curl reads nothing as its own, and the file.
        data: vec![
            ("-F", format!("meta={};type=application/json", curl_text(&meta))),
            ("-F", file),
        ],
    };
    product.write(&arguments.form, out)
}

/// A form's value as curl takes it: in quotes, so that `;` in it ends nothing.
fn curl_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
