//! Reads a request and verifies who sent it (protocol sections 7.1 to 7.6).
//!
//! Whatever is wrong here is a communication failure: only `return_msg` tells of it, and nothing is signed.

use bytes::Bytes;
use http::{Method, Request};
use wxpay_proto::ApiV2Key;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{Fields, verify_sign, xml};

use super::dress::Dress;
use crate::profile::{Merchant, Profile};

/// A request whose signature fits.
pub(super) struct Envelope<'a> {
    pub(super) merchant: &'a Merchant,
    pub(super) key: ApiV2Key,
    pub(super) fields: Fields,
    pub(super) dress: Dress,
    /// How it was signed, and how the answer is.
    pub(super) algorithm: Algorithm,
}

impl<'a> Envelope<'a> {
    /// Opens a request.
    pub(super) fn open(request: &Request<Bytes>, profile: &'a Profile, dress: Dress) -> Result<Self, String> {
        if request.method() != Method::POST {
            return Err("请使用post方法 (REQUIRE_POST_METHOD)".to_owned());
        }
        if request.body().is_empty() {
            return Err("post数据为空 (POST_DATA_EMPTY)".to_owned());
        }
        let fields = xml::read(request.body()).map_err(|error| format!("XML格式错误 ({error})"))?;
        let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        let number = dress.merchant();
        for name in [number, "nonce_str", "sign"]
            .iter()
            .chain(dress.needs_sign_type())
        {
            if field(name).is_empty() {
                return Err(format!("缺少参数 ({name})"));
            }
        }
        let said = match field("sign_type") {
            "HMAC-SHA256" => Algorithm::HmacSha256,
            "" | "MD5" if dress == Dress::Ordinary => Algorithm::Md5,
            _ if dress == Dress::Ordinary => return Err("签名类型错误 (sign_type)".to_owned()),
            _ => return Err("签名类型错误 (sign_type is HMAC-SHA256 here)".to_owned()),
        };
        if field("nonce_str").len() > 32 {
            return Err("参数错误 (nonce_str has more than 32 characters)".to_owned());
        }
        let merchant = profile.find(field(number));
        let merchant = merchant.ok_or_else(|| format!("商户号不存在 ({number})"))?;
        // Invariant: the shipped keys are 32 letters and digits.
        let key = ApiV2Key::new(merchant.api_v2_key()).map_err(|error| error.to_string())?;
        match verify_sign(&fields, &key) {
            Ok(algorithm) if algorithm == said => Ok(Self {
                merchant,
                key,
                fields,
                dress,
                algorithm,
            }),
            Ok(_) | Err(_) => Err("签名错误".to_owned()),
        }
    }

    /// A field; empty when it is missing.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A field that is there and not empty.
    pub(super) fn given(&self, name: &str) -> Option<String> {
        self.fields.get(name).filter(|text| !text.is_empty()).cloned()
    }

    /// An amount; 0 when it is missing.
    pub(super) fn amount(&self, name: &str) -> i64 {
        self.field(name).parse().unwrap_or_default()
    }
}
