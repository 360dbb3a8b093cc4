//! What protects the user: answers that are not what they seem, each refused by name and with the outcome unknown.

use std::io::Write;

use wxpay_sim::Fault;

use super::combine::{Order, states};
use super::error::DemoError;
use super::stage::{Stage, Wanted};

pub(crate) async fn run<W: Write>(stage: &mut Stage<'_, W>) -> Result<(), DemoError> {
    stage
        .report
        .chapter("What protects you: answers that are not what they seem")?;
    let partner = stage.partner.clone();
    let order = Order::new(stage.simulator.profile().partner(), "DEMO20260001")?;
    for (fault, title, name) in [
        (
            Fault::TamperBody,
            "an answer with one changed digit",
            "SIGNATURE_MISMATCH",
        ),
        (
            Fault::Stale,
            "an authentic answer from more than 300 s ago",
            "STALE",
        ),
        (
            Fault::UnknownSerial,
            "an answer signed by a key that nobody knows",
            "UNKNOWN_SERIAL",
        ),
        (
            Fault::OtherOrder,
            "an authentic answer about another order",
            "WRONG_ANSWER",
        ),
        (
            Fault::MissingSignature,
            "an answer without a signature",
            "NOT_SIGNED",
        ),
        (Fault::Probe, "a probe: a wrong signature on purpose", "PROBE"),
    ] {
        stage.simulator.fail_next(fault);
        stage
            .call(&partner, title, &order.query(), Wanted::Caught(name))
            .await?;
    }
    stage
        .call(
            &partner,
            "and the genuine answer again",
            &order.query(),
            Wanted::Answer(&|answer| states("SUCCESS", answer)),
        )
        .await?;
    Ok(())
}
