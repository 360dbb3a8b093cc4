//! Messages of v2, by the APIv2 key.

use wxpay_proto::v2::{Fields, verify_sign};

use super::verdict::Verdict;
use crate::ended::NotSent;
use crate::profile::Reader;

pub(super) fn verify(fields: &Fields, keys: &Reader) -> Result<Verdict, NotSent> {
    let mut verdict = Verdict::default();
    verdict.ok(
        "XML",
        format!("{} fields on one level, none of them twice", fields.len()),
    );
    let text = |name: &str| {
        fields
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    };
    if let Some(code) = text("return_code").filter(|code| *code != "SUCCESS") {
        let message = text("return_msg").unwrap_or("no return_msg");
        verdict.failed(
            "return_code",
            format!("{code}: {message}; a failed communication is not signed"),
        );
        return Ok(verdict);
    }
    if text("req_info").is_some() && text("sign").is_none() {
        verdict.failed(
            "sign",
            "a refund notification (req_info) is not signed: `wxpay decrypt` opens it, and a query of the refund proves it",
        );
        return Ok(verdict);
    }
    let key = keys.api_v2_key()?.ok_or_else(|| {
        NotSent::new("no APIv2 key is at hand: give --profile with `api_v2_key`, or --api-v2-key FILE")
    })?;
    match verify_sign(fields, &key) {
        Ok(algorithm) => {
            verdict.ok("sign", format!("it fits the other fields, with {algorithm}"));
            verdict.by = Some(format!("the APIv2 key, {algorithm}"));
            if let Some(code) = text("result_code").filter(|code| *code != "SUCCESS") {
                let (error, says) = (text("err_code"), text("err_code_des"));
                verdict.notes.push(format!(
                    "it says {code}: {} {}",
                    error.unwrap_or("no err_code"),
                    says.unwrap_or_default()
                ));
            }
        }
        Err(error) => verdict.failed("sign", error.to_string()),
    }
    Ok(verdict)
}
