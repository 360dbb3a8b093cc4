//! `/pay/closeorder`.

use super::find;
use super::parameters;
use crate::orders::{self, NotClosed};
use crate::store::{Record as _, TradeType};
use crate::v2::answer::{Answer, Reply};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(super) fn close(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    parameters::check(envelope, "v2.pay.close_order")?;
    let order = find::order(envelope, world)?;
    if order.trade_type == TradeType::Micropay {
        return Err(code_payment());
    }
    let key = order.key();
    let settings = world.settings;
    let age = settings.min_close_age_v2_order;
    match orders::close(world.store, &key, world.clocks.business, age) {
        Ok(()) => Ok(Reply::from([("result_msg".to_owned(), "OK".to_owned())])),
        Err(NotClosed::Already) => Err(Refusal::closed()),
        Err(NotClosed::Paid) => Err(Refusal::paid()),
        Err(NotClosed::Unknown) => Err(Refusal::unknown_order()),
        Err(NotClosed::CodePayment) => Err(code_payment()),
        Err(NotClosed::TooYoung) => Err(Refusal::new(
            &settings.early_close_code,
            "订单创建时间过短 (too young to be closed)",
        )),
    }
}

fn code_payment() -> Refusal {
    let description = "付款码支付订单只能撤销 (a code payment is reversed, not closed)";
    Refusal::new("TRADE_STATE_ERROR", description)
}
