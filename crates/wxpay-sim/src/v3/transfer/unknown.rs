//! What a transfer is called when there is none.

use crate::v3::inner;
use crate::v3::refusal::Refusal;

pub(super) fn unknown() -> Refusal {
    let message = "记录不存在 (no such transfer)";
    Refusal::new(404, "NOT_FOUND", inner::UNKNOWN_ORDER, message)
}
