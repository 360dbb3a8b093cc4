//! The strings that v3 signs (待签名串), protocol sections 1.1, 2.1 and 6.1.
//!
//! Each part is followed by one line feed, the last one too. No two different inputs give the same message, as long
//! as only the body may contain line feeds; request targets, header values and nonces cannot.

/// The message of a request: method, request target, timestamp, nonce and body.
///
/// `target` is path and query byte for byte as they go onto the request line; `body` is what is sent, except for
/// uploads, where it is the text of the `meta` part.
#[must_use]
pub fn request_message(method: &str, target: &str, timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    join(&[method, target, timestamp, nonce], body)
}

/// The message of an answer or a notification: timestamp, nonce and raw body.
#[must_use]
pub fn answer_message(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    join(&[timestamp, nonce], body)
}

/// The message of parameters for a front end (调起支付): appid, timestamp, nonce, and `prepay_id=…` or, for an app, the
/// prepay id alone.
#[must_use]
pub fn request_payment_message(appid: &str, timestamp: &str, nonce: &str, prepay: &str) -> Vec<u8> {
    join(&[appid, timestamp, nonce], prepay.as_bytes())
}

fn join(lines: &[&str], body: &[u8]) -> Vec<u8> {
    let length = lines.iter().map(|line| line.len() + 1).sum::<usize>() + body.len() + 1;
    let mut message = Vec::with_capacity(length);
    for line in lines {
        message.extend_from_slice(line.as_bytes());
        message.push(b'\n');
    }
    message.extend_from_slice(body);
    message.push(b'\n');
    message
}
