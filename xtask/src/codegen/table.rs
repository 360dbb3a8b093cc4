//! The run-time table as data: `src/table/catalogue.json`, which `wxpay-types` reads lazily.

use serde_json::{Map, Value, json};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{
    Effect, Encoding, Family, Field, Fields, Fill, Place, Protocol, Returns, Signed,
};

use super::docs;
use super::plan::Module;
use super::plan_op::{OpPlan, Page};
use super::planner::FieldPlan;

/// The file: one family a line, so that a change shows where it is.
pub(super) fn list(families: &[String]) -> String {
    format!("[\n{}\n]\n", families.join(",\n"))
}

/// A family as a line, which begins with its name: readers look for it there.
pub(super) fn of(module: &Module<'_>) -> String {
    let family = module.family;
    let ops: Vec<Value> = module.ops.iter().map(|plan| op(family, plan)).collect();
    let name = json!(format!("{}/{}", family.protocol.as_str(), family.name));
    let mut line = types_of(module);
    line.insert("ops".to_owned(), json!(ops));
    let line = Value::Object(line).to_string();
    format!("{{\"family\":{name},{}", line.trim_start_matches('{'))
}

/// The types that others of the module name.
pub(super) fn types_of(module: &Module<'_>) -> Map<String, Value> {
    let types: Map<String, Value> = module
        .structs
        .iter()
        .map(|plan| (plan.name.clone(), fields(module.family, &plan.fields)))
        .collect();
    let enums: Map<String, Value> = module
        .enums
        .iter()
        .map(|(name, found)| ((*name).to_owned(), json!(found.values)))
        .collect();
    let mut out = Map::new();
    put(&mut out, "types", json!(types));
    put(&mut out, "enums", json!(enums));
    out
}

/// Sets a member, unless it says nothing.
pub(super) fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    let nothing = match &value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    if !nothing {
        object.insert(name.to_owned(), value);
    }
}

fn op(family: &Family, plan: &OpPlan<'_>) -> Value {
    let op = plan.op;
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| put(&mut out, name, value);
    put("id", json!(plan.id));
    put("method", json!(op.method));
    put("path", json!(op.path));
    put("host", json!(op.host));
    put("label", json!(op.label));
    put("docs", json!(op.docs));
    put("roles", json!(op.roles));
    put("effect", json!(op.effect.map(effect)));
    put("signed", json!(signed(op.signed)));
    put("fields", fields(family, &plan.fields));
    put("multipart", json!(op.encoding == Some(Encoding::Multipart)));
    put("response", json!(op.response));
    put("returns", json!(returns(op.returns, op.response.is_some())));
    put("plain", json!(plan.page == Some(Page::Plain)));
    put("produces", json!(op.produces));
    if op.status.codes() != [200] {
        put("status", json!(op.status.codes()));
    }
    put("echo", json!(plan.echoes));
    put("cert", json!(op.cert));
    if family.protocol == Protocol::V2 {
        let has = |call: &str| plan.meta.iter().any(|found| found.contains(call));
        put(
            "sign_type",
            json!(if has("Md5Only") {
                "md5"
            } else if has("HmacOnly") {
                "hmac"
            } else {
                ""
            }),
        );
        put("no_nonce", json!(has("without_nonce_str")));
    }
    put("pkcs1", json!(op.cipher.as_deref() == Some("rsa-pkcs1")));
    put("idempotent_by", json!(op.idempotent_by));
    if let Some(settled) = &op.settled_by {
        let params: Vec<_> = settled.params.iter().collect();
        let mut facts = json!({
            "op": settled.op,
            "params": params,
            "state": settled.state,
            "finals": settled.finals,
        });
        if settled.creates {
            facts["creates"] = json!(true);
        }
        put("settled_by", facts);
    }
    put("errors", json!(op.errors));
    put("sure", json!(op.sure));
    put("sure_members", json!(op.sure_members));
    put("deprecated", json!(op.deprecated));
    put("closed", json!(op.closed));
    Value::Object(out)
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Write => "write",
        Effect::Money => "money",
    }
}

fn signed(signed: Signed) -> Option<&'static str> {
    match signed {
        Signed::Always => None,
        Signed::Never => Some("never"),
        Signed::IfPresent => Some("if_present"),
        Signed::Digest => Some("digest"),
    }
}

fn fill(fill: Fill) -> &'static str {
    match fill {
        Fill::Name => "name",
        Fill::Sha256 => "sha256",
        Fill::Md5 => "md5",
    }
}

fn returns(returns: Option<Returns>, has_response: bool) -> Option<&'static str> {
    match returns {
        Some(Returns::File) => Some("file"),
        Some(Returns::Page) => Some("page"),
        Some(Returns::Json) => Some("json"),
        None if has_response => None,
        Some(Returns::None) | None => Some("none"),
    }
}

fn fields(family: &Family, plans: &[FieldPlan<'_>]) -> Value {
    plans.iter().map(|plan| field(family, plan)).collect()
}

fn field(family: &Family, plan: &FieldPlan<'_>) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| put(&mut out, name, value);
    put("n", json!(plan.member));
    put("t", json!(plan.kind.to_string()));
    let Some(field) = plan.field else {
        return Value::Object(out);
    };
    let place = match field.place {
        Some(Place::Path) => Some("path"),
        Some(Place::Query) => Some("query"),
        Some(Place::Header) => Some("header"),
        Some(Place::Form) => Some("form"),
        None => None,
    };
    let values: Vec<String> = field.values.iter().map(docs::plain).collect();
    put("l", json!(field.label));
    put("p", json!(place));
    put("required", json!(is_required(family, field, &plan.kind)));
    put("required_for", json!(field.required_for));
    put("one_of", json!(field.one_of));
    put("sensitive", json!(field.sensitive));
    put("fill", json!(field.fill.map(fill)));
    put("sure", json!(field.sure.as_str()));
    put("deprecated", json!(field.deprecated));
    put("max_len", json!(field.max_len));
    put("min_len", json!(field.min_len));
    put("max", json!(field.max));
    put("min", json!(field.min));
    put("max_items", json!(field.max_items));
    put("min_items", json!(field.min_items));
    put("values", json!(values));
    put("format", json!(field.format));
    put("pattern", json!(field.pattern));
    put("default", json!(field.default.as_ref().map(docs::plain)));
    put("x", json!(field.example.as_ref().map(docs::plain)));
    Value::Object(out)
}

/// What an upload takes from its file need not be given, nor an object of nothing else.
fn is_required(family: &Family, field: &Field, kind: &Kind) -> bool {
    let filled = |fields: &Fields| {
        fields
            .values()
            .all(|field| !field.required || field.fill.is_some())
    };
    let part = field.place == Some(Place::Form);
    let object = kind.name().and_then(|name| family.objects.get(name));
    field.required && field.fill.is_none() && !(part && object.is_some_and(filled))
}
