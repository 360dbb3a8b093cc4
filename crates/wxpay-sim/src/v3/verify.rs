//! Verifies who sent a request (protocol sections 1 and 9.1): exactly what arrived, byte for byte.

use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;
use http::uri::PathAndQuery;
use serde_json::json;
use wxpay_proto::crypto::{Algorithm, Signature, Verifier as _};
use wxpay_proto::v3::canonical::request_message;
use wxpay_proto::v3::{Authorization, CLOCK_WINDOW, Scheme};
use wxpay_proto::{Serial, UnixTime};

use super::inner;
use super::refusal::Refusal;
use crate::multipart;
use crate::profile::{Merchant, Profile};

/// How much of a body the real platform shows of what it verified, in bytes.
const SHOWN: usize = 8;

/// Finds the account that signed the request.
pub(super) fn verify<'a>(
    request: &Request<Bytes>,
    profile: &'a Profile,
    wire: UnixTime,
) -> Result<&'a Merchant, Refusal> {
    let authorization = read(request)?;
    let body = signed_part(request);
    let target = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    let method = request.method().as_str();
    let (timestamp, nonce) = (&authorization.timestamp, &authorization.nonce_str);
    let message = request_message(method, target, timestamp, nonce, body);
    let refuse = |field: &str, issue: &str| {
        let start = &message[..message.len() - body.len() - 1 + body.len().min(SHOWN)];
        let mut refusal = sign_error(field, issue);
        if let Some(detail) = refusal.detail.as_mut() {
            detail["sign_information"] = json!({
                "method": method,
                "url": target,
                "truncated_sign_message": format!("{}\n", String::from_utf8_lossy(start)),
                "sign_message_length": message.len(),
            });
        }
        refusal
    };
    // Here a brand has the number and the keys of its merchant; it is told by the scheme, which its operations ask for.
    let wanted = if target.starts_with("/brand/") {
        Scheme::BrandRsa
    } else {
        Scheme::MerchantRsa
    };
    let merchant = profile
        .find(&authorization.identity)
        .filter(|_| authorization.scheme == wanted);
    let merchant = merchant.ok_or_else(|| refuse(authorization.scheme.identity(), "no such account"))?;
    if Serial::new(&authorization.serial_no).ok().as_ref() != Some(merchant.serial()) {
        return Err(refuse(
            "serial_no",
            "not the serial number of the merchant's API certificate",
        ));
    }
    let digits = timestamp.bytes().all(|b| b.is_ascii_digit());
    let signed_at: Option<i64> = timestamp.parse().ok().filter(|_| digits);
    if signed_at.is_none_or(|signed_at| signed_at.abs_diff(wire.as_secs()) > CLOCK_WINDOW) {
        return Err(refuse("timestamp", "more than 300 s off the server's clock"));
    }
    let signature = Signature::from_base64(&authorization.signature);
    let signature = signature.map_err(|_| refuse("signature", "not base64"))?;
    merchant
        .public_key()
        .verify(Algorithm::RsaSha256, &message, &signature)
        .map_err(|_| refuse("signature", "sign not match"))?;
    Ok(merchant)
}

fn read(request: &Request<Bytes>) -> Result<Authorization, Refusal> {
    let mut headers = request.headers().get_all(AUTHORIZATION).iter();
    let malformed = |issue: &str| sign_error("Authorization", issue);
    let header = match (headers.next(), headers.next()) {
        (None, _) => return Err(malformed("the header is missing")),
        (Some(_), Some(_)) => return Err(malformed("the header stands twice")),
        (Some(header), None) => header
            .to_str()
            .map_err(|_| malformed("the header is not ASCII"))?,
    };
    Authorization::parse(header).map_err(|error| malformed(&error.to_string()))
}

/// The part of the body that is signed: all of it, or an upload's `meta`.
fn signed_part(request: &Request<Bytes>) -> &[u8] {
    let content_type = request.headers().get(http::header::CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    multipart::meta(content_type, request.body()).unwrap_or(request.body())
}

/// The shape that the real platform gives: the issue is one level deeper than in other errors.
fn sign_error(field: &str, issue: &str) -> Refusal {
    let detail = json!({ "detail": { "issue": issue }, "field": field, "location": "authorization" });
    let message = if field == "signature" {
        "错误的签名，验签失败".to_owned()
    } else {
        format!("错误的签名，验签失败 ({field}: {issue})")
    };
    Refusal::new(401, "SIGN_ERROR", inner::SIGNATURE, message).with_detail(detail)
}
