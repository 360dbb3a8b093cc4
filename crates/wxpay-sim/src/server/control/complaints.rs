//! What users do who complain.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::desk::Desk;
use super::reply::{Answer, Problem};
use crate::complaint::{ComplaintError, ComplaintMove, Grievance, Trouble};
use crate::order::OrderRef;

/// An order, and what is wrong with it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Made {
    number: String,
    /// Needed only when two accounts use the same number.
    mchid: Option<String>,
    detail: String,
    /// `REFUND`, `SERVICE_NOT_WORK` or `OTHERS`.
    problem_type: Option<String>,
    /// What the user wants back, in fen.
    refund: Option<i64>,
    phone: Option<String>,
    /// Whether the user is to be served at once.
    #[serde(default)]
    immediate: bool,
}

/// A complaint, and what the user says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Moved {
    id: String,
    text: Option<String>,
}

pub(super) fn list(desk: &Desk) -> Value {
    desk.look(|platform, _| json!(platform.complaints()))
}

pub(super) async fn create(desk: &Desk, made: Made) -> Answer {
    let mut order = OrderRef::order(made.number);
    if let Some(mchid) = made.mchid {
        order = order.created_by(mchid);
    }
    let trouble = match made.problem_type.as_deref() {
        None if made.refund.is_some() => Trouble::Refund,
        None => Trouble::Others,
        Some(word) => Trouble::find(word).ok_or_else(|| {
            Problem::bad(format!(
                "`problem_type`: {word:?} is none of REFUND, SERVICE_NOT_WORK, OTHERS"
            ))
        })?,
    };
    let grievance = Grievance {
        detail: made.detail,
        trouble,
        refund: made.refund,
        phone: made.phone,
        immediate: made.immediate,
    };
    let made = desk.act(|platform, clocks| platform.complain(&order, &grievance, clocks));
    let id = made.await?.map_err(refuse)?;
    Ok(json!({ "id": id }))
}

pub(super) async fn reply(desk: &Desk, moved: Moved) -> Result<(), Problem> {
    let text = said(moved.text)?;
    act(desk, &moved.id, ComplaintMove::Reply(text)).await
}

pub(super) async fn go_on(desk: &Desk, moved: Moved) -> Result<(), Problem> {
    let text = said(moved.text)?;
    act(desk, &moved.id, ComplaintMove::Continue(text)).await
}

pub(super) async fn withdraw(desk: &Desk, moved: Moved) -> Result<(), Problem> {
    act(desk, &moved.id, ComplaintMove::Withdraw).await
}

fn said(text: Option<String>) -> Result<String, Problem> {
    text.ok_or_else(|| Problem::bad("`text`: what the user says is missing"))
}

async fn act(desk: &Desk, id: &str, what: ComplaintMove) -> Result<(), Problem> {
    let moved = desk.act(|platform, clocks| platform.move_complaint(id, &what, clocks));
    moved.await?.map_err(refuse)
}

fn refuse(error: ComplaintError) -> Problem {
    match error {
        ComplaintError::Unknown { .. } | ComplaintError::UnknownOrder { .. } => Problem::missing(error),
        _ => Problem::conflict(error),
    }
}
