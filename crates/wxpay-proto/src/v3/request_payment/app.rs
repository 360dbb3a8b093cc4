//! Apps (APP支付).

use serde::Serialize;

use crate::crypto::Algorithm;
use crate::front_end::{ParameterError, UnsignedParameters, text};
use crate::id::MerchantId;
use crate::stamp::Stamp;
use crate::v3::canonical::request_payment_message;

/// What the app's SDK takes. Its members are in small letters throughout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct App {
    /// The app's appid.
    pub appid: String,
    /// The merchant number.
    pub partnerid: String,
    /// The prepay id, without `prepay_id=` in front of it.
    pub prepayid: String,
    /// `Sign=WXPay`.
    pub package: &'static str,
    /// The nonce.
    pub noncestr: String,
    /// Unix seconds, as a text.
    pub timestamp: String,
    /// The signature, base64.
    pub sign: String,
}

/// Parameters for an app.
///
/// `partner_id` is the merchant of the order: `mchid`, a combined order's `combine_mchid`, or the partner's `sp_mchid`
/// in partner mode, where the official SDKs agree on the partner who signs.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn app(
    appid: impl Into<String>,
    partner_id: &MerchantId,
    prepay_id: impl Into<String>,
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
    // Here the bare prepay id is signed, not the package.
    let message = request_payment_message(
        &parameters.appid,
        &parameters.timestamp,
        &parameters.noncestr,
        &parameters.prepayid,
    );
    Ok(UnsignedParameters::new(
        Algorithm::RsaSha256,
        message,
        parameters,
        |parameters, signature| parameters.sign = signature.to_base64(),
    ))
}
