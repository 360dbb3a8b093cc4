//! Scheduling the one deduction of a contract (预约扣费), and asking how it stands.

use serde_json::{Value, json};
use wxpay_proto::UnixTime;

use super::mode::Mode;
use super::refuse::{not_in_force, untimely};
use crate::deduction_days::{self, Standing, date};
use crate::store::{Contract, Planned, Record as _};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(mode: Mode, call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    let (now, quiet) = (world.clocks.business, world.settings.quiet_hours);
    let body = schema_check::body(call, &mode.operation("create_schedule"), &[("contract_id", id)])?;
    mode.appid(call, &body)?;
    let contract = mode.by_id(call, world.store, id, &body)?;
    if !contract.is_good(now) {
        return Err(not_in_force());
    }
    let amount = shape::number(&body, "/schedule_amount/total");
    deduction_days::may_schedule(contract, amount, now, quiet).map_err(untimely)?;
    let key = contract.key();
    world.store.contracts.edit(&key, |contract| {
        if let Some(planned) = &mut contract.planned {
            planned.scheduled = true;
        }
    });
    let contract = world.store.contracts.get(&key).ok_or_else(not_in_force)?;
    Ok(Reply::ok(standing(contract, now)))
}

pub(super) fn query(mode: Mode, call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    let path = [("contract_id", id)];
    let given = schema_check::parameters(call, &mode.operation("query_schedule"), &path)?;
    let contract = mode.by_id(call, world.store, id, &given)?;
    Ok(Reply::ok(standing(contract, world.clocks.business)))
}

/// How the deduction of a contract stands, by itself.
fn standing(contract: &Contract, now: UnixTime) -> Value {
    let Some(planned) = &contract.planned else {
        return json!({ "schedule_state": state(Standing::NotScheduled) });
    };
    let mut body = json!({});
    put(&mut body, planned, now);
    if matches!(planned.standing(now), Standing::Scheduled | Standing::Paid) {
        let day = date(planned.day);
        body["deduct_start_date"] = json!(day);
        body["deduct_end_date"] = json!(day);
    }
    body
}

/// How it stands, as a part of its contract.
pub(super) fn within(planned: &Planned, now: UnixTime) -> Value {
    let mut body = json!({
        "estimated_deduct_date": date(planned.day),
        "estimated_deduct_amount": amount(planned),
    });
    put(&mut body, planned, now);
    body
}

fn put(body: &mut Value, planned: &Planned, now: UnixTime) {
    let standing = planned.standing(now);
    body["schedule_state"] = json!(state(standing));
    if matches!(standing, Standing::Scheduled | Standing::Paid) {
        body["scheduled_amount"] = amount(planned);
    }
    if let Some(at) = planned.paid {
        body["deduct_amount"] = amount(planned);
        body["deduct_date"] = json!(date(at));
    }
}

fn amount(planned: &Planned) -> Value {
    json!({ "total": planned.amount, "currency": planned.currency })
}

fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::NotScheduled => "NO_SCHEDULED",
        Standing::Scheduled => "SCHEDULED",
        Standing::Paid => "PAID",
        Standing::Expired => "EXPIRED",
    }
}
