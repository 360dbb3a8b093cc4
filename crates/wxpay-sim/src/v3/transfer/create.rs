//! Asking for a transfer.

use serde_json::{Value, json};
use wxpay_proto::TimeText;

use super::unknown::unknown;
use crate::store::{Document, Transfer, TransferState};
use crate::transfers::{self, NotTransferred};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_notify_url, check_number};
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let now = world.clocks.business;
    let body = schema_check::body(call, "v3.mch-transfer.create_transfer_bill", &[])?;
    check_notify_url(&body)?;
    let number = shape::text(&body, "/out_bill_no");
    check_number("/out_bill_no", number, 1, "")?;
    let appid = shape::text(&body, "/appid");
    if !call.signer.has_appid(appid) {
        return Err(Refusal::appid_mismatch());
    }
    let amount = shape::number(&body, "/transfer_amount");
    if amount < 1 {
        let issue = "an integer from 1 on is wanted";
        let refusal = Refusal::param("body", "/transfer_amount", amount.into(), issue);
        return Err(refusal.with_inner(inner::OUT_OF_RANGE));
    }
    let user_name = shape::given(&body, "/user_name");
    if user_name.is_none() && amount >= world.settings.transfer_name_from {
        let issue = "a transfer of this amount needs the user's name";
        return Err(Refusal::param("body", "/user_name", Value::Null, issue));
    }
    let transfer = Transfer {
        mchid: call.signer.id().as_str().to_owned(),
        out_bill_no: number.to_owned(),
        transfer_bill_no: world.sequence.transfer_bill_no(now),
        appid: appid.to_owned(),
        openid: shape::text(&body, "/openid").to_owned(),
        user_name,
        amount,
        remark: shape::text(&body, "/transfer_remark").to_owned(),
        notify_url: shape::given(&body, "/notify_url"),
        package_info: format!("{}=", world.sequence.alphanumeric(63)),
        asked: Document::new(&body),
        created: now,
        updated: now,
        state: TransferState::WaitUserConfirm,
        fail_reason: None,
        changes: None,
        history: Vec::new(),
    };
    let key = transfers::accept(world, transfer).map_err(refuse)?;
    let transfer = world.store.transfers.get(&key).ok_or_else(unknown)?;
    let mut answer = json!({
        "out_bill_no": transfer.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "create_time": TimeText::beijing(transfer.created).as_str(),
        "state": transfer.state.as_str(),
    });
    if transfer.state == TransferState::WaitUserConfirm {
        answer["package_info"] = json!(transfer.package_info);
    }
    if let Some(reason) = &transfer.fail_reason {
        answer["fail_reason"] = json!(reason);
    }
    Ok(Reply::ok(answer))
}

fn refuse(why: NotTransferred) -> Refusal {
    match why {
        NotTransferred::Different => Refusal::other_parameters(),
        NotTransferred::NotEnough => {
            let message = "商户账户余额不足 (the merchant's balance is too low)";
            Refusal::new(403, "NOT_ENOUGH", inner::NO_FUNDS, message)
        }
    }
}
