//! `/pay/closecombinedorder`.

use std::collections::BTreeSet;

use super::{fields, list};
use crate::orders::{self, NotClosed};
use crate::store::Combined;
use crate::v2::answer::{Answer, Reply};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(super) fn close(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    fields::check(envelope, &["sub_order_list"])?;
    let now = world.clocks.business;
    let named = list::named(envelope)?;
    let (owner, number) = (
        envelope.merchant.id().as_str(),
        envelope.field("combine_out_trade_no"),
    );
    let key = Combined::key_of(owner, number);
    let order = world
        .store
        .combined
        .get(&key)
        .ok_or_else(Refusal::unknown_order)?;
    if order.appid != envelope.field("combine_appid") {
        return Err(differs("combine_appid"));
    }
    let created: BTreeSet<_> = orders::parts(world.store, order)
        .map(|part| (part.mchid.clone(), part.out_trade_no.clone()))
        .collect();
    if named != created {
        return Err(differs("sub_order_list"));
    }
    match orders::close_combined(world.store, &key, now, world.settings.min_close_age_v2) {
        Ok(()) => Ok(Reply::new()),
        Err(NotClosed::Already) => Err(Refusal::closed()),
        Err(NotClosed::Paid) => Err(Refusal::paid()),
        Err(NotClosed::Unknown | NotClosed::CodePayment) => Err(Refusal::unknown_order()),
        Err(NotClosed::TooYoung) => Err(Refusal::new(
            &world.settings.early_close_code,
            "订单创建时间过短 (too young to be closed)",
        )),
    }
}

fn differs(field: &str) -> Refusal {
    let description = format!("请求参数与下单时不一致 ({field} is not what the order was created with)");
    Refusal::new("INVALID_REQUEST", description)
}
