//! Parameters for front ends (调起支付).

mod build;
mod kind;
mod members;

use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;
use wxpay_proto::crypto::{Algorithm, Signature, Signer as _};
use wxpay_proto::{ParameterError, Stamp, UnsignedParameters, v2, v3};

use self::build::{contract, coupons, transfer};
use self::kind::Kind;
use self::members::Members;
use super::product::External;
use super::v2::SignType;
use crate::ended::NotSent;
use crate::input;
use crate::moment::StampArgs;
use crate::profile::{Keys, Reader};
use crate::subject::marked;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Who takes them.
    kind: Kind,
    /// The prepay id of the order, without `prepay_id=`; for kinds that are of an order.
    prepay_id: Option<String>,
    /// A member that the kind needs besides; give it once for each.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
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
    let kind = arguments.kind;
    let prepay_id = prepay_id(kind, arguments.prepay_id.as_deref())?;
    let members = Members::read(kind, &arguments.set)?;
    let keys = arguments.keys.reader()?;
    let stamp = arguments.stamp.stamp()?;
    let finish = Finish {
        keys: &keys,
        external,
        stamp: &stamp,
    };
    let appid = match (kind.takes_appid(), arguments.appid.as_deref()) {
        (true, None) => return Err(NotSent::new("--appid: this kind carries it, and so it is needed")),
        (true, Some(appid)) => appid,
        (false, Some(_)) => return Err(NotSent::new("--appid: this kind carries none")),
        (false, None) => "",
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
    match kind {
        Kind::Jsapi => finish.write(of_v3::jsapi(appid, prepay_id, &stamp), out),
        Kind::MiniProgram => finish.write(of_v3::mini_program(appid, prepay_id, &stamp), out),
        Kind::App => finish.write(of_v3::app(appid, &merchant()?, prepay_id, &stamp), out),
        Kind::MedicalInsurance => {
            let number = members.get("mixTradeNo")?;
            finish.write(of_v3::medical_insurance(appid, number, prepay_id, &stamp), out)
        }
        Kind::MerchantTransfer => transfer(external, appid, &merchant()?, &members, out),
        Kind::V2Jsapi => finish.write(of_v2::jsapi(appid, prepay_id, sign_type, &stamp), out),
        Kind::V2MiniProgram => finish.write(of_v2::mini_program(appid, prepay_id, sign_type, &stamp), out),
        Kind::V2App => finish.write(of_v2::app(appid, &merchant()?, prepay_id, sign_type, &stamp), out),
        Kind::PayscoreConfirm => finish.write(of_v2::payscore_confirm(&merchant()?, prepay_id, &stamp), out),
        Kind::PayscoreDetail => {
            let (service, order) = (members.get("service_id")?, members.get("out_order_no")?);
            finish.write(of_v2::payscore_detail(&merchant()?, service, order, &stamp), out)
        }
        Kind::RedPacket => finish.write(of_v2::mini_program_red_packet(appid, prepay_id, &stamp), out),
        Kind::SendCoupons => finish.write(of_v2::send_coupons(&merchant()?, coupons(&members)?), out),
        Kind::CouponLink => {
            let mut coupon = of_v2::Coupon::new(members.get("stock_id")?, members.get("out_request_no")?);
            if let Some(code) = members.option("coupon_code") {
                coupon = coupon.code(code);
            }
            finish.write(
                of_v2::h5_coupon(&merchant()?, &coupon, members.get("open_id")?),
                out,
            )
        }
        Kind::ContractPage => {
            let contract = contract(appid, &merchant()?, &members)?;
            finish.write(Ok(contract.entrust_web(stamp.timestamp)), out)
        }
        Kind::ContractH5 => {
            let contract = contract(appid, &merchant()?, &members)?;
            finish.write(
                contract.h5_entrust_web(members.get("clientip")?, stamp.timestamp),
                out,
            )
        }
        Kind::ContractMiniProgram => {
            let contract = contract(appid, &merchant()?, &members)?;
            finish.write(Ok(contract.mini_program(stamp.timestamp)), out)
        }
    }
}

/// The prepay id of a kind that takes one; nothing of any other.
fn prepay_id(kind: Kind, given: Option<&str>) -> Result<&str, NotSent> {
    match (kind.takes_prepay_id(), given) {
        (true, None) => Err(NotSent::new(
            "PREPAY_ID: this kind is of an order, and so it is needed",
        )),
        (true, Some(text)) => match text.strip_prefix("prepay_id=") {
            Some(bare) => Err(NotSent::new(format!(
                "wanted is the prepay id alone, {bare:?}: `prepay_id=` is put in front of it where it belongs"
            ))),
            None => Ok(text),
        },
        (false, Some(_)) => Err(NotSent::new(
            "PREPAY_ID: this kind is of no order; what it needs is given with --set",
        )),
        (false, None) => Ok(""),
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
