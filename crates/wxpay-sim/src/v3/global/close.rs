//! Closing a global order.

use super::name::{Name, find};
use super::party::Party;
use super::refusals::{closed, paid};
use crate::orders::{self, NotClosed};
use crate::store::Record as _;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::world::World;

pub(super) fn close(call: &Call<'_>, world: &mut World<'_>, name: &Name) -> Answer {
    let body = match name {
        Name::Id(id) => {
            let path = [("transaction_id", id.as_str())];
            schema_check::body(call, "global.transactions.close_by_id", &path)?
        }
        Name::Number(number) => {
            let path = [("out_trade_no", number.as_str())];
            schema_check::body(call, "global.transactions.close_by_out_trade_no", &path)?
        }
    };
    let party = Party::in_body(call, &body)?;
    let order = find(call, world, name, &party)?;
    let key = order.key();
    let settings = world.settings;
    match orders::close(
        world.store,
        &key,
        world.clocks.business,
        settings.min_close_age_global,
    ) {
        Ok(()) => Ok(Reply::no_content()),
        Err(NotClosed::Already) => Err(closed()),
        Err(NotClosed::Paid) => Err(paid()),
        Err(NotClosed::Unknown | NotClosed::CodePayment) => Err(Refusal::unknown_order()),
        Err(NotClosed::TooYoung) => Err(Refusal::new(
            400,
            &settings.early_close_code,
            inner::ILLEGAL_PARAMETER,
            "订单创建时间过短 (the order is too young to be closed)",
        )),
    }
}
