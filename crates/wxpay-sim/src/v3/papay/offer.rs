//! Offering a contract ahead of its page (预签约).

use serde_json::json;
use wxpay_types::table;

use crate::contracts::{self, NotOffered};
use crate::store::{Contract, ContractState, Dialect, Document};
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
pub(super) fn offer(call: &Call<'_>, world: &mut World<'_>, way: &str) -> Answer {
    let name = match way {
        "" => "v3.papay.pre_entrust_sign",
        "app" => "v3.papay.app_scheduled_pre_entrust_sign",
        "h5" => "v3.papay.h5_scheduled_pre_entrust_sign",
        "jsapi" => "v3.papay.jsapi_scheduled_pre_entrust_sign",
        "mini-program" => "v3.papay.mini_program_scheduled_pre_entrust_sign",
        _ => return Err(Refusal::unknown_operation()),
    };
    let body = schema_check::body(call, name, &[])?;
    let appid = shape::text(&body, "/appid");
    if !call.signer.has_appid(appid) {
        return Err(Refusal::appid_mismatch());
    }
    let url = shape::text(&body, "/contract_notify_url");
    if !url.starts_with("https://") {
        let issue = "an absolute address by https is wanted";
        return Err(Refusal::param("body", "/contract_notify_url", url.into(), issue));
    }
    let now = world.clocks.business;
    let contract = Contract {
        mchid: call.signer.id().as_str().to_owned(),
        sub_mchid: None,
        plan_id: shape::number(&body, "/plan_id").to_string(),
        code: shape::text(&body, "/out_contract_code").to_owned(),
        contract_id: world.sequence.contract_id(now),
        dialect: Dialect::V3,
        appid: appid.to_owned(),
        sub_appid: None,
        openid: shape::given(&body, "/openid").unwrap_or_else(|| SOMEBODY.to_owned()),
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

fn refuse(why: NotOffered) -> Refusal {
    let refusal = |message: &str| Refusal::new(400, "INVALID_REQUEST", inner::OTHER_PARAMETERS, message);
    match why {
        NotOffered::Signed => refusal("已签约 (the user has signed it)"),
        NotOffered::Used => refusal("签约协议号重复 (a number is used once)"),
        NotOffered::Different => Refusal::other_parameters(),
    }
}
