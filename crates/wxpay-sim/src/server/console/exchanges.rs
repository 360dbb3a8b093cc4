//! The log of exchanges: what was signed, what verified it, and why it was refused.

use std::sync::Arc;

use http::HeaderMap;
use wxpay_proto::TimeText;

use super::markup::{Html, el};
use super::orders;
use super::view::{Page, ROWS, View, facts, link, path, section};
use super::words;
use crate::explain;
use crate::fault::Fault;
use crate::handled::Handled;
use crate::proof;

/// How much of a body is shown, in characters.
const SHOWN: usize = 20_000;

pub(super) fn page(view: &View<'_>) -> Page {
    let (first, log) = view.desk.log();
    let title = view.say("Exchanges", "请求与应答");
    if log.is_empty() {
        return Page::new(title, view.nothing());
    }
    let end = first + log.len() as u64;
    let row = |(number, exchange): (u64, &Arc<Handled>)| {
        let number = number.to_string();
        el("tr")
            .put(el("td").put(link(path(&["exchanges", &number]), &number)))
            .put(el("td").put(exchange.request.method().as_str()))
            .put(el("td").class("wide").put(exchange.target()))
            .put(el("td").put(status(exchange)))
            .put(el("td").put(explain::code(exchange)))
            .put(el("td").put(exchange.fault().map(Fault::name)))
            .put(el("td").put(words::time(TimeText::beijing(exchange.at).as_str())))
    };
    let rows = (first..end)
        .rev()
        .zip(log.iter().rev())
        .take(ROWS)
        .map(row)
        .collect();
    let heads = [
        view.say("No.", "编号"),
        view.say("Method", "方法"),
        view.say("Target", "路径"),
        view.say("Status", "状态码"),
        view.say("Code", "错误码"),
        view.say("Spoiled by", "故障"),
        view.say("At", "时间"),
    ];
    let clear = view.button("exchanges/clear", &[], "small", view.say("Clear", "清空"));
    let clear = el("div").class("buttons").put(clear);
    let body: Html = [orders::list(heads, rows), clear.into()].into_iter().collect();
    Page::new(title, body)
}

pub(super) fn status(exchange: &Handled) -> Html {
    let good = exchange.status().is_success() && explain::code(exchange).is_none();
    let class = if good { "badge good" } else { "badge bad" };
    el("span").class(class).put(exchange.status().as_str()).into()
}

/// The error's code, if there is one.
pub(super) fn code(exchange: &Handled) -> Option<String> {
    explain::code(exchange)
}

/// One exchange.
pub(super) fn one(view: &View<'_>, number: &str) -> Option<Page> {
    let wanted: u64 = number.parse().ok()?;
    let (first, log) = view.desk.log();
    let index = usize::try_from(wanted.checked_sub(first)?).ok()?;
    let exchange = log.get(index)?;
    let (causes, request, answer) = view.desk.look(|platform, clocks| {
        let profile = platform.profile();
        (
            explain::refusal(exchange, profile, clocks),
            proof::of_request(exchange, profile),
            proof::of_answer(exchange, profile),
        )
    });
    let mut body: Vec<Html> = Vec::new();
    let told = [
        (view.say("Status", "状态码"), status(exchange)),
        (view.say("Request signed by", "请求签名"), proven(view, &request)),
        (view.say("Answer signed by", "应答签名"), proven(view, &answer)),
    ];
    let about = [
        (
            view.say("Answered at", "应答时间"),
            Html::from(words::time(TimeText::beijing(exchange.at).as_str())),
        ),
        ("Request-ID", exchange.request_id().into()),
    ];
    let spoiled = exchange
        .fault()
        .map(|fault| (view.say("Spoiled by", "故障"), spoiled(view, fault)));
    body.push(facts(told.into_iter().chain(spoiled).chain(about)).into());
    if !causes.is_empty() {
        let causes = el("ul")
            .class("causes")
            .all(causes.into_iter().map(|cause| el("li").put(cause)));
        body.push(section(view.say("Why it was refused", "拒绝原因"), causes).into());
    }
    let line = format!("{} {}", exchange.request.method(), exchange.target());
    let request = message(&line, exchange.request.headers(), exchange.request.body());
    body.push(section(view.say("Request", "请求"), request).into());
    body.extend(signed(
        view.say("What the request's signature is over", "请求的待签名串"),
        proof::request_text(exchange),
    ));
    let line = exchange.status().to_string();
    let answer = message(&line, exchange.response.headers(), exchange.response.body());
    body.push(section(view.say("Answer", "应答"), answer).into());
    body.extend(signed(
        view.say("What the answer's signature is over", "应答的待签名串"),
        proof::answer_text(exchange),
    ));
    let title = format!("{} {number}", view.say("Exchange", "报文"));
    Some(Page::new(title, body.into_iter().collect::<Html>()))
}

/// What a fault has done to it.
fn spoiled(view: &View<'_>, fault: Fault) -> Html {
    let badge = el("span").class("badge bad").put(fault.name());
    let told = el("span").put(badge).put(" ");
    told.put(words::fault(fault, view.lang)).into()
}

/// The text that was signed, its line ends visible.
fn signed(heading: &str, text: Option<String>) -> Option<Html> {
    let text = text?;
    let shown: String = text.chars().take(SHOWN).collect();
    let left = if shown.len() < text.len() { "\n…" } else { "" };
    let shown = shown.replace('\n', "↵\n");
    Some(section(heading, el("pre").put(format!("{shown}{left}"))).into())
}

fn proven(view: &View<'_>, proof: &proof::Proof) -> Html {
    use proof::Proof;
    match proof {
        Proof::Verified { by } => el("span")
            .put(
                el("span")
                    .class("badge good")
                    .put(view.say("verified", "验签通过")),
            )
            .put(" ")
            .put(el("code").put(by))
            .into(),
        Proof::Wrong { by } => el("span")
            .put(
                el("span")
                    .class("badge bad")
                    .put(view.say("does not fit", "验签失败")),
            )
            .put(" ")
            .put(el("code").put(by))
            .into(),
        Proof::None => el("span")
            .class("badge over")
            .put(view.say("not signed", "无签名"))
            .into(),
    }
}

fn message(line: &str, headers: &HeaderMap, body: &[u8]) -> Html {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("\n{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let text = String::from_utf8_lossy(body);
    let text = serde_json::from_str::<serde_json::Value>(&text)
        .map_or_else(|_| text.into_owned(), |value| format!("{value:#}"));
    let shown: String = text.chars().take(SHOWN).collect();
    let left = if shown.len() < text.len() { "\n…" } else { "" };
    el("pre")
        .put(line)
        .put(headers)
        .put(format!("\n\n{shown}{left}"))
        .into()
}
