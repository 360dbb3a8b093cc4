//! Reads a request of any v2 operation and verifies who sent it (protocol sections 7.1 to 7.6, 7.13).
//!
//! Whatever is wrong here is a communication failure: only `return_msg` tells of it, and nothing is signed.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Request};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{Fields, verify_sign, xml};
use wxpay_proto::{ApiV2Key, FilePart, SignTypeRule};
use wxpay_types::schema::{Kind, OperationInfo, Place};

use super::keys;
use crate::documented::{self, Location};
use crate::multipart;
use crate::profile::{Merchant, Profile, Role};
use crate::v2::refusal::Refusal;

/// The fields that the protocol fills in; operations do not list them.
const ENVELOPE: [&str; 3] = ["nonce_str", "sign", "sign_type"];

/// A request whose signature fits.
pub(crate) struct Letter<'a> {
    pub(crate) merchant: &'a Merchant,
    pub(super) key: ApiV2Key,
    /// What it was signed with, and what the answer is signed with.
    pub(super) algorithm: Algorithm,
    pub(super) given: documented::Request<'a>,
    /// All fields as they arrived.
    pub(super) fields: Fields,
}

impl<'a> Letter<'a> {
    pub(super) fn open(
        request: &Request<Bytes>,
        info: &'a OperationInfo,
        profile: &'a Profile,
    ) -> Result<Self, String> {
        let (place, fields) = read(request, info)?;
        let algorithm = asked(info, &fields)?;
        if info.nonce_str && !(1..=32).contains(&text(&fields, "nonce_str").len()) {
            return Err("缺少参数 (nonce_str has 1 to 32 characters)".to_owned());
        }
        let (merchant, key) = signer(info, &fields, profile, algorithm)?;
        let mut given = documented::Request::new(info);
        for (name, value) in &fields {
            if !ENVELOPE.contains(&name.as_str()) || info.request.field(name).is_some() {
                given.text(place, location(place), name, value);
            }
        }
        given.headers(request.headers());
        if request.method() != Method::GET {
            // Some operations have a parameter beside their fields, which the signature does not cover.
            let query = request.uri().query().unwrap_or_default();
            given.query(query).map_err(|problem| problem.issue)?;
        }
        if let Some(file) = file(request, info) {
            held_against(&fields, &file)?;
            given.part(file.name, file.file_name.as_str().into());
        }
        Ok(Self {
            merchant,
            key,
            algorithm,
            given,
            fields,
        })
    }

    /// A field; empty when it is missing.
    pub(crate) fn text(&self, name: &str) -> &str {
        text(&self.fields, name)
    }

    /// A field that is there and not empty.
    pub(crate) fn optional(&self, name: &str) -> Option<String> {
        self.fields.get(name).filter(|text| !text.is_empty()).cloned()
    }

    /// The sub-merchant: a partner names one that it acts for.
    pub(crate) fn sub_merchant(&self) -> Result<Option<String>, Refusal> {
        match self.optional("sub_mch_id") {
            None if self.merchant.role() == Role::Merchant => Ok(None),
            None => Err(Refusal::missing("sub_mch_id")),
            Some(found) if self.merchant.acts_for(&found) => Ok(Some(found)),
            Some(_) => Err(Refusal::new("NOAUTH", "商户无此接口权限 (sub_mch_id)")),
        }
    }

    /// What tells one creation from another: all fields but those that differ in every attempt.
    pub(crate) fn lasting(&self) -> Value {
        let fields = self.fields.iter();
        let lasting = fields.filter(|(name, _)| !["nonce_str", "sign", "timestamp"].contains(&name.as_str()));
        lasting
            .map(|(name, text)| (name.clone(), Value::from(text.as_str())))
            .collect::<Map<_, _>>()
            .into()
    }

    /// Puts into an answer what it repeats of its request.
    pub(crate) fn repeat(&self, info: &OperationInfo, answer: &mut Fields) {
        let schema = info.response.as_ref();
        for name in ["appid", "mch_id", "sub_appid", "sub_mch_id"] {
            let known = schema.is_some_and(|schema| schema.field(name).is_some());
            if let Some(text) = self.optional(name).filter(|_| known) {
                answer.insert(name.to_owned(), text);
            }
        }
    }
}

fn text<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map(String::as_str).unwrap_or_default()
}

