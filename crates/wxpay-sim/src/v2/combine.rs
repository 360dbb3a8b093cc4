//! v2's combined orders (合单支付), which took no new merchants after 2021-09-01.

mod close;
mod create;
mod fields;
mod list;
mod query;

use super::answer::Answer;
use super::envelope::Envelope;
use crate::world::World;

pub(super) use query::view;

pub(super) type Operation = fn(&Envelope<'_>, &mut World<'_>) -> Answer;

pub(super) fn find(path: &str) -> Option<Operation> {
    match path {
        "/pay/combinedorder" => Some(create::create),
        "/pay/querycombinedorder" => Some(query::query),
        "/pay/closecombinedorder" => Some(close::close),
        _ => None,
    }
}
