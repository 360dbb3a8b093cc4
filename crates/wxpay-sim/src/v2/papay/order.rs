//! An order whose payment signs a contract (支付中签约).

use wxpay_proto::v2::Fields;
use wxpay_types::schema::OperationInfo;

use super::charge;
use super::offer;
use crate::contracts;
use crate::orders;
use crate::store::{Record as _, TradeType};
use crate::v2::documented::Letter;
use crate::v2::handles::handle;
use crate::v2::pay;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(super) fn create(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let now = world.clocks.business;
    let trade_type = TradeType::find(letter.text("trade_type"));
    let made = [
        TradeType::Jsapi,
        TradeType::App,
        TradeType::Native,
        TradeType::Mweb,
    ];
    let trade_type = trade_type.filter(|found| made.contains(found));
    let trade_type = trade_type.ok_or_else(|| Refusal::param("trade_type", "JSAPI, NATIVE, APP or MWEB"))?;
    let contract = offer::read(letter, world, "contract_notify_url")?;
    let mut order = charge::read(letter, world, trade_type)?;
    order.contract = Some(contract.key());
    let key = order.key();
    orders::admit(world.store, order, now).map_err(pay::refuse)?;
    let offered = contracts::offer(world.store, contract.clone());
    // The order is there whether or not there is a contract to sign with it.
    let mut fields = handle(world, trade_type, &key, false);
    let mut put = |name: &str, text: &str| fields.insert(name.to_owned(), text.to_owned());
    match offered {
        Ok(_) => {
            put("contract_result_code", "SUCCESS");
        }
        Err(why) => {
            let refusal = offer::refuse(why);
            put("contract_result_code", "FAIL");
            put("contract_err_code", &refusal.code);
            put("contract_err_code_des", &refusal.description);
        }
    }
    for name in [
        "out_trade_no",
        "plan_id",
        "contract_code",
        "request_serial",
        "contract_display_account",
    ] {
        put(name, letter.text(name));
    }
    letter.repeat(info, &mut fields);
    Ok(fields)
}
