//! What an operation's struct holds, and how it writes itself.

use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Effect, Encoding, Field, Fields, Op, Place, Protocol, Returns, Signed};
use wxpay_catalogue::name;

use super::planner::{FieldPlan, Planner, proof};
use super::shape::Shape;

/// An operation.
pub(super) struct OpPlan<'a> {
    pub(super) id: &'a str,
    pub(super) op: &'a Op,
    pub(super) name: String,
    pub(super) fields: Vec<FieldPlan<'a>>,
    /// Request field and answer member.
    pub(super) echoes: Vec<(String, String)>,
    /// The type that is answered.
    pub(super) response: String,
    /// It is an address for a browser, and nothing that can be sent.
    pub(super) page: Option<Page>,
    /// Calls on `Meta` beyond `new`.
    pub(super) meta: Vec<String>,
}

/// An address for a browser.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Signed,
    Plain,
}

/// What the core fills in itself.
const SIGNING: [&str; 3] = ["nonce_str", "sign", "sign_type"];

/// Decides an operation, or tells what stands in the way.
pub(super) fn plan<'a>(planner: &mut Planner<'a>, id: &'a str, op: &'a Op) -> Result<OpPlan<'a>, String> {
    let family = planner.family;
    let is_v2 = family.protocol == Protocol::V2;
    unsupported(op)?;
    let name = name::type_of(id);
    let body = op.request.as_deref().and_then(|name| family.objects.get(name));
    let mut fields: Vec<FieldPlan<'a>> = op
        .params
        .iter()
        .filter(|(name, _)| !is_v2 || !SIGNING.contains(&name.as_str()))
        .filter_map(|(name, field)| planner.field(name, field))
        .collect();
    if op.request.as_deref() == Some("any") {
        fields.push(any_fields());
    }
    if let Some(body) = body {
        let (members, _) = planner.fields(&name, body, true);
        // A parameter that is a member of the body as well is one field.
        let is_new = |member: &FieldPlan<'_>| !op.params.contains_key(&member.member);
        let is_signing = |member: &FieldPlan<'_>| is_v2 && SIGNING.contains(&member.member.as_str());
        fields.extend(
            members
                .into_iter()
                .filter(|member| is_new(member) && !is_signing(member)),
        );
    }
    let mut meta = meta(op)?;
    if is_v2 {
        meta.extend(signing(body.unwrap_or(&op.params)));
    }
    let page = (op.returns == Some(Returns::Page)).then(|| {
        if op.params.contains_key("sign") {
            Page::Signed
        } else {
            Page::Plain
        }
    });
    if let Some(key) = &op.idempotent_by {
        meta.push(format!("idempotent_by({key:?})"));
    }
    if let Some(settled) = &op.settled_by {
        meta.push(format!("settled_by({:?})", settled.op));
    }
    Ok(OpPlan {
        id,
        op,
        name,
        fields,
        echoes: echoes(planner, op),
        response: response(op, is_v2)?,
        page,
        meta,
    })
}

/// The fields of a body of which nothing is documented.
fn any_fields<'a>() -> FieldPlan<'a> {
    FieldPlan {
        member: "fields".to_owned(),
        ident: "fields".to_owned(),
        field: None,
        about: "The fields, none of which is documented",
        kind: Kind::Any,
        shape: Shape {
            item: "proto::v2::Fields".to_owned(),
            list: false,
            text: None,
        },
        secret: false,
    }
}

fn unsupported(op: &Op) -> Result<(), String> {
    if op.encoding == Some(Encoding::Multipart) && op.request.is_some() {
        return Err("a form is made of parameters, not of a `request`".to_owned());
    }
    let kinds = op.params.values().map(|field| (field, Kind::parse(&field.kind)));
    let mut lists = kinds.filter(|(_, kind)| matches!(kind, Ok(Kind::List(_))));
    if lists.any(|(field, _)| field.place != Some(Place::Query) || field.sensitive) {
        return Err("lists are generated in the query only, and not encrypted".to_owned());
    }
    Ok(())
}

