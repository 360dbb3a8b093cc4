//! What the fuzzers call, and the corpus test with them: each takes any bytes and panics on none.
//!
//! What a function says of its own result is checked as well, so that more than a panic can be found.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wxpay_proto::bill::{BillReader, BillWriter, FundFlow, Row, Trade};
use wxpay_proto::crypto::{Backend, Certificate, MerchantKey, P12, PublicKey};
use wxpay_proto::v3::certificates::{FetchCertificates, Fetched};
use wxpay_proto::v3::{Authorization, UnverifiedNotification, body_hints, read_refusal};
use wxpay_proto::{Effect, Outcome, TimeText, Unsigned, Upload, fen_from_yuan, v2};
use wxpay_types::v3;
use wxpay_types::v3::pay_transactions::QueryByOutTradeNo;

use crate::journey::{
    MCHID, merchant_key, now, platform_id, signed_answer, stamp, trusted, unsigned_answer, v2_credentials,
    v3_credentials,
};
use crate::keys::{api_v2_key, api_v3_key};

/// A function that takes any bytes.
pub type Target = fn(&[u8]);

/// The targets by the names of their corpora.
pub const TARGETS: [(&str, Target); 11] = [
    ("v2_xml", v2_xml),
    ("authorization", authorization),
    ("v3_refusal", v3_refusal),
    ("v3_answer", v3_answer),
    ("texts", texts),
    ("key_files", key_files),
    ("bill_file", bill_file),
    ("notification", notification),
    ("certificates", certificates),
    ("multipart", multipart),
    ("p12", p12),
];

/// Reads v2 XML, as an answer as well. What can be read and written again says the same.
///
/// # Panics
/// When it does not, or an answer counts as never sent.
#[expect(clippy::expect_used, reason = "the request is a good one")]
pub fn v2_xml(bytes: &[u8]) {
    let query = v2::Call::new("/mmpaymkttransfers/gethbinfo");
    let unsigned = Unsigned::new(&query, &v2_credentials(), &stamp()).expect("a request");
    let signed = unsigned.sign(&api_v2_key()).expect("a signed request");
    let answer = signed
        .into_parts()
        .1
        .receive(unsigned_answer(200, bytes.to_vec()));
    if let Err(error) = answer.verify(&api_v2_key(), now()) {
        assert_ne!(error.outcome(), Outcome::NotSent, "{error}");
    }
    let Ok(fields) = v2::xml::read(bytes) else { return };
    if let Ok(text) = v2::xml::write(&fields) {
        assert_eq!(v2::xml::read(text.as_bytes()), Ok(fields), "written as {text:?}");
    }
}

/// Reads an `Authorization` header. What can be read is written and read as the same.
///
/// # Panics
/// When it is not.
pub fn authorization(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(read) = Authorization::parse(&text) {
        assert_eq!(Authorization::parse(&read.to_string()), Ok(read), "from {text:?}");
    }
}

/// Reads a v3 refusal: the first two bytes are the status, the rest is the body.
///
/// # Panics
/// When the body is not kept, or an unproven refusal says that it is authentic.
pub fn v3_refusal(bytes: &[u8]) {
    let (status, body) = match bytes {
        [high, low, body @ ..] => (u16::from_be_bytes([*high, *low]), body),
        _ => (500, bytes),
    };
    let request_id = std::str::from_utf8(body).ok();
    for effect in [Effect::Read, Effect::Write, Effect::Money] {
        let error = read_refusal("fuzz", effect, status, request_id, Bytes::copy_from_slice(body));
        assert_eq!(error.body, body);
        assert!(!error.authentic);
        let said = (
            error.outcome(),
            error.retry(),
            error.inner_code(),
            error.kind(),
            error.advice(),
        );
        let detail = (
            error.field(),
            error.issue(),
            error.location(),
            error.sign_information(),
        );
        assert!(!format!("{error} {said:?} {detail:?}").is_empty());
    }
}

