//! The first page: who there is, and what happened last.

use super::markup::{Element, Html, el};
use super::orders;
use super::view::{HOME, Page, View, facts, link, path, section};
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
    let waiting = waiting(view);
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
        waiting,
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

/// What waits for its user or its merchant, apart from orders.
fn waiting(view: &View<'_>) -> Html {
    let (transfers, contracts, complaints) = view.desk.look(|platform, _| {
        let transfers = platform.transfers().into_iter();
        let contracts = platform.contracts().into_iter();
        let complaints = platform.complaints().into_iter();
        (
            transfers
                .filter(|known| known.state == "WAIT_USER_CONFIRM")
                .count(),
            contracts.filter(|known| known.state == "OFFERED").count(),
            complaints.filter(|known| known.waits).count(),
        )
    });
    let lines = [
        (
            transfers,
            "transfers",
            view.say("Transfers to be confirmed", "待用户确认的转账"),
        ),
        (
            contracts,
            "contracts",
            view.say("Contracts to be signed", "待用户签约的协议"),
        ),
        (
            complaints,
            "complaints",
            view.say("Complaints to be answered", "待商户回复的投诉"),
        ),
    ];
    let lines: Vec<Element> = lines
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, to, what)| el("li").put(link(path(&[to]), format!("{what}: {count}"))))
        .collect();
    let heading = view.say("Waits for somebody", "待处理");
    let list = (!lines.is_empty()).then(|| section(heading, el("ul").class("causes").all(lines)));
    list.into()
}
