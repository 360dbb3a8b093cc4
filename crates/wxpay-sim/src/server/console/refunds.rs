//! Refunds, and what the bank does with them.

use super::markup::{Html, el};
use super::orders;
use super::view::{Page, ROWS, View, link, path};
use super::words;
use crate::platform::Refunded;

pub(super) fn page(view: &View<'_>) -> Page {
    let refunds = view.desk.look(|platform, _| platform.newest_refunds(ROWS));
    let unsettled = refunds.iter().any(|refund| refund.state == "PROCESSING");
    Page::new(view.say("Refunds", "退款"), table(view, &refunds)).live(unsettled)
}

pub(super) fn table(view: &View<'_>, refunds: &[Refunded]) -> Html {
    if refunds.is_empty() {
        return view.nothing().into();
    }
    let heads = [
        view.say("Number", "商户退款单号"),
        view.say("Amount", "金额"),
        view.say("State", "状态"),
        view.say("Order", "订单"),
        view.say("Asked for", "申请时间"),
        view.say("The bank", "银行"),
    ];
    orders::list(heads, refunds.iter().map(|refund| row(view, refund)).collect())
}

/// What the bank can do; nothing when the refund is settled.
pub(super) fn buttons(view: &View<'_>, refund: &Refunded) -> Option<Html> {
    if !["PROCESSING", "ABNORMAL"].contains(&refund.state) {
        return None;
    }
    let settle = |outcome: &str, label: &str| {
        let fields = [
            ("number", refund.number.as_str()),
            ("mchid", refund.mchid.as_str()),
            ("outcome", outcome),
        ];
        view.button("refunds/settle", &fields, "small", label)
    };
    let settled = [
        ("success", view.say("succeeds", "成功")),
        ("closed", view.say("closes it", "关闭")),
        ("abnormal", view.say("is in trouble", "异常")),
    ];
    let buttons = settled
        .into_iter()
        .filter(|(outcome, _)| !(*outcome == "abnormal" && refund.state == "ABNORMAL"))
        .map(|(outcome, label)| settle(outcome, label));
    Some(el("div").class("row").all(buttons).into())
}

fn row(view: &View<'_>, refund: &Refunded) -> Html {
    let to = path(&["refunds", &refund.mchid, &refund.number]);
    el("tr")
        .put(el("td").put(link(to, &refund.number)))
        .put(
            el("td")
                .class("amount")
                .put(words::money(refund.amount, &refund.currency)),
        )
        .put(el("td").put(view.state(refund.state)))
        .put(el("td").put(link(
            path(&["orders", &refund.mchid, &refund.order]),
            &refund.order,
        )))
        .put(el("td").put(words::time(&refund.created)))
        .put(el("td").class("row").put(buttons(view, refund)))
        .into()
}
