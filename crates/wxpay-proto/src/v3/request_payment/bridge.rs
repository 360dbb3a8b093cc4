//! Pages inside WeChat (JSAPI) and mini programs (小程序).

use serde::Serialize;

use crate::crypto::Algorithm;
use crate::front_end::{ParameterError, UnsignedParameters, text};
use crate::stamp::Stamp;
use crate::v3::canonical::request_payment_message;

/// `signType`. It is handed over and is no part of the message.
pub(super) const SIGN_TYPE: &str = "RSA";

/// What `WeixinJSBridge.invoke('getBrandWCPayRequest', …)` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Jsapi {
    /// The appid that the order was created with.
    pub app_id: String,
    /// Unix seconds. A text: a number fails on some telephones.
    pub time_stamp: String,
    /// The nonce.
    pub nonce_str: String,
    /// `prepay_id=` and the prepay id.
    pub package: String,
    /// `RSA`.
    pub sign_type: &'static str,
    /// The signature, base64.
    pub pay_sign: String,
}

/// What `wx.requestPayment` takes: as [`Jsapi`], without the appid, which is signed all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MiniProgram {
    /// Unix seconds, as a text.
    pub time_stamp: String,
    /// The nonce.
    pub nonce_str: String,
    /// `prepay_id=` and the prepay id.
    pub package: String,
    /// `RSA`.
    pub sign_type: &'static str,
    /// The signature, base64.
    pub pay_sign: String,
}

/// Parameters for a page inside WeChat.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn jsapi(
    appid: impl Into<String>,
    prepay_id: &str,
    stamp: &Stamp,
) -> Result<UnsignedParameters<Jsapi>, ParameterError> {
    let (app_id, message, common) = prepare(appid, prepay_id, stamp)?;
    let parameters = Jsapi {
        app_id,
        time_stamp: common.time_stamp,
        nonce_str: common.nonce_str,
        package: common.package,
        sign_type: common.sign_type,
        pay_sign: common.pay_sign,
    };
    Ok(UnsignedParameters::new(
        Algorithm::RsaSha256,
        message,
        parameters,
        |parameters, signature| parameters.pay_sign = signature.to_base64(),
    ))
}

/// Parameters for a mini program; `appid` is the mini program's.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn mini_program(
    appid: impl Into<String>,
    prepay_id: &str,
    stamp: &Stamp,
) -> Result<UnsignedParameters<MiniProgram>, ParameterError> {
    let (_, message, parameters) = prepare(appid, prepay_id, stamp)?;
    Ok(UnsignedParameters::new(
        Algorithm::RsaSha256,
        message,
        parameters,
        |parameters, signature| parameters.pay_sign = signature.to_base64(),
    ))
}

/// The appid, the message, and what all three kinds hand over.
pub(super) fn prepare(
    appid: impl Into<String>,
    prepay_id: &str,
    stamp: &Stamp,
) -> Result<(String, Vec<u8>, MiniProgram), ParameterError> {
    let appid = text("appid", appid)?;
    let parameters = MiniProgram {
        time_stamp: stamp.timestamp.to_string(),
        nonce_str: stamp.nonce.to_string(),
        package: format!("prepay_id={}", text("prepay_id", prepay_id)?),
        sign_type: SIGN_TYPE,
        pay_sign: String::new(),
    };
    let message = request_payment_message(
        &appid,
        &parameters.time_stamp,
        &parameters.nonce_str,
        &parameters.package,
    );
    Ok((appid, message, parameters))
}
