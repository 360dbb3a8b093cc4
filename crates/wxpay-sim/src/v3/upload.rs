//! Reads uploads and holds the file against what `meta` says of it (protocol section 10).

use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::Value;
use wxpay_proto::crypto::FileDigest;
use wxpay_types::schema::{Kind, Place};

use super::refusal::Refusal;
use crate::documented::{self, Location};
use crate::multipart::{self, Part};

/// Takes the parts of a form as parameters of the operation. The digest that `meta` tells is checked in any case: it is
/// all that makes the signature cover the file.
pub(super) fn read(request: &Request<Bytes>, given: &mut documented::Request<'_>) -> Result<(), Refusal> {
    let content_type = request.headers().get(CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let parts = multipart::parts(content_type, request.body()).ok_or_else(|| {
        let issue = "multipart/form-data with a boundary and whole parts is wanted";
        Refusal::param("header", "Content-Type", content_type.into(), issue)
    })?;
    let info = given.info;
    let mut meta = Value::Null;
    for part in &parts {
        match info.request.field(&part.name).map(|field| &field.kind) {
            Some(Kind::Object(_)) => {
                meta = json(part)?;
                given.part(&part.name, meta.clone());
            }
            Some(Kind::File) => given.part(&part.name, part.file_name.as_deref().unwrap_or("file").into()),
            _ => {
                let text = String::from_utf8_lossy(part.content);
                given.text(Place::Form, Location::Body, &part.name, &text);
            }
        }
    }
    let is_file = |part: &&Part<'_>| {
        let field = info.request.field(&part.name);
        field.is_some_and(|field| matches!(field.kind, Kind::File))
    };
    match parts.iter().find(is_file) {
        Some(file) => held_against(&meta, file),
        // That it is missing is what the check says.
        None => Ok(()),
    }
}

fn json(part: &Part<'_>) -> Result<Value, Refusal> {
    serde_json::from_slice(part.content).map_err(|error| {
        let pointer = format!("/{}", part.name);
        Refusal::param("body", &pointer, Value::Null, &format!("no JSON: {error}"))
    })
}

fn held_against(meta: &Value, file: &Part<'_>) -> Result<(), Refusal> {
    let text = |names: &[&'static str]| {
        let mut found = names
            .iter()
            .filter_map(|name| Some((*name, meta.get(*name)?.as_str()?)));
        found.next()
    };
    if let Some((name, told)) = text(&["filename", "file_name"])
        && file.file_name.as_deref() != Some(told)
    {
        let issue = "not the name of the file in the form";
        return Err(Refusal::param(
            "body",
            &format!("/meta/{name}"),
            told.into(),
            issue,
        ));
    }
    let Some((name, told)) = text(&["sha256", "file_digest", "digest"]) else {
        let issue = "the digest of the file is missing";
        return Err(Refusal::param("body", "/meta/sha256", Value::Null, issue));
    };
    let algorithm = match text(&["digest_algorithm", "digest_alogrithm"]) {
        Some((_, named)) => named.trim_start_matches("DIGEST_ALGORITHM_"),
        None => "SHA256",
    };
    let refuse = |issue: String| Refusal::param("body", &format!("/meta/{name}"), told.into(), &issue);
    let digest = FileDigest::new(algorithm, told).map_err(|error| refuse(error.to_string()))?;
    digest
        .check(file.content)
        .map_err(|wrong| refuse(format!("the {algorithm} of the file is {}", wrong.found)))
}
