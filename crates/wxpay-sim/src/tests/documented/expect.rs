//! What an answer must have, by the catalogue.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use wxpay_proto::crypto::{Decryptor as _, MerchantKey, Padding};
use wxpay_types::schema::{Field, Kind, OperationInfo, Schema};

/// Everything that is required or of which the documentation shows an example is there, of its kind; encrypted fields
/// are the merchant's to open; what the request named is named again.
pub(super) fn answer(
    info: &OperationInfo,
    request: &Value,
    answer: &Value,
    key: &MerchantKey,
    wrong: &mut Vec<String>,
) {
    let schema = info.response.as_ref().unwrap();
    let padding = if info.pkcs1 {
        Padding::Pkcs1v15
    } else {
        Padding::OaepSha1
    };
    let mut expect = Expect {
        wrong,
        name: &info.name,
        key,
        padding,
    };
    expect.object("", schema, answer);
    for (asked, told) in &info.echo {
        if let (Some(asked), Some(told)) = (request.get(asked), answer.get(told))
            && asked != told
        {
            wrong.push(format!("{}: {told} for {asked}", info.name));
        }
    }
}

struct Expect<'a> {
    name: &'a str,
    key: &'a MerchantKey,
    padding: Padding,
    wrong: &'a mut Vec<String>,
}

impl Expect<'_> {
    fn complain(&mut self, at: &str, problem: &str) {
        self.wrong.push(format!("{}{at}: {problem}", self.name));
    }

    fn object(&mut self, at: &str, schema: &Schema, value: &Value) {
        let Some(members) = value.as_object() else {
            return self.complain(at, "no object");
        };
        for field in &schema.fields {
            let at = format!("{at}/{}", field.name);
            match members.get(&field.name) {
                Some(value) => self.value(&at, field, &field.kind, value),
                None if is_wanted(schema, field) => self.complain(&at, "missing"),
                None => {}
            }
        }
        for name in members.keys().filter(|name| schema.field(name).is_none()) {
            self.complain(at, &format!("{name} is unknown"));
        }
    }

    fn value(&mut self, at: &str, field: &Field, kind: &Kind, value: &Value) {
        let fits = match kind {
            Kind::Object(schema) => return self.object(at, schema, value),
            Kind::List(kind) => {
                let elements = value.as_array().map(Vec::as_slice).unwrap_or_default();
                for (number, element) in elements.iter().enumerate() {
                    self.value(&format!("{at}/{number}"), field, kind, element);
                }
                !elements.is_empty()
            }
            Kind::Json(kind) => match value.as_str().map(serde_json::from_str::<Value>) {
                Some(Ok(inner)) => return self.value(at, field, kind, &inner),
                _ => false,
            },
            Kind::Int => value.is_i64(),
            Kind::Float => value.is_number(),
            Kind::Flag => value.is_boolean(),
            Kind::Any => true,
            _ if field.sensitive => {
                let sealed = STANDARD.decode(value.as_str().unwrap_or_default());
                let opened = sealed.map(|sealed| self.key.decrypt(self.padding, &sealed));
                opened.is_ok_and(|opened| opened.is_ok_and(|opened| !opened.is_empty()))
            }
            _ => value.as_str().is_some_and(|text| !text.is_empty()),
        };
        if !fits {
            self.complain(at, &value.to_string());
        }
    }
}

/// An example of a failure is none of an answer that tells of success, and of alternatives one is enough.
fn is_wanted(schema: &Schema, field: &Field) -> bool {
    let failure = ["fail", "reject", "err_code", "error_", "errcode", "errmsg"];
    let failure = failure.iter().any(|word| field.name.contains(word));
    let failure = failure
        || ["失败原因", "驳回原因"]
            .iter()
            .any(|word| field.label.contains(word));
    let alternative = field.one_of.is_some()
        && schema
            .fields
            .iter()
            .take_while(|other| other.name != field.name)
            .any(|other| other.one_of == field.one_of);
    let told = field.required || field.example.is_some();
    told && !alternative && (field.required || !failure)
}
