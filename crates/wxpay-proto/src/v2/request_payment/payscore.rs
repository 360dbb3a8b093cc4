//! Payscore (支付分): the user confirms an order, or looks at one.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::pairs::Pairs;
use crate::crypto::Algorithm;
use crate::front_end::{ParameterError, UnsignedParameters};
use crate::id::MerchantId;
use crate::stamp::Stamp;

/// What payscore's view takes: serde writes the object for a mini program (`extraData`), [`query`](Self::query) is the
/// text for a page (`queryString`) and for an app (`query`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayScore {
    business_type: &'static str,
    pairs: Pairs,
    /// What the member with the signature is called.
    member: Cow<'static, str>,
}

impl PayScore {
    /// `businessType`: `wxpayScoreUse` to confirm an order, `wxpayScoreDetail` to look at one.
    #[must_use]
    pub fn business_type(&self) -> &'static str {
        self.business_type
    }

    /// The members, signature included, as they were signed.
    #[must_use]
    pub fn parameters(&self) -> &Pairs {
        &self.pairs
    }

    /// `name=value&…` with percent-encoded values.
    #[must_use]
    pub fn query(&self) -> String {
        self.pairs.query()
    }
}

impl Serialize for PayScore {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.pairs.serialize(serializer)
    }
}

impl UnsignedParameters<PayScore> {
    /// Sets what the member with the signature is called. It is `sign` when nothing is said, as on the official pages;
    /// the newest official samples write `signature`.
    #[must_use]
    pub fn member(self, name: impl Into<Cow<'static, str>>) -> Self {
        let name = name.into();
        self.change(|parameters| parameters.member = name)
    }
}

/// Parameters for the user to confirm an order; `package` stands in the answer to its creation.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn payscore_confirm(
    merchant: &MerchantId,
    package: impl Into<String>,
    stamp: &Stamp,
) -> Result<UnsignedParameters<PayScore>, ParameterError> {
    let pairs = Pairs::default()
        .with("mch_id", merchant.as_str())?
        .with("package", package)?;
    unsigned("wxpayScoreUse", pairs, stamp)
}

/// Parameters for the user to look at an order.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character.
pub fn payscore_detail(
    merchant: &MerchantId,
    service_id: impl Into<String>,
    out_order_no: impl Into<String>,
    stamp: &Stamp,
) -> Result<UnsignedParameters<PayScore>, ParameterError> {
    let pairs = Pairs::default()
        .with("mch_id", merchant.as_str())?
        .with("service_id", service_id)?
        .with("out_order_no", out_order_no)?;
    unsigned("wxpayScoreDetail", pairs, stamp)
}

fn unsigned(
    business_type: &'static str,
    pairs: Pairs,
    stamp: &Stamp,
) -> Result<UnsignedParameters<PayScore>, ParameterError> {
    let pairs = pairs
        .with("timestamp", stamp.timestamp.to_string())?
        .with("nonce_str", stamp.nonce.as_str())?
        .with("sign_type", Algorithm::HmacSha256.as_str())?;
    let message = pairs.message();
    let parameters = PayScore {
        business_type,
        pairs,
        member: Cow::Borrowed("sign"),
    };
    Ok(UnsignedParameters::new(
        Algorithm::HmacSha256,
        message,
        parameters,
        |parameters, signature| {
            parameters
                .pairs
                .push(parameters.member.clone(), signature.to_hex());
        },
    ))
}
