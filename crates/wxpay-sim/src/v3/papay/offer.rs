//! Offering a contract ahead of its page (预签约).

use serde_json::{Value, json};
use wxpay_proto::{TimeText, UnixTime};
use wxpay_types::table;

use super::mode::Mode;
use crate::contracts::{self, NotOffered};
use crate::deduction_days;
use crate::store::{Contract, ContractState, Dialect, Document, Planned};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

/// Who signs when nobody is named: whoever opens the page.
const SOMEBODY: &str = "o-MYE42l80oelYMDE34nYD456Xoy";

/// `way` is the last segment of the path, for deductions that are scheduled.
pub(super) fn offer(mode: Mode, call: &Call<'_>, world: &mut World<'_>, way: &str) -> Answer {
    let name = match way {
        "" => "pre_entrust_sign",
        "app" => "app_scheduled_pre_entrust_sign",
        "h5" => "h5_scheduled_pre_entrust_sign",
        "jsapi" => "jsapi_scheduled_pre_entrust_sign",
        "mini-program" => "mini_program_scheduled_pre_entrust_sign",
        _ => return Err(Refusal::unknown_operation()),
    };
    let name = &mode.operation(name);
    let body = schema_check::body(call, name, &[])?;
    let (appid, sub_mchid) = (mode.appid(call, &body)?, mode.sub_mchid(call, &body)?);
    let url = shape::text(&body, "/contract_notify_url");
    if !url.starts_with("https://") {
        let issue = "an absolute address by https is wanted";
        return Err(Refusal::param("body", "/contract_notify_url", url.into(), issue));
    }
    let now = world.clocks.business;
    let contract = Contract {
        mchid: call.signer.id().as_str().to_owned(),
        sub_mchid,
        plan_id: shape::number(&body, "/plan_id").to_string(),
        code: shape::text(&body, "/out_contract_code").to_owned(),
        contract_id: world.sequence.contract_id(now),
        dialect: Dialect::V3,
        appid,
        sub_appid: shape::given(&body, "/sub_appid"),
        openid: mode.openid(&body).unwrap_or_else(|| SOMEBODY.to_owned()),
        display_account: shape::text(&body, "/contract_display_account").to_owned(),
        serial: None,
        user_code: shape::given(&body, "/out_user_code"),
        notify_url: url.to_owned(),
        handle: world.sequence.alphanumeric(28),
        asked: Document::new(&body),
        state: ContractState::Offered,
        created: now,
        signed: None,
        terminated: None,
        ended_by: None,
        remark: None,
        tell: None,
        broke: false,
        planned: planned(&body, now)?,
        announced: None,
    };
    let handle = contract.handle.clone();
    contracts::offer(world.store, contract).map_err(refuse)?;
    let all = [
        ("pre_entrustweb_id", handle.clone()),
        (
            "redirect_url",
            format!("https://payapp.weixin.qq.com/papay/sign?pre={handle}"),
        ),
        ("redirect_appid", "wxbd687630cd02ce1d".to_owned()),
        ("redirect_path", format!("pages/index/index?pre={handle}")),
    ];
    let schema = table::named(name).and_then(|info| info.response.as_ref());
    let mut answer = json!({});
    for (name, text) in all {
        if schema.is_some_and(|schema| schema.field(name).is_some()) {
            answer[name] = json!(text);
        }
    }
    Ok(Reply::ok(answer))
}

/// The one deduction that the user agrees to (预约扣费), if there is to be one.
fn planned(body: &Value, now: UnixTime) -> Result<Option<Planned>, Refusal> {
    let Some(wanted) = body.get("deduct_schedule") else {
        return Ok(None);
    };
    let refuse = |member: &str, found: Value, issue: &str| {
        Refusal::param("body", &format!("/deduct_schedule/{member}"), found, issue)
    };
    let text = shape::text(wanted, "/estimated_deduct_date");
    let day = TimeText::from(format!("{text}T00:00:00+08:00")).parse();
    let day = day.map_err(|_| refuse("estimated_deduct_date", text.into(), "yyyy-MM-dd is wanted"))?;
    if !deduction_days::is_ahead(day, now) {
        let issue = "it is offered before 19:00 of the day before";
        return Err(refuse("estimated_deduct_date", text.into(), issue));
    }
    let amount = shape::number(wanted, "/estimated_deduct_amount/total");
    if amount < 1 {
        let issue = "an integer from 1 on is wanted";
        return Err(refuse("estimated_deduct_amount/total", amount.into(), issue));
    }
    let currency = shape::given(wanted, "/estimated_deduct_amount/currency");
    Ok(Some(Planned {
        day,
        amount,
        currency: currency.unwrap_or_else(|| "CNY".to_owned()),
        scheduled: false,
        paid: None,
    }))
}

fn refuse(why: NotOffered) -> Refusal {
    let refusal = |message: &str| Refusal::new(400, "INVALID_REQUEST", inner::OTHER_PARAMETERS, message);
    match why {
        NotOffered::Signed => refusal("已签约 (the user has signed it)"),
        NotOffered::Used => refusal("签约协议号重复 (a number is used once)"),
        NotOffered::Different => Refusal::other_parameters(),
    }
}
