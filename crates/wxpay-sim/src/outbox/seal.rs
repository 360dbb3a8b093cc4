//! Puts a notification into the bytes of one attempt.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use serde_json::Value;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::Fields;
use wxpay_proto::v3::notification::NotificationDraft;
use wxpay_proto::{ApiV2Key, ApiV3Key, Nonce, Stamp, TimeText, v2, v3};

use crate::profile::Merchant;
use crate::store::{Form, Notification};
use crate::world::World;

/// What probe traffic begins its signature with.
const PROBE: &str = "WECHATPAY/SIGNTEST/";

/// The request of one attempt, or why there can be none.
pub(super) fn seal(
    world: &mut World<'_>,
    notification: &Notification,
    probe: bool,
) -> Result<Request<Bytes>, String> {
    let merchant = world.profile.find(&notification.mchid);
    let merchant = merchant.ok_or_else(|| format!("no merchant {}", notification.mchid))?;
    let uri: Uri = notification
        .url
        .parse()
        .map_err(|error| format!("{} is no address: {error}", notification.url))?;
    let (mut headers, body) = match notification.form {
        Form::V3 => seal_v3(world, merchant, notification)?,
        Form::V2Md5 => seal_v2(merchant, notification, Algorithm::Md5)?,
        Form::V2Hmac => seal_v2(merchant, notification, Algorithm::HmacSha256)?,
        Form::V2Refund => seal_refund(merchant, notification)?,
        Form::V2Event => seal_event(world, merchant, notification)?,
    };
    let mut body = body;
    if probe {
        spoil(&mut headers, &mut body);
    }
    headers.insert(USER_AGENT, HeaderValue::from_static("Mozilla/4.0"));
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}

fn seal_v3(
    world: &mut World<'_>,
    merchant: &Merchant,
    notification: &Notification,
) -> Result<(HeaderMap, Bytes), String> {
    let key = ApiV3Key::new(merchant.api_v3_key()).map_err(|error| error.to_string())?;
    let nonce = world.sequence.alphanumeric(12);
    let plaintext = notification.resource.value().to_string();
    let mut draft = NotificationDraft::new(&notification.id, &notification.event_type, nonce, plaintext)
        .create_time(TimeText::beijing(notification.created))
        .summary(&notification.summary)
        .associated_data(&notification.original_type);
    if !notification.original_type.is_empty() {
        draft = draft.original_type(&notification.original_type);
    }
    let settings = world.settings;
    let identity = world
        .profile
        .notifier(settings.notification_key, settings.rotation);
    let nonce = Nonce::new(world.sequence.hex()).map_err(|error| error.to_string())?;
    let stamp = Stamp::new(world.clocks.wire, nonce);
    let sealed = v3::notification::seal(&draft, &key, identity.private(), identity.id(), &stamp);
    let sealed = sealed.map_err(|error| error.to_string())?;
    let mut headers = sealed.headers;
    let request_id = format!("{}-0", world.sequence.hex());
    if let Ok(request_id) = HeaderValue::from_str(&request_id) {
        headers.insert("request-id", request_id);
    }
    Ok((headers, sealed.body))
}

fn seal_v2(
    merchant: &Merchant,
    notification: &Notification,
    algorithm: Algorithm,
) -> Result<(HeaderMap, Bytes), String> {
    let key = ApiV2Key::new(merchant.api_v2_key()).map_err(|error| error.to_string())?;
    let fields = fields(&notification.resource.value());
    let body = v2::notification::seal(&fields, algorithm, &key).map_err(|error| error.to_string())?;
    Ok((xml_headers(), body.into()))
}

fn seal_refund(merchant: &Merchant, notification: &Notification) -> Result<(HeaderMap, Bytes), String> {
    let key = ApiV2Key::new(merchant.api_v2_key()).map_err(|error| error.to_string())?;
    let (outer, inner) = parts(notification, "req_info");
    let body = v2::notification::seal_refund(&outer, &inner, &key);
    Ok((xml_headers(), body.map_err(|error| error.to_string())?.into()))
}

fn seal_event(
    world: &mut World<'_>,
    merchant: &Merchant,
    notification: &Notification,
) -> Result<(HeaderMap, Bytes), String> {
    let key = ApiV2Key::new(merchant.api_v2_key()).map_err(|error| error.to_string())?;
    let api_v3_key = ApiV3Key::new(merchant.api_v3_key()).map_err(|error| error.to_string())?;
    let nonce = world.sequence.alphanumeric(12);
    let (outer, inner) = parts(notification, "event");
    let body = v2::notification::seal_event(&outer, &inner, &nonce, &api_v3_key, &key);
    Ok((xml_headers(), body.map_err(|error| error.to_string())?.into()))
}

/// What stands around the encrypted part, and what stands in it.
fn parts(notification: &Notification, encrypted: &str) -> (Fields, Fields) {
    let resource = notification.resource.value();
    let part = |name: &str| resource.get(name).map(fields).unwrap_or_default();
    (part("outer"), part(encrypted))
}

fn fields(value: &Value) -> Fields {
    let members = value.as_object().into_iter().flatten();
    members
        .map(|(name, text)| (name.clone(), text.as_str().unwrap_or_default().to_owned()))
        .collect()
}

fn xml_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
    headers
}

/// Makes the signature that of probe traffic: v3's in its header, v2's in its field.
fn spoil(headers: &mut HeaderMap, body: &mut Bytes) {
    if let Some(signature) = headers.get_mut("wechatpay-signature") {
        let spoiled = format!("{PROBE}{}", signature.to_str().unwrap_or_default());
        if let Ok(spoiled) = HeaderValue::from_str(&spoiled) {
            *signature = spoiled;
        }
        return;
    }
    let Ok(mut fields) = v2::xml::read(body) else {
        return;
    };
    if let Some(sign) = fields.get_mut("sign") {
        sign.insert_str(0, PROBE);
        *body = v2::xml::write(&fields).map_or_else(|_| body.clone(), Bytes::from);
    }
}
