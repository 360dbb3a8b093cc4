//! An answer: about it on standard error, itself on standard output.

use std::fs::File;
use std::io::{self, Write};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use wxpay_proto::{Checked, KeyId, Unauthenticated, Verified, VerifiedBy, v2};
use wxpay_types::schema::OperationInfo;

use super::operation::Told;
use crate::report::shorten;

/// A success and what proves it.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    proof: Proof,
    request_id: Option<String>,
    headers: HeaderMap,
    body: Bytes,
    /// Of v2, when the body is XML.
    fields: Option<v2::Fields>,
}

/// What proves an answer, in words.
#[derive(Debug)]
enum Proof {
    /// Nothing but TLS.
    None,
    /// This.
    By(String),
}

impl Proof {
    fn of(by: &VerifiedBy) -> Self {
        Self::By(match by {
            VerifiedBy::PlatformKey(id @ KeyId::PublicKey(_)) => format!("public key {id}"),
            VerifiedBy::PlatformKey(id) => format!("certificate {id}"),
            VerifiedBy::ApiV2Key { algorithm, .. } => format!("the APIv2 key, {algorithm}"),
            VerifiedBy::FileDigest => "its digest".to_owned(),
            _ => "another proof".to_owned(),
        })
    }
}

impl<P> From<Verified<Told<P>>> for Answer {
    fn from(answer: Verified<Told<P>>) -> Self {
        Self {
            status: answer.status(),
            proof: Proof::of(answer.verified_by()),
            request_id: answer.request_id().map(str::to_owned),
            headers: answer.headers().clone(),
            // Of a file, what was proven: its text when it came packed.
            body: answer.body.clone(),
            fields: answer.fields.clone(),
        }
    }
}

impl<P> From<Unauthenticated<Told<P>>> for Answer {
    fn from(answer: Unauthenticated<Told<P>>) -> Self {
        Self {
            status: answer.status(),
            proof: Proof::None,
            request_id: answer.request_id().map(str::to_owned),
            headers: answer.headers().clone(),
            body: answer.claimed().body.clone(),
            fields: answer.into_claimed().fields,
        }
    }
}

impl<P> From<Checked<Told<P>>> for Answer {
    fn from(answer: Checked<Told<P>>) -> Self {
        match answer {
            Checked::Verified(answer) => answer.into(),
            Checked::Unauthenticated(answer) => answer.into(),
        }
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
