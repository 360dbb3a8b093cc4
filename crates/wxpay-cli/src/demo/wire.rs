//! What went over the wire, told from the simulator's log: the message is made again from what arrived.

use http::HeaderMap;
use wxpay_proto::{v2, v3};
use wxpay_sim::Handled;

use crate::report::shorten;

/// The message that was signed, the request's headers and body, and the answer.
pub(crate) fn describe(exchange: &Handled) -> String {
    let request = &exchange.request;
    let body = String::from_utf8_lossy(request.body());
    let mut text = format!("message signed (⏎ is a line feed): {}\n", message(exchange));
    text.push_str(&headers("request", request.headers()));
    if !body.is_empty() {
        text.push_str(&format!("request body: {body}\n"));
    }
    let response = &exchange.response;
    text.push_str(&headers("answer", response.headers()));
    let body = String::from_utf8_lossy(response.body());
    text.push_str(&if body.is_empty() {
        "answer body: (empty)\n".to_owned()
    } else {
        format!("answer body: {body}\n")
    });
    text
}

/// The message, from what arrived: for v2 from the fields, for v3 from request line, header and body.
fn message(exchange: &Handled) -> String {
    let request = &exchange.request;
    let header = request
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    let message = match header.map(v3::Authorization::parse) {
        Some(Ok(parts)) => {
            let (time, nonce) = (&parts.timestamp, &parts.nonce_str);
            let (method, target) = (request.method().as_str(), exchange.target());
            v3::canonical::request_message(method, target, time, nonce, request.body())
        }
        Some(Err(error)) => return format!("(unreadable Authorization: {error})"),
        None => match v2::xml::read(request.body()) {
            Ok(fields) => {
                let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                format!("{}&key=…", v2::canonical::message(fields)).into_bytes()
            }
            Err(error) => return format!("(unreadable XML: {error})"),
        },
    };
    String::from_utf8_lossy(&message).replace('\n', "⏎")
}

fn headers(whose: &str, headers: &HeaderMap) -> String {
    let mut text = String::new();
    for (name, value) in headers {
        let value = value.to_str().unwrap_or("(not text)");
        let value = match name.as_str() {
            // Within 300 s, whoever has the signature can replay the request.
            "authorization" => match v3::Authorization::parse(value) {
                Ok(parts) => v3::Authorization {
                    signature: shorten(&parts.signature),
                    ..parts
                }
                .to_string(),
                Err(_) => "(unreadable)".to_owned(),
            },
            "wechatpay-signature" => shorten(value),
            _ => value.to_owned(),
        };
        text.push_str(&format!("{whose} header {name}: {value}\n"));
    }
    text
}
