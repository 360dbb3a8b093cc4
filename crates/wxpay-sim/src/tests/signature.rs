use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Request};
use serde_json::{Value, json};
use wxpay_proto::{ApiError, Effect, UnixTime, v3};

use super::client::{START, Table, combine};
use super::transfer::{BILLS, transfer};
use crate::Settings;

const JSAPI: &str = "/v3/combine-transactions/jsapi";

fn refusal(table: &mut Table, request: &Request<Bytes>) -> ApiError {
    let response = table.handle(request);
    let signed = response.headers().contains_key("wechatpay-signature");
    assert_eq!(signed, response.status() != 401, "401 is not signed, all else is");
    let request_id = response.headers()["request-id"].to_str().unwrap().to_owned();
    let body = response.body().clone();
    v3::read_refusal(
        "test",
        Effect::Write,
        response.status().as_u16(),
        Some(&request_id),
        body,
    )
}

fn sign_error(table: &mut Table, request: &Request<Bytes>, field: &str) -> ApiError {
    let error = refusal(table, request);
    assert_eq!(
        (error.status, error.code.as_deref()),
        (401, Some("SIGN_ERROR")),
        "{error}"
    );
    assert_eq!(error.field(), Some(field), "{error}");
    assert_eq!(error.location(), Some("authorization"));
    assert_eq!(error.inner_code(), Some(268_443_699));
    error
}

/// A signed request with a part of its `Authorization` replaced.
fn with_authorization(table: &Table, change: fn(&mut v3::Authorization)) -> Request<Bytes> {
    let mut request = table.request(Method::POST, JSAPI, &combine("P1"));
    let header = request.headers()[AUTHORIZATION].to_str().unwrap();
    let mut authorization = v3::Authorization::parse(header).unwrap();
    change(&mut authorization);
    let header = HeaderValue::try_from(authorization.to_string()).unwrap();
    request.headers_mut().insert(AUTHORIZATION, header);
    request
}

#[test]
fn a_refused_signature_is_explained() {
    let mut table = Table::merchant();
    let mut request = table.request(Method::POST, JSAPI, &combine("P1"));
    let mut body: Value = serde_json::from_slice(request.body()).unwrap();
    body["notify_url"] = json!("https://elsewhere.example");
    *request.body_mut() = Bytes::from(body.to_string());
    let error = sign_error(&mut table, &request, "signature");
    assert_eq!(error.issue(), Some("sign not match"));
    assert_eq!(error.message.as_deref(), Some("错误的签名，验签失败"));
    let information = error.sign_information().unwrap();
    assert_eq!(information.method.as_deref(), Some("POST"));
    assert_eq!(information.url.as_deref(), Some(JSAPI));
    let start =
        "POST\n/v3/combine-transactions/jsapi\n1700000000\n593BEC0C930BF1AFEB40B4A08C8FB242\n{\"combin\n";
    assert_eq!(information.truncated_sign_message.as_deref(), Some(start));
    let length = start.len() - 8 + request.body().len();
    assert_eq!(information.sign_message_length, u64::try_from(length).ok());
}

#[test]
fn the_same_content_in_other_bytes_does_not_verify() {
    let mut table = Table::merchant();
    let mut request = table.request(Method::POST, JSAPI, &combine("P1"));
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    *request.body_mut() = Bytes::from(serde_json::to_vec_pretty(&body).unwrap());
    sign_error(&mut table, &request, "signature");

    let target = "/v3/combine-transactions/out-trade-no/P%7C1";
    let mut request = table.request(Method::GET, target, &Value::Null);
    assert_eq!(
        refusal(&mut table, &request).code.as_deref(),
        Some("ORDER_NOT_EXIST")
    );
    for other in [
        "/v3/combine-transactions/out-trade-no/P%7c1",
        "/v3/combine-transactions/out-trade-no/P%7C1?",
        "/v3/combine-transactions/out-trade-no/P%7C1/",
        "/v3/combine-transactions/out-trade-no/%50%7C1",
    ] {
        *request.uri_mut() = other.parse().unwrap();
        sign_error(&mut table, &request, "signature");
    }
}

