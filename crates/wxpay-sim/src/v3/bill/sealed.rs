//! A sub-merchant's fund-flow bill, which is encrypted (protocol section 11.4).

use serde_json::{Value, json};
use wxpay_types::table;

use super::keep::keep;
use super::parameters::{day, gzip, refuse, sub_merchant, wrong};
use crate::bills::{self, NoBill};
use crate::documented;
use crate::store::Lock;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::world::World;

pub(super) fn fund_flow(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let (day, gzip) = (day(call, world)?, gzip(call)?);
    let missing = |name: &str| Refusal::param("query", name, Value::Null, "the parameter is missing");
    let sub_mchid = sub_merchant(call)?.ok_or_else(|| missing("sub_mchid"))?;
    let algorithm = call
        .query_parameter("algorithm")?
        .ok_or_else(|| missing("algorithm"))?;
    let key = match algorithm.as_str() {
        "AEAD_AES_256_GCM" => 32,
        "SM4_GCM" => 16,
        word => return Err(wrong("algorithm", word, "AEAD_AES_256_GCM or SM4_GCM is wanted")),
    };
    match call.query_parameter("account_type")?.as_deref() {
        None => return Err(missing("account_type")),
        Some("BASIC") => {}
        // All money here is in the basic account.
        Some("OPERATION" | "FEES" | "DEPOSIT") => return Err(refuse(NoBill::None)),
        Some(word) => {
            let issue = "BASIC, OPERATION, FEES or DEPOSIT is wanted";
            return Err(wrong("account_type", word, issue));
        }
    }
    let text = bills::fund_flow(world.store, &sub_mchid, day).map_err(refuse)?;
    let lock = Lock {
        key: world.sequence.alphanumeric(key),
        nonce: world.sequence.alphanumeric(12),
    };
    let mut bill = keep(call, world, text, gzip, Some(lock.clone()));
    bill["bill_sequence"] = json!(1);
    bill["encrypt_key"] = json!(lock.key);
    bill["nonce"] = json!(lock.nonce);
    let mut answer = json!({ "download_bill_count": 1, "download_bill_list": [bill] });
    if let Some(info) = table::named("v3.bill.query_sub_merchant_fund_flow_bill") {
        documented::seal(info, &mut answer, call.signer, world.sequence);
    }
    Ok(Reply::ok(answer))
}
