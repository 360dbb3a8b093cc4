//! What combined orders refuse with codes of their own: `ORDER_PAID`, where a global order says `ORDERPAID`.

use crate::v3::inner;
use crate::v3::refusal::Refusal;

pub(super) fn paid() -> Refusal {
    Refusal::new(400, "ORDER_PAID", inner::PAID, "订单已支付 (the order is paid)")
}

pub(super) fn closed() -> Refusal {
    Refusal::new(
        400,
        "ORDER_CLOSED",
        inner::NOT_VALID_ANY_MORE,
        "订单已关闭 (the order is closed)",
    )
}
