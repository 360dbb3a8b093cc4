//! Answers as the catalogue describes them, and what must come out of them.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use sha1::{Digest as _, Sha1};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Field, Op, Place, Protocol, Returns, Signed};
use wxpay_proto::crypto::{Algorithm, Backend, Encryptor as _, Padding};
use wxpay_proto::v2;
use wxpay_tests::journey::{signed_answer, unsigned_answer};
use wxpay_tests::keys::{api_v2_key, public_key};

use crate::ask::Full;
use crate::catalogue::kind;
use crate::compose::{Composer, text_of};
use crate::flat::{self, Fields};

/// The object that an operation answers, with every member but those that are not flat in XML; nothing for other
/// answers.
#[must_use]
pub fn object<'a>(family: &'a Family, op: &'a Op) -> Option<(&'a str, Map<String, Value>)> {
    let (name, mut members) = whole(family, op)?;
    if is_xml(family, op) {
        for unflat in unflat(family, name) {
            members.remove(unflat);
        }
    }
    Some((name, members))
}

/// The object that an operation answers, with every member; nothing for other answers.
#[must_use]
pub fn whole<'a>(family: &'a Family, op: &'a Op) -> Option<(&'a str, Map<String, Value>)> {
    let name = op.response.as_deref().filter(|name| *name != "any")?;
    if !matches!(op.returns, None | Some(Returns::Json)) {
        return None;
    }
    let padding = op
        .cipher
        .as_ref()
        .map_or(Padding::OaepSha1, |_| Padding::Pkcs1v15);
    let secret = |_| ciphertext(padding).to_owned();
    let composer = Composer::new(family, &secret);
    match composer.object(name, "") {
        Value::Object(mut members) => {
            succeed(family, &mut members);
            Some((name, members))
        }
        _ => None,
    }
}

/// Whether the answer is v2's XML.
#[must_use]
pub fn is_xml(family: &Family, op: &Op) -> bool {
    family.protocol == Protocol::V2 && op.returns.is_none()
}

/// The members of an answer that XML of one level cannot hold: they have elements inside.
pub fn unflat<'a>(family: &'a Family, object: &str) -> impl Iterator<Item = &'a str> {
    let fields = family.objects.get(object).into_iter().flatten();
    let is_flat = |kind: &Kind| match kind {
        Kind::List(_) => false,
        Kind::Named(name) => !family.objects.contains_key(name),
        _ => true,
    };
    fields
        .filter(move |(_, field)| !is_flat(&kind(field)))
        .map(|(name, _)| name.as_str())
}

/// v2's words of success; nothing else is an answer.
fn succeed(family: &Family, members: &mut Map<String, Value>) {
    for name in ["return_code", "result_code"] {
        if family.protocol == Protocol::V2 && members.contains_key(name) {
            members.insert(name.to_owned(), json!("SUCCESS"));
        }
    }
}

/// Request fields that the answer repeats, and the members that do: those that the catalogue names, and texts of the
/// path that the answer has under the same name.
#[must_use]
pub fn echoes<'a>(family: &'a Family, op: &'a Op) -> Vec<(&'a str, &'a str)> {
    let answer = op.response.as_deref().and_then(|name| family.objects.get(name));
    let is_text = |field: &Field| kind(field) == Kind::Text && !field.sensitive;
    let same = op.params.iter().filter(|(name, field)| {
        let answered = answer.and_then(|answer| answer.get(*name)).is_some_and(is_text);
        field.place == Some(Place::Path) && is_text(field) && answered && !op.echo.contains_key(*name)
    });
    let said = op.echo.iter().map(|(from, to)| (from.as_str(), to.as_str()));
    same.map(|(name, _)| (name.as_str(), name.as_str()))
        .chain(said)
        .collect()
}

/// The answer repeats what it must.
pub fn repeat(family: &Family, op: &Op, asked: &Full, members: &mut Map<String, Value>) {
    for (from, to) in echoes(family, op) {
        if let (Some(member), Some(asked)) = (members.get_mut(to), asked.stored.get(from)) {
            *member = asked.clone();
        }
    }
}

