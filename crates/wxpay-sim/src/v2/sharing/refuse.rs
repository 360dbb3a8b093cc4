//! Why nothing is shared or given back. The sources do not tell which code belongs to which: these are the nearest.

use crate::split_returns::NotReturned;
use crate::splits::NotSplit;
use crate::v2::refusal::Refusal;

pub(super) fn refuse(why: NotSplit) -> Refusal {
    let invalid = |description: &str| Refusal::new("INVALID_REQUEST", description);
    match why {
        NotSplit::Different => Refusal::other_parameters(),
        NotSplit::Unpaid => invalid("订单未支付 (the order is not paid)"),
        NotSplit::NotShared => Refusal::new(
            "NOT_SHARE_ORDER",
            "非分账订单 (the order was not created to be shared)",
        ),
        NotSplit::TooSoon => Refusal::new("ORDER_NOT_READY", "订单处理中 (a minute after the payment)"),
        NotSplit::Released => invalid("订单已解冻 (what was left of the payment is released)"),
        NotSplit::UnknownReceiver(index) => Refusal::new(
            "RECEIVER_INVALID",
            format!("分账接收方非法 (receivers/{index} was not added)"),
        ),
        NotSplit::Twice(index) => Refusal::param("receivers", &format!("{index} has a share already")),
        NotSplit::Receivers => Refusal::param("receivers", "1 to 50 receivers"),
        NotSplit::TooMany => Refusal::new("RULE_LIMIT", "分账次数超限 (at most 50 requests)"),
        NotSplit::Ratio => Refusal::new("RULE_LIMIT", "超出分账比例 (more than may be shared)"),
        NotSplit::NotEnough => Refusal::new("NOT_ENOUGH", "分账金额不足 (more than what is left)"),
    }
}

pub(super) fn refuse_return(why: NotReturned) -> Refusal {
    let invalid = |description: &str| Refusal::new("INVALID_REQUEST", description);
    match why {
        NotReturned::Different => Refusal::other_parameters(),
        NotReturned::Unknown => unknown(),
        NotReturned::NoShare => invalid("回退方没有分账 (it has no share of this payment)"),
        NotReturned::TooMany => Refusal::new("RULE_LIMIT", "回退次数超限 (at most 50 returns)"),
        NotReturned::TooLate => invalid("超出回退期限 (more than 180 days)"),
        NotReturned::TooMuch => Refusal::new("NOT_ENOUGH", "回退金额超限 (more than the share)"),
    }
}

pub(super) fn unknown() -> Refusal {
    Refusal::new("RESOURCE_NOT_EXISTS", "记录不存在 (no such request)")
}
