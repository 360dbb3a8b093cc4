//! A request of v3.

use std::io::Write;
use std::path::PathBuf;

use super::product::{Address, External, Form, Product, answer_key, authorize, message_of};
use crate::ended::NotSent;
use crate::input;
use crate::moment::StampArgs;
use crate::profile::Keys;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The method.
    method: String,
    /// The address, or path and query alone, percent-encoded as they are sent.
    url: String,
    /// The body, byte for byte; `-` reads standard input. None, when nothing is said.
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
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
    let inputs = arguments.body.iter().chain(external.input());
    input::only_one_stdin(inputs.map(PathBuf::as_path))?;
    external.check_stamp(&arguments.stamp)?;
    let keys = arguments.keys.reader()?;
    let method = arguments.method.to_ascii_uppercase();
    if method.parse::<http::Method>().is_err() {
        return Err(NotSent::new(format!("{method:?} is no method")));
    }
    let address = Address::read(&arguments.url, &keys)?;
    let body = match &arguments.body {
        Some(path) => input::read(path)?,
        None => Vec::new(),
    };
    let stamp = arguments.stamp.stamp()?;
    let message = message_of(&method, &address.target, &stamp, &body);
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
    let mut data = Vec::new();
    if let Some(path) = &arguments.body {
        headers.push(("Content-Type", "application/json".to_owned()));
        // Binary: line ends stay as they were signed.
        data.push(("--data-binary", format!("@{}", path.display())));
    }
    if let Some(id) = answer_key(&keys)? {
        headers.push(("Wechatpay-Serial", id));
    }
    let product = Product {
        method,
        url: address.url,
        message,
        algorithm,
        headers,
        data,
    };
    product.write(&arguments.form, out)
}
