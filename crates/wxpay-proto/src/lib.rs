//! The sans-IO core of wxpay: builds, signs, verifies and parses WeChat Pay's (微信支付) messages, v3 (JSON, RSA-SHA256)
//! and v2 (XML, MD5 or HMAC-SHA256).
//!
//! It opens no connection, reads no clock, draws no random numbers and looks at no environment: time, randomness and
//! bytes are arguments. So it runs in any runtime, blocking or not, in WASM, and with a signer that lives in a KMS.
//!
//! # The journey
//!
//! ```text
//! operation ──▶ Unsigned ──▶ Signed ──▶ (http::Request, Pending) ──▶ your I/O
//!                message()     sign()                                    │
//!                           or attach(signature)                         ▼
//! Verified<Response> ◀── Unverified ◀── Pending::receive(http::Response<Bytes>)
//!                   verify(keys, now)
//! ```
//!
//! ```
//! use bytes::Bytes;
//! use wxpay_proto::crypto::{Backend, MerchantKey};
//! use wxpay_proto::{KeyId, MerchantId, Nonce, Serial, Stamp, UnixTime, Unsigned, v3};
//!
//! # fn send(_: http::Request<Bytes>) -> http::Response<Bytes> { http::Response::new(Bytes::new()) }
//! # fn example(private_key_pem: &str, keys: v3::PlatformKeys) -> Result<(), Box<dyn std::error::Error>> {
//! let key = MerchantKey::from_pem(private_key_pem, Backend::RustCrypto)?;
//! let credentials = v3::Credentials::merchant(MerchantId::new("1900007291")?, Serial::new("3775B6A45ACD5888")?)
//!     .answer_key(KeyId::new("PUB_KEY_ID_0119000072912024101000000000000001")?);
//!
//! let query = v3::Call::new(
//!     http::Method::GET,
//!     "/v3/pay/transactions/out-trade-no/1217752501201407033233368018?mchid=1900007291",
//! );
//! let stamp = Stamp::new(UnixTime::from_secs(1_700_000_000), Nonce::from_entropy([7; 32]));
//! let (request, pending) = Unsigned::new(&query, &credentials, &stamp)?.sign(&key)?.into_parts();
//!
//! let response = send(request); // whatever does your I/O
//!
//! let answer = pending.receive(response).verify(&keys, UnixTime::from_secs(1_700_000_001))?;
//! println!("{}", String::from_utf8_lossy(&answer.body)); // an unverified body cannot be had
//! # Ok(())
//! # }
//! ```
//!
//! # What holds
//!
//! * **Verification cannot be skipped.** [`Unverified`] has no way to its body; [`Verified`] cannot be made outside this
//!   crate. What an operation's answers prove is part of its types, see [`proof`].
//! * **What is signed is what is sent.** The message is made from the rendered request, never from a second rendering.
//! * **Every error answers one question**: may it have been executed? See [`Outcome`].
//! * **An unknown field, value or event is no error.** Enumerations are open, and [`Verified::body`] keeps the raw text.
//! * **Secrets stay secret**: keys are wiped on drop, and cannot be shown, compared, cloned or serialised.
//!
//! # Features
//!
//! * `rsa` (default): the pure-Rust backend. RUSTSEC-2023-0071 is open against it.
//! * `aws-lc-rs`: the backend for private keys on a server.
//! * `p12`: [`crypto`]'s `P12` reads `apiclient_cert.p12`.
//! * `sm`: national algorithms (国密). SM2 keys are read wherever RSA keys are, SM3 digests and SM4-GCM by their names.
//!
//! # What it is not
//!
//! It does not send, wait or cache; that is `wxpay-hyper`'s. Whether a call is made again is decided here ([`retry`]). It does not know the operations; those are in
//! `wxpay-types`. It validates no business rule.

mod agent;
mod base64_text;
pub mod bill;
pub mod crypto;
mod draft;
mod error;
mod error_code;
mod exchange;
pub mod explain;
mod fields;
pub mod file;
mod file_part;
mod front_end;
mod host;
mod http_date;
mod id;
mod json_text;
mod members;
mod meta;
mod money;
mod multipart;
pub mod open_enum;
mod operation;
mod outcome;
pub mod proof;
mod protocol;
mod refusal;
pub mod retry;
mod retry_after;
mod secret;
mod sensitive;
pub mod settled;
mod stamp;
mod time_text;
mod upload_meta;
mod url_encoded_text;
pub mod v2;
pub mod v3;
mod written;

pub use draft::{Draft, Upload};
pub use error::{BuildError, Error, ParseError, VerifyError};
pub use error_code::ErrorCode;
pub use exchange::{Pending, Signed, Unsigned, Unverified};
pub use fields::ListSpec;
pub use file_part::{FilePart, FileSummer, FileSums};
pub use front_end::{ParameterError, UnsignedParameters};
pub use host::{BaseUrl, ForeignHost, Host, InvalidBaseUrl};
pub use http_date::http_date;
pub use id::{BrandId, InvalidId, KeyId, MerchantId, PublicKeyId, Serial};
pub use json_text::JsonText;
pub use meta::{Effect, Meta, SignTypeRule};
pub use money::{DecimalText, InvalidAmount, fen_from_yuan, yuan_from_fen};
pub use multipart::{InvalidUpload, UploadFrame};
pub use operation::{AnswerBody, NoContent, Operation, Response};
pub use outcome::Outcome;
pub use proof::{Checked, Unauthenticated, Verified, VerifiedBy};
pub use protocol::Protocol;
pub use refusal::{ApiError, RetryAdvice, SignInformation, inner_code};
pub use secret::{ApiV2Key, ApiV3Key, InvalidApiKey};
pub use sensitive::Sensitive;
pub use settled::Settled;
pub use stamp::{InvalidNonce, Nonce, Stamp, UnixTime};
pub use time_text::{InvalidTime, TimeText};
pub use upload_meta::{UploadDigest, UploadMeta};
pub use url_encoded_text::UrlEncodedText;
pub use written::Written;

/// The header with which support finds a call.
pub(crate) static REQUEST_ID: http::HeaderName = http::HeaderName::from_static("request-id");

/// A header as text; an empty one counts as missing. A name that is a header's name already is found faster than a text.
pub(crate) fn header_text(headers: &http::HeaderMap, name: impl http::header::AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().filter(|text| !text.is_empty())
}
