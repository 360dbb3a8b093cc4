//! How much can be shared.

use wxpay_proto::v2::Fields;
use wxpay_types::schema::OperationInfo;

use super::share::payment;
use crate::splits;
use crate::v2::documented::Letter;
use crate::v2::refusal::Refusal;
use crate::world::World;

/// What of a payment can still be shared.
pub(super) fn left(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let order = payment(letter, world)?;
    let left = splits::unsplit(world.store, order, world.clocks.business);
    let mut fields = Fields::from([
        ("transaction_id".to_owned(), order.transaction_id.clone()),
        ("unsplit_amount".to_owned(), left.to_string()),
    ]);
    letter.repeat(info, &mut fields);
    Ok(fields)
}

/// How much of a sub-merchant's payments may be shared, in ten thousandths.
pub(super) fn ratio(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    letter.sub_merchant()?;
    let ratio = world.settings.split_ratio.to_string();
    let mut fields = Fields::from([("max_ratio".to_owned(), ratio)]);
    letter.repeat(info, &mut fields);
    Ok(fields)
}
