//! Merchant transfer bills, which their users confirm or let lapse.

use super::markup::{Html, el};
use super::orders;
use super::view::{Page, ROWS, View, link, path};
use super::words;
use crate::platform::Transferred;

/// The states that change by themselves in a moment.
pub(super) const MOVING: [&str; 2] = ["TRANSFERING", "CANCELING"];

pub(super) fn page(view: &View<'_>) -> Page {
    let transfers = view.desk.look(|platform, _| platform.newest_transfers(ROWS));
    let title = view.say("Transfers", "商家转账");
    if transfers.is_empty() {
        return Page::new(title, view.nothing());
    }
    let heads = [
        view.say("Number", "商户单号"),
        view.say("Amount", "金额"),
        view.say("State", "状态"),
        view.say("To", "收款用户"),
        view.say("Remark", "转账备注"),
        view.say("Changed", "更新时间"),
        view.say("The user", "用户"),
    ];
    let moving = transfers.iter().any(|known| MOVING.contains(&known.state));
    let rows = transfers.iter().map(|transfer| row(view, transfer)).collect();
    Page::new(title, orders::list(heads, rows)).live(moving)
}

/// What the user can do; nothing when the transfer does not wait for the user.
pub(super) fn buttons(view: &View<'_>, mchid: &str, number: &str, state: &str) -> Option<Html> {
    if state != "WAIT_USER_CONFIRM" {
        return None;
    }
    let settle = |outcome: &str, class: &'static str, label: &str| {
        let fields = [("number", number), ("mchid", mchid), ("outcome", outcome)];
        view.button("transfers/settle", &fields, class, label)
    };
    let buttons = [
        settle("confirmed", "small pay", view.say("takes the money", "确认收款")),
        settle("expired", "small", view.say("lets it lapse", "超时未确认")),
        settle("failed", "small", view.say("account in trouble", "账户异常")),
    ];
    Some(el("div").class("row").all(buttons).into())
}

fn row(view: &View<'_>, transfer: &Transferred) -> Html {
    let buttons = buttons(view, &transfer.mchid, &transfer.number, transfer.state);
    let to = path(&["transfers", &transfer.mchid, &transfer.number]);
    let reason = transfer.fail_reason.as_ref().map(|reason| el("code").put(reason));
    el("tr")
        .put(el("td").put(link(to, &transfer.number)))
        .put(el("td").class("amount").put(words::money(transfer.amount, "CNY")))
        .put(el("td").put(view.state(transfer.state)).put(reason))
        .put(el("td").class("wide").put(&transfer.openid))
        .put(el("td").class("wide").put(&transfer.remark))
        .put(el("td").put(words::time(&transfer.updated)))
        .put(el("td").class("row").put(buttons))
        .into()
}
