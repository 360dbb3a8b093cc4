//! Asking for a bill: where it is, and its digest.

use serde_json::{Value, json};
use wxpay_proto::crypto::{DigestAlgorithm, FileDigest};
use wxpay_proto::{Host, UnixTime};

use crate::bills::{self, Day, NoBill, TradeKind};
use crate::store::Statement;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::world::World;

/// How long a `download_url` lives: 5 minutes.
const LIFE: i64 = 300;

/// Kinds of bills that hold nothing here.
const EMPTY: [&str; 4] = ["RECHARGE_REFUND", "ALL_SPECIAL", "SUC_SPECIAL", "REF_SPECIAL"];

pub(super) fn trade(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    check_names(call, &["bill_date", "sub_mchid", "bill_type", "tar_type"])?;
    let (day, gzip) = (day(call, world)?, gzip(call)?);
    let sub_mchid = sub_merchant(call)?;
    let word = call.query_parameter("bill_type")?;
    let Some(kind) = TradeKind::find(word.as_deref()) else {
        let word = word.unwrap_or_default();
        if EMPTY.contains(&word.as_str()) {
            return Err(refuse(NoBill::None));
        }
        return Err(wrong("bill_type", &word, "ALL, SUCCESS or REFUND is wanted"));
    };
    let mchid = call.signer.id().as_str();
    let text = bills::trade(world.store, mchid, sub_mchid.as_deref(), day, kind).map_err(refuse)?;
    Ok(statement(call, world, text, gzip))
}

pub(super) fn fund_flow(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    check_names(call, &["bill_date", "sub_mchid", "account_type", "tar_type"])?;
    let (day, gzip) = (day(call, world)?, gzip(call)?);
    let sub_mchid = sub_merchant(call)?;
    match call.query_parameter("account_type")?.as_deref() {
        None | Some("BASIC") => {}
        // All money here is in the basic account.
        Some("OPERATION" | "FEES") => return Err(refuse(NoBill::None)),
        Some(word) => return Err(wrong("account_type", word, "BASIC, OPERATION or FEES is wanted")),
    }
    let mchid = sub_mchid.as_deref().unwrap_or_else(|| call.signer.id().as_str());
    let text = bills::fund_flow(world.store, mchid, day).map_err(refuse)?;
    Ok(statement(call, world, text, gzip))
}

fn check_names(call: &Call<'_>, known: &[&str]) -> Result<(), Refusal> {
    let names = call.query.split('&').filter(|pair| !pair.is_empty());
    let mut names = names.map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name));
    match names.find(|name| !known.contains(name)) {
        None => Ok(()),
        Some(name) => {
            let refusal = Refusal::param("query", name, Value::Null, "not a parameter of this operation");
            Err(refusal.with_inner(inner::UNKNOWN_MEMBER))
        }
    }
}

fn day(call: &Call<'_>, world: &World<'_>) -> Result<Day, Refusal> {
    let text = call.query_parameter("bill_date")?.unwrap_or_default();
    let bytes = text.as_bytes();
    let dashed = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    let day = Day::read(&text.replace('-', "")).filter(|_| dashed);
    let day = day.ok_or_else(|| wrong("bill_date", &text, "a day is wanted, yyyy-MM-dd"))?;
    day.check(world.clocks.business).map_err(refuse)?;
    Ok(day)
}

fn gzip(call: &Call<'_>) -> Result<bool, Refusal> {
    match call.query_parameter("tar_type")?.as_deref() {
        None => Ok(false),
        Some("GZIP") => Ok(true),
        Some(word) => Err(wrong("tar_type", word, "GZIP or nothing is wanted")),
    }
}

fn sub_merchant(call: &Call<'_>) -> Result<Option<String>, Refusal> {
    match call.query_parameter("sub_mchid")? {
        Some(sub_mchid) if !call.signer.acts_for(&sub_mchid) => Err(Refusal::no_relation(&sub_mchid)),
        sub_mchid => Ok(sub_mchid),
    }
}

fn wrong(name: &str, value: &str, issue: &str) -> Refusal {
    Refusal::param("query", name, value.into(), issue)
}

/// Keeps the bill for its download.
fn statement(call: &Call<'_>, world: &mut World<'_>, text: String, gzip: bool) -> Reply {
    let token = world.sequence.alphanumeric(48);
    let digest = FileDigest::of(DigestAlgorithm::Sha1, text.as_bytes()).to_hex();
    let tail = if gzip { "&tartype=gzip" } else { "" };
    let url = format!(
        "https://{}/v3/billdownload/file?token={token}{tail}",
        Host::API.as_str()
    );
    let now = world.clocks.business;
    world.store.statements.put(Statement {
        token,
        mchid: call.signer.id().as_str().to_owned(),
        text,
        gzip,
        expires: UnixTime::from_secs(now.as_secs().saturating_add(LIFE)),
    });
    Reply::ok(json!({ "hash_type": "SHA1", "hash_value": digest, "download_url": url }))
}

fn refuse(why: NoBill) -> Refusal {
    match why {
        NoBill::None => {
            let message =
                "账单文件不存在 (no bill: the day is too recent or too long ago, or nothing happened)";
            Refusal::new(400, "NO_STATEMENT_EXIST", inner::UNKNOWN_ORDER, message)
        }
        NoBill::Unwritable => Refusal::system_error(),
    }
}
