//! An answer: about it on standard error, itself on standard output.

use std::fs::File;
use std::io::{self, Write};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use wxpay_proto::{KeyId, VerifiedBy, v2};
use wxpay_types::schema::OperationInfo;

use crate::report::shorten;

/// A success and what proves it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) proof: Proof,
    pub(super) request_id: Option<String>,
    /// Of v3.
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Of v2, when the body is XML.
    pub(super) fields: Option<v2::Fields>,
}

/// What proves an answer, in words.
#[derive(Debug)]
pub(super) enum Proof {
    /// Nothing but TLS.
    None,
    /// This.
    By(String),
}

impl Proof {
    pub(super) fn of(by: &VerifiedBy) -> Self {
        Self::By(match by {
            VerifiedBy::PlatformKey(id @ KeyId::PublicKey(_)) => format!("public key {id}"),
            VerifiedBy::PlatformKey(id) => format!("certificate {id}"),
            VerifiedBy::ApiV2Key { algorithm, .. } => format!("the APIv2 key, {algorithm}"),
            VerifiedBy::FileDigest => "its digest".to_owned(),
            _ => "another proof".to_owned(),
        })
    }
}

impl Answer {
    /// Says what it is, to standard error.
    pub(super) fn tell(&self, info: &OperationInfo, verbose: bool) {
        let proof = match &self.proof {
            Proof::By(what) => format!("verified by {what}"),
            Proof::None => "NOT signed: nothing but TLS vouches for it".to_owned(),
        };
        eprintln!("{}: done, status {}, {proof}", info.name, self.status.as_u16());
        if let Some(id) = &self.request_id {
            eprintln!("Request-ID: {id}");
        }
        if verbose {
            for (name, value) in &self.headers {
                let value = value.to_str().unwrap_or("(not text)");
                if name == "wechatpay-signature" {
                    eprintln!("answer header {name}: {}", shorten(value));
                } else {
                    eprintln!("answer header {name}: {value}");
                }
            }
        }
    }

    /// Writes it: as it came into a file, as pretty JSON to `out`.
    pub(super) fn write(&self, file: Option<File>, out: &mut dyn Write) -> io::Result<()> {
        if let Some(mut file) = file {
            file.write_all(&self.body)?;
            return file.sync_all();
        }
        let value = match &self.fields {
            Some(fields) => serde_json::to_value(fields).ok(),
            None => serde_json::from_slice::<Value>(&self.body).ok(),
        };
        match value {
            Some(value) => writeln!(out, "{value:#}"),
            // A file, or nothing.
            None => out.write_all(&self.body),
        }?;
        out.flush()
    }
}
