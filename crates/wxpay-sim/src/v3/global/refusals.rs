//! What global orders refuse with codes of their own: `ORDERPAID`, where a combined order says `ORDER_PAID`.

use crate::v3::inner;
use crate::v3::refusal::Refusal;

pub(super) fn not_post() -> Refusal {
    Refusal::new(
        400,
        "REQUIRE_POST_METHOD",
        inner::ILLEGAL_PARAMETER,
        "请使用post方法 (use POST)",
    )
}

pub(super) fn paid() -> Refusal {
    Refusal::new(400, "ORDERPAID", inner::PAID, "订单已支付 (the order is paid)")
}

pub(super) fn closed() -> Refusal {
    Refusal::new(
        400,
        "ORDERCLOSED",
        inner::NOT_VALID_ANY_MORE,
        "订单已关闭 (the order is closed)",
    )
}
