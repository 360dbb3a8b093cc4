//! The list of orders.

use super::markup::{Html, el};
use super::view::{Page, ROWS, View, link, path};
use super::words;
use crate::platform::Ordered;

/// The last orders, or those with a number.
pub(super) fn page(view: &View<'_>, number: &str) -> Page {
    let number = number.trim();
    let orders = view.desk.look(|platform, clocks| match number {
        "" => platform.newest_orders(ROWS, clocks),
        number => platform.orders_named(number, clocks),
    });
    let find = el("form")
        .attr("method", "get")
        .attr("action", path(&["orders"]))
        .class("inline")
        .put(
            el("input")
                .attr("name", "find")
                .attr("value", number)
                .attr("placeholder", view.say("Number", "单号"))
                .attr(
                    "aria-label",
                    view.say("A number of an order", "商户订单号、微信支付订单号或合单号"),
                ),
        )
        .put(el("button").put(view.say("Find", "查找")));
    let find = el("div").class("buttons").put(find);
    let body: Html = [find.into(), table(view, &orders)].into_iter().collect();
    Page::new(view.say("Orders", "订单"), body)
}

/// Orders, one a row.
pub(super) fn table(view: &View<'_>, orders: &[Ordered]) -> Html {
    if orders.is_empty() {
        return view.nothing().into();
    }
    let row = |order: &Ordered| {
        let to = path(&["orders", &order.mchid, &order.number]);
        el("tr")
            .put(el("td").put(link(to, &order.number)))
            .put(
                el("td")
                    .class("amount")
                    .put(words::money(order.total, &order.currency)),
            )
            .put(el("td").put(view.state(order.state)))
            .put(el("td").put(order.trade_type))
            .put(el("td").class("wide").put(&order.description))
            .put(el("td").put(words::time(&order.created)))
    };
    let heads = [
        view.say("Number", "商户订单号"),
        view.say("Amount", "金额"),
        view.say("State", "状态"),
        view.say("Type", "类型"),
        view.say("Description", "商品描述"),
        view.say("Created", "下单时间"),
    ];
    list(heads, orders.iter().map(row).collect())
}

/// A table, which scrolls inside itself on a narrow screen.
pub(super) fn list<const N: usize>(heads: [&'static str; N], rows: Html) -> Html {
    let head = el("tr").all(heads.map(|head| el("th").attr("scope", "col").put(head)));
    let table = el("table").put(el("thead").put(head)).put(el("tbody").put(rows));
    el("div").class("table").put(table).into()
}
