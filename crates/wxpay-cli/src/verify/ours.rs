//! Requests of one's own, by the merchant's certificate, as WeChat Pay checks them.

use wxpay_proto::crypto::{Backend, Certificate, PublicKey, Signature, Verifier as _};
use wxpay_proto::v3::CLOCK_WINDOW;
use wxpay_proto::{Serial, UnixTime};

use super::verdict::Verdict;
use crate::ended::NotSent;
use crate::profile::Reader;
use crate::subject::{Sent, marked};

pub(super) fn verify(sent: &Sent, keys: &Reader, now: UnixTime) -> Result<Verdict, NotSent> {
    let certificate = keys.signer_certificate(sent.target.starts_with("/brand/"))?;
    let authorization = &sent.authorization;
    let mut verdict = Verdict::default();
    verdict.ok(
        "Authorization",
        format!("{}, {}", authorization.scheme.name(), authorization.identity),
    );
    match authorization.timestamp.parse::<i64>() {
        Ok(signed) if now.as_secs().abs_diff(signed) <= CLOCK_WINDOW => {
            let apart = now.as_secs().abs_diff(signed);
            verdict.ok("clock", format!("signed at {signed}, {apart} s from {now}"));
        }
        Ok(signed) => {
            let apart = now.as_secs().abs_diff(signed);
            verdict.failed(
                "clock",
                format!("signed at {signed}, {apart} s from {now}; {CLOCK_WINDOW} s are allowed (--at for an old capture)"),
            );
        }
        Err(_) => verdict.failed(
            "clock",
            format!(
                "the timestamp {:?} is no number of seconds",
                authorization.timestamp
            ),
        ),
    }
    owner(sent, &certificate, &mut verdict);
    match Serial::new(&authorization.serial_no) {
        Ok(serial) if serial == *certificate.serial() => {
            verdict.ok("serial_no", format!("{serial} is the API certificate's"));
        }
        _ => verdict.failed(
            "serial_no",
            format!(
                "{} is not the API certificate's, which is {}",
                authorization.serial_no,
                certificate.serial()
            ),
        ),
    }
    match fits(sent, &certificate) {
        Ok(()) => {
            verdict.ok("signature", "it fits the request as it was sent");
            verdict.by = Some(format!("the API certificate {}", certificate.serial()));
        }
        Err(problem) => {
            verdict.failed("signature", problem);
            verdict.notes.push(format!(
                "what has to be signed (⏎ is a line feed):\n{}",
                marked(&sent.message())
            ));
        }
    }
    Ok(verdict)
}

fn owner(sent: &Sent, certificate: &Certificate, verdict: &mut Verdict) {
    let name = sent.authorization.scheme.identity();
    let found = &sent.authorization.identity;
    match certificate.merchant() {
        Some(merchant) if name == "mchid" && merchant != found => {
            verdict.failed(
                "mchid",
                format!("{found}, and the certificate is merchant {merchant}'s"),
            );
        }
        Some(_) if name == "mchid" => verdict.ok("mchid", format!("{found} owns the certificate")),
        _ => {}
    }
}

fn fits(sent: &Sent, certificate: &Certificate) -> Result<(), String> {
    let signature = Signature::from_base64(&sent.authorization.signature)
        .map_err(|error| format!("it cannot be decoded: {error}"))?;
    let key = PublicKey::from_certificate(certificate, Backend::AwsLc).map_err(|error| error.to_string())?;
    key.verify(sent.authorization.scheme.algorithm(), &sent.message(), &signature)
        .map_err(|_| "it does not fit the request as it was sent".to_owned())
}
