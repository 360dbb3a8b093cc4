//! `/pay/downloadfundflow`: a file when there is one, XML of a form of its own when there is none (protocol section 7.10).
//! HMAC-SHA256 and nothing else signs it, and it wants the merchant's client certificate.

use bytes::Bytes;
use http::{Request, Response};
use wxpay_proto::crypto::Algorithm;

use super::bill_file::{NONE, file};
use super::parameters;
use crate::bills::{self, Day};
use crate::client_certificate::ClientCertificate;
use crate::v2::answer::{bill_failure, communication_failure, no_certificate};
use crate::v2::dress::Dress;
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(crate) fn handle(request: &Request<Bytes>, world: &World<'_>) -> Response<Bytes> {
    let envelope = match Envelope::open(request, world.profile, Dress::Ordinary) {
        Ok(envelope) => envelope,
        Err(problem) => return communication_failure(&problem),
    };
    if envelope.algorithm != Algorithm::HmacSha256 {
        return communication_failure("签名类型错误 (sign_type is HMAC-SHA256 here)");
    }
    let wanted = world.settings.v2_client_certificate;
    if wanted && !ClientCertificate::is_shown(request, envelope.merchant.id()) {
        return no_certificate();
    }
    match bill(&envelope, world) {
        Ok(Some(text)) => file(&envelope, text),
        Ok(None) => bill_failure(NONE.0, NONE.1),
        Err(refusal) => bill_failure(&refusal.code, &refusal.description),
    }
}

/// The bill that a call asks for, if there is one.
fn bill(envelope: &Envelope<'_>, world: &World<'_>) -> Result<Option<String>, Refusal> {
    parameters::check(envelope, "v2.pay.download_fund_flow")?;
    let day = Day::read(envelope.field("bill_date"));
    let day = day.ok_or_else(|| Refusal::param("bill_date", "yyyyMMdd is wanted"))?;
    if !["", "GZIP"].contains(&envelope.field("tar_type")) {
        return Err(Refusal::param("tar_type", "GZIP or nothing is wanted"));
    }
    match envelope.field("account_type") {
        "Basic" => {}
        // All money here is in the basic account.
        "Operation" | "Fees" => return Ok(None),
        _ => {
            let issue = "Basic, Operation or Fees is wanted";
            return Err(Refusal::param("account_type", issue));
        }
    }
    let mchid = envelope.merchant.id().as_str();
    let made = day.check(world.clocks.business);
    Ok(made.and_then(|()| bills::fund_flow(world.store, mchid, day)).ok())
}