#[test]
fn who_signs_is_checked_by_number_serial_and_key() {
    let mut table = Table::merchant();
    let request = with_authorization(&table, |header| {
        header.serial_no = header.serial_no.to_lowercase()
    });
    assert_eq!(
        refusal(&mut Table::merchant(), &request).code,
        None,
        "serials are numbers"
    );
    let platform = |header: &mut v3::Authorization| {
        header.serial_no = crate::Profile::test().platform_certificate().id().to_string();
    };
    let request = with_authorization(&table, platform);
    sign_error(&mut table, &request, "serial_no");
    let request = with_authorization(&table, |header| header.serial_no.clear());
    sign_error(&mut table, &request, "Authorization");
    let request = with_authorization(&table, |header| header.identity = "1999999999".into());
    sign_error(&mut table, &request, "mchid");
    let request = with_authorization(&table, |header| header.scheme = v3::Scheme::BrandRsa);
    sign_error(&mut table, &request, "brand_id");
    let request = with_authorization(&table, |header| header.signature = "%%%".into());
    sign_error(&mut table, &request, "signature");
    let request = with_authorization(&table, |header| header.nonce_str = "other".into());
    sign_error(&mut table, &request, "signature");

    // The right number and serial, and somebody else's key.
    let unsigned = table.unsigned(Method::POST, JSAPI, &combine("P1"));
    table.merchant = table.platform.profile().partner().clone();
    let request = unsigned.sign(&table.key()).unwrap().into_parts().0;
    sign_error(&mut table, &request, "signature");
}

#[test]
fn an_authorization_that_cannot_be_read_is_refused() {
    let mut table = Table::merchant();
    let request = table.request(Method::POST, JSAPI, &combine("P1"));
    for header in [
        "",
        "Bearer x",
        "WECHATPAY2-SM2-WITH-SM3 mchid=\"1\"",
        "WECHATPAY2-SHA256-RSA2048 mchid=1",
    ] {
        let mut request = request.clone();
        request
            .headers_mut()
            .insert(AUTHORIZATION, HeaderValue::from_static(header));
        sign_error(&mut table, &request, "Authorization");
    }
    let mut twice = request.clone();
    let header = twice.headers()[AUTHORIZATION].clone();
    twice.headers_mut().append(AUTHORIZATION, header);
    sign_error(&mut table, &twice, "Authorization");
    let mut none = request;
    none.headers_mut().remove(AUTHORIZATION);
    assert_eq!(
        sign_error(&mut table, &none, "Authorization").sign_information(),
        None
    );
}

#[test]
fn the_wire_clock_may_be_300_seconds_off() {
    for (off, fits) in [(-301, false), (-300, true), (300, true), (301, false)] {
        let mut table = Table::merchant();
        let request = table.request(Method::POST, JSAPI, &combine("P1"));
        table.clocks.wire = UnixTime::from_secs(START + off);
        if fits {
            assert_eq!(table.handle(&request).status(), 200, "{off}");
        } else {
            sign_error(&mut table, &request, "timestamp");
        }
    }
    let mut table = Table::merchant();
    let request = with_authorization(&table, |header| header.timestamp = "+1700000000".into());
    sign_error(&mut table, &request, "timestamp");
}

#[test]
fn headers_that_every_client_sends_are_asked_for() {
    for name in [ACCEPT, USER_AGENT, CONTENT_TYPE] {
        let mut table = Table::merchant();
        let mut request = table.request(Method::POST, JSAPI, &combine("P1"));
        request.headers_mut().remove(&name);
        let error = refusal(&mut table, &request);
        assert_eq!(
            (error.status, error.code.as_deref()),
            (400, Some("PARAM_ERROR")),
            "{name}"
        );
        assert!(error.field().unwrap().eq_ignore_ascii_case(name.as_str()));
        let lenient = Settings {
            strict_headers: false,
            ..Settings::default()
        };
        let mut table = Table::of(lenient, |profile| profile.merchant());
        assert_eq!(table.handle(&request).status(), 200);
    }
}