/// Reads a JSON answer: signed first, as the answer of a query; and as itself, by several answers' types.
///
/// # Panics
/// When an object is refused for what stands in it, is written as something else than it was read as, or when an answer
/// that verified is not the one that was sent.
#[expect(clippy::expect_used, reason = "the request is a good one")]
pub fn v3_answer(bytes: &[u8]) {
    let query = QueryByOutTradeNo::default().out_trade_no("P1").mchid(MCHID);
    let unsigned = Unsigned::new(&query, &v3_credentials(), &stamp()).expect("a request");
    let signed = unsigned.sign(&merchant_key()).expect("a signed request");
    let pending = signed.into_parts().1;
    let answer = pending.receive(signed_answer(200, bytes.to_vec()));
    match answer.verify(&trusted(), now()) {
        Ok(order) => {
            assert_eq!(order.body(), bytes);
            // Whatever came, it is about what was asked, or says nothing of it.
            assert!(order.out_trade_no.as_deref().is_none_or(|number| number == "P1"));
            // And it is what serde_json makes of it, which an empty body or one with a byte order mark is not read by.
            let read = serde_json::from_slice::<v3::pay_transactions::Transaction>(bytes);
            let plain = bytes.trim_ascii_start().first() == Some(&b'{');
            assert!(!plain || read.ok().as_ref() == Some(&*order));
        }
        Err(error) => assert_eq!(error.outcome(), Outcome::Unknown, "{error}"),
    }
    reads::<v3::pay_transactions::Transaction>(bytes);
    reads::<v3::combine_transactions::QueryByOutTradeNoResponse>(bytes);
    reads::<v3::refund::Refund>(bytes);
    reads::<v3::bill::QueryBillResponse>(bytes);
}

/// Nothing that stands in an object makes it unreadable, and what was read is written and read as the same.
#[expect(clippy::panic, reason = "that is what a fuzzer looks for")]
fn reads<T: DeserializeOwned + Serialize>(bytes: &[u8]) {
    let object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes);
    let read = serde_json::from_slice::<T>(bytes);
    if let (Ok(_), Err(error)) = (&object, &read) {
        panic!("{error} in {:?}", String::from_utf8_lossy(bytes));
    }
    if let Ok(value) = read {
        let text = serde_json::to_string(&value).unwrap_or_default();
        let again: Result<T, _> = serde_json::from_str(&text);
        let again = again.map(|again| serde_json::to_string(&again).unwrap_or_default());
        assert_eq!(again.ok(), Some(text));
    }
}

/// Reads times and amounts. A time that can be read can be written in Beijing time and is the same moment.
///
/// # Panics
/// When it is not.
pub fn texts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(time) = TimeText::new(&*text).parse() {
        let year = TimeText::beijing(time);
        // At the very ends of the four-digit years the other time zone may already be in a fifth digit or before 0.
        if year.as_str().len() == "2015-05-20T13:29:35+08:00".len() && !year.as_str().starts_with('-') {
            assert_eq!(year.parse(), Ok(time), "from {text:?}");
        }
    }
    if let Ok(fen) = fen_from_yuan(&text) {
        let sign = if fen < 0 { "-" } else { "" };
        let yuan = format!(
            "{sign}{}.{:02}",
            fen.unsigned_abs() / 100,
            fen.unsigned_abs() % 100
        );
        assert_eq!(fen_from_yuan(&yuan), Ok(fen), "from {text:?}");
    }
}

/// Reads key files in every place that takes one. No error shows what stands in the file.
///
/// # Panics
/// When one does.
pub fn key_files(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut errors = Vec::new();
    for backend in Backend::ALL {
        errors.extend(MerchantKey::from_pem(&text, *backend).err());
        errors.extend(PublicKey::from_pem(&text, *backend).err());
    }
    errors.extend(Certificate::from_pem(&text).err());
    // What a key's lines are made of; others can be an error's own words, which a fuzzer finds.
    let is_key = |line: &&str| {
        line.len() >= 60
            && line
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
    };
    let long_lines: Vec<&str> = text.lines().filter(is_key).collect();
    for error in errors {
        let shown = format!("{error} {error:?}");
        assert!(!long_lines.iter().any(|line| shown.contains(line)), "{shown}");
    }
}

/// Reads a bill, whole and byte by byte: the same comes out. A row that can be written is read as the same.
///
/// # Panics
/// When it is not.
pub fn bill_file(bytes: &[u8]) {
    let read = |size: usize| {
        let mut reader = BillReader::new();
        let mut rows = Vec::new();
        for chunk in bytes.chunks(size) {
            reader.push(chunk);
            while let Some(row) = reader.next_row() {
                rows.push(row.map(|row| {
                    let typed = (Trade::from_row(&row).is_ok(), FundFlow::from_row(&row).is_ok());
                    (row.line(), cells(&row), typed)
                }));
            }
        }
        let columns: Vec<String> = reader.columns().map(str::to_owned).collect();
        let end = reader
            .finish()
            .map(|end| end.summary().map(|summary| cells(&summary.row())));
        (columns, rows, end)
    };
    let (columns, rows, end) = read(bytes.len().max(1));
    assert_eq!((columns.clone(), rows.clone(), end), read(1));
    let Ok(mut writer) = BillWriter::new(&columns) else {
        return;
    };
    let header = writer.take();
    for (_, cells, _) in rows.iter().flatten() {
        if writer.row(cells).is_ok() {
            let mut again = BillReader::new();
            again.push(&header);
            again.push(&writer.take());
            let row = again.next_row().and_then(Result::ok);
            assert_eq!(row.map(|row| self::cells(&row)).as_ref(), Some(cells));
        }
    }
}

