//! Releasing what is left of a payment (解冻剩余资金).

use super::find;
use super::refuse::refuse;
use super::view::split;
use crate::splits;
use crate::store::{Document, Share, ShareState, Split};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_notify_url};
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let body = schema_check::body(call, "v3.profitsharing.unfreeze_order", &[])?;
    check_notify_url(&body)?;
    find::check_number(&body, "/out_order_no")?;
    let (order, sub_mchid) = find::in_body(call, world, &body)?;
    let now = world.clocks.business;
    let asked = Split {
        mchid: call.signer.id().as_str().to_owned(),
        sub_mchid,
        out_order_no: shape::text(&body, "/out_order_no").to_owned(),
        order_id: world.sequence.split_id(now),
        order,
        release: true,
        shares: Vec::new(),
        returns: 0,
        asked: Document::new(&body),
        created: now,
        finished: None,
        settles: None,
    };
    let description = shape::text(&body, "/description").to_owned();
    let share = |world: &mut World<'_>, account: String, amount: i64| Share {
        kind: "MERCHANT_ID".to_owned(),
        account,
        amount,
        description,
        detail_id: world.sequence.split_id(now),
        state: ShareState::Pending,
        fail_reason: None,
        returned: 0,
    };
    let key = splits::release(world, asked, share).map_err(refuse)?;
    split(world, &key).map(Reply::ok)
}
