//! Sends requests that are made from the catalogue: signed and verified by wxpay-proto.

use std::marker::PhantomData;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use wxpay_proto::crypto::{Backend, Encryptor as _, MerchantKey, Padding};
use wxpay_proto::{BrandId, BuildError, Draft, Meta, Operation, Response, Unsigned, Unverified, Upload, v3};
use wxpay_types::schema::{Field, Kind, OperationInfo, Place, Schema};

use super::super::client::Table;

/// A v3 call of any form, answered by `R`.
pub(super) struct Any<R> {
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Bytes>,
    pub(super) upload: Option<Upload>,
    answer: PhantomData<R>,
}

impl<R> Clone for Any<R> {
    fn clone(&self) -> Self {
        Self {
            method: self.method.clone(),
            target: self.target.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            upload: self.upload.clone(),
            answer: PhantomData,
        }
    }
}

impl<R: Response> Operation for Any<R> {
    type Protocol = v3::V3;
    type Response = R;
    const META: Meta = Meta::new("test", Method::POST, "/");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.route(self.method.clone(), wxpay_proto::Host::API, self.target.clone());
        for (name, value) in &self.headers {
            draft.header(name, Some(value))?;
        }
        match (&self.upload, &self.body) {
            (Some(upload), _) => draft.upload(upload.clone()),
            (None, Some(body)) => draft.bytes("application/json", body.clone()),
            (None, None) => {}
        }
        Ok(())
    }
}

impl<R> Any<R> {
    /// The request that these values make, encrypted fields in plaintext.
    pub(super) fn new(table: &Table, info: &OperationInfo, values: &Value) -> Self {
        let mut values = values.clone();
        seal_object(&info.request, &mut values, &|text| sealed(table, info, text));
        Self::as_is(info, &values)
    }

    /// The request that these values make, whatever they are.
    pub(super) fn as_is(info: &OperationInfo, values: &Value) -> Self {
        let mut target = info.path.clone();
        let mut headers = Vec::new();
        let mut body = Map::new();
        for (name, value) in values.as_object().unwrap() {
            let field = info.request.field(name);
            match field.map_or(Place::Body, |field| field.place) {
                Place::Path => {
                    let escaped = utf8_percent_encode(&plain(value), NON_ALPHANUMERIC).to_string();
                    target = target.replace(&format!("{{{name}}}"), &escaped);
                }
                Place::Query => {
                    let one = vec![value.clone()];
                    for value in value.as_array().unwrap_or(&one) {
                        add(&mut target, name, &plain(value));
                    }
                }
                Place::Header => headers.push((name.clone(), plain(value))),
                Place::Form => {}
                _ => {
                    body.insert(name.clone(), value.clone());
                }
            }
        }
        Self {
            method: info.method.parse().unwrap(),
            target,
            headers,
            body: (!body.is_empty()).then(|| Bytes::from(Value::Object(body).to_string())),
            upload: None,
            answer: PhantomData,
        }
    }
}

pub(super) fn add(target: &mut String, name: &str, value: &str) {
    target.push(if target.contains('?') { '&' } else { '?' });
    target.push_str(name);
    target.push('=');
    target.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
}

/// A value as it stands in a path, a query or a field of v2.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(super) fn sealed(table: &Table, info: &OperationInfo, text: &str) -> String {
    let padding = if info.pkcs1 {
        Padding::Pkcs1v15
    } else {
        Padding::OaepSha1
    };
    let key = table.platform.profile().platform_public_key().key().public_key();
    let bytes = key.encrypt(padding, text.as_bytes(), &mut |_: &mut [u8]| {});
    STANDARD.encode(bytes.unwrap())
}

pub(super) fn seal_object(schema: &Schema, value: &mut Value, seal: &dyn Fn(&str) -> String) {
    for field in &schema.fields {
        if let Some(value) = value.get_mut(&field.name) {
            seal_value(field, &field.kind, value, seal);
        }
    }
}

fn seal_value(field: &Field, kind: &Kind, value: &mut Value, seal: &dyn Fn(&str) -> String) {
    match (kind, value) {
        (Kind::Object(schema), value) => seal_object(schema, value, seal),
        (Kind::List(kind), Value::Array(elements)) => {
            for element in elements {
                seal_value(field, kind, element, seal);
            }
        }
        (_, Value::String(text)) if field.sensitive => *text = seal(text),
        _ => {}
    }
}

/// Signs with the merchant's key, in the brand's name where the path asks for it, and hands the request in. Nothing comes
/// back where a product of the simulator's has answered: products have tests of their own.
pub(super) fn send<R: Response>(
    table: &mut Table,
    key: &MerchantKey,
    call: &Any<R>,
) -> Option<Unverified<Any<R>>> {
    let number = table.merchant.id().as_str();
    let account = if call.target.starts_with("/brand/") {
        v3::Account::Brand(BrandId::new(number).unwrap())
    } else {
        v3::Account::Merchant(table.merchant.id().clone())
    };
    let credentials = v3::Credentials::new(account, table.merchant.serial().clone());
    let credentials = credentials.answer_key(table.answer_key.clone());
    let unsigned = Unsigned::new(call, &credentials, &table.stamp()).unwrap();
    let (request, pending) = unsigned.sign(key).unwrap().into_parts();
    let response = table.handle(&request);
    let documented = response.headers().contains_key("wxpay-sim-documented");
    documented.then(|| pending.receive(response))
}

/// The key of the table's merchant.
pub(super) fn key(table: &Table) -> MerchantKey {
    MerchantKey::from_pem(table.merchant.private_key_pem(), Backend::AwsLc).unwrap()
}
