//! A request as it would be sent: the message to be signed, the head, the body. Nothing leaves.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use wxpay_proto::crypto::Signer;
use wxpay_proto::{Nonce, Operation, Protocol, Stamp, UnixTime, Unsigned, v3};
use wxpay_types::schema::Returns;

use super::operation::{NAME, V2Call, V3Call, V3File};
use super::request::Request;
use super::sealing;
use crate::ended::NotSent;
use crate::profile::Account;
use crate::report::shorten;

/// Renders and signs the request for showing. Time and nonce are drawn anew when it is sent.
pub(super) fn of(request: &Request, account: &Account) -> Result<String, NotSent> {
    let now = now();
    let stamp = Stamp::new(now, Nonce::from_entropy(chance()));
    let mut request = request.clone();
    if request.is_v2() {
        let (credentials, key) = account.v2()?;
        return if request.info.nonce_str {
            show(&V2Call::<true>(request), credentials, key, &stamp, account)
        } else {
            show(&V2Call::<false>(request), credentials, key, &stamp, account)
        };
    }
    let (credentials, key) = account.v3(&request.info.path, now)?;
    if let Some(key) = credentials.chosen_answer_key() {
        sealing::show(&mut request.sensitive, key);
    }
    if request.info.returns == Returns::File {
        show(&V3File(request), &credentials, key, &stamp, account)
    } else {
        show(&V3Call(request), &credentials, key, &stamp, account)
    }
}

fn show<O: Operation>(
    operation: &O,
    credentials: &<O::Protocol as Protocol>::Credentials,
    signer: &impl Signer,
    stamp: &Stamp,
    account: &Account,
) -> Result<String, NotSent> {
    let unsigned = Unsigned::new(operation, credentials, stamp).map_err(|error| failed(&error))?;
    let message = String::from_utf8_lossy(unsigned.message()).replace('\n', "⏎\n");
    let mut text = format!("message to be signed (⏎ is a line feed):\n{message}\n");
    let algorithm = unsigned.algorithm();
    let signed = unsigned.sign(signer).map_err(|error| failed(&error))?;
    text.push_str(&format!("\nrequest, signed with {algorithm}:\n"));
    let signed = match account.base() {
        Some(base) => signed.at(base),
        None => signed,
    };
    let request = signed.request();
    let uri = without_sign(&request.uri().to_string());
    text.push_str(&format!("{} {uri}\n", request.method()));
    for (name, value) in request.headers() {
        let value = value.to_str().unwrap_or("(not text)");
        text.push_str(&format!("{name}: {}\n", shown(name.as_str(), value)));
    }
    if !request.body().is_empty() {
        let body = String::from_utf8_lossy(request.body());
        text.push_str(&format!("\n{}\n", without_sign(&body)));
    }
    Ok(text)
}

/// Whoever has a signature can send the request for 300 s, so that it is not shown whole.
fn shown(name: &str, value: &str) -> String {
    if name != "authorization" {
        return value.to_owned();
    }
    match v3::Authorization::parse(value) {
        Ok(parts) => v3::Authorization {
            signature: shorten(&parts.signature),
            ..parts
        }
        .to_string(),
        Err(_) => "(unreadable)".to_owned(),
    }
}

/// v2's signature, shortened: it stands in the XML, or in the query of a GET.
fn without_sign(text: &str) -> String {
    let marks = [
        ("<sign><![CDATA[", "]]>"),
        ("<sign>", "<"),
        ("?sign=", "&"),
        ("&sign=", "&"),
    ];
    let found = marks.iter().find_map(|(start, end)| {
        let from = text.find(start)? + start.len();
        let length = text[from..].find(end).unwrap_or(text.len() - from);
        Some((from, from + length))
    });
    match found {
        Some((from, to)) => format!("{}{}{}", &text[..from], shorten(&text[from..to]), &text[to..]),
        None => text.to_owned(),
    }
}

fn failed(error: &dyn std::error::Error) -> NotSent {
    let text = error.to_string();
    let text = text.strip_prefix(NAME).unwrap_or(&text);
    NotSent::new(text.trim_start_matches([':', ' ']))
}

fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Enough for a nonce that is never sent.
fn chance() -> [u8; 32] {
    let mut bytes = [0; 32];
    for (index, chunk) in bytes.chunks_mut(8).enumerate() {
        chunk.copy_from_slice(&RandomState::new().hash_one(index).to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::without_sign;

    #[test]
    fn a_signature_of_v2_is_never_shown_whole() {
        let sign = "A1".repeat(32);
        for text in [
            format!("<xml><sign>{sign}</sign></xml>"),
            format!("<xml><sign><![CDATA[{sign}]]></sign></xml>"),
            format!("https://x/?sign={sign}&a=1"),
            format!("https://x/?a=1&sign={sign}"),
        ] {
            let shown = without_sign(&text);
            assert!(!shown.contains(&sign) && shown.contains('…'), "{shown}");
        }
        assert_eq!(without_sign("<a>b</a>"), "<a>b</a>");
    }
}
