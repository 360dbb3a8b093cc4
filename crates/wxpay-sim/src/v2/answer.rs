//! Writes and signs v2's answers, and spoils them on demand.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use wxpay_proto::ApiV2Key;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{Fields, sign, xml};

use super::envelope::Envelope;
use super::refusal::Refusal;
use crate::fault::{self, Fault};
use crate::ids::Sequence;

/// What an operation has to say beyond the fields that every answer has.
pub(super) type Reply = Fields;

/// What an operation answers with.
pub(super) type Answer = Result<Reply, Refusal>;

pub(super) fn communication_failure(problem: &str) -> Response<Bytes> {
    let fields = [("return_code", "FAIL"), ("return_msg", problem)];
    respond(
        &fields
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect(),
    )
}

/// Why there is no bill: the code has a name of its own (protocol section 7.10), and nothing is signed.
pub(super) fn bill_failure(code: &str, problem: &str) -> Response<Bytes> {
    let fields = [
        ("return_code", "FAIL"),
        ("return_msg", problem),
        ("error_code", code),
    ];
    let fields = fields
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    respond(&fields.collect())
}

/// The simulator says that it is the simulator that does not know: a client's bug must not hide behind it.
pub(super) fn unknown_operation() -> Response<Bytes> {
    let mut response = communication_failure(
        "模拟器不认识此接口 (the simulator knows no operation with this method and path)",
    );
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// What the gateway says to a client without a certificate: nothing of it is v2's.
pub(super) fn no_certificate() -> Response<Bytes> {
    let page =
        "<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n</html>\r\n";
    let mut response = Response::new(Bytes::from_static(page.as_bytes()));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    let html = HeaderValue::from_static("text/html");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response
}

pub(super) fn write(
    outcome: Answer,
    envelope: &Envelope<'_>,
    sequence: &mut Sequence,
    fault: Option<Fault>,
) -> Response<Bytes> {
    let (result_code, mut fields) = match outcome {
        Ok(fields) => ("SUCCESS", fields),
        Err(refusal) => ("FAIL", refusal.fields()),
    };
    let mut put = |name: &str, text: &str| fields.insert(name.to_owned(), text.to_owned());
    put("return_code", "SUCCESS");
    put("return_msg", "OK");
    put("result_code", result_code);
    for name in envelope.dress.repeated() {
        if envelope.fields.contains_key(*name) {
            put(name, envelope.field(name));
        }
    }
    put("nonce_str", &sequence.hex());
    finish(fields, Some(envelope.algorithm), &envelope.key, fault)
}

/// Signs the fields, unless the operation's answers are not signed, and spoils them on demand.
pub(super) fn finish(
    mut fields: Fields,
    algorithm: Option<Algorithm>,
    key: &ApiV2Key,
    fault: Option<Fault>,
) -> Response<Bytes> {
    spoil_before(&mut fields, fault);
    if let Some(algorithm) = algorithm.filter(|_| fault != Some(Fault::MissingSignature)) {
        // Invariant: the algorithm is one of v2's. Without a signature the client refuses the answer.
        let made = sign(&fields, algorithm, key).unwrap_or_default();
        fields.insert("sign".to_owned(), made);
    }
    spoil_after(&mut fields, fault);
    respond(&fields)
}

fn spoil_before(fields: &mut Fields, fault: Option<Fault>) {
    if fault != Some(Fault::OtherOrder) {
        return;
    }
    for (_, number) in fields
        .iter_mut()
        .filter(|(name, _)| name.ends_with("out_trade_no"))
    {
        *number = fault::another(number);
    }
}

fn spoil_after(fields: &mut Fields, fault: Option<Fault>) {
    let (name, spoil): (_, fn(&str) -> String) = match fault {
        Some(Fault::TamperBody) => ("nonce_str", fault::change_a_digit),
        Some(Fault::Probe) => ("sign", |sign| format!("WECHATPAY/SIGNTEST/{sign}")),
        // One digit changed is a signature over something else, as good as any.
        Some(Fault::WrongSignature) => ("sign", fault::change_a_digit),
        _ => return,
    };
    if let Some(text) = fields.get_mut(name) {
        *text = spoil(text);
    }
}

fn respond(fields: &Fields) -> Response<Bytes> {
    let xml = xml::write(fields).unwrap_or_else(|_| {
        // Invariant: every value was read from XML or made here. An answer that cannot be read is refused by the client.
        String::new()
    });
    let mut response = Response::new(Bytes::from(xml));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
    response
}
