//! `/pay/downloadbill`: a file when there is one, XML of a form of its own when there is none (protocol section 7.10).

use bytes::Bytes;
use http::{Request, Response};

use super::bill_file::{NONE, file};
use super::find::sub_merchant;
use super::parameters;
use crate::bills::{self, Day, TradeKind};
use crate::v2::answer::{bill_failure, communication_failure};
use crate::v2::dress::Dress;
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(crate) fn handle(request: &Request<Bytes>, world: &World<'_>) -> Response<Bytes> {
    let envelope = match Envelope::open(request, world.profile, Dress::Ordinary) {
        Ok(envelope) => envelope,
        Err(problem) => return communication_failure(&problem),
    };
    match bill(&envelope, world) {
        Ok(Some(text)) => file(&envelope, text),
        Ok(None) => bill_failure(NONE.0, NONE.1),
        Err(refusal) => bill_failure(&refusal.code, &refusal.description),
    }
}

/// The bill that a call asks for, if there is one.
fn bill(envelope: &Envelope<'_>, world: &World<'_>) -> Result<Option<String>, Refusal> {
    parameters::check(envelope, "v2.pay.download_bill")?;
    let wrong = |name: &str, issue: &str| Refusal::param(name, issue);
    let day = Day::read(envelope.field("bill_date"));
    let day = day.ok_or_else(|| wrong("bill_date", "yyyyMMdd is wanted"))?;
    if !["", "GZIP"].contains(&envelope.field("tar_type")) {
        return Err(wrong("tar_type", "GZIP or nothing is wanted"));
    }
    // A partner may ask for all of its sub-merchants at once.
    let sub_mchid = match envelope.given("sub_mch_id") {
        None => None,
        Some(_) => sub_merchant(envelope)?,
    };
    let word = envelope.given("bill_type");
    let kind = match (TradeKind::find(word.as_deref()), word.as_deref()) {
        (Some(kind), _) => kind,
        (None, Some("RECHARGE_REFUND")) => return Ok(None),
        (None, _) => return Err(wrong("bill_type", "ALL, SUCCESS or REFUND is wanted")),
    };
    let mchid = envelope.merchant.id().as_str();
    let made = day.check(world.clocks.business);
    let bill = made.and_then(|()| bills::trade(world.store, mchid, sub_mchid.as_deref(), day, kind));
    Ok(bill.ok())
}
