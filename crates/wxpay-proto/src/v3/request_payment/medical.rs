//! Medical insurance (医保支付), of which the user may pay a part.

use serde::Serialize;

use super::bridge::{MiniProgram, prepare};
use crate::crypto::Algorithm;
use crate::front_end::{ParameterError, UnsignedParameters, text};
use crate::stamp::Stamp;

/// What `requestMedicalInsurancePay` takes. Here the member is `appid`, in small letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MedicalInsurance {
    /// The appid that the order was created with.
    pub appid: String,
    /// The number of the mixed order (`mix_trade_no`). It is not signed.
    pub mix_trade_no: String,
    /// The part that the user pays; missing when the insurance pays all of it.
    #[serde(flatten)]
    pub payment: Option<MiniProgram>,
}

impl MedicalInsurance {
    /// Parameters of an order that the insurance pays all of: there is no prepay id, and nothing is signed.
    ///
    /// # Errors
    /// [`ParameterError`] when a text is empty or holds a control character.
    pub fn without_payment(
        appid: impl Into<String>,
        mix_trade_no: impl Into<String>,
    ) -> Result<Self, ParameterError> {
        Ok(Self {
            appid: text("appid", appid)?,
            mix_trade_no: text("mixTradeNo", mix_trade_no)?,
            payment: None,
        })
    }
}

/// Parameters of an order of which the user pays a part; `prepay_id` is that of the user's part.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn medical_insurance(
    appid: impl Into<String>,
    mix_trade_no: impl Into<String>,
    prepay_id: &str,
    stamp: &Stamp,
) -> Result<UnsignedParameters<MedicalInsurance>, ParameterError> {
    let (appid, message, payment) = prepare(appid, prepay_id, stamp)?;
    let mut parameters = MedicalInsurance::without_payment(appid, mix_trade_no)?;
    parameters.payment = Some(payment);
    Ok(UnsignedParameters::new(
        Algorithm::RsaSha256,
        message,
        parameters,
        |parameters, signature| {
            if let Some(payment) = &mut parameters.payment {
                payment.pay_sign = signature.to_base64();
            }
        },
    ))
}
