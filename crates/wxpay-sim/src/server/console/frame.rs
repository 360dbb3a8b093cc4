//! What stands around every page, and the headers that it goes out with.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Response, StatusCode};

use super::markup::{Element, Html, el};
use super::view::{HOME, Page, View, link};
use super::words;

/// The stylesheet.
const STYLE: &str = include_str!("console.css");

/// Where it is.
pub(super) const STYLE_PATH: &str = "/_sim/console.css";

/// Nothing but our own stylesheet, forms and pictures: no scripts, nothing from elsewhere, no frame around it.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Seconds after which a page looks again that changes by itself.
const AGAIN: &str = "3";

pub(super) fn page(view: &View<'_>, page: Page) -> Response<Bytes> {
    let clocks = view.desk.clocks();
    let business = wxpay_proto::TimeText::beijing(clocks.business);
    let turned = clocks.business != clocks.wire;
    let entries = [
        ("", view.say("Overview", "概览")),
        ("orders", view.say("Orders", "订单")),
        ("refunds", view.say("Refunds", "退款")),
        ("transfers", view.say("Transfers", "转账")),
        ("complaints", view.say("Complaints", "投诉")),
        ("contracts", view.say("Contracts", "委托代扣")),
        ("notifications", view.say("Notifications", "通知")),
        ("exchanges", view.say("Exchanges", "报文")),
        ("faults", view.say("Faults", "故障")),
        ("clock", view.say("Clock", "时钟")),
    ];
    let section = view.here.strip_prefix(HOME).unwrap_or_default();
    let section = section.split(['/', '?']).next().unwrap_or_default();
    let entry = |(path, name): (&str, &'static str)| {
        let entry = link(format!("{HOME}{path}"), name);
        if path == section {
            entry.attr("aria-current", "page")
        } else {
            entry
        }
    };
    let other = view.lang.other();
    let separator = if view.here.contains('?') { '&' } else { '?' };
    let switch = link(
        format!("{}{separator}lang={}", view.here, other.say("en", "zh")),
        other.name(),
    );
    let time = words::time(business.as_str());
    let clock = link(format!("{HOME}clock"), time).class(if turned { "clock turned" } else { "clock" });
    let head = head(&page, STYLE_PATH);
    let header = el("header")
        .put(link(HOME, view.say("WeChat Pay, simulated", "微信支付模拟器")).class("name"))
        .put(clock)
        .put(switch.class("lang"));
    let body = el("body")
        .put(header)
        .put(el("nav").all(entries.map(entry)))
        .put(el("main").put(el("h1").put(&page.title)).put(page.body));
    document(view, head, body)
}

/// A page with nothing around it: what a user sees who pays, and whose browser cannot reach the console.
pub(super) fn bare(view: &View<'_>, page: Page, style: &str) -> Response<Bytes> {
    let head = head(&page, style);
    let main = el("main").put(el("h1").put(&page.title)).put(page.body);
    document(view, head, el("body").put(main))
}

fn head(page: &Page, style: &str) -> Element {
    let refresh = |content: String| el("meta").attr("http-equiv", "refresh").attr("content", content);
    let onward = page.onward.as_ref().map(|url| refresh(format!("1; url={url}")));
    el("head")
        .put(el("meta").attr("charset", "utf-8"))
        .put(
            el("meta")
                .attr("name", "viewport")
                .attr("content", "width=device-width, initial-scale=1"),
        )
        .put(page.live.then(|| refresh(AGAIN.to_owned())))
        .put(onward)
        .put(el("title").put(format!("{} · wxpay sim", page.title)))
        .put(el("link").attr("rel", "stylesheet").attr("href", style))
}

fn document(view: &View<'_>, head: Element, body: Element) -> Response<Bytes> {
    let html = el("html").attr("lang", view.lang.code()).put(head).put(body);
    let text = format!("<!DOCTYPE html>\n{}\n", Html::from(html).into_string());
    respond(StatusCode::OK, "text/html; charset=utf-8", text.into())
}

pub(super) fn style() -> Response<Bytes> {
    respond(
        StatusCode::OK,
        "text/css; charset=utf-8",
        Bytes::from_static(STYLE.as_bytes()),
    )
}

/// A file that a page shows.
pub(super) fn file(media_type: &'static str, content: Bytes) -> Response<Bytes> {
    respond(StatusCode::OK, media_type, content)
}

fn respond(status: StatusCode, media_type: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, media_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
