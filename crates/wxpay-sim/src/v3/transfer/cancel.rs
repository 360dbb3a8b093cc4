//! Taking a transfer back that the user has not confirmed.

use serde_json::json;
use wxpay_proto::TimeText;

use super::unknown::unknown;
use crate::store::Transfer;
use crate::transfers::{self, NotCancelled};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::world::World;

pub(super) fn cancel(call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let key = Transfer::key_of(call.signer.id().as_str(), number);
    transfers::cancel(world, &key).map_err(refuse)?;
    let transfer = world.store.transfers.get(&key).ok_or_else(unknown)?;
    Ok(Reply::ok(json!({
        "out_bill_no": transfer.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "state": transfer.state.as_str(),
        "update_time": TimeText::beijing(transfer.updated).as_str(),
    })))
}

fn refuse(why: NotCancelled) -> Refusal {
    match why {
        NotCancelled::Unknown => unknown(),
        NotCancelled::TooLate => {
            let message =
                "单据状态不允许撤销 (the user has confirmed the transfer, or it has come to its end)";
            Refusal::new(400, "INVALID_REQUEST", inner::NOT_VALID_ANY_MORE, message)
        }
    }
}
