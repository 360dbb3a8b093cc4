//! What is made of the members that were set: coupons, a contract, a transfer to be confirmed.

use std::io::Write;

use wxpay_proto::v2::request_payment::{Contract, Coupon};
use wxpay_proto::v3::request_payment::MerchantTransfer;
use wxpay_proto::{MerchantId, ParameterError};

use super::kind::CONTRACT_MORE;
use super::members::Members;
use crate::ended::NotSent;
use crate::sign::product::External;

/// The coupons that were set one after another: each `stock_id` begins one.
pub(super) fn coupons(members: &Members) -> Result<Vec<Coupon>, NotSent> {
    let mut coupons: Vec<[Option<&str>; 3]> = Vec::new();
    for (name, value) in members.iter() {
        let index = match name {
            "stock_id" => 0,
            "out_request_no" => 1,
            _ => 2,
        };
        if index == 0 {
            coupons.push([None; 3]);
        }
        let coupon = coupons
            .last_mut()
            .ok_or_else(|| NotSent::new("--set stock_id=…: each coupon begins with it"))?;
        if coupon[index].replace(value).is_some() {
            return Err(NotSent::new(format!(
                "--set {name}: it is set twice for one coupon; the next begins with its stock_id"
            )));
        }
    }
    let made = coupons
        .into_iter()
        .enumerate()
        .map(|(index, [stock, number, code])| {
            let number = number.ok_or_else(|| {
                NotSent::new(format!("--set out_request_no=…: coupon {} has none", index + 1))
            })?;
            let coupon = Coupon::new(stock.unwrap_or_default(), number);
            Ok(match code {
                Some(code) => coupon.code(code),
                None => coupon,
            })
        });
    made.collect()
}

/// The contract that was set.
pub(super) fn contract(appid: &str, merchant: &MerchantId, members: &Members) -> Result<Contract, NotSent> {
    let serial = members.get("request_serial")?;
    let serial = serial.parse().map_err(|_| {
        NotSent::new(format!(
            "--set request_serial={serial}: wanted is a number that was not used before"
        ))
    })?;
    let wrong = |error: ParameterError| NotSent::new(error.to_string());
    let mut contract = Contract::new(
        appid,
        merchant,
        members.get("plan_id")?,
        members.get("contract_code")?,
        serial,
        members.get("contract_display_account")?,
        members.get("notify_url")?,
    )
    .map_err(wrong)?;
    for name in CONTRACT_MORE {
        if let Some(value) = members.option(name) {
            contract = contract.with(name, value).map_err(wrong)?;
        }
    }
    Ok(contract)
}

/// What the user confirms a transfer with: an object for pages and mini programs, a query for apps.
pub(super) fn transfer(
    external: &External,
    appid: &str,
    merchant: &MerchantId,
    members: &Members,
    out: &mut dyn Write,
) -> Result<(), NotSent> {
    if external.message_only || external.input().is_some() {
        return Err(NotSent::new(
            "nothing of a merchant transfer is signed: leave --message-only and --signature out",
        ));
    }
    let wrong = |problem: String| NotSent::new(problem);
    let mut transfer = MerchantTransfer::new(merchant, appid, members.get("package")?)
        .map_err(|error| wrong(error.to_string()))?;
    if let Some(sub_merchant) = members.option("subMchId") {
        let sub_merchant =
            MerchantId::new(sub_merchant).map_err(|error| wrong(format!("--set subMchId: {error}")))?;
        transfer = transfer.sub_merchant(&sub_merchant, members.option("subAppId"));
    } else if members.option("subAppId").is_some() {
        return Err(wrong("--set subAppId: give subMchId as well".to_owned()));
    }
    if let Some(open_id) = members.option("openId") {
        transfer = transfer.open_id(open_id);
    }
    eprintln!(
        "nothing of it is signed; for an app: businessType {}, query {}",
        MerchantTransfer::BUSINESS_TYPE,
        transfer.app_query()
    );
    let parameters = serde_json::to_value(&transfer).map_err(|error| NotSent::new(error.to_string()))?;
    writeln!(out, "{parameters:#}")?;
    Ok(())
}
