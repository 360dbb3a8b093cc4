//! Looking at a refund.

use super::find::check_sub_merchant;
use super::view::view;
use crate::store::{Dialect, Refund};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::world::World;

pub(super) fn query(call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let key = Refund::key_of(call.signer.id().as_str(), number);
    let refund = world.store.refunds.get(&key);
    let refund = refund.filter(|refund| refund.dialect != Dialect::Global);
    let refund = refund.ok_or_else(Refusal::unknown_resource)?;
    let said = call.query_parameter("sub_mchid")?;
    check_sub_merchant(refund.sub_mchid.as_deref(), said.as_deref())?;
    view(world, &key).map(Reply::ok)
}