fn cells(row: &Row<'_>) -> Vec<String> {
    row.iter().map(|(_, cell)| cell.to_owned()).collect()
}

/// Reads a notification, as v2's and as v3's; for v3 the bytes are signed first, as nothing is read of what is not.
///
/// # Panics
/// When what was verified is not what was sent.
pub fn notification(bytes: &[u8]) {
    assert!(body_hints(bytes).len() < 12);
    let answer = signed_answer(200, bytes.to_vec());
    let notification = UnverifiedNotification::receive(answer.headers(), bytes.to_vec());
    if let Ok(verified) = notification.verify(&trusted(), now()) {
        assert_eq!(verified.body(), bytes);
        assert_eq!(verified.verified_by(), &platform_id());
        assert!(!verified.id().is_empty());
        drop(verified.open(&api_v3_key()));
    }
    let notification = v2::UnverifiedNotification::receive(bytes.to_vec());
    if let Ok(verified) = notification.verify(&api_v2_key(), None) {
        assert_eq!(verified.body(), bytes);
        drop(verified.open_event(&api_v3_key()));
    }
    drop(notification.open_refund(&api_v2_key()));
}

/// Reads a list of platform certificates, without a key at hand and with one. Only the first can depend on the list.
///
/// # Panics
/// When an empty list is taken for a good one.
#[expect(clippy::expect_used, reason = "the request is a good one")]
pub fn certificates(bytes: &[u8]) {
    let answer = || {
        let unsigned = Unsigned::new(&FetchCertificates::default(), &v3_credentials(), &stamp());
        let signed = unsigned.expect("a request").sign(&merchant_key());
        let (_, pending) = signed.expect("a signed request").into_parts();
        pending.receive(signed_answer(200, bytes.to_vec()))
    };
    // The signer is a public key, which no list holds.
    let bootstrapped = answer().bootstrap(&api_v3_key(), None, Backend::AwsLc, now());
    assert!(bootstrapped.is_err(), "{bootstrapped:?}");
    let verified = answer().certificates(&trusted(), &api_v3_key(), Backend::AwsLc, now());
    if let Ok(Fetched::Certificates(found)) = verified {
        assert!(found.iter().count() > 0 && found.newest().is_some());
        assert_eq!(found.body(), bytes);
    }
}

/// Frames an upload: up to the first four zero bytes stand file name, media type, `meta` and name of the part, and
/// behind them the file. No text gets out of its place.
///
/// # Panics
/// When one does, or the segments make another body than the one that is sent.
#[expect(clippy::expect_used, reason = "what is checked must be there")]
pub fn multipart(bytes: &[u8]) {
    let mut texts = bytes.splitn(5, |byte| *byte == 0);
    let mut text = || String::from_utf8_lossy(texts.next().unwrap_or_default()).into_owned();
    let (file_name, media_type, meta, part) = (text(), text(), text(), text());
    let content = texts.next().unwrap_or_default();
    let mut upload = Upload::new(meta, file_name, media_type, Bytes::copy_from_slice(content));
    upload.file_name_of_part = part.into();
    let nonce = stamp().nonce;
    let Ok(frame) = upload.frame(&nonce) else { return };
    let boundary = format!("wxpay-{nonce}");
    let prefix = std::str::from_utf8(&frame.prefix).expect("texts");
    assert_eq!(prefix.matches(&boundary).count(), 2, "{prefix:?}");
    let (_, file) = prefix.rsplit_once(&boundary).expect("a boundary");
    let lines: Vec<&str> = file.split("\r\n").collect();
    assert_eq!(lines.len(), 5, "{file:?}");
    assert!(
        lines[1].starts_with("Content-Disposition: form-data; name=\""),
        "{file:?}"
    );
    assert_eq!(lines[1].matches('"').count(), 4, "{file:?}");
    assert_eq!([lines[0], lines[3], lines[4]], ["", "", ""], "{file:?}");
    let suffix = format!("\r\n--{boundary}--\r\n");
    assert_eq!(frame.suffix, suffix);
}

/// Reads p12 files with the password of the vectors'. No error shows what stands in the file.
///
/// # Panics
/// When one does.
pub fn p12(bytes: &[u8]) {
    match P12::open(bytes, MCHID) {
        Ok(file) => {
            let _ = file.identity(Backend::AwsLc);
            assert!(
                file.expose_private_key_pem()
                    .starts_with("-----BEGIN PRIVATE KEY-----\n")
            );
        }
        Err(error) => assert!(error.to_string().len() < 400, "{error}"),
    }
}
