//! One refund: its history and its notifications.

use super::markup::Html;
use super::view::{Page, View, facts, link, path, section};
use super::{notifications, refunds, timeline, words};

pub(super) fn page(view: &View<'_>, mchid: &str, number: &str) -> Option<Page> {
    let (refund, past, notices) = view.desk.look(|platform, _| {
        let refund = platform.refund(mchid, number)?;
        let (past, notices) = platform.past_of_refund(&refund);
        Some((refund, past, notices))
    })?;
    let waits = refund.state == "PROCESSING";
    let untold = notices.iter().any(|notice| !notice.delivered && !notice.given_up);
    let told = [
        (view.say("State", "状态"), view.state(refund.state).into()),
        (
            view.say("Amount", "金额"),
            words::money(refund.amount, &refund.currency).into(),
        ),
        (view.say("Merchant", "商户号"), refund.mchid.as_str().into()),
        (
            view.say("Order", "订单"),
            link(path(&["orders", &refund.mchid, &refund.order]), &refund.order).into(),
        ),
        ("refund_id", refund.refund_id.as_str().into()),
        (
            view.say("Succeeds by itself", "自动成功时间"),
            refund.settles.as_deref().map(words::time).into(),
        ),
    ];
    let mut body: Vec<Html> = vec![facts(told).into()];
    let buttons = refunds::buttons(view, &refund);
    body.extend(buttons.map(|buttons| section(view.say("The bank", "银行"), buttons).into()));
    body.push(timeline::sections(view, &past));
    if !notices.is_empty() {
        let table = notifications::table(view, &notices);
        body.push(section(view.say("Notifications", "通知"), table).into());
    }
    let title = format!("{} {number}", view.say("Refund", "退款"));
    Some(Page::new(title, body.into_iter().collect::<Html>()).live(waits || untold))
}
