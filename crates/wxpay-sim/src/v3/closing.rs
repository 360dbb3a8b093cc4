//! What closing an order gives.

use super::answer::{Answer, Reply};
use super::inner;
use super::refusal::Refusal;
use crate::orders::NotClosed;
use crate::settings::{RepeatedClose, Settings};

/// The answer to a close.
pub(super) fn answer(closed: Result<(), NotClosed>, settings: &Settings) -> Answer {
    match closed {
        Ok(()) => Ok(Reply::no_content()),
        Err(NotClosed::Already) if settings.v3_repeated_close == RepeatedClose::NoContent => {
            Ok(Reply::no_content())
        }
        Err(NotClosed::Already) => Err(Refusal::closed()),
        Err(NotClosed::Paid) => Err(Refusal::paid()),
        Err(NotClosed::Unknown) => Err(Refusal::unknown_order()),
        Err(NotClosed::TooYoung) => Err(too_young(settings)),
        Err(NotClosed::CodePayment) => Err(code_payment()),
    }
}

pub(super) fn too_young(settings: &Settings) -> Refusal {
    let message = "订单创建时间过短 (the order is too young to be closed)";
    Refusal::new(400, &settings.early_close_code, inner::ILLEGAL_PARAMETER, message)
}

pub(super) fn code_payment() -> Refusal {
    let message = "付款码支付订单只能撤销，不能关单 (a code payment is reversed, not closed)";
    Refusal::new(400, "INVALID_REQUEST", inner::ONLY_REVERSE, message)
}