fn meta(op: &Op) -> Result<Vec<String>, String> {
    let mut calls = Vec::new();
    match op.host.as_deref() {
        None | Some("api.mch.weixin.qq.com") => {}
        Some("apihk.mch.weixin.qq.com") => calls.push("host(proto::Host::API_HK)".to_owned()),
        Some("fraud.mch.weixin.qq.com") => calls.push("host(proto::Host::FRAUD)".to_owned()),
        Some("payapp.mch.weixin.qq.com") => calls.push("host(proto::Host::PAYAPP_MCH)".to_owned()),
        Some("payapp.weixin.qq.com") => calls.push("host(proto::Host::PAYAPP)".to_owned()),
        Some("api2.mch.weixin.qq.com") => calls.push("host(proto::Host::API2)".to_owned()),
        Some(host) => return Err(format!("the host `{host}` has no constant in wxpay-proto")),
    }
    let effect = match op.effect {
        None => None,
        Some(Effect::Read) => Some("Read"),
        Some(Effect::Write) => Some("Write"),
        Some(Effect::Money) => Some("Money"),
    };
    calls.extend(effect.map(|effect| format!("effect(proto::Effect::{effect})")));
    match op.cipher.as_deref() {
        None => {}
        Some("rsa-pkcs1") => calls.push("padding(proto::crypto::Padding::Pkcs1v15)".to_owned()),
        Some(cipher) => return Err(format!("the cipher `{cipher}` is none that the core knows")),
    }
    if op.cert {
        calls.push("client_certificate()".to_owned());
    }
    calls.extend(op.label.as_ref().map(|label| format!("label({label:?})")));
    if !op.docs.is_empty() {
        calls.push(format!("docs(&{:?})", op.docs));
    }
    for (name, texts) in [("roles", &op.roles), ("errors", &op.errors)] {
        if !texts.is_empty() {
            calls.push(format!("{name}(&{texts:?})"));
        }
    }
    if op.deprecated {
        calls.push("deprecated()".to_owned());
    }
    calls.extend(op.closed.as_ref().map(|day| format!("closed({day:?})")));
    Ok(calls)
}

/// How a v2 request is signed, told by the fields that its object has for it.
fn signing(body: &Fields) -> Vec<String> {
    let mut calls = Vec::new();
    let only_hmac = |field: &Field| {
        field
            .values
            .iter()
            .filter_map(toml::Value::as_str)
            .eq(["HMAC-SHA256"])
    };
    match body.get("sign_type") {
        None => calls.push("sign_type(proto::SignTypeRule::Md5Only)".to_owned()),
        Some(field) if only_hmac(field) => calls.push("sign_type(proto::SignTypeRule::HmacOnly)".to_owned()),
        Some(_) => {}
    }
    if !body.contains_key("nonce_str") {
        calls.push("without_nonce_str()".to_owned());
    }
    calls
}

fn response(op: &Op, is_v2: bool) -> Result<String, String> {
    if op.signed == Signed::Digest && (is_v2 || op.returns != Some(Returns::File)) {
        return Err("only files of v3 have a signed digest".to_owned());
    }
    match (op.returns, &op.response) {
        (Some(Returns::Page), _) => Ok(String::new()),
        (Some(Returns::File), _) if is_v2 => Ok("proto::v2::File".to_owned()),
        (Some(Returns::File), _) => Ok(match op.signed {
            Signed::Never => "proto::v3::UnprovenFile".to_owned(),
            Signed::Digest => "proto::v3::Statement".to_owned(),
            Signed::Always | Signed::IfPresent => "proto::v3::File".to_owned(),
        }),
        (_, Some(name)) if name == "any" => Ok("proto::v2::Raw".to_owned()),
        (_, Some(name)) => Ok(name.clone()),
        (_, None) if op.signed == Signed::Always => Ok("proto::NoContent".to_owned()),
        (_, None) => Err(format!(
            "an empty answer that is `{}` has no type yet",
            proof(op.signed)
        )),
    }
}

/// What the catalogue says, and path parameters that the answer has as a text of the same name.
fn echoes(planner: &Planner<'_>, op: &Op) -> Vec<(String, String)> {
    let answer = op
        .response
        .as_deref()
        .and_then(|name| planner.family.objects.get(name));
    let is_text = |field: &Field| field.kind == "string" && !field.sensitive;
    let same = op.params.iter().filter(|(name, field)| {
        let answered = answer.and_then(|answer| answer.get(*name)).is_some_and(is_text);
        field.place == Some(Place::Path) && is_text(field) && answered && !op.echo.contains_key(*name)
    });
    let said = op
        .echo
        .iter()
        .map(|(asked, answered)| (asked.clone(), answered.clone()));
    same.map(|(name, _)| (name.clone(), name.clone()))
        .chain(said)
        .collect()
}
