//! What is sent is what is signed, whatever text stands in whatever parameter.

use bytes::Bytes;
use http::Method;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde::Serialize;
use wxpay_proto::crypto::{Algorithm, Backend, Signature, Verifier as _};
use wxpay_proto::v3::{Authorization, Call, Raw, V3};
use wxpay_proto::{BuildError, Draft, Meta, Operation, Unsigned};
use wxpay_tests::journey::{MCHID, merchant_key, stamp, v3_credentials};
use wxpay_tests::keys::public_key;

use crate::{bytes, config, text};

/// A parameter in every place that there is.
#[derive(Clone, Debug, Serialize)]
struct Everywhere {
    path: String,
    second: String,
    query: Vec<(String, String)>,
    header: String,
    body: String,
}

impl Operation for Everywhere {
    type Protocol = V3;
    type Response = Raw;
    const META: Meta = Meta::new("test.everywhere", Method::POST, "/v3/a/{path}/b/{second}/c");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        // The second one first: a value must not be taken for a place to fill in.
        draft.path("second", Some(&self.second))?;
        draft.path("path", Some(&self.path))?;
        for (name, value) in &self.query {
            draft.query(name, Some(value));
        }
        draft.header("X-Header", Some(&self.header))?;
        draft.json(self, &["path", "second", "query", "header"])
    }
}

fn everywhere() -> impl Strategy<Value = Everywhere> {
    let segment = || text(12).prop_filter("a segment", |text| !["", ".", ".."].contains(&text.as_str()));
    let query = prop::collection::vec((text(6), text(12)), 0..4);
    let header = text(12).prop_map(|text| text.replace(|c: char| c.is_control(), ""));
    (segment(), segment(), query, header, text(20)).prop_map(|(path, second, query, header, body)| {
        Everywhere {
            path,
            second,
            query,
            header,
            body,
        }
    })
}

fn attach<O: Operation<Protocol = V3>>(operation: &O) -> (Vec<u8>, http::Request<Bytes>) {
    let unsigned = Unsigned::new(operation, &v3_credentials(), &stamp()).expect("a request");
    let message = unsigned.message().to_vec();
    let (request, _) = unsigned
        .attach(&Signature::new([1, 2, 3]))
        .expect("a signed request")
        .into_parts();
    (message, request)
}

/// Reads the message back out of what is sent, and nothing else.
fn message_of(request: &http::Request<Bytes>) -> Vec<u8> {
    let header = request.headers()["authorization"].to_str().expect("a text");
    let authorization = Authorization::parse(header).expect("an Authorization");
    let target = request.uri().path_and_query().expect("a target").as_str();
    let head = [
        request.method().as_str(),
        target,
        &authorization.timestamp,
        &authorization.nonce_str,
    ];
    let mut message = head.map(|line| format!("{line}\n")).concat().into_bytes();
    message.extend_from_slice(request.body());
    message.push(b'\n');
    message
}

fn decoded(text: &str) -> String {
    percent_decode_str(text)
        .decode_utf8()
        .expect("UTF-8")
        .into_owned()
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn what_is_sent_is_what_is_signed(operation in everywhere()) {
        let (message, request) = attach(&operation);
        prop_assert_eq!(message_of(&request), message);
        prop_assert_eq!(request.uri().host(), Some("api.mch.weixin.qq.com"));
    }

    #[test]
    fn every_text_arrives(operation in everywhere()) {
        let (_, request) = attach(&operation);
        let target = request.uri().path_and_query().expect("a target").as_str();
        prop_assert!(target.bytes().all(|b| b.is_ascii_graphic()), "{}", target);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments: Vec<&str> = path.split('/').collect();
        let [_, "v3", "a", first, "b", second, "c"] = segments[..] else {
            return Err(TestCaseError::fail(format!("another path: {path}")));
        };
        prop_assert_eq!(decoded(first), &operation.path[..]);
        prop_assert_eq!(decoded(second), &operation.second[..]);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let pairs: Vec<_> = pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
        prop_assert_eq!(pairs, operation.query);
        prop_assert_eq!(request.headers()["x-header"].as_bytes(), operation.header.as_bytes());
        let body: serde_json::Value = serde_json::from_slice(request.body()).expect("JSON");
        prop_assert_eq!(body, serde_json::json!({ "body": operation.body }));
    }

    #[test]
    fn a_spelled_out_call_is_sent_verbatim_or_refused(target in "/[ -~]{0,30}|[ -~]{0,12}", body in bytes(60)) {
        let call = Call::new(Method::PUT, target.clone()).body(body.clone());
        match Unsigned::new(&call, &v3_credentials(), &stamp()) {
            Ok(_) => {
                let (message, request) = attach(&call);
                prop_assert_eq!(message_of(&request), message);
                prop_assert_eq!(request.uri().path_and_query().map(|found| found.as_str()), Some(target.as_str()));
                prop_assert_eq!(request.body(), &body);
            }
            Err(BuildError::Target { target: named, .. }) => prop_assert_eq!(named, target),
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
    }

    #[test]
    fn an_ordinary_target_is_never_refused(target in "/v3(/[a-zA-Z0-9._~%*|-]{1,8}){0,4}(\\?([a-z_]{1,6}=[a-zA-Z0-9%+*]{0,8}&){0,3})?") {
        let call = Call::new(Method::GET, target.clone());
        prop_assert!(Unsigned::new(&call, &v3_credentials(), &stamp()).is_ok());
    }

    #[test]
    fn any_header_is_sent_verbatim_or_refused(value in text(16)) {
        let call = Call::new(Method::GET, "/v3/x").header("X-Header", value.clone());
        match Unsigned::new(&call, &v3_credentials(), &stamp()) {
            Ok(_) => {
                let (_, request) = attach(&call);
                prop_assert_eq!(request.headers()["x-header"].as_bytes(), value.as_bytes());
            }
            Err(BuildError::Header { .. }) => prop_assert!(value.chars().any(char::is_control)),
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
    }
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn the_signature_that_is_sent_fits_what_is_sent(operation in everywhere()) {
        let unsigned = Unsigned::new(&operation, &v3_credentials(), &stamp()).expect("a request");
        let (request, _) = unsigned.sign(&merchant_key()).expect("a signed request").into_parts();
        let header = request.headers()["authorization"].to_str().expect("a text");
        let authorization = Authorization::parse(header).expect("an Authorization");
        prop_assert_eq!(&authorization.identity[..], MCHID);
        let signature = Signature::from_base64(&authorization.signature).expect("base64");
        let key = public_key("merchant_rsa", Backend::AwsLc);
        prop_assert_eq!(key.verify(Algorithm::RsaSha256, &message_of(&request), &signature), Ok(()));
    }
}
