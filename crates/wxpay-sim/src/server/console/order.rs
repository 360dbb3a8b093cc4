//! One order: its history, how it is paid, its refunds and notifications.

use super::markup::{Html, el};
use super::notifications;
use super::refunds;
use super::view::{Page, View, facts, link, path, section};
use super::{qr, timeline, words};
use crate::platform::{Link, Ordered};

/// The states in which the user can still do something.
const WAITING: [&str; 2] = ["NOTPAY", "USERPAYING"];

pub(super) fn page(view: &View<'_>, mchid: &str, number: &str) -> Option<Page> {
    let (order, links, refunds, notices, past) = view.desk.look(|platform, clocks| {
        let order = platform.order(mchid, number, clocks)?;
        let links = platform.links(&order, clocks);
        let refunds = platform.refunds_of(mchid, number);
        let notices = platform.notifications_about(&order);
        let past = platform.past_of_order(&order, clocks);
        Some((order, links, refunds, notices, past))
    })?;
    let waits = WAITING.contains(&order.state);
    let unsettled = refunds.iter().any(|refund| refund.state == "PROCESSING");
    let untold = notices.iter().any(|notice| !notice.delivered && !notice.given_up);
    let mut body: Vec<Html> = vec![facts(told(view, &order)).into()];
    if waits {
        body.push(section(view.say("The user", "用户"), user(view, &order, &links)).into());
    }
    if order.paid.is_some() {
        body.push(section(view.say("The user", "用户"), complain(view, mchid, number)).into());
    }
    body.push(timeline::sections(view, &past));
    if !refunds.is_empty() {
        body.push(section(view.say("Refunds", "退款"), refunds::table(view, &refunds)).into());
    }
    if !notices.is_empty() {
        body.push(
            section(
                view.say("Notifications", "通知"),
                notifications::table(view, &notices),
            )
            .into(),
        );
    }
    let title = format!("{} {number}", view.say("Order", "订单"));
    Some(Page::new(title, body.into_iter().collect::<Html>()).live(waits || unsettled || untold))
}

fn told(view: &View<'_>, order: &Ordered) -> Vec<(&'static str, Html)> {
    let mut told: Vec<(&'static str, Html)> = vec![
        (view.say("State", "状态"), view.state(order.state).into()),
        (
            view.say("Amount", "金额"),
            el("strong")
                .put(words::money(order.total, &order.currency))
                .into(),
        ),
        (view.say("Merchant", "商户号"), order.mchid.as_str().into()),
        (
            view.say("Description", "商品描述"),
            order.description.as_str().into(),
        ),
        (view.say("Type", "交易类型"), order.trade_type.into()),
        (
            view.say("Expires", "失效时间"),
            words::time(&order.expires).into(),
        ),
    ];
    let mut add = |name, value: Option<Html>| told.extend(value.map(|value| (name, value)));
    add(
        view.say("Sub-merchant", "子商户号"),
        order.sub_mchid.as_ref().map(Html::from),
    );
    add(
        view.say("Part of", "所属合单"),
        order.part_of.as_ref().map(Html::from),
    );
    let contract = order.contract.as_deref().and_then(|key| {
        let parts: Vec<&str> = [&["contracts"][..], &key.split('/').collect::<Vec<_>>()].concat();
        let number = parts.last().copied()?;
        Some(Html::from(link(path(&parts), number)))
    });
    add(view.say("By contract", "代扣协议"), contract);
    add("attach", order.attach.as_ref().map(Html::from));
    add(
        view.say("Paid", "支付时间"),
        order.paid.as_deref().map(|at| words::time(at).into()),
    );
    if order.paid.is_some() {
        let id = el("code").put(&order.transaction_id);
        add("transaction_id", Some(id.into()));
    }
    if order.refunded > 0 {
        add(
            view.say("Refunded", "已退款"),
            Some(words::money(order.refunded, &order.currency).into()),
        );
    }
    add("notify_url", order.notify_url.as_ref().map(Html::from));
    told
}

/// What the user can do, and the code to scan.
fn user(view: &View<'_>, order: &Ordered, links: &[Link]) -> Html {
    let codes = links.iter().map(|known| {
        let to = format!("{}?link={}", path(&["pay"]), super::form::encoded(&known.text));
        let drawn = known.text.contains("://").then(|| qr::svg(&known.text)).flatten();
        el("figure").put(drawn).put(
            el("figcaption")
                .put(link(to, view.say("Open as the user", "以用户身份打开")).class("button"))
                .put(el("code").put(&known.text)),
        )
    });
    let codes: Html = codes.collect();
    el("div")
        .class("user")
        .put(codes)
        .put(buttons(view, order))
        .into()
}

/// The way to a complaint about it.
fn complain(view: &View<'_>, mchid: &str, number: &str) -> Html {
    let to = format!(
        "{}?mchid={}&number={}",
        path(&["complaints"]),
        super::form::encoded(mchid),
        super::form::encoded(number)
    );
    let label = view.say("Complain about it", "投诉该订单");
    link(to, label).class("button").into()
}

/// Buttons to pay, to fail and to leave.
pub(super) fn buttons(view: &View<'_>, order: &Ordered) -> Html {
    // A combined order is paid as a whole, by its own number.
    let combined = order.part_of.as_deref();
    let mut fields = vec![("number", combined.unwrap_or(&order.number))];
    match combined {
        Some(_) => fields.push(("combined", "true")),
        None => fields.push(("mchid", &order.mchid)),
    }
    let pay = view.button("orders/pay", &fields, "pay", view.say("Pay", "支付"));
    let leave = view.button(
        "orders/abandon",
        &fields,
        "",
        view.say("Leave without paying", "放弃支付"),
    );
    let fail = view.button("orders/fail", &fields, "", view.say("Payment fails", "支付失败"));
    el("div").class("buttons").put(pay).put(leave).put(fail).into()
}
