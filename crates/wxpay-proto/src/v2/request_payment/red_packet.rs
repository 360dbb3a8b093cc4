//! Red packets in mini programs (小程序红包).

use percent_encoding::utf8_percent_encode;
use serde::Serialize;

use crate::crypto::Algorithm;
use crate::draft::ESCAPED;
use crate::front_end::{ParameterError, UnsignedParameters, text};
use crate::stamp::Stamp;
use crate::v2::canonical;

/// What `wx.sendBizRedPacket` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RedPacket {
    /// Unix seconds, as a text.
    pub time_stamp: String,
    /// The nonce.
    pub nonce_str: String,
    /// The package, percent-encoded. It was signed as it came.
    pub package: String,
    /// `MD5`. It is handed over and is no part of the message.
    pub sign_type: &'static str,
    /// The signature, capital hexadecimal.
    pub pay_sign: String,
}

/// Parameters for a mini program to open a red packet; `package` is the text that `sendminiprogramhb` returned, as it is.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn mini_program_red_packet(
    appid: impl Into<String>,
    package: impl Into<String>,
    stamp: &Stamp,
) -> Result<UnsignedParameters<RedPacket>, ParameterError> {
    let (appid, package) = (text("appId", appid)?, text("package", package)?);
    let parameters = RedPacket {
        time_stamp: stamp.timestamp.to_string(),
        nonce_str: stamp.nonce.to_string(),
        package: utf8_percent_encode(&package, ESCAPED).to_string(),
        sign_type: Algorithm::Md5.as_str(),
        pay_sign: String::new(),
    };
    let message = canonical::message([
        ("appId", appid.as_str()),
        ("timeStamp", &parameters.time_stamp),
        ("nonceStr", &parameters.nonce_str),
        ("package", &package),
    ]);
    Ok(UnsignedParameters::new(
        Algorithm::Md5,
        message,
        parameters,
        |parameters, signature| parameters.pay_sign = signature.to_hex(),
    ))
}
