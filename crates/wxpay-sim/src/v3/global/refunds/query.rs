//! Looking at refunds of global orders: one, or all of an order.

use serde_json::{Value, json};

use super::view::{row, view};
use crate::refunds;
use crate::store::{Dialect, Record as _, Refund};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::global::name::{Name, find};
use crate::v3::global::party::Party;
use crate::v3::global::query::{RATE, converted_total};
use crate::v3::refusal::Refusal;
use crate::world::World;

pub(super) fn by_number(call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let key = Refund::key_of(call.signer.id().as_str(), number);
    one(call, world, world.store.refunds.get(&key))
}

pub(super) fn by_id(call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    one(
        call,
        world,
        refunds::by_id(world.store, call.signer.id().as_str(), id),
    )
}

fn one(call: &Call<'_>, world: &World<'_>, refund: Option<&Refund>) -> Answer {
    let party = Party::in_query(call)?;
    let refund = refund.filter(|refund| refund.dialect == Dialect::Global);
    let refund = refund.ok_or_else(Refusal::unknown_resource)?;
    if refund.sub_mchid != party.sub_mchid {
        return Err(Refusal::other_sub_merchant());
    }
    let order = world.store.orders.get(&refund.order);
    let order = order.ok_or_else(Refusal::unknown_resource)?;
    Ok(Reply::ok(view(refund, order)))
}

/// The refunds of an order, page by page.
pub(super) fn list(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let party = Party::in_query(call)?;
    let (offset, count) = (number(call, "offset")?, number(call, "count")?);
    let name = match (
        call.query_parameter("transaction_id")?,
        call.query_parameter("out_trade_no")?,
    ) {
        (Some(id), _) => Name::Id(id),
        (None, Some(number)) => Name::Number(number),
        (None, None) => {
            let issue = "transaction_id or out_trade_no is wanted";
            return Err(Refusal::param("query", "transaction_id", Value::Null, issue));
        }
    };
    let order = find(call, world, &name, &party)?;
    let all = refunds::of_order(world.store, &order.key());
    let page: Vec<Value> = all
        .iter()
        .skip(offset)
        .take(count)
        .map(|refund| Value::Object(row(refund, order)))
        .collect();
    let mut body = crate::v3::view::parties(order);
    for unknown in ["appid", "sp_appid", "sub_appid"] {
        body.remove(unknown);
    }
    body.insert("id".to_owned(), json!(order.transaction_id));
    body.insert(
        "amount".to_owned(),
        json!({
            "total": order.total,
            "currency": order.currency,
            "payer_total": converted_total(order, RATE),
            "payer_currency": "CNY",
        }),
    );
    body.insert("total_num".to_owned(), json!(all.len()));
    body.insert("current_total_num".to_owned(), json!(page.len()));
    body.insert("data".to_owned(), Value::Array(page));
    Ok(Reply::ok(Value::Object(body)))
}

fn number(call: &Call<'_>, name: &str) -> Result<usize, Refusal> {
    let missing = || Refusal::param("query", name, Value::Null, "the parameter is missing");
    let text = call.query_parameter(name)?.ok_or_else(missing)?;
    text.parse()
        .map_err(|_| Refusal::param("query", name, text.as_str().into(), "a number is wanted"))
}