fn location(place: Place) -> Location {
    if place == Place::Query {
        Location::Query
    } else {
        Location::Body
    }
}

/// The fields, and where operations say that they stand.
fn read(request: &Request<Bytes>, info: &OperationInfo) -> Result<(Place, Fields), String> {
    if request.method() == Method::GET {
        return Ok((Place::Query, query(request.uri().query().unwrap_or_default())?));
    }
    if info.multipart {
        let parts = multipart::parts(content_type(request), request.body());
        let parts = parts.ok_or("multipart/form-data with a boundary and whole parts is wanted")?;
        let texts = parts.iter().filter(|part| part.file_name.is_none());
        let texts = texts.map(|part| {
            (
                part.name.clone(),
                String::from_utf8_lossy(part.content).into_owned(),
            )
        });
        return Ok((Place::Form, texts.collect()));
    }
    if request.body().is_empty() {
        return Err("post数据为空 (POST_DATA_EMPTY)".to_owned());
    }
    let fields = xml::read(request.body()).map_err(|error| format!("XML格式错误 ({error})"))?;
    Ok((Place::Body, fields))
}

fn query(query: &str) -> Result<Fields, String> {
    let decoded = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8();
        decoded
            .map(String::from)
            .map_err(|_| "参数错误 (the query is not UTF-8)".to_owned())
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn content_type(request: &Request<Bytes>) -> &str {
    let header = request.headers().get(CONTENT_TYPE);
    header.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The algorithm that a request claims, which must be one that the operation takes.
fn asked(info: &OperationInfo, fields: &Fields) -> Result<Algorithm, String> {
    match (info.sign_type, text(fields, "sign_type")) {
        (SignTypeRule::Md5Only, "" | "MD5") | (SignTypeRule::Choice, "" | "MD5") => Ok(Algorithm::Md5),
        (SignTypeRule::HmacOnly | SignTypeRule::Choice, "HMAC-SHA256") => Ok(Algorithm::HmacSha256),
        (rule, _) => {
            let wanted = match rule {
                SignTypeRule::Md5Only => "MD5",
                SignTypeRule::HmacOnly => "HMAC-SHA256",
                _ => "MD5 or HMAC-SHA256",
            };
            Err(format!("签名类型错误 (sign_type is {wanted} here)"))
        }
    }
}

/// The merchant whose number and key fit. Where an operation has no merchant number, whoever's key fits has signed.
fn signer<'a>(
    info: &OperationInfo,
    fields: &Fields,
    profile: &'a Profile,
    algorithm: Algorithm,
) -> Result<(&'a Merchant, ApiV2Key), String> {
    let named = ["combine_mch_id", "mch_id", "mchid"]
        .iter()
        .map(|name| text(fields, name))
        .find(|number| !number.is_empty());
    let merchants: Vec<&Merchant> = match named {
        Some(number) => profile.find(number).into_iter().collect(),
        None => profile.merchants().iter().collect(),
    };
    if merchants.is_empty() {
        return Err("商户号不存在 (mch_id)".to_owned());
    }
    for merchant in merchants {
        let key = keys::signing(info, merchant)?;
        if !info.signs_request || verify_sign(fields, &key) == Ok(algorithm) {
            return Ok((merchant, key));
        }
    }
    Err("签名错误".to_owned())
}

/// The file of an upload.
struct Upload<'a> {
    name: &'a str,
    file_name: String,
    content: Vec<u8>,
}

fn file<'a>(request: &Request<Bytes>, info: &'a OperationInfo) -> Option<Upload<'a>> {
    let field = info
        .request
        .fields
        .iter()
        .find(|field| matches!(field.kind, Kind::File))?;
    let parts = multipart::parts(content_type(request), request.body())?;
    let part = parts.into_iter().find(|part| part.name == field.name)?;
    Some(Upload {
        name: &field.name,
        file_name: part.file_name.unwrap_or_else(|| "file".to_owned()),
        content: part.content.to_vec(),
    })
}

/// The signature covers the file by this digest alone.
fn held_against(fields: &Fields, file: &Upload<'_>) -> Result<(), String> {
    let md5 = FilePart::new(&*file.file_name, "", file.content.clone()).md5();
    if text(fields, "media_hash").eq_ignore_ascii_case(&md5) {
        Ok(())
    } else {
        Err(format!("参数错误 (media_hash: the MD5 of the file is {md5})"))
    }
}
