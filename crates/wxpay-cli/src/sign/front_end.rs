//! Parameters for front ends (调起支付).

use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;
use wxpay_proto::crypto::{Algorithm, Signature, Signer as _};
use wxpay_proto::{ParameterError, Stamp, UnsignedParameters, v2, v3};

use super::product::External;
use super::v2::SignType;
use crate::ended::NotSent;
use crate::input;
use crate::moment::StampArgs;
use crate::profile::{Keys, Reader};
use crate::subject::marked;

/// What takes the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// A page inside WeChat (JSAPI), v3.
    Jsapi,
    /// A mini program (小程序), v3.
    MiniProgram,
    /// An app's SDK (APP), v3.
    App,
    /// A page inside WeChat, v2.
    V2Jsapi,
    /// A mini program, v2.
    V2MiniProgram,
    /// An app's SDK, v2.
    V2App,
    /// Payscore (支付分): confirm an order; PREPAY_ID is its `package`.
    PayscoreConfirm,
    /// A red packet in a mini program (小程序红包); PREPAY_ID is its `package`.
    RedPacket,
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Who takes them.
    kind: Kind,
    /// The prepay id of the order, without `prepay_id=`.
    prepay_id: String,
    /// The appid that the order was created with; of a partner (服务商), the one that the payer's openid belongs to.
    #[arg(long, value_name = "APPID")]
    appid: Option<String>,
    /// v2: the algorithm that the order was created with.
    #[arg(long, value_name = "TYPE", ignore_case = true, default_value = "HMAC-SHA256")]
    sign_type: SignType,
    #[command(flatten)]
    stamp: StampArgs,
    #[command(flatten)]
    external: External,
    #[command(flatten)]
    keys: Keys,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<(), NotSent> {
    let external = &arguments.external;
    input::only_one_stdin(external.input().map(PathBuf::as_path))?;
    external.check_stamp(&arguments.stamp)?;
    let keys = arguments.keys.reader()?;
    let stamp = arguments.stamp.stamp()?;
    let prepay_id = arguments.prepay_id.as_str();
    if let Some(bare) = prepay_id.strip_prefix("prepay_id=") {
        return Err(NotSent::new(format!(
            "wanted is the prepay id alone, {bare:?}: `prepay_id=` is put in front of it where it belongs"
        )));
    }
    let finish = Finish {
        keys: &keys,
        external,
        stamp: &stamp,
    };
    let appid = || {
        let appid = arguments.appid.as_deref();
        appid.ok_or_else(|| NotSent::new("--appid: it is signed, and so it is needed"))
    };
    let merchant = || {
        let merchant = keys.merchant_id()?;
        merchant.ok_or_else(|| NotSent::new("the merchant number is needed: give --profile, or --mchid"))
    };
    let sign_type = match arguments.sign_type {
        SignType::Md5 => v2::SignType::Md5,
        SignType::HmacSha256 => v2::SignType::HmacSha256,
    };
    use v2::request_payment as of_v2;
    use v3::request_payment as of_v3;
    match arguments.kind {
        Kind::Jsapi => finish.write(of_v3::jsapi(appid()?, prepay_id, &stamp), out),
        Kind::MiniProgram => finish.write(of_v3::mini_program(appid()?, prepay_id, &stamp), out),
        Kind::App => finish.write(of_v3::app(appid()?, &merchant()?, prepay_id, &stamp), out),
        Kind::V2Jsapi => finish.write(of_v2::jsapi(appid()?, prepay_id, sign_type, &stamp), out),
        Kind::V2MiniProgram => finish.write(of_v2::mini_program(appid()?, prepay_id, sign_type, &stamp), out),
        Kind::V2App => finish.write(
            of_v2::app(appid()?, &merchant()?, prepay_id, sign_type, &stamp),
            out,
        ),
        Kind::PayscoreConfirm => finish.write(of_v2::payscore_confirm(&merchant()?, prepay_id, &stamp), out),
        Kind::RedPacket => finish.write(of_v2::mini_program_red_packet(appid()?, prepay_id, &stamp), out),
    }
}

/// What is the same for every kind.
struct Finish<'a> {
    keys: &'a Reader,
    external: &'a External,
    stamp: &'a Stamp,
}

impl Finish<'_> {
    fn write<T: Serialize>(
        &self,
        unsigned: Result<UnsignedParameters<T>, ParameterError>,
        out: &mut dyn Write,
    ) -> Result<(), NotSent> {
        let unsigned = unsigned.map_err(|error| NotSent::new(error.to_string()))?;
        let algorithm = unsigned.algorithm();
        let message = unsigned.message().to_vec();
        if self.external.message_only {
            eprintln!(
                "--timestamp {} --nonce {}",
                self.stamp.timestamp, self.stamp.nonce
            );
            out.write_all(&message)?;
            return Ok(());
        }
        let signature = match self.external.signature(algorithm)? {
            Some(signature) => signature,
            None => self.sign(algorithm, &message)?,
        };
        eprintln!(
            "message that was signed with {algorithm} (⏎ is a line feed):\n{}\n",
            marked(&message)
        );
        let parameters = serde_json::to_value(unsigned.attach(&signature))
            .map_err(|error| NotSent::new(error.to_string()))?;
        writeln!(out, "{parameters:#}")?;
        Ok(())
    }

    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Signature, NotSent> {
        let signed = match algorithm {
            Algorithm::Md5 | Algorithm::HmacSha256 => {
                let key = self.keys.api_v2_key()?;
                let key = key.ok_or_else(|| {
                    NotSent::new(
                        "no APIv2 key is at hand: give --profile with `api_v2_key`, --api-v2-key FILE, or take the message \
                         elsewhere with --message-only",
                    )
                })?;
                key.sign(algorithm, message)
            }
            _ => self.keys.merchant_key()?.sign(algorithm, message),
        };
        signed.map_err(|error| NotSent::new(error.to_string()))
    }
}
