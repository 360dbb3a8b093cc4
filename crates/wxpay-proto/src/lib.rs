//! The sans-IO core of wxpay: builds, signs, verifies and parses WeChat Pay's (微信支付) messages, v3 and v2.

pub mod crypto;
mod draft;
mod error;
mod error_code;
mod exchange;
mod fields;
mod host;
mod id;
mod json_text;
mod members;
mod meta;
mod money;
pub mod open_enum;
mod operation;
pub mod proof;
mod protocol;
mod refusal;
mod secret;
mod sensitive;
mod stamp;
mod time_text;
pub mod v2;
pub mod v3;

pub use draft::{Draft, Upload};
pub use error::{BuildError, Error, Outcome, ParseError, VerifyError};
pub use error_code::ErrorCode;
pub use exchange::{Pending, Signed, Unsigned, Unverified};
pub use fields::ListSpec;
pub use host::{BaseUrl, ForeignHost, Host, InvalidBaseUrl};
pub use id::{BrandId, InvalidId, KeyId, MerchantId, PublicKeyId, Serial};
pub use json_text::JsonText;
pub use meta::{Effect, Meta, SignTypeRule};
pub use money::{InvalidAmount, fen_from_yuan};
pub use operation::{AnswerBody, NoContent, Operation, Response};
pub use proof::{Checked, Unauthenticated, Verified, VerifiedBy};
pub use protocol::Protocol;
pub use refusal::{ApiError, RetryAdvice, SignInformation, inner_code};
pub use secret::{ApiV2Key, ApiV3Key, InvalidApiKey};
pub use sensitive::Sensitive;
pub use stamp::{InvalidNonce, Nonce, Stamp, UnixTime};
pub use time_text::{InvalidTime, TimeText};

/// A header as text; an empty one counts as missing.
pub(crate) fn header_text<'a>(headers: &'a http::HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().filter(|text| !text.is_empty())
}
