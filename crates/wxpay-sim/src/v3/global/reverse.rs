//! Reversing a code payment.

use super::name::{Name, find};
use super::party::Party;
use super::refusals::closed;
use crate::orders::{self, NotReversed};
use crate::store::Record as _;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::world::World;

pub(super) fn reverse(call: &Call<'_>, world: &mut World<'_>, name: &Name) -> Answer {
    let body = match name {
        Name::Id(id) => {
            let path = [("transaction_id", id.as_str())];
            schema_check::body(call, "global.transactions.reverse_by_id", &path)?
        }
        Name::Number(number) => {
            let path = [("out_trade_no", number.as_str())];
            schema_check::body(call, "global.transactions.reverse_by_out_trade_no", &path)?
        }
    };
    let party = Party::in_body(call, &body)?;
    let key = find(call, world, name, &party)?.key();
    match orders::reverse(world.store, &key, world.clocks.business) {
        Ok(()) => Ok(Reply::no_content()),
        Err(NotReversed::Unknown) => Err(Refusal::unknown_order()),
        Err(NotReversed::Closed) => Err(closed()),
        Err(NotReversed::NoCodePayment | NotReversed::Refunded) => {
            let message =
                "只有未退款的付款码支付订单可以撤销 (only a code payment without refunds is reversed)";
            Err(Refusal::new(
                400,
                "INVALID_REQUEST",
                inner::NOT_VALID_ANY_MORE,
                message,
            ))
        }
    }
}