/// A ciphertext for the merchant's key; what it says is always the same.
fn ciphertext(padding: Padding) -> &'static str {
    static TEXTS: OnceLock<[String; 2]> = OnceLock::new();
    let texts = TEXTS.get_or_init(|| {
        let key = public_key("merchant_rsa", Backend::AwsLc);
        [Padding::OaepSha1, Padding::Pkcs1v15].map(|padding| {
            let sealed = key.encrypt(padding, "密文".as_bytes(), &mut |_: &mut [u8]| {});
            STANDARD.encode(sealed.unwrap_or_default())
        })
    });
    &texts[usize::from(padding == Padding::Pkcs1v15)]
}

/// What an answered file holds.
pub const FILE: &[u8] = b"\xEF\xBB\xBFa,b\r\n`1,`2\0\n";

/// The SHA-1 of [`FILE`].
#[must_use]
pub fn file_sha1() -> String {
    hex::encode(Sha1::digest(FILE))
}

/// What proves an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the ways that there are")]
pub enum Proven {
    /// A signature that must be there.
    BySignature,
    /// A signature that may be there.
    Sometimes,
    /// The signed digest of a file.
    BySignedDigest,
    /// The digest of a file, told before.
    ByDigest,
    /// Nothing.
    Never,
}

/// What proves the answer of an operation.
#[must_use]
pub fn proven(family: &Family, op: &Op) -> Proven {
    let is_file = op.returns == Some(Returns::File);
    match op.signed {
        // Nothing proves the files of v2.
        _ if is_file && family.protocol == Protocol::V2 => Proven::Never,
        Signed::Always if is_file => Proven::ByDigest,
        Signed::Always => Proven::BySignature,
        Signed::IfPresent => Proven::Sometimes,
        Signed::Digest => Proven::BySignedDigest,
        Signed::Never => Proven::Never,
    }
}

/// An answer on the wire, with its proof or without.
///
/// # Panics
/// When v2's fields make no XML.
#[must_use]
pub fn response(
    family: &Family,
    op: &Op,
    status: u16,
    members: &Map<String, Value>,
    with_proof: bool,
) -> http::Response<Bytes> {
    let proven = proven(family, op);
    let is_signed = with_proof && matches!(proven, Proven::BySignature | Proven::Sometimes);
    if is_xml(family, op) {
        return v2_response(status, flat::fields(members), is_signed);
    }
    let body = match op.returns {
        Some(Returns::File) => FILE.to_vec(),
        _ if op.response.is_some() => Value::Object(members.clone()).to_string().into_bytes(),
        _ => Vec::new(),
    };
    match proven {
        Proven::BySignedDigest if with_proof => statement(status, body),
        Proven::ByDigest if !with_proof => unsigned_answer(status, "another file"),
        _ if is_signed => signed_answer(status, body),
        _ => unsigned_answer(status, body),
    }
}

/// A file whose digest is signed.
fn statement(status: u16, body: Vec<u8>) -> http::Response<Bytes> {
    let sha1 = file_sha1();
    let mut answer = signed_answer(status, format!("{{\"sha1\":\"{sha1}\"}}"));
    *answer.body_mut() = body.into();
    if let Ok(sha1) = sha1.parse() {
        answer.headers_mut().insert("wechatpay-statement-sha1", sha1);
    }
    answer
}

/// A v2 answer of these fields.
///
/// # Panics
/// When they make no XML.
#[must_use]
#[expect(clippy::expect_used, reason = "the fields are texts that XML can hold")]
pub fn v2_response(status: u16, mut fields: Fields, is_signed: bool) -> http::Response<Bytes> {
    fields.remove("sign");
    fields
        .entry("return_code".to_owned())
        .or_insert_with(|| "SUCCESS".to_owned());
    if is_signed {
        let signature = v2::sign(&fields, Algorithm::HmacSha256, &api_v2_key()).expect("a signature");
        fields.insert("sign".to_owned(), signature);
    }
    unsigned_answer(status, v2::xml::write(&fields).expect("XML"))
}

/// All scalars of a v2 answer as the texts that XML makes of them. A `sign` is not known before.
#[must_use]
pub fn as_texts(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(name, _)| *name != "sign");
            members
                .map(|(name, value)| (name.clone(), as_texts(value)))
                .collect()
        }
        Value::Array(elements) => elements.iter().map(as_texts).collect(),
        Value::Null => Value::Null,
        scalar => Value::String(text_of(scalar)),
    }
}
