use http::Method;
use serde_json::{Value, json};

use super::bodies::{MERCHANT, PARTNER, SUB_MERCHANT};
use super::client::{APPID, Table};
use super::papay_v3::{V3, charge_v3, offer_v3};
use crate::{ContractRef, Settings};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const APPLY: &str = "/v3/papay/pay/transactions/apply";

/// An offer whose one deduction of 9,900 fen is on the 17th; the clock begins on the 15th, at a quarter past six.
fn planned(code: &str, date: &str) -> Value {
    let mut offer = offer_v3(code);
    offer["deduct_schedule"] = json!({
        "estimated_deduct_date": date,
        "estimated_deduct_amount": { "total": 9900, "currency": "CNY" },
        "description": "车票",
    });
    offer
}

/// Parameters of a schedule.
fn schedule(total: i64) -> Value {
    json!({ "appid": APPID, "schedule_amount": { "total": total, "currency": "CNY" } })
}

impl Table {
    fn offers(&mut self, offer: &Value) -> String {
        let ahead = format!("{V3}/scheduled-deduct-sign/contracts/pre-entrust-sign/jsapi");
        self.post(&ahead, offer).unwrap();
        self.signs(offer["out_contract_code"].as_str().unwrap())
    }

    fn stands(&mut self, id: &str) -> String {
        let target = format!("{V3}/pay/schedules/contract-id/{id}");
        self.get(&target).unwrap()["schedule_state"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Refuses by the rules of a deduction's day.
    fn is_untimely(&mut self, target: &str, body: &Value) {
        let (status, code, _) = self.refuse_post(target, body);
        assert_eq!((status, code.as_str()), (400, "INVALID_REQUEST"), "{body}");
    }
}

#[test]
fn a_deduction_is_offered_scheduled_and_made_on_its_day_alone() {
    let mut table = Table::merchant();
    let ahead = format!("{V3}/scheduled-deduct-sign/contracts/pre-entrust-sign/jsapi");
    for (date, ok) in [
        ("2023-11-15", false),
        ("2023-11-16", false),
        ("17.11.2023", false),
        ("2023-11-17", true),
    ] {
        // Tomorrow's is offered until seven in the evening.
        if date == "2023-11-16" {
            table.wait(13 * HOUR);
        }
        let made = table.post(&ahead, &planned("C1", date));
        assert_eq!(made.is_ok(), ok, "{date}");
    }
    table.wait(-13 * HOUR);
    let id = table.signs("C1");
    let contract = format!("{V3}/sign/contracts/plan-id/12535/out-contract-code/C1");
    let known = table.get(&contract).unwrap();
    assert_eq!(
        known["deduct_schedule"],
        json!({
            "estimated_deduct_date": "2023-11-17",
            "estimated_deduct_amount": { "total": 9900, "currency": "CNY" },
            "schedule_state": "NO_SCHEDULED",
        })
    );
    let target = format!("{V3}/pay/schedules/contract-id/{id}/schedule");
    assert_eq!(table.stands(&id), "NO_SCHEDULED");
    // Two days before, and for another amount.
    table.is_untimely(&target, &schedule(9900));
    table.wait(DAY);
    table.is_untimely(&target, &schedule(9901));
    table.is_untimely(APPLY, &charge_v3("D00001", &id, 9900));
    let scheduled = table.post(&target, &schedule(9900)).unwrap();
    assert_eq!(
        scheduled,
        json!({
            "schedule_state": "SCHEDULED",
            "deduct_start_date": "2023-11-17",
            "deduct_end_date": "2023-11-17",
            "scheduled_amount": { "total": 9900, "currency": "CNY" },
        })
    );
    table.is_untimely(&target, &schedule(9900));
    table.is_untimely(APPLY, &charge_v3("D00001", &id, 9900));

    table.wait(DAY);
    table.is_untimely(APPLY, &charge_v3("D00001", &id, 9899));
    // The user has no money at first, and it is tried again.
    let named = ContractRef::new("C1");
    table.platform.break_contract(&named, true).unwrap();
    table.post(APPLY, &charge_v3("D00001", &id, 9900)).unwrap();
    table.wait(3);
    assert_eq!(table.stands(&id), "SCHEDULED");
    table.platform.break_contract(&named, false).unwrap();
    table.post(APPLY, &charge_v3("D00002", &id, 9900)).unwrap();
    table.post(APPLY, &charge_v3("D00003", &id, 9900)).unwrap();
    table.wait(3);
    let paid = table
        .get(&format!("{V3}/pay/schedules/contract-id/{id}"))
        .unwrap();
    assert_eq!(
        (
            &paid["schedule_state"],
            &paid["deduct_amount"]["total"],
            &paid["deduct_date"]
        ),
        (&json!("PAID"), &json!(9900), &json!("2023-11-17"))
    );
    assert_eq!(
        table.platform.balance(MERCHANT, "CNY"),
        9900,
        "it is charged once"
    );
    // The contract has run its course, and the merchant is told.
    let ended = table.get(&contract).unwrap();
    assert_eq!(ended["contract_state"], "TERMINATED");
    assert_eq!(
        ended["contract_terminate_info"]["contract_termination_mode"],
        "SYSTEM_TERMINATE"
    );
    let told = table.about(&format!("contract {MERCHANT}/12535/C1"));
    assert_eq!(told.len(), 2);
    assert_eq!(told[1]["deduct_schedule"]["schedule_state"], "PAID");
    table.is_untimely(APPLY, &charge_v3("D00004", &id, 9900));
}

#[test]
fn a_deduction_whose_day_has_passed_is_over_and_ends_its_contract_in_the_morning() {
    let mut table = Table::merchant();
    let (lost, charged) = (
        table.offers(&planned("C1", "2023-11-17")),
        table.offers(&planned("C2", "2023-11-17")),
    );
    table.wait(DAY);
    for id in [&lost, &charged] {
        let target = format!("{V3}/pay/schedules/contract-id/{id}/schedule");
        table.post(&target, &schedule(9900)).unwrap();
    }
    // Accepted in the last second of the day, and the bank answers on the next.
    table.wait(DAY + 17 * HOUR + 46 * 60 + 39);
    table.post(APPLY, &charge_v3("D00001", &charged, 9900)).unwrap();
    table.wait(1);
    assert_eq!(table.stands(&lost), "EXPIRED");
    table.is_untimely(APPLY, &charge_v3("D00002", &lost, 9900));
    table.wait(8 * HOUR - 1);
    assert_eq!(table.platform.contracts()[0].state, "SIGNED");
    table.wait(1);
    let _ = table.platform.poll(table.clocks);
    let states: Vec<_> = table
        .platform
        .contracts()
        .iter()
        .map(|found| found.state)
        .collect();
    assert_eq!(states, ["TERMINATED", "TERMINATED"]);
    let told = table.about(&format!("contract {MERCHANT}/12535/C1"));
    assert_eq!(told[1]["contract_terminated_time"], "2023-11-18T08:00:00+08:00");
    assert_eq!(told[1]["deduct_schedule"]["schedule_state"], "EXPIRED");
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 9900);
}

#[test]
fn what_is_announced_waits_two_days_and_is_no_more_than_announced() {
    let mut table = Table::merchant();
    let id = table.offers(&offer_v3("C1"));
    let notify = format!("{V3}/contracts/{id}/notify");
    let announce = |days: i64| {
        json!({
            "mchid": MERCHANT, "appid": APPID, "estimated_amount": { "amount": 100, "currency": "CNY" },
            "deduct_duration": { "count": days, "unit": "DAY" },
        })
    };
    table.post(&notify, &announce(2)).unwrap();
    // Just signed: the first deduction needs no announcement, and ends what was announced.
    table.post(APPLY, &charge_v3("D00001", &id, 500)).unwrap();
    table.wait(DAY);
    table.post(APPLY, &charge_v3("D00002", &id, 500)).unwrap();
    table.wait(3);
    table.post(&notify, &announce(2)).unwrap();
    for (days, total, ok) in [(0, 100, false), (1, 100, false), (1, 101, false), (0, 100, true)] {
        table.wait(days * DAY);
        let body = charge_v3(&format!("D1{days}{total}{ok}"), &id, total);
        assert_eq!(table.post(APPLY, &body).is_ok(), ok, "{days} {total}");
    }
    // Two days after the wait it is too late.
    table
        .platform
        .break_contract(&ContractRef::new("C1"), true)
        .unwrap();
    table.post(&notify, &announce(2)).unwrap();
    table.wait(4 * DAY);
    table.is_untimely(APPLY, &charge_v3("D00003", &id, 100));
    let again = json!({ "mchid": MERCHANT, "appid": APPID });
    table
        .post(&format!("{V3}/contracts/{id}/fail-notify"), &again)
        .unwrap();
}

#[test]
fn at_night_nobody_is_disturbed_where_that_counts() {
    let settings = Settings {
        quiet_hours: true,
        ..Settings::default()
    };
    let mut table = Table::of(settings, |profile| profile.merchant());
    let id = table.offers(&planned("C1", "2023-11-17"));
    let target = format!("{V3}/pay/schedules/contract-id/{id}/schedule");
    let notify = format!("{V3}/contracts/{id}/notify");
    let told = json!({ "mchid": MERCHANT, "appid": APPID, "estimated_amount": { "amount": 100 } });
    // A quarter past six in the morning, then past seven, then past eight.
    table.wait(DAY);
    table.is_untimely(&notify, &told);
    table.wait(HOUR);
    table.post(&notify, &told).unwrap();
    table.is_untimely(&target, &schedule(9900));
    table.wait(HOUR);
    table.post(&target, &schedule(9900)).unwrap();
}

#[test]
fn a_partner_charges_for_its_sub_merchant() {
    let mut table = Table::partner();
    let mut offer = planned("C1", "2023-11-17");
    let members = offer.as_object_mut().unwrap();
    members.remove("appid");
    members.insert("sp_appid".to_owned(), json!(APPID));
    members.insert("sp_openid".to_owned(), json!("oSpUser"));
    members.insert("sub_mchid".to_owned(), json!(SUB_MERCHANT));
    let ahead = |way: &str| format!("{V3}/scheduled-deduct-sign/partner/contracts/pre-entrust-sign/{way}");
    for way in ["app", "h5", "jsapi", "mini-program"] {
        // The same offer, whichever way leads to it.
        table.post(&ahead(way), &offer).unwrap();
    }
    let mut strange = offer.clone();
    strange["sub_mchid"] = json!("1900009999");
    assert_eq!(table.refuse_post(&ahead("h5"), &strange).1, "NOAUTH");
    let id = table.signs("C1");
    let told = table.about(&format!("contract {PARTNER}/12535/C1"));
    assert_eq!(
        (&told[0]["sp_mchid"], &told[0]["sub_mchid"], &told[0]["sp_openid"]),
        (&json!(PARTNER), &json!(SUB_MERCHANT), &json!("oSpUser"))
    );
    let contract = format!("{V3}/sign/partner/contracts/plan-id/12535/out-contract-code/C1");
    let of = |sub_mchid: &str| format!("{contract}?sub_mchid={sub_mchid}");
    assert_eq!(table.get(&of(SUB_MERCHANT)).unwrap()["contract_id"], json!(id));
    let other = &table.merchant.sub_merchants()[1].clone();
    let refused = table.refusal(Method::GET, &of(other), &Value::Null);
    assert_eq!((refused.0, refused.1.as_str()), (404, "RESOURCE_NOT_EXISTS"));
    // The merchant's path leads to a merchant's own contracts.
    let own = format!("{V3}/sign/contracts/plan-id/12535/out-contract-code/C1");
    assert_eq!(table.refusal(Method::GET, &own, &Value::Null).0, 404);

    table.wait(DAY);
    let notify = json!({
        "sp_mchid": PARTNER, "sp_appid": APPID, "sub_mchid": SUB_MERCHANT, "estimated_amount": { "amount": 9900 },
    });
    table
        .post(&format!("/v3/partner-papay/contracts/{id}/notify"), &notify)
        .unwrap();
    let mut scheduled = schedule(9900);
    let members = scheduled.as_object_mut().unwrap();
    members.remove("appid");
    members.insert("sp_appid".to_owned(), json!(APPID));
    members.insert("sub_mchid".to_owned(), json!(SUB_MERCHANT));
    let schedules = format!("{V3}/pay/partner/schedules/contract-id/{id}");
    table.post(&format!("{schedules}/schedule"), &scheduled).unwrap();
    let asked = format!("{schedules}?sub_mchid={SUB_MERCHANT}");
    assert_eq!(table.get(&asked).unwrap()["schedule_state"], "SCHEDULED");

    table.wait(DAY);
    let mut charge = charge_v3("D00001", &id, 9900);
    let members = charge.as_object_mut().unwrap();
    members.remove("appid");
    members.insert("sp_appid".to_owned(), json!(APPID));
    members.insert("sub_mchid".to_owned(), json!(SUB_MERCHANT));
    let apply = format!("{V3}/pay/partner/transactions/apply");
    table.post(&apply, &charge).unwrap();
    table.wait(3);
    let order = format!(
        "/v3/pay/partner/transactions/out-trade-no/D00001?sp_mchid={PARTNER}&sub_mchid={SUB_MERCHANT}"
    );
    let order = table.get(&order).unwrap();
    assert_eq!(
        (&order["trade_state"], &order["trade_type"]),
        (&json!("SUCCESS"), &json!("PAP"))
    );
    assert_eq!(table.about(&format!("order {PARTNER}/D00001")), [order]);
    assert_eq!(table.platform.balance(SUB_MERCHANT, "CNY"), 9900);
    let ended = table.get(&of(SUB_MERCHANT)).unwrap();
    assert_eq!(ended["deduct_schedule"]["schedule_state"], "PAID");
}
