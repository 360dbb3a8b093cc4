//! Why nothing is shared, or given back.

use crate::split_returns::NotReturned;
use crate::splits::NotSplit;
use crate::v3::inner;
use crate::v3::refusal::Refusal;

pub(super) fn refuse(why: NotSplit) -> Refusal {
    let invalid = |inner: u32, message: &str| Refusal::new(400, "INVALID_REQUEST", inner, message);
    match why {
        NotSplit::Different => Refusal::other_parameters(),
        NotSplit::Unpaid => invalid(
            inner::NOT_VALID_ANY_MORE,
            "订单未支付，不能分账 (the order is not paid)",
        ),
        NotSplit::NotShared => invalid(
            inner::ILLEGAL_PARAMETER,
            "非分账订单不支持分账 (the order was created without settle_info.profit_sharing)",
        ),
        NotSplit::TooSoon => invalid(
            inner::TOO_OFTEN,
            "订单处理中，暂时无法分账，请稍后再试 (a minute must lie between payment and sharing)",
        ),
        NotSplit::Released => invalid(
            inner::NOT_VALID_ANY_MORE,
            "分账订单已解冻 (what was left of the payment is released, by request or after 30 days)",
        ),
        NotSplit::UnknownReceiver(index) => {
            let message = format!("分账接收方关系不存在 (/receivers/{index} was not added)");
            invalid(inner::NO_RELATION, &message)
        }
        NotSplit::Twice(index) => {
            let message = format!("分账接收方重复 (/receivers/{index} has a share in this request already)");
            invalid(inner::ILLEGAL_PARAMETER, &message)
        }
        NotSplit::Receivers => invalid(
            inner::OUT_OF_RANGE,
            "分账接收方数量超限 (1 to 50 receivers are wanted)",
        ),
        NotSplit::TooMany => Refusal::new(
            403,
            "RULE_LIMIT",
            inner::OUT_OF_RANGE,
            "超过单笔订单分账次数 (an order is shared at most 50 times)",
        ),
        NotSplit::Ratio => Refusal::new(
            403,
            "RULE_LIMIT",
            inner::OUT_OF_RANGE,
            "超过最大分账比例 (more than the part of the payment that may be shared)",
        ),
        NotSplit::NotEnough => Refusal::new(
            403,
            "NOT_ENOUGH",
            inner::NO_FUNDS,
            "分账金额不足 (more than what is left to share)",
        ),
    }
}

pub(super) fn refuse_return(why: NotReturned) -> Refusal {
    let invalid = |inner: u32, message: &str| Refusal::new(400, "INVALID_REQUEST", inner, message);
    match why {
        NotReturned::Different => Refusal::other_parameters(),
        NotReturned::Unknown => Refusal::unknown_resource(),
        NotReturned::NoShare => invalid(
            inner::ILLEGAL_PARAMETER,
            "回退方未分得资金 (the merchant has no share of this request that it could give back)",
        ),
        NotReturned::TooMuch => Refusal::new(
            403,
            "NOT_ENOUGH",
            inner::OUT_OF_RANGE,
            "回退金额超过分账金额 (more than what is left of the share)",
        ),
        NotReturned::TooMany => Refusal::new(
            403,
            "RULE_LIMIT",
            inner::OUT_OF_RANGE,
            "超过回退次数 (a request has at most 50 returns)",
        ),
        NotReturned::TooLate => invalid(
            inner::NOT_VALID_ANY_MORE,
            "超过回退期限 (more than 180 days after the sharing)",
        ),
    }
}

pub(super) fn wrong_amount(pointer: &str, amount: i64) -> Refusal {
    let refusal = Refusal::param("body", pointer, amount.into(), "an integer from 1 on is wanted");
    refusal.with_inner(inner::OUT_OF_RANGE)
}
