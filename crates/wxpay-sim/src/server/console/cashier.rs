//! What the user sees who scans a code or opens a link: who asks for how much, and whether to pay.

use super::markup::{Html, el};
use super::order;
use super::view::{HOME, Page, View, link, path};
use super::words;
use crate::order::OrderKind;
use crate::platform::Ordered;

/// The parts of the order that a link leads to; the only one, or all of a combined one.
fn behind(view: &View<'_>, text: &str) -> Vec<Ordered> {
    // A front end may say where the user comes back to.
    let text = text.trim();
    let bare = text.split_once("&redirect_url=").map_or(text, |(bare, _)| bare);
    view.desk.look(|platform, clocks| {
        let Some(found) = platform.order_behind(bare, clocks) else {
            return Vec::new();
        };
        let creator = found.creator.unwrap_or_default();
        match found.kind {
            OrderKind::Order => platform
                .order(&creator, &found.number, clocks)
                .into_iter()
                .collect(),
            OrderKind::Combine => platform.parts(&creator, &found.number, clocks),
        }
    })
}

pub(super) fn page(view: &View<'_>, text: &str) -> Page {
    let orders = behind(view, text);
    let Some(first) = orders.first() else {
        let gone = view.say(
            "This link has expired, or never was one: code_url and prepay_id live for two hours, h5_url for five minutes.",
            "链接已失效或不存在：code_url 与 prepay_id 有效期两小时，h5_url 五分钟。",
        );
        return Page::new(
            view.say("Nothing to pay", "无法支付"),
            el("div")
                .class("cashier")
                .put(el("p").put(gone))
                .put(link(HOME, view.say("Back", "返回"))),
        );
    };
    let total = orders.iter().map(|order| order.total).sum();
    let whose = first.sub_mchid.as_deref().unwrap_or(&first.mchid);
    let merchant = format!("{} {whose}", view.say("Test merchant", "测试商户"));
    let goods = orders.iter().map(|order| {
        el("li")
            .put(link(
                path(&["orders", &order.mchid, &order.number]),
                &order.number,
            ))
            .put(" ")
            .put(&order.description)
    });
    let goods: Html = goods.collect();
    let what: Html = match first.state {
        "NOTPAY" | "USERPAYING" => order::buttons(view, first),
        "SUCCESS" | "REFUND" => el("p").class("done").put(view.say("Paid", "支付成功")).into(),
        _ => el("p").put(view.state(first.state)).into(),
    };
    let card = el("div")
        .class("cashier")
        .put(el("p").class("merchant").put(merchant))
        .put(el("p").class("sum").put(words::money(total, &first.currency)))
        .put(el("ul").put(goods))
        .put(what);
    Page::new(view.say("Pay", "付款"), card)
}
