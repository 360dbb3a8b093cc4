//! One merchant transfer bill: its history and its notifications.

use super::markup::Html;
use super::view::{Page, View, facts, section};
use super::{notifications, timeline, transfers, words};

pub(super) fn page(view: &View<'_>, mchid: &str, number: &str) -> Option<Page> {
    let (transfer, past, notices) = view.desk.look(|platform, _| {
        let transfer = platform.transfer(mchid, number)?;
        let (past, notices) = platform.past_of_transfer(&transfer);
        Some((transfer, past, notices))
    })?;
    let moves = transfers::MOVING.contains(&transfer.state);
    let untold = notices.iter().any(|notice| !notice.delivered && !notice.given_up);
    let told = [
        (view.say("State", "状态"), view.state(transfer.state).into()),
        (
            view.say("Amount", "金额"),
            words::money(transfer.amount, "CNY").into(),
        ),
        (view.say("Merchant", "商户号"), transfer.mchid.as_str().into()),
        (view.say("To", "收款用户"), transfer.openid.as_str().into()),
        (view.say("Remark", "转账备注"), transfer.remark.as_str().into()),
        ("transfer_bill_no", transfer.transfer_bill_no.as_str().into()),
        (
            view.say("Failed because", "失败原因"),
            transfer.fail_reason.into(),
        ),
        (
            view.say("Changes by itself", "自动变更时间"),
            transfer.changes.as_deref().map(words::time).into(),
        ),
    ];
    let mut body: Vec<Html> = vec![facts(told).into()];
    let buttons = transfers::buttons(view, mchid, number, transfer.state);
    body.extend(buttons.map(|buttons| section(view.say("The user", "用户"), buttons).into()));
    body.push(timeline::sections(view, &past));
    if !notices.is_empty() {
        let table = notifications::table(view, &notices);
        body.push(section(view.say("Notifications", "通知"), table).into());
    }
    let title = format!("{} {number}", view.say("Transfer", "商家转账"));
    Some(Page::new(title, body.into_iter().collect::<Html>()).live(moves || untold))
}
