//! Which query settles a call whose outcome is unknown, and what its answer means.
//!
//! ```
//! use wxpay_proto::settled::{Facts, Progress};
//!
//! // A refund: what is found was accepted, and these states do not change any more.
//! const REFUND: Facts = Facts::new("status", &["SUCCESS", "CLOSED", "ABNORMAL"]).creates();
//! assert_eq!(REFUND.progress(&serde_json::json!({ "status": "PROCESSING" })), Progress::Accepted);
//! assert_eq!(REFUND.progress(&serde_json::json!({ "status": "SUCCESS" })), Progress::Final);
//!
//! // The close of a combined order: an order that is not paid yet may still be closed by what is on its way.
//! const CLOSE: Facts = Facts::new("sub_orders.trade_state", &["SUCCESS", "CLOSED"]);
//! let half = serde_json::json!({ "sub_orders": [{ "trade_state": "CLOSED" }, { "trade_state": "NOTPAY" }] });
//! assert_eq!(CLOSE.progress(&half), Progress::Open);
//! ```

use serde::Serialize;
use serde_json::Value;

use crate::error_code::ErrorCode;
use crate::operation::{Operation, Response};
use crate::proof::Signed;
use crate::refusal::ApiError;

/// A call whose outcome another operation tells ([`Meta::settled_by`](crate::Meta::settled_by)), with an answer that is
/// always signed.
///
/// What the query finds is what exists under that number: hold its amounts against yours before you rely on it.
pub trait Settled: Operation {
    /// The query.
    type Query: Operation<Protocol = Self::Protocol, Response: Response<Proof = Signed> + Serialize>;

    /// What its answer means.
    const SETTLED: Facts;

    /// The question about this very call.
    fn query(&self) -> Self::Query;

    /// What an answer says of the call. One that cannot be read leaves it open.
    #[must_use]
    fn progress(answer: &<Self::Query as Operation>::Response) -> Progress {
        let value = serde_json::to_value(answer).unwrap_or_default();
        Self::SETTLED.progress(&value)
    }
}

/// What is known of a query that settles a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    state: &'static str,
    finals: &'static [&'static str],
    creates: bool,
}

impl Facts {
    /// `state`: where the answer has the state, through lists for each of their elements (`sub_orders.trade_state`).
    /// `finals`: the states that do not change any more.
    #[must_use]
    pub const fn new(state: &'static str, finals: &'static [&'static str]) -> Self {
        Self {
            state,
            finals,
            creates: false,
        }
    }

    /// What is found exists only because the call was accepted, and the call can be made again with its key.
    #[must_use]
    pub const fn creates(mut self) -> Self {
        self.creates = true;
        self
    }

    /// What an answer, as JSON, says of the call. One without any state has found nothing.
    #[must_use]
    pub fn progress(&self, answer: &Value) -> Progress {
        let steps: Vec<&str> = self.state.split('.').collect();
        let mut states = Vec::new();
        collect(answer, &steps, &mut states);
        let is_final = |state: &Option<&str>| state.is_some_and(|state| self.finals.contains(&state));
        if !states.is_empty() && states.iter().all(is_final) {
            Progress::Final
        } else if self.creates && states.iter().any(Option::is_some) {
            Progress::Accepted
        } else {
            Progress::Open
        }
    }
}

/// The states at the end of a path; nothing for one that is missing, so that it counts as one that can change.
fn collect<'a>(value: &'a Value, steps: &[&str], found: &mut Vec<Option<&'a str>>) {
    match (value, steps) {
        (Value::Array(elements), _) => elements.iter().for_each(|element| collect(element, steps, found)),
        (Value::Object(members), [first, rest @ ..]) => match members.get(*first) {
            Some(member) => collect(member, rest, found),
            None => found.push(None),
        },
        (Value::String(text), []) => found.push(Some(text)),
        _ => found.push(None),
    }
}

/// What a query says of the call that it settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Progress {
    /// It has come to an end: asking again tells nothing new.
    Final,
    /// It was accepted, and is under way.
    Accepted,
    /// Nothing is certain: what was asked for may still be on its way, or in the hands of the payer.
    Open,
}

/// Whether a refused query says that there is no such number. That proves nothing yet: the call may still be on its way.
/// Ask again later, and never take another number before.
#[must_use]
pub fn is_not_found(refusal: &ApiError) -> bool {
    refusal.status == 404
        || matches!(
            refusal.kind(),
            Some(
                ErrorCode::OrderNotExist
                    | ErrorCode::RefundNotExist
                    | ErrorCode::ResourceNotExists
                    | ErrorCode::InvalidTransactionid
            )
        )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Facts, Progress};

    #[test]
    fn every_state_at_the_end_of_the_path_has_to_be_final() {
        let facts = Facts::new("parts.state", &["DONE", "FAILED"]);
        use Progress::{Accepted, Final, Open};
        // What it says of a close, and of a call that creates what is found.
        for (answer, close, creating) in [
            (
                json!({ "parts": [{ "state": "DONE" }, { "state": "FAILED" }] }),
                Final,
                Final,
            ),
            (
                json!({ "parts": [{ "state": "DONE" }, { "state": "GOING" }] }),
                Open,
                Accepted,
            ),
            (json!({ "parts": [{ "state": "DONE" }, {}] }), Open, Accepted),
            (
                json!({ "parts": [{ "state": "DONE" }, { "state": 1 }] }),
                Open,
                Accepted,
            ),
            (json!({ "parts": { "state": "DONE" } }), Final, Final),
            // Without any state nothing is found.
            (json!({ "parts": [] }), Open, Open),
            (json!({ "parts": "DONE" }), Open, Open),
            (json!({}), Open, Open),
            (json!(null), Open, Open),
        ] {
            assert_eq!(facts.progress(&answer), close, "{answer}");
            assert_eq!(facts.creates().progress(&answer), creating, "{answer}");
        }
    }
}
