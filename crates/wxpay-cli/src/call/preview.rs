//! A request as it would be sent: the message to be signed, the head, the body. Nothing leaves.

use wxpay_proto::crypto::Signer;
use wxpay_proto::proof;
use wxpay_proto::{Operation, Protocol, Stamp, Unsigned, v3};

use super::name::NAME;
use super::operation::{V2Call, V3Call};
use super::request::Request;
use super::sealing;
use crate::ended::NotSent;
use crate::moment;
use crate::profile::Account;
use crate::report::shorten;

/// Renders and signs the request for showing. Time and nonce are drawn anew when it is sent.
pub(super) fn of(request: &Request, account: &Account) -> Result<String, NotSent> {
    let stamp = moment::stamp()?;
    let mut request = request.clone();
    let file = request.upload.as_ref().map(|upload| upload.content().to_vec());
    // What proves an answer makes no difference to the request.
    if request.is_v2() {
        let (credentials, key) = account.v2()?;
        let call = V2Call::<proof::Signed>::new(request);
        return show(&call, credentials, key, &stamp, account, file.as_deref());
    }
    let (credentials, key) = account.v3(&request.info.path, stamp.timestamp)?;
    if let Some(key) = credentials.chosen_answer_key() {
        request.secrets(&mut |_, field| *field = sealing::shown(key));
    }
    let call = V3Call::<proof::Signed>::new(request);
    show(&call, &credentials, key, &stamp, account, file.as_deref())
}

fn show<O: Operation>(
    operation: &O,
    credentials: &<O::Protocol as Protocol>::Credentials,
    signer: &impl Signer,
    stamp: &Stamp,
    account: &Account,
    file: Option<&[u8]>,
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
        let body = without_file(request.body(), file);
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

/// The body as a text, in which a file's bytes would be noise.
fn without_file(body: &[u8], file: Option<&[u8]>) -> String {
    let found = file.filter(|file| !file.is_empty()).and_then(|file| {
        let from = body.windows(file.len()).position(|window| window == file)?;
        Some((from, from + file.len()))
    });
    match found {
        Some((from, to)) => {
            let before = String::from_utf8_lossy(&body[..from]);
            let after = String::from_utf8_lossy(&body[to..]);
            format!("{before}({} bytes){after}", to - from)
        }
        None => String::from_utf8_lossy(body).into_owned(),
    }
}

/// v2's signature, shortened: it stands in the XML, in a form, or in the query of a GET.
fn without_sign(text: &str) -> String {
    let marks = [
        ("<sign><![CDATA[", "]]>"),
        ("<sign>", "<"),
        ("name=\"sign\"\r\n\r\n", "\r\n"),
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

pub(super) fn failed(error: &dyn std::error::Error) -> NotSent {
    let text = error.to_string();
    let text = text.strip_prefix(NAME).unwrap_or(&text);
    NotSent::new(text.trim_start_matches([':', ' ']))
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
            format!("--b\r\nContent-Disposition: form-data; name=\"sign\"\r\n\r\n{sign}\r\n--b--"),
            format!("https://x/?sign={sign}&a=1"),
            format!("https://x/?a=1&sign={sign}"),
        ] {
            let shown = without_sign(&text);
            assert!(!shown.contains(&sign) && shown.contains('…'), "{shown}");
        }
        assert_eq!(without_sign("<a>b</a>"), "<a>b</a>");
    }
}
