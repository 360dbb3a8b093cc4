//! The facts of every operation, as the core knows them.

use wxpay_catalogue::model::{Effect, Family, Op, Protocol};
use wxpay_every::entry::Entry;
use wxpay_proto::crypto::Padding;
use wxpay_proto::{Effect as Known, SignTypeRule};

pub(crate) const DEFAULT_HOST: &str = "api.mch.weixin.qq.com";

pub(crate) fn look(family: &'static Family, op: &'static Op, entry: &'static Entry) -> Vec<String> {
    let meta = (entry.meta)();
    let mut problems = Vec::new();
    let mut same = |what: &str, wanted: String, found: String| {
        if wanted != found {
            problems.push(format!("{what}: {found} instead of {wanted}"));
        }
    };
    let effect = match op.effect {
        Some(Effect::Read) => Known::Read,
        None if op.method == "GET" => Known::Read,
        Some(Effect::Write) => Known::Write,
        Some(Effect::Money) | None => Known::Money,
    };
    let padding = match op.cipher {
        None => Padding::OaepSha1,
        Some(_) => Padding::Pkcs1v15,
    };
    let host = op.host.as_deref().unwrap_or(DEFAULT_HOST);
    same("name", entry.name.to_owned(), meta.name.to_owned());
    same("method", op.method.clone(), meta.method.to_string());
    same("path", op.path.clone(), meta.path.to_owned());
    same("host", host.to_owned(), meta.host.as_str().to_owned());
    same("effect", format!("{effect:?}"), format!("{:?}", meta.effect));
    same("padding", format!("{padding:?}"), format!("{:?}", meta.padding));
    same(
        "client certificate",
        op.cert.to_string(),
        meta.client_certificate.to_string(),
    );
    same(
        "idempotent by",
        format!("{:?}", op.idempotent_by.as_deref()),
        format!("{:?}", meta.idempotent_by),
    );
    let settled = op.settled_by.as_ref().map(|settled| settled.op.as_str());
    same(
        "settled by",
        format!("{settled:?}"),
        format!("{:?}", meta.settled_by),
    );
    same(
        "label",
        op.label.clone().unwrap_or_default(),
        meta.label.to_owned(),
    );
    same("docs", format!("{:?}", op.docs), format!("{:?}", meta.docs));
    same(
        "deprecated",
        op.deprecated.to_string(),
        meta.deprecated.to_string(),
    );
    same(
        "closed",
        format!("{:?}", op.closed.as_deref()),
        format!("{:?}", meta.closed),
    );
    if family.protocol == Protocol::V2 {
        let (rule, nonce) = signing(family, op);
        same("sign type", format!("{rule:?}"), format!("{:?}", meta.sign_type));
        same("nonce_str", nonce.to_string(), meta.nonce_str.to_string());
    }
    problems
}

/// How a v2 request is signed: its fields have a `sign_type` with a choice, with one value, or none.
fn signing(family: &Family, op: &Op) -> (SignTypeRule, bool) {
    let body = op.request.as_deref().and_then(|name| family.objects.get(name));
    let fields = body.unwrap_or(&op.params);
    let rule = match fields.get("sign_type") {
        None => SignTypeRule::Md5Only,
        Some(field) if field.values.len() == 1 && field.values[0].as_str() == Some("HMAC-SHA256") => {
            SignTypeRule::HmacOnly
        }
        Some(_) => SignTypeRule::Choice,
    };
    (rule, fields.contains_key("nonce_str"))
}
