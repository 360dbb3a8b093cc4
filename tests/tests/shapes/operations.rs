//! Operations as generated code writes them: one flat struct, `write`, and a response type with its proof.

use http::Method;
use serde::{Deserialize, Serialize};
use wxpay_proto::proof::{Signed, SignedIfPresent, Unsigned};
use wxpay_proto::v2::{Fields, V2};
use wxpay_proto::v3::V3;
use wxpay_proto::{AnswerBody, BuildError, Draft, Effect, Meta, Operation, ParseError, Response, Sensitive};

/// `GET /v3/pay/transactions/out-trade-no/{out_trade_no}`: a read, with a path and a query parameter, whose answer
/// must be about the order asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct QueryOrder {
    pub(crate) out_trade_no: Option<String>,
    pub(crate) mchid: Option<String>,
}

impl Operation for QueryOrder {
    type Protocol = V3;
    type Response = Order;
    const META: Meta = Meta::new(
        "test.query-order",
        Method::GET,
        "/v3/pay/transactions/out-trade-no/{out_trade_no}",
    );

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.path("out_trade_no", self.out_trade_no.as_deref())?;
        draft.query("mchid", self.mchid.as_deref());
        draft.echo("out_trade_no", self.out_trade_no.as_deref());
        draft.echo("mchid", self.mchid.as_deref());
        Ok(())
    }
}

/// An order, as queried.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(crate) struct Order {
    pub(crate) out_trade_no: Option<String>,
    pub(crate) trade_state: Option<String>,
}

impl Response for Order {
    type Proof = Signed;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        body.json()
    }
}

/// `POST …/close`: money, because an order ends; path and body parameters in one struct, nothing answered.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct CloseOrder {
    pub(crate) out_trade_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mchid: Option<String>,
}

impl Operation for CloseOrder {
    type Protocol = V3;
    type Response = wxpay_proto::NoContent;
    const META: Meta = Meta::new(
        "test.close-order",
        Method::POST,
        "/v3/pay/transactions/out-trade-no/{out_trade_no}/close",
    );

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.path("out_trade_no", self.out_trade_no.as_deref())?;
        draft.json(self, &["out_trade_no"])
    }
}

/// `POST /v3/applyment4sub/applyment/`: two sensitive fields.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Apply {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) business_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) contact_name: Option<Sensitive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mobile_phone: Option<Sensitive>,
}

impl Operation for Apply {
    type Protocol = V3;
    type Response = Order;
    const META: Meta =
        Meta::new("test.apply", Method::POST, "/v3/applyment4sub/applyment/").effect(Effect::Write);

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        for field in [&self.contact_name, &self.mobile_phone].into_iter().flatten() {
            if let Some(key) = field.key() {
                draft.sealed_for(key)?;
            }
        }
        draft.json(self, &[])
    }

    fn sensitive(&mut self, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        if let Some(field) = &mut self.contact_name {
            visit("/contact_name", field);
        }
        if let Some(field) = &mut self.mobile_phone {
            visit("/mobile_phone", field);
        }
    }
}

/// v2 `gettransferinfo`: its answers are never signed.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct NeverSigned {
    pub(crate) partner_trade_no: Option<String>,
}

impl Operation for NeverSigned {
    type Protocol = V2;
    type Response = TransferInfo<Unsigned>;
    const META: Meta = Meta::new(
        "test.never-signed",
        Method::POST,
        "/mmpaymkttransfers/gettransferinfo",
    )
    .effect(Effect::Read)
    .client_certificate();

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.echo("partner_trade_no", self.partner_trade_no.as_deref());
        draft.fields(self)
    }
}

/// The same with answers that are signed now and then.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct SometimesSigned {
    pub(crate) partner_trade_no: Option<String>,
}

impl Operation for SometimesSigned {
    type Protocol = V2;
    type Response = TransferInfo<SignedIfPresent>;
    const META: Meta = Meta::new(
        "test.sometimes-signed",
        Method::POST,
        "/mmpaymkttransfers/gettransferinfo",
    );

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.fields(self)
    }
}

/// The same with answers that are always signed.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct AlwaysSigned {
    pub(crate) partner_trade_no: Option<String>,
}

impl Operation for AlwaysSigned {
    type Protocol = V2;
    type Response = TransferInfo<Signed>;
    const META: Meta = Meta::new(
        "test.always-signed",
        Method::POST,
        "/mmpaymkttransfers/gettransferinfo",
    );

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.echo("partner_trade_no", self.partner_trade_no.as_deref());
        draft.fields(self)
    }
}

/// The answer of the three, with the proof `P`.
#[derive(Clone, Debug)]
pub(crate) struct TransferInfo<P> {
    pub(crate) fields: Fields,
    proof: std::marker::PhantomData<P>,
}

impl<P> Response for TransferInfo<P> {
    type Proof = P;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self {
            fields: body.fields(&[])?,
            proof: std::marker::PhantomData,
        })
    }
}