#[test]
fn the_answer_is_signed_with_the_key_that_is_asked_for() {
    let mut table = Table::merchant();
    let mut request = table.request(Method::POST, JSAPI, &combine("P1"));
    let serial = |table: &mut Table, request: &Request<Bytes>| {
        let response = table.handle(request);
        let keys = table.platform.profile().platform_keys();
        let headers = v3::SignatureHeaders::read(response.headers()).unwrap();
        headers
            .verify(response.body(), &keys, table.clocks.wire)
            .unwrap()
            .to_string()
    };
    let profile = table.platform.profile().clone();
    assert_eq!(
        serial(&mut table, &request),
        profile.platform_public_key().id().as_str()
    );
    let certificate = profile.platform_certificate().id().as_str();
    request
        .headers_mut()
        .insert("wechatpay-serial", HeaderValue::from_str(certificate).unwrap());
    assert_eq!(serial(&mut table, &request), certificate);
    request.headers_mut().remove("wechatpay-serial");
    assert_eq!(serial(&mut table, &request), certificate, "none asked for");
    for empty in ["", " \t"] {
        request
            .headers_mut()
            .insert("wechatpay-serial", HeaderValue::from_static(empty));
        assert_eq!(table.handle(&request).status(), 200);
        assert_eq!(serial(&mut table, &request), certificate, "{empty:?} asked for");
    }
    request
        .headers_mut()
        .insert("wechatpay-serial", HeaderValue::from_static("PUB_KEY_ID_0"));
    let error = refusal(&mut table, &request);
    assert_eq!((error.status, error.field()), (400, Some("Wechatpay-Serial")));
    assert_eq!(
        serial(&mut table, &request),
        certificate,
        "an unknown one asked for"
    );
}

#[test]
fn what_is_sealed_wants_a_key_named() {
    let mut table = Table::merchant();
    let mut order = combine("P1");
    let sealed = table.seal_field("张三");
    order["combine_payer_info"]["identity"] = json!({ "type": "IDCARD", "number": sealed, "name": sealed });
    let mut bill = transfer("T1", 1);
    bill["user_name"] = json!(sealed);
    for (target, body) in [(JSAPI, order), (BILLS, bill)] {
        let mut request = table.request(Method::POST, target, &body);
        let empty = HeaderValue::from_static("");
        request.headers_mut().insert("wechatpay-serial", empty);
        let error = refusal(&mut table, &request);
        assert_eq!((error.status, error.field()), (400, Some("Wechatpay-Serial")));
        assert!(error.to_string().contains("missing or empty"), "{error}");
    }
}

#[test]
fn of_an_upload_the_meta_part_is_signed() {
    use wxpay_proto::crypto::{Algorithm, Signer as _};

    let mut table = Table::merchant();
    let target = "/v3/merchant/media/upload";
    let stamp = table.stamp();
    let (timestamp, nonce) = (stamp.timestamp.to_string(), stamp.nonce.to_string());
    let sha256 = wxpay_proto::FilePart::new("a.png", "image/png", "PNG").sha256();
    let meta = format!(r#"{{ "filename": "a.png", "sha256": "{sha256}" }}"#);
    let message = v3::canonical::request_message("POST", target, &timestamp, &nonce, meta.as_bytes());
    let signature = table
        .key()
        .sign(Algorithm::RsaSha256, &message)
        .unwrap()
        .to_base64();
    let authorization = v3::Authorization {
        scheme: v3::Scheme::MerchantRsa,
        identity: table.merchant.id().to_string(),
        nonce_str: nonce,
        timestamp,
        serial_no: table.merchant.serial().to_string(),
        signature,
    };
    let upload = |meta: &str| {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{meta}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\nPNG\r\n--b--\r\n"
        );
        Request::post(target)
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, "test")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=b")
            .header(AUTHORIZATION, authorization.to_string())
            .body(Bytes::from(body))
            .unwrap()
    };
    assert_eq!(table.handle(&upload(&meta)).status(), 200);
    sign_error(&mut table, &upload(&meta.replace(' ', "")), "signature");
}
