//! `v2_response`: answers of v2, each under the rule of its endpoint.

use http::Method;
use wxpay_proto::crypto::Signer as _;
use wxpay_proto::proof::{Proof, Signed, Unsigned as NeverSigned};
use wxpay_proto::v2::{Fields, File, V2};
use wxpay_proto::{
    AnswerBody, ApiV2Key, BuildError, Draft, Error, Meta, Operation, ParseError, Pending, Response, Unsigned,
};
use wxpay_tests::journey::{now, stamp, unsigned_answer, v2_credentials};
use wxpay_tests::vectors::Vector;

use crate::kinds::{Ours, assert_kind};

/// The fields of an answer whose proof is `P`.
struct Answer<P> {
    fields: Fields,
    proof: std::marker::PhantomData<P>,
}

impl<P> Response for Answer<P> {
    type Proof = P;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self {
            fields: body.fields(&[])?,
            proof: std::marker::PhantomData,
        })
    }
}

macro_rules! operation {
    ($name:ident, $path:literal, $answer:ty) => {
        #[derive(Clone)]
        struct $name;

        impl Operation for $name {
            type Protocol = V2;
            type Response = $answer;
            const META: Meta = Meta::new(concat!("test", $path), Method::POST, $path);

            fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
                draft.fields(&Fields::from([("out_trade_no".to_owned(), "1".to_owned())]))
            }
        }
    };
}

operation!(UnifiedOrder, "/pay/unifiedorder", Answer<Signed>);
operation!(
    Transfers,
    "/mmpaymkttransfers/promotion/transfers",
    Answer<NeverSigned>
);
operation!(DownloadBill, "/pay/downloadbill", File);

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    let key = ApiV2Key::new(vector.text("api_v2_key")).expect("an APIv2 key");
    let error = match vector.text("endpoint") {
        "/pay/unifiedorder" => receive(&UnifiedOrder, vector, &key)
            .map(|answer| assert_eq!(answer.fields["return_code"], "SUCCESS")),
        "/mmpaymkttransfers/promotion/transfers" => receive(&Transfers, vector, &key).map(|answer| {
            assert_eq!(
                answer.claimed().fields["payment_no"],
                "1000018301201505190181489473"
            )
        }),
        "/pay/downloadbill" => receive(&DownloadBill, vector, &key).map(|_| ()),
        other => panic!("{other} has no rule here"),
    };
    match error {
        Ok(()) => assert_eq!(expected.take("valid"), true),
        Err(error) => {
            assert_kind(&Ours::Journey(&error), &expected.text("kind"));
            if let Some(message) = expected.take_if_any("return_msg") {
                let refusal = error.api_error().expect("WeChat Pay's error");
                assert_eq!(Some(message), refusal.message.clone().map(Into::into));
                let code = expected.take_if_any("error_code");
                assert_eq!(code, refusal.code.clone().map(Into::into));
            }
        }
    }
    expected.finish();
}

type AnswerOf<O> =
    <<<O as Operation>::Response as Response>::Proof as Proof>::Answer<<O as Operation>::Response>;

fn receive<O>(operation: &O, vector: &Vector, key: &ApiV2Key) -> Result<AnswerOf<O>, Error>
where
    O: Operation<Protocol = V2>,
    <O::Response as Response>::Proof: Proof,
{
    let unsigned = Unsigned::new(operation, &v2_credentials(), &stamp()).expect("a request");
    let signature = key
        .sign(unsigned.algorithm(), unsigned.message())
        .expect("a signature");
    let (_, pending): (_, Pending<O>) = unsigned
        .attach(&signature)
        .expect("a signed request")
        .into_parts();
    pending
        .receive(unsigned_answer(200, vector.text("body").to_owned()))
        .verify(key, now())
}
