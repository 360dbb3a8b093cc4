//! Offering a contract: by a page that the user opens, or ahead of one (纯签约).

use serde_json::{Map, Value};
use wxpay_proto::v2::Fields;
use wxpay_types::schema::OperationInfo;

use crate::contracts::{self, NotOffered};
use crate::store::{Contract, ContractState, Dialect, Document, Record as _};
use crate::v2::documented::Letter;
use crate::v2::refusal::Refusal;
use crate::world::World;

/// Who signs when nobody is named: whoever opens the page.
const SOMEBODY: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

pub(super) fn offer(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let contract = read(letter, world, "notify_url")?;
    let key = contract.key();
    contracts::offer(world.store, contract).map_err(refuse)?;
    let contract = world.store.contracts.get(&key);
    let handle = contract
        .map(|contract| contract.handle.clone())
        .unwrap_or_default();
    let all = [
        ("pre_entrustweb_id", handle.clone()),
        (
            "redirect_url",
            format!("https://payapp.weixin.qq.com/papay/sign?pre={handle}"),
        ),
    ];
    let known = |name: &str| {
        let answer = info.response.as_ref();
        answer.is_some_and(|schema| schema.field(name).is_some())
    };
    let told = all.into_iter().filter(|(name, _)| known(name));
    let mut fields: Fields = told.map(|(name, text)| (name.to_owned(), text)).collect();
    letter.repeat(info, &mut fields);
    Ok(fields)
}

/// Reads an offer. `url` is the field with the address that learns of the signature.
pub(super) fn read(letter: &Letter<'_>, world: &mut World<'_>, url: &str) -> Result<Contract, Refusal> {
    for name in ["plan_id", "contract_code", "contract_display_account", url] {
        if letter.text(name).is_empty() {
            return Err(Refusal::missing(name));
        }
    }
    if !letter.merchant.has_appid(letter.text("appid")) {
        return Err(Refusal::appid_mismatch());
    }
    let now = world.clocks.business;
    let asked = [
        "plan_id",
        "contract_code",
        "contract_display_account",
        "appid",
        "sub_mch_id",
        url,
    ];
    let asked = asked.map(|name| (name.to_owned(), Value::from(letter.text(name))));
    Ok(Contract {
        mchid: letter.merchant.id().as_str().to_owned(),
        sub_mchid: letter.sub_merchant()?,
        plan_id: letter.text("plan_id").to_owned(),
        code: letter.text("contract_code").to_owned(),
        contract_id: world.sequence.contract_id(now),
        dialect: Dialect::V2,
        appid: letter.text("appid").to_owned(),
        sub_appid: letter.optional("sub_appid"),
        openid: letter.optional("openid").unwrap_or_else(|| SOMEBODY.to_owned()),
        display_account: letter.text("contract_display_account").to_owned(),
        serial: letter.optional("request_serial"),
        user_code: None,
        notify_url: letter.text(url).to_owned(),
        handle: world.sequence.alphanumeric(28),
        asked: Document::new(&Value::Object(Map::from_iter(asked))),
        state: ContractState::Offered,
        created: now,
        signed: None,
        terminated: None,
        ended_by: None,
        remark: None,
        tell: None,
        broke: false,
        planned: None,
        announced: None,
    })
}

/// The codes are not in the sources.
pub(super) fn refuse(why: NotOffered) -> Refusal {
    match why {
        NotOffered::Signed => Refusal::new("CONTRACT_EXISTED", "已签约 (the user has signed it)"),
        NotOffered::Used => Refusal::new("CONTRACT_CODE_USED", "签约协议号重复 (a number is used once)"),
        NotOffered::Different => Refusal::other_parameters(),
    }
}
