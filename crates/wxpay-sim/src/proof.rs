//! Whose signature a logged message has, verified anew.

use wxpay_proto::crypto::{Algorithm, Signature, Verifier as _};
use wxpay_proto::v2::canonical::message;
use wxpay_proto::v2::{UnverifiedNotification, xml};
use wxpay_proto::v3::Authorization;
use wxpay_proto::v3::canonical::{answer_message, request_message};
use wxpay_proto::{ApiV2Key, KeyId};

use crate::handled::Handled;
use crate::multipart;
use crate::profile::Profile;

/// What proves a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The signature fits.
    Verified {
        /// Whose it is.
        by: String,
    },
    /// There is one, and it does not fit.
    Wrong {
        /// Whose it is said to be.
        by: String,
    },
    /// There is none.
    None,
}

impl Proof {
    fn of(fits: bool, by: String) -> Self {
        if fits {
            Self::Verified { by }
        } else {
            Self::Wrong { by }
        }
    }
}

/// The text that the signature of a request is over; without the key that ends it in v2.
pub(crate) fn request_text(exchange: &Handled) -> Option<String> {
    let headers = exchange.request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(header) = text("authorization") else {
        return v2_text(exchange.request.body());
    };
    let authorization = Authorization::parse(header).ok()?;
    readable(request_text_of(exchange, &authorization))
}

/// The text that the signature of an answer is over; without the key that ends it in v2.
pub(crate) fn answer_text(exchange: &Handled) -> Option<String> {
    match exchange.response.headers().get("wechatpay-signature") {
        Some(_) => readable(answer_text_of(exchange)),
        None => v2_text(exchange.response.body()),
    }
}

fn request_text_of(exchange: &Handled, authorization: &Authorization) -> Vec<u8> {
    let content_type = exchange.request.headers().get("content-type");
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let body = exchange.request.body();
    let meta = content_type.and_then(|content_type| multipart::meta(content_type, body));
    request_message(
        exchange.request.method().as_str(),
        exchange.target(),
        &authorization.timestamp,
        &authorization.nonce_str,
        meta.unwrap_or(body),
    )
}

fn answer_text_of(exchange: &Handled) -> Vec<u8> {
    let headers = exchange.response.headers();
    let text = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    };
    let body = exchange.response.body();
    answer_message(text("wechatpay-timestamp"), text("wechatpay-nonce"), body)
}

fn v2_text(body: &[u8]) -> Option<String> {
    let fields = xml::read(body).ok()?;
    fields.get("sign")?;
    let pairs = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Some(format!("{}&key=…", message(pairs)))
}

/// Nothing for what is no text.
fn readable(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).ok()
}

/// What proves that a request is its merchant's.
pub(crate) fn of_request(exchange: &Handled, profile: &Profile) -> Proof {
    let headers = exchange.request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(header) = text("authorization") else {
        return of_v2(exchange.request.body(), profile);
    };
    let Ok(authorization) = Authorization::parse(header) else {
        return Proof::Wrong { by: String::new() };
    };
    let message = request_text_of(exchange, &authorization);
    let account = profile.find(&authorization.identity);
    let fits = Signature::from_base64(&authorization.signature).is_ok_and(|signature| {
        account.is_some_and(|account| {
            let key = account.public_key();
            key.verify(Algorithm::RsaSha256, &message, &signature).is_ok()
        })
    });
    Proof::of(
        fits,
        format!("{}, {}", authorization.identity, authorization.serial_no),
    )
}

/// What proves that an answer is the platform's.
pub(crate) fn of_answer(exchange: &Handled, profile: &Profile) -> Proof {
    let headers = exchange.response.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let body = exchange.response.body();
    let Some(signature) = text("wechatpay-signature") else {
        let number = account_number(exchange.request.body());
        return number.map_or(Proof::None, |number| signed_v2(body, &number, profile));
    };
    let serial = text("wechatpay-serial").unwrap_or_default();
    let message = answer_text_of(exchange);
    let identity = KeyId::new(serial).ok().and_then(|id| profile.identity(&id));
    let fits = Signature::from_base64(signature).is_ok_and(|signature| {
        identity.is_some_and(|identity| {
            let key = identity.key().public_key();
            key.verify(Algorithm::RsaSha256, &message, &signature).is_ok()
        })
    });
    Proof::of(fits, serial.to_owned())
}

fn of_v2(body: &[u8], profile: &Profile) -> Proof {
    account_number(body).map_or(Proof::None, |number| signed_v2(body, &number, profile))
}

/// The account that a message of v2 names.
fn account_number(body: &[u8]) -> Option<String> {
    let fields = xml::read(body).ok()?;
    let names = ["mch_id", "mchid", "combine_mch_id"];
    names.iter().find_map(|name| fields.get(*name)).cloned()
}

/// By the APIv2 key of this account.
fn signed_v2(body: &[u8], number: &str, profile: &Profile) -> Proof {
    let signed = xml::read(body).is_ok_and(|fields| fields.contains_key("sign"));
    if !signed {
        return Proof::None;
    }
    let key = profile
        .find(number)
        .and_then(|account| ApiV2Key::new(account.api_v2_key()).ok());
    // A notification is any message with a `sign`.
    let received = UnverifiedNotification::receive(body.to_vec());
    match key.and_then(|key| received.verify(&key, None).ok()) {
        Some(verified) => Proof::Verified {
            by: format!("{number}, {}", verified.algorithm().as_str()),
        },
        None => Proof::Wrong {
            by: number.to_owned(),
        },
    }
}
