//! Why nothing is done by a contract.

use crate::contracts::NotDeducted;
use crate::deduction_days::Untimely;
use crate::orders::Conflict;
use crate::v3::inner;
use crate::v3::refusal::Refusal;

pub(super) fn unknown() -> Refusal {
    let message = "签约协议不存在 (no such contract)";
    Refusal::new(404, "RESOURCE_NOT_EXISTS", inner::UNKNOWN_ORDER, message)
}

pub(super) fn not_in_force() -> Refusal {
    let message = "签约协议未生效 (no such contract in force)";
    Refusal::new(400, "INVALID_REQUEST", inner::NOT_VALID_ANY_MORE, message)
}

/// No source names the code.
pub(super) fn untimely(why: Untimely) -> Refusal {
    let message = format!("不符合扣费规则 ({why})");
    Refusal::new(400, "INVALID_REQUEST", inner::NOT_VALID_ANY_MORE, &message)
}

pub(super) fn not_deducted(why: NotDeducted) -> Refusal {
    match why {
        NotDeducted::NoContract => not_in_force(),
        NotDeducted::Untimely(why) => untimely(why),
        NotDeducted::Order(Conflict::Paid) => Refusal::paid(),
        NotDeducted::Order(Conflict::Closed) => Refusal::closed(),
        NotDeducted::Order(Conflict::Different) => Refusal::other_parameters(),
        NotDeducted::Order(Conflict::Used | Conflict::PartUsed(_)) => Refusal::number_used("out_trade_no"),
    }
}
