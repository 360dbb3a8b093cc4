//! The first page: who there is, and what happened last.

use super::markup::{Html, el};
use super::orders;
use super::view::{HOME, Page, View, facts, section};
use super::words;

/// How many orders are shown.
const LAST: usize = 8;

pub(super) fn page(view: &View<'_>) -> Page {
    let (accounts, last) = view.desk.look(|platform, clocks| {
        let accounts: Html = platform
            .profile()
            .merchants()
            .iter()
            .map(|account| {
                let balance = platform.balance(account.id().as_str(), "CNY");
                let role = match account.role().name() {
                    "merchant" => view.say("Merchant", "直连商户"),
                    "partner" => view.say("Partner", "服务商"),
                    _ => view.say("Institution", "机构"),
                };
                let list = |texts: &[String]| Html::from(texts.join(", "));
                el("article")
                    .put(el("h3").put(format!("{role} {}", account.id())))
                    .put(facts([
                        ("appid", list(account.appids())),
                        (view.say("Acts for", "特约商户"), list(account.sub_merchants())),
                        (
                            view.say("Certificate", "API证书序列号"),
                            el("code").put(account.serial().as_str()).into(),
                        ),
                        (view.say("Balance", "余额"), words::money(balance, "CNY").into()),
                    ]))
            })
            .collect();
        (accounts, platform.newest_orders(LAST, clocks))
    });
    let scan = el("form")
        .attr("method", "get")
        .attr("action", format!("{HOME}pay"))
        .class("scan")
        .put(
            el("input")
                .attr("name", "link")
                .attr("required", "")
                .attr("placeholder", "weixin://wxpay/bizpayurl?pr=…")
                .attr("aria-label", view.say("A link to pay by", "支付链接")),
        )
        .put(el("button").put(view.say("Scan", "扫一扫")));
    let about = view.say(
        "Paste a code_url, an h5_url or a prepay_id, as the user would scan or open it.",
        "粘贴 code_url、h5_url 或 prepay_id，如同用户扫码或打开链接。",
    );
    let body: Html = [
        Html::from(section(
            view.say("Pay as the user", "以用户身份支付"),
            el("div").put(scan).put(el("p").class("hint").put(about)),
        )),
        section(view.say("Last orders", "最近订单"), orders::table(view, &last)).into(),
        section(
            view.say("Accounts", "账户"),
            el("div").class("cards").put(accounts),
        )
        .into(),
    ]
    .into_iter()
    .collect();
    Page::new(view.say("Overview", "概览"), body)
}
