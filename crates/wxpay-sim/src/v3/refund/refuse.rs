//! Why there is no refund.

use crate::refunds::NotRefunded;
use crate::v3::inner;
use crate::v3::refusal::Refusal;

/// The refusal; `total` and `currency` are the pointers of the parameters that may differ from the order.
pub(crate) fn refuse(why: NotRefunded) -> Refusal {
    let invalid = |inner: u32, message: &str| Refusal::new(400, "INVALID_REQUEST", inner, message);
    match why {
        NotRefunded::Different => Refusal::other_parameters(),
        NotRefunded::Unpaid => invalid(
            inner::NOT_VALID_ANY_MORE,
            "订单未支付，不能退款 (the order is not paid, so nothing can be refunded)",
        ),
        NotRefunded::OtherTotal => invalid(
            inner::OTHER_PARAMETERS,
            "订单金额或退款金额与之前请求不一致 (amount.total is not the order's amount)",
        ),
        NotRefunded::OtherCurrency => invalid(
            inner::OTHER_PARAMETERS,
            "退款币种与订单不一致 (amount.currency is not the order's)",
        ),
        NotRefunded::TooMuch => invalid(
            inner::OUT_OF_RANGE,
            "退款金额大于订单可退金额 (more than what is left of the payment)",
        ),
        NotRefunded::TooMany => invalid(
            inner::OUT_OF_RANGE,
            "超过单笔订单部分退款次数 (an order has at most 50 refunds)",
        ),
        NotRefunded::TooLate => invalid(
            inner::NOT_VALID_ANY_MORE,
            "订单已超过可退款期限 (more than a year after the payment)",
        ),
        NotRefunded::TooSoon => Refusal::new(
            429,
            "FREQUENCY_LIMITED",
            inner::TOO_OFTEN,
            "同一笔订单的退款需间隔1分钟 (a minute must lie between two refunds of an order)",
        ),
        NotRefunded::Shared => invalid(
            inner::NO_FUNDS,
            "订单已分账，请先回退 (what was shared of the payment must come back first)",
        ),
        NotRefunded::NotEnough => Refusal::new(
            403,
            "NOT_ENOUGH",
            inner::NO_FUNDS,
            "基本账户余额不足 (the merchant's balance is too low)",
        ),
    }
}
