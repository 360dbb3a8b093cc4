//! A merchant, WeChat Pay, and what they send each other.

use bytes::Bytes;
use wxpay_proto::crypto::{Algorithm, Backend, MerchantKey, Signer as _};
use wxpay_proto::v3::{PlatformKeys, canonical};
use wxpay_proto::{KeyId, MerchantId, Nonce, Serial, Stamp, UnixTime, v2, v3};

use crate::keys::{key_text, platform_keys, private_key};

/// The merchant number of the tests.
pub const MCHID: &str = "1900007291";
/// The moment of the tests, in Unix seconds.
pub const NOW: i64 = 1_700_000_000;
/// WeChat Pay's key in the tests.
pub const PLATFORM: &str = "platform_rsa_pubkey";
/// A nonce of WeChat Pay's.
pub const ANSWER_NONCE: &str = "c5ac7061fccab6bf3e254dcf98995b8c";
/// A `Request-ID` of a failure.
pub const REQUEST_ID: &str = "08F78BB5AF0610D302189F99DD5C20BA56F89845-268435461";

/// The moment of the tests.
#[must_use]
pub fn now() -> UnixTime {
    UnixTime::from_secs(NOW)
}

/// A stamp of that moment.
///
/// # Panics
/// Never: the nonce is a good one.
#[must_use]
#[expect(clippy::expect_used, reason = "the nonce is a good one")]
pub fn stamp() -> Stamp {
    Stamp::new(
        now(),
        Nonce::new("5K8264ILTKCH16CQ2502SI8ZNMTM67VS").expect("a nonce"),
    )
}

/// The id of WeChat Pay's key.
///
/// # Panics
/// Never: the id is a good one.
#[must_use]
#[expect(clippy::expect_used, reason = "the id is a good one")]
pub fn platform_id() -> KeyId {
    KeyId::new(key_text(PLATFORM, "public_key_id")).expect("a key's id")
}

/// The merchant's v3 credentials.
///
/// # Panics
/// Never: number and serial are good ones.
#[must_use]
#[expect(clippy::expect_used, reason = "number and serial are good ones")]
pub fn v3_credentials() -> v3::Credentials {
    let serial = Serial::new(key_text("merchant_rsa", "serial_no")).expect("a serial");
    let merchant = MerchantId::new(MCHID).expect("a merchant number");
    v3::Credentials::merchant(merchant, serial).answer_key(platform_id())
}

/// The merchant's v2 credentials.
///
/// # Panics
/// Never: the number is a good one.
#[must_use]
#[expect(clippy::expect_used, reason = "the number is a good one")]
pub fn v2_credentials() -> v2::Credentials {
    v2::Credentials::new(MerchantId::new(MCHID).expect("a merchant number"))
}

/// The merchant's private key, with the fast backend.
#[must_use]
pub fn merchant_key() -> MerchantKey {
    private_key("merchant_rsa", Backend::AwsLc)
}

/// What the merchant verifies with, with the fast backend.
#[must_use]
pub fn trusted() -> PlatformKeys {
    platform_keys([(key_text(PLATFORM, "public_key_id"), PLATFORM)], Backend::AwsLc)
}

/// An answer without signature headers, with a `Request-ID`.
///
/// # Panics
/// When the status is none.
#[must_use]
#[expect(clippy::expect_used, reason = "a test with a wrong status must fail")]
pub fn unsigned_answer(status: u16, body: impl Into<Bytes>) -> http::Response<Bytes> {
    let answer = http::Response::builder()
        .status(status)
        .header("Request-ID", REQUEST_ID);
    answer.body(body.into()).expect("an answer")
}

/// An answer that WeChat Pay signed at the moment of the tests.
///
/// # Panics
/// When it cannot be signed.
#[must_use]
#[expect(clippy::expect_used, reason = "the key of the vectors is good")]
pub fn signed_answer(status: u16, body: impl Into<Bytes>) -> http::Response<Bytes> {
    let body = body.into();
    let timestamp = NOW.to_string();
    let message = canonical::answer_message(&timestamp, ANSWER_NONCE, &body);
    let key = private_key(PLATFORM, Backend::AwsLc);
    let signature = key
        .sign(Algorithm::RsaSha256, &message)
        .expect("a signature")
        .to_base64();
    let mut answer = unsigned_answer(status, body);
    let headers = [
        ("wechatpay-timestamp", timestamp.as_str()),
        ("wechatpay-nonce", ANSWER_NONCE),
        ("wechatpay-signature", signature.as_str()),
        ("wechatpay-serial", key_text(PLATFORM, "public_key_id")),
    ];
    for (name, value) in headers {
        answer
            .headers_mut()
            .insert(name, value.parse().expect("a header"));
    }
    answer
}
