//! Adding and deleting receivers. Both are idempotent.

use serde_json::{Value, json};
use wxpay_types::table;

use super::find::check_appid;
use crate::documented;
use crate::store::Receiver;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

const ADD: &str = "v3.profitsharing.add_receiver";
const DELETE: &str = "v3.profitsharing.delete_receiver";

pub(super) fn add(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let body = schema_check::body(call, ADD, &[])?;
    if shape::text(&body, "/relation_type") == "CUSTOM" && shape::text(&body, "/custom_relation").is_empty() {
        let issue = "a relation of one's own needs its name";
        return Err(Refusal::param("body", "/custom_relation", Value::Null, issue));
    }
    let receiver = read(call, &body)?;
    world.store.receivers.put(receiver);
    let mut answer = json!({});
    for member in [
        "sub_mchid",
        "type",
        "account",
        "name",
        "relation_type",
        "custom_relation",
    ] {
        if let Some(value) = body.get(member) {
            answer[member] = value.clone();
        }
    }
    if let Some(info) = table::named(ADD) {
        documented::seal(info, &mut answer, call.signer, world.sequence);
    }
    Ok(Reply::ok(answer))
}

pub(super) fn delete(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let body = schema_check::body(call, DELETE, &[])?;
    let Receiver {
        mchid,
        owner,
        kind,
        account,
    } = read(call, &body)?;
    let key = Receiver::key_of(&mchid, &owner, &kind, &account);
    world.store.receivers.remove(&key);
    let mut answer = json!({ "type": kind, "account": account });
    if let Some(sub_mchid) = body.get("sub_mchid") {
        answer["sub_mchid"] = sub_mchid.clone();
    }
    Ok(Reply::ok(answer))
}

fn read(call: &Call<'_>, body: &Value) -> Result<Receiver, Refusal> {
    check_appid(call, body)?;
    let mchid = call.signer.id().as_str();
    let owner = match shape::given(body, "/sub_mchid") {
        None => mchid.to_owned(),
        Some(sub_mchid) if call.signer.acts_for(&sub_mchid) => sub_mchid,
        Some(sub_mchid) => return Err(Refusal::no_relation(&sub_mchid)),
    };
    Ok(Receiver {
        mchid: mchid.to_owned(),
        owner,
        kind: shape::text(body, "/type").to_owned(),
        account: shape::text(body, "/account").to_owned(),
    })
}
