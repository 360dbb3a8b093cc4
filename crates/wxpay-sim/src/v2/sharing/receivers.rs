//! Adding and removing receivers. Both can be repeated.

use serde_json::{Value, json};
use wxpay_proto::v2::Fields;
use wxpay_types::schema::OperationInfo;

use crate::store::{Receiver, Record as _};
use crate::v2::documented::Letter;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(super) fn add(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let receiver = read(letter)?;
    let fields = told(info, letter, &receiver);
    world.store.receivers.put(receiver);
    Ok(fields)
}

pub(super) fn remove(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let receiver = read(letter)?;
    world.store.receivers.remove(&receiver.key());
    Ok(told(info, letter, &receiver))
}

fn read(letter: &Letter<'_>) -> Result<Receiver, Refusal> {
    if !letter.merchant.has_appid(letter.text("appid")) {
        return Err(Refusal::appid_mismatch());
    }
    let wrong = |_| Refusal::param("receiver", "a JSON object is wanted");
    let receiver: Value = serde_json::from_str(letter.text("receiver")).map_err(wrong)?;
    let text = |name: &str| receiver[name].as_str().unwrap_or_default().to_owned();
    let mchid = letter.merchant.id().as_str().to_owned();
    Ok(Receiver {
        owner: letter.sub_merchant()?.unwrap_or_else(|| mchid.clone()),
        mchid,
        kind: text("type"),
        account: text("account"),
    })
}

fn told(info: &OperationInfo, letter: &Letter<'_>, receiver: &Receiver) -> Fields {
    let told = json!({ "type": receiver.kind, "account": receiver.account });
    let mut fields = Fields::from([("receiver".to_owned(), told.to_string())]);
    letter.repeat(info, &mut fields);
    fields
}
