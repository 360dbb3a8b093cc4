//! What the user sees who scans a code or opens a link: who asks for how much, and whether to pay.

use super::link::Link;
use super::markup::{Element, Html, el};
use super::order;
use super::view::{HOME, Page, View, link, path};
use super::words;
use crate::order::OrderKind;
use crate::platform::Ordered;

/// The parts of the order that a link leads to; the only one, or all of a combined one.
pub(super) fn behind(view: &View<'_>, handle: &str) -> Vec<Ordered> {
    view.desk.look(|platform, clocks| {
        let Some(found) = platform.order_behind(handle, clocks) else {
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

/// Where a payment stands for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Waits,
    Paid,
    /// It can be paid no more.
    Over,
}

impl Stand {
    pub(super) fn of(order: &Ordered) -> Self {
        match order.state {
            "NOTPAY" | "USERPAYING" => Self::Waits,
            "SUCCESS" | "REFUND" => Self::Paid,
            _ => Self::Over,
        }
    }
}

pub(super) fn page(view: &View<'_>, text: &str) -> Page {
    let Link { handle, back } = Link::read(text);
    let orders = behind(view, &handle);
    let Some(first) = orders.first() else {
        let gone = view.say(
            "This link has expired, or never was one: code_url and prepay_id live for two hours, h5_url for five minutes.",
            "链接已失效或不存在：code_url 与 prepay_id 有效期两小时，h5_url 五分钟。",
        );
        return nothing(view, gone, link(HOME, view.say("Back", "返回")).into());
    };
    let goods = orders.iter().map(|order| {
        el("li")
            .put(link(
                path(&["orders", &order.mchid, &order.number]),
                &order.number,
            ))
            .put(" ")
            .put(&order.description)
    });
    let what = match Stand::of(first) {
        Stand::Waits => order::buttons(view, first),
        Stand::Paid | Stand::Over => {
            let back = back.map(|url| el("p").put(link(url, view.say("Back to the shop", "返回商家"))));
            [outcome(view, first).into(), Html::from(back)]
                .into_iter()
                .collect()
        }
    };
    let card = card(view, &orders, goods.collect(), what);
    Page::new(view.say("Pay", "付款"), card)
}

/// Who asks for how much, for what, and what can be done.
pub(super) fn card(view: &View<'_>, orders: &[Ordered], goods: Html, what: Html) -> Element {
    let first = orders.first();
    let whose = first.map_or("", |order| order.sub_mchid.as_deref().unwrap_or(&order.mchid));
    let currency = first.map_or("", |order| order.currency.as_str());
    let total = orders.iter().map(|order| order.total).sum();
    let merchant = format!("{} {whose}", view.say("Test merchant", "测试商户"));
    el("div")
        .class("cashier")
        .put(el("p").class("merchant").put(merchant))
        .put(el("p").class("sum").put(words::money(total, currency)))
        .put(el("ul").put(goods))
        .put(what)
}

/// What has become of a payment.
pub(super) fn outcome(view: &View<'_>, order: &Ordered) -> Element {
    match Stand::of(order) {
        Stand::Paid => el("p").class("done").put(view.say("Paid", "支付成功")),
        Stand::Waits | Stand::Over => el("p").put(view.state(order.state)),
    }
}

/// What is shown for a link that leads nowhere.
pub(super) fn nothing(view: &View<'_>, why: &'static str, way_out: Html) -> Page {
    Page::new(
        view.say("Nothing to pay", "无法支付"),
        el("div").class("cashier").put(el("p").put(why)).put(way_out),
    )
}
