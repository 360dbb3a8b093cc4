//! Coupons (优惠券): handed out by a mini program's plugin, or by a link.

use serde::Serialize;

use super::pairs::{Link, Pairs};
use crate::crypto::Algorithm;
use crate::front_end::{ParameterError, UnsignedParameters, text};
use crate::id::MerchantId;
use crate::v2::canonical;

/// One coupon to be handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coupon {
    stock_id: String,
    out_request_no: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_code: Option<String>,
}

impl Coupon {
    /// A coupon of a stock (批次), under the request number that makes a repetition harmless.
    #[must_use]
    pub fn new(stock_id: impl Into<String>, out_request_no: impl Into<String>) -> Self {
        Self {
            stock_id: stock_id.into(),
            out_request_no: out_request_no.into(),
            coupon_code: None,
        }
    }

    /// Sets the code, for stocks whose codes are given when they are handed out.
    #[must_use]
    pub fn code(mut self, coupon_code: impl Into<String>) -> Self {
        self.coupon_code = Some(coupon_code.into());
        self
    }

    /// Its members with their names, looked at.
    fn members(&self) -> Result<Vec<(&'static str, String)>, ParameterError> {
        let mut members = vec![
            ("stock_id", text("stock_id", self.stock_id.as_str())?),
            (
                "out_request_no",
                text("out_request_no", self.out_request_no.as_str())?,
            ),
        ];
        if let Some(code) = &self.coupon_code {
            members.push(("coupon_code", text("coupon_code", code.as_str())?));
        }
        Ok(members)
    }
}

/// What the plugin `send-coupon` takes (小程序发券插件).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SendCoupons {
    /// The coupons.
    pub send_coupon_params: Vec<Coupon>,
    /// The merchant who hands them out.
    pub send_coupon_merchant: String,
    /// The signature, capital hexadecimal.
    pub sign: String,
}

/// Parameters for the plugin that hands out coupons. Each coupon's members are signed with its index, counted from 0,
/// behind their names: `stock_id0`, `stock_id1` …
///
/// # Errors
/// [`ParameterError`] when there is no coupon, or a text is empty or holds a control character.
pub fn send_coupons(
    merchant: &MerchantId,
    coupons: impl Into<Vec<Coupon>>,
) -> Result<UnsignedParameters<SendCoupons>, ParameterError> {
    let coupons = coupons.into();
    if coupons.is_empty() {
        let (name, problem) = ("send_coupon_params", "is empty");
        return Err(ParameterError { name, problem });
    }
    let mut flat = vec![("send_coupon_merchant".to_owned(), merchant.to_string())];
    for (index, coupon) in coupons.iter().enumerate() {
        let members = coupon.members()?.into_iter();
        flat.extend(members.map(|(name, value)| (format!("{name}{index}"), value)));
    }
    let message = canonical::message(flat.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let parameters = SendCoupons {
        send_coupon_params: coupons,
        send_coupon_merchant: merchant.to_string(),
        sign: String::new(),
    };
    Ok(UnsignedParameters::new(
        Algorithm::HmacSha256,
        message,
        parameters,
        |parameters, signature| parameters.sign = signature.to_hex(),
    ))
}

/// A link that hands a merchant's coupon (商家券) to the user who opens it inside WeChat; `open_id` is that user's.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn h5_coupon(
    merchant: &MerchantId,
    coupon: &Coupon,
    open_id: impl Into<String>,
) -> Result<UnsignedParameters<Link>, ParameterError> {
    let mut pairs = Pairs::default();
    let mut code = None;
    for (name, value) in coupon.members()? {
        match name {
            "coupon_code" => code = Some(value),
            _ => pairs.push(name, value),
        }
    }
    let mut pairs = pairs
        .with("send_coupon_merchant", merchant.as_str())?
        .with("open_id", open_id)?;
    if let Some(code) = code {
        pairs.push("coupon_code", code);
    }
    let message = pairs.message();
    let address = "https://action.weixin.qq.com/busifavor/getcouponinfo";
    Ok(UnsignedParameters::new(
        Algorithm::HmacSha256,
        message,
        Link::new(address, pairs, "#wechat_redirect"),
        |link, signature| link.pairs.push("sign", signature.to_hex()),
    ))
}
