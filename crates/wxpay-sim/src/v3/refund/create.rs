//! Asking for a refund.

use super::find;
use super::refuse::refuse;
use super::view::view;
use crate::refunds::{self, Asked};
use crate::store::{Dialect, Document};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_notify_url};
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let body = schema_check::body(call, "v3.refund.create", &[])?;
    check_notify_url(&body)?;
    let number = shape::text(&body, "/out_refund_no");
    let known = |c: char| c.is_ascii_alphanumeric() || "_-|*@".contains(c);
    if number.len() > 64 || !number.chars().all(known) {
        let issue = "at most 64 characters, each a letter, a digit or one of _-|*@";
        return Err(Refusal::param("body", "/out_refund_no", number.into(), issue));
    }
    let (refund, total) = (
        shape::number(&body, "/amount/refund"),
        shape::number(&body, "/amount/total"),
    );
    let from = body.pointer("/amount/from").and_then(|from| from.as_array());
    if let Some(from) = from {
        let sum = from.iter().map(|account| shape::number(account, "/amount"));
        if sum.fold(0_i64, i64::saturating_add) != refund {
            let issue = "the accounts' amounts do not sum up to the refund";
            return Err(Refusal::param(
                "body",
                "/amount/from",
                body["amount"]["from"].clone(),
                issue,
            ));
        }
    }
    let asked = Asked {
        mchid: call.signer.id().as_str().to_owned(),
        out_refund_no: number.to_owned(),
        order: find::order(call, world, &body)?,
        amount: refund,
        total,
        currency: shape::text(&body, "/amount/currency").to_owned(),
        notify_url: shape::given(&body, "/notify_url"),
        dialect: Dialect::V3,
        asked: Document::new(&body),
    };
    let key = refunds::accept(world, asked).map_err(refuse)?;
    view(world, &key).map(Reply::ok)
}
