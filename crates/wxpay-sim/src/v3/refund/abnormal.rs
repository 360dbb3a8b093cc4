//! Sending an abnormal refund somewhere else (发起异常退款).

use serde_json::Value;

use super::find::check_sub_merchant;
use super::view::view;
use crate::refunds;
use crate::store::{Dialect, Record as _};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn apply(call: &Call<'_>, world: &mut World<'_>, refund_id: &str) -> Answer {
    let body = schema_check::body(
        call,
        "v3.refund.apply_abnormal_refund",
        &[("refund_id", refund_id)],
    )?;
    let refund = refunds::by_id(world.store, call.signer.id().as_str(), refund_id);
    let refund = refund.filter(|refund| refund.dialect != Dialect::Global);
    let refund = refund.ok_or_else(Refusal::unknown_resource)?;
    let said = shape::given(&body, "/sub_mchid");
    check_sub_merchant(refund.sub_mchid.as_deref(), said.as_deref())?;
    let number = shape::text(&body, "/out_refund_no");
    if refund.out_refund_no != number {
        let issue = "not the refund that the path names";
        return Err(Refusal::param("body", "/out_refund_no", number.into(), issue));
    }
    let key = refund.key();
    let account = if shape::text(&body, "/type") == "USER_BANK_CARD" {
        for member in ["/bank_type", "/bank_account", "/real_name"] {
            if shape::text(&body, member).is_empty() {
                let issue = "a refund to the user's card needs the card";
                return Err(Refusal::param("body", member, Value::Null, issue));
            }
        }
        let digits: Vec<char> = shape::text(&body, "/bank_account").chars().collect();
        let end: String = digits[digits.len().saturating_sub(4)..].iter().collect();
        format!("{}{end}", shape::text(&body, "/bank_type"))
    } else {
        "商户银行卡".to_owned()
    };
    if !refunds::redirect(world, &key, account) {
        let message = "退款单状态不是退款异常 (the refund is not abnormal)";
        return Err(Refusal::new(
            400,
            "INVALID_REQUEST",
            inner::NOT_VALID_ANY_MORE,
            message,
        ));
    }
    view(world, &key).map(Reply::ok)
}
