//! Operations that the tests send.

use http::Method;
use serde::{Deserialize, Serialize};
use wxpay_proto::crypto::Padding;
use wxpay_proto::proof::Signed;
use wxpay_proto::v2::V2;
use wxpay_proto::v3::{Call, V3};
use wxpay_proto::{AnswerBody, BuildError, Draft, Effect, Meta, Operation, ParseError, Response, Sensitive};

/// A v3 read.
pub(crate) fn query() -> Call {
    Call::new(
        Method::GET,
        "/v3/pay/transactions/out-trade-no/20260101?mchid=1900007291",
    )
}

/// A v3 call that moves money.
pub(crate) fn pay() -> Call {
    Call::new(Method::POST, "/v3/pay/transactions/native").body("{\"description\":\"coffee\"}")
}

/// A v3 operation with sensitive fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct AddReceiver {
    pub(crate) account: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Sensitive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<Sensitive>,
}

impl Operation for AddReceiver {
    type Protocol = V3;
    type Response = Anything;
    const META: Meta = Meta::new(
        "test.add-receiver",
        Method::POST,
        "/v3/profitsharing/receivers/add",
    )
    .effect(Effect::Write);

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        for key in [&self.name, &self.phone]
            .into_iter()
            .flatten()
            .filter_map(Sensitive::key)
        {
            draft.sealed_for(key)?;
        }
        draft.json(self, &[])
    }

    fn sensitive(&mut self, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        if let Some(name) = &mut self.name {
            visit("/name", name);
        }
        if let Some(phone) = &mut self.phone {
            visit("/phone", phone);
        }
    }
}

/// The same with the padding that a few operations are documented to have.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct AddReceiverPkcs1(pub(crate) AddReceiver);

impl Operation for AddReceiverPkcs1 {
    type Protocol = V3;
    type Response = Anything;
    const META: Meta = AddReceiver::META.padding(Padding::Pkcs1v15);

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        self.0.write(draft)
    }

    fn sensitive(&mut self, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        self.0.sensitive(visit);
    }
}

/// A v2 operation that asks for the client certificate.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RefundV2 {
    pub(crate) mch_id: &'static str,
    pub(crate) out_refund_no: &'static str,
}

impl Operation for RefundV2 {
    type Protocol = V2;
    type Response = Anything;
    const META: Meta = Meta::new("test.refund-v2", Method::POST, "/secapi/pay/refund").client_certificate();

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.fields(self)
    }
}

/// A v3 operation that moves money, with a key of idempotency and a query that settles it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Refund {
    pub(crate) out_refund_no: &'static str,
}

impl Operation for Refund {
    type Protocol = V3;
    type Response = Anything;
    const META: Meta = Meta::new("test.refund", Method::POST, "/v3/refund/domestic/refunds")
        .idempotent_by("out_refund_no")
        .settled_by("test.query");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.json(self, &[])
    }
}

/// The same, but no money moves.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Note(pub(crate) Refund);

impl Operation for Note {
    type Protocol = V3;
    type Response = Anything;
    const META: Meta = Refund::META.effect(Effect::Write);

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        self.0.write(draft)
    }
}

/// An answer that is signed and may say anything.
#[derive(Clone, Debug)]
pub(crate) struct Anything;

impl Response for Anything {
    type Proof = Signed;

    fn parse(_: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self)
    }
}
