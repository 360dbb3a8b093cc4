//! v2 orders: pages inside WeChat, mini programs and apps.

use serde::Serialize;

use crate::front_end::{ParameterError, UnsignedParameters, text};
use crate::id::MerchantId;
use crate::stamp::Stamp;
use crate::v2::canonical;
use crate::v2::credentials::SignType;

/// What `WeixinJSBridge.invoke('getBrandWCPayRequest', …)` takes. Unlike in v3, `signType` is signed.
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
    /// `MD5` or `HMAC-SHA256`.
    pub sign_type: &'static str,
    /// The signature, capital hexadecimal.
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
    /// `MD5` or `HMAC-SHA256`.
    pub sign_type: &'static str,
    /// The signature, capital hexadecimal.
    pub pay_sign: String,
}

/// What the app's SDK takes. Its members are in small letters throughout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct App {
    /// The app's appid.
    pub appid: String,
    /// The merchant number.
    pub partnerid: String,
    /// The prepay id.
    pub prepayid: String,
    /// `Sign=WXPay`.
    pub package: &'static str,
    /// The nonce.
    pub noncestr: String,
    /// Unix seconds, as a text.
    pub timestamp: String,
    /// The signature, capital hexadecimal.
    pub sign: String,
}

/// Parameters for a page inside WeChat; `sign_type` is the one that the order was created with.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn jsapi(
    appid: impl Into<String>,
    prepay_id: &str,
    sign_type: SignType,
    stamp: &Stamp,
) -> Result<UnsignedParameters<Jsapi>, ParameterError> {
    let parameters = Jsapi {
        app_id: text("appId", appid)?,
        time_stamp: stamp.timestamp.to_string(),
        nonce_str: stamp.nonce.to_string(),
        package: format!("prepay_id={}", text("prepay_id", prepay_id)?),
        sign_type: sign_type.algorithm().as_str(),
        pay_sign: String::new(),
    };
    Ok(UnsignedParameters::new(
        sign_type.algorithm(),
        parameters.message(),
        parameters,
        |parameters, signature| parameters.pay_sign = signature.to_hex(),
    ))
}

impl Jsapi {
    fn message(&self) -> String {
        canonical::message([
            ("appId", self.app_id.as_str()),
            ("timeStamp", &self.time_stamp),
            ("nonceStr", &self.nonce_str),
            ("package", &self.package),
            ("signType", self.sign_type),
        ])
    }
}

/// Parameters for a mini program; `sign_type` is the one that the order was created with.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn mini_program(
    appid: impl Into<String>,
    prepay_id: &str,
    sign_type: SignType,
    stamp: &Stamp,
) -> Result<UnsignedParameters<MiniProgram>, ParameterError> {
    let page = jsapi(appid, prepay_id, sign_type, stamp)?;
    Ok(page.map(
        |page| MiniProgram {
            time_stamp: page.time_stamp,
            nonce_str: page.nonce_str,
            package: page.package,
            sign_type: page.sign_type,
            pay_sign: page.pay_sign,
        },
        |parameters, signature| parameters.pay_sign = signature.to_hex(),
    ))
}

/// Parameters for an app; `sign_type` is the one that the order was created with.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn app(
    appid: impl Into<String>,
    partner_id: &MerchantId,
    prepay_id: impl Into<String>,
    sign_type: SignType,
    stamp: &Stamp,
) -> Result<UnsignedParameters<App>, ParameterError> {
    let parameters = App {
        appid: text("appid", appid)?,
        partnerid: partner_id.to_string(),
        prepayid: text("prepayid", prepay_id)?,
        package: "Sign=WXPay",
        noncestr: stamp.nonce.to_string(),
        timestamp: stamp.timestamp.to_string(),
        sign: String::new(),
    };
    let message = canonical::message([
        ("appid", parameters.appid.as_str()),
        ("partnerid", &parameters.partnerid),
        ("prepayid", &parameters.prepayid),
        ("package", parameters.package),
        ("noncestr", &parameters.noncestr),
        ("timestamp", &parameters.timestamp),
    ]);
    Ok(UnsignedParameters::new(
        sign_type.algorithm(),
        message,
        parameters,
        |parameters, signature| parameters.sign = signature.to_hex(),
    ))
}
