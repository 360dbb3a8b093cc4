//! Answers of any v2 operation in their form: XML, JSON, a file, or a page.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use wxpay_proto::v2::Fields;
use wxpay_types::schema::{Kind, OperationInfo, Returns, Signed};

use super::letter::Letter;
use crate::fault::Fault;
use crate::ids::Sequence;
use crate::v2::answer;
use crate::v2::refusal::Refusal;

/// Tells that the catalogue alone speaks here, and of which operation: nothing is stored.
const HEADER: &str = "wxpay-sim-documented";
/// What no example has: the signature is made here, and what tells of a refusal is taken for one.
const LEFT_OUT: [&str; 5] = ["err_code", "err_code_des", "error_code", "error_code_des", "sign"];

pub(super) fn write(
    outcome: Result<Fields, Refusal>,
    info: &OperationInfo,
    letter: &Letter<'_>,
    sequence: &mut Sequence,
    fault: Option<Fault>,
) -> Response<Bytes> {
    match (outcome, info.returns) {
        (Ok(_), Returns::File) => {
            let file = crate::documented::file(info, None);
            body(&file.media_type, file.content)
        }
        (Ok(_), Returns::Page) => page(info, letter),
        (Ok(fields), Returns::Json) => {
            body("application/json; charset=utf-8", json(info, fields).to_string())
        }
        (Err(refusal), Returns::Json) => {
            let refused = serde_json::json!({ "retcode": -1, "retmsg": refusal.description });
            body("application/json; charset=utf-8", refused.to_string())
        }
        (outcome, _) => message(outcome, info, letter, sequence, fault),
    }
}

/// Tells that the catalogue alone has spoken, and of which operation.
pub(super) fn documented(mut response: Response<Bytes>, info: &OperationInfo) -> Response<Bytes> {
    if let Ok(name) = HeaderValue::from_str(&info.name) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(HEADER), name);
    }
    response
}

fn message(
    outcome: Result<Fields, Refusal>,
    info: &OperationInfo,
    letter: &Letter<'_>,
    sequence: &mut Sequence,
    fault: Option<Fault>,
) -> Response<Bytes> {
    let (result_code, mut fields) = match outcome {
        Ok(mut fields) => {
            fields.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
            ("SUCCESS", fields)
        }
        Err(refusal) => ("FAIL", refusal.fields()),
    };
    let knows = |name: &str| {
        let schema = info.response.as_ref();
        schema.is_none_or(|schema| schema.field(name).is_some())
    };
    let mut put = |name: &str, text: &str| fields.insert(name.to_owned(), text.to_owned());
    put("return_code", "SUCCESS");
    put("return_msg", "OK");
    if knows("result_code") || result_code == "FAIL" {
        put("result_code", result_code);
    }
    let told = info
        .response
        .as_ref()
        .and_then(|schema| schema.field("sign_type"));
    if told.is_some() && info.signed == Signed::Always {
        put("sign_type", letter.algorithm.as_str());
    }
    if knows("nonce_str") {
        put("nonce_str", &sequence.hex());
    }
    let algorithm = (info.signed == Signed::Always).then_some(letter.algorithm);
    answer::finish(fields, algorithm, &letter.key, fault)
}

/// Texts as what the documentation says that they are.
fn json(info: &OperationInfo, fields: Fields) -> Value {
    let kind = |name: &str| Some(&info.response.as_ref()?.field(name)?.kind);
    let member = |(name, text): (String, String)| {
        let number = text
            .parse::<i64>()
            .ok()
            .filter(|_| matches!(kind(&name), Some(Kind::Int)));
        let value = number.map_or_else(|| text.into(), Value::from);
        (name, value)
    };
    Value::Object(fields.into_iter().map(member).collect::<Map<_, _>>())
}

/// A page for the user's browser: one that says what it stands for, or the way back to the merchant's.
fn page(info: &OperationInfo, letter: &Letter<'_>) -> Response<Bytes> {
    let field = |name: &str| letter.fields.get(name).map(String::as_str).unwrap_or_default();
    if info.status.contains(&302) {
        let separator = if field("redirect_uri").contains('?') {
            '&'
        } else {
            '?'
        };
        let state = utf8_percent_encode(field("state"), NON_ALPHANUMERIC);
        let to = format!(
            "{}{separator}code=wxpay-sim-code&state={state}",
            field("redirect_uri")
        );
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::FOUND;
        if let Ok(to) = HeaderValue::from_str(&to) {
            response.headers_mut().insert(LOCATION, to);
        }
        return response;
    }
    // The label is the catalogue's, and nothing of the request stands here: there is nothing to be escaped.
    let (label, name) = (&info.label, &info.name);
    let page = format!(
        "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>{label}</title>\n\
         <p>{label} ({name})</p>\n<p>微信支付模拟器的示例页面 (an example page of the simulator)</p>\n"
    );
    body("text/html; charset=utf-8", page)
}

fn body(media_type: &str, content: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(content.into());
    if let Ok(media_type) = HeaderValue::from_str(media_type) {
        response.headers_mut().insert(CONTENT_TYPE, media_type);
    }
    response
}
