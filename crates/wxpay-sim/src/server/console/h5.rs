//! Where an `h5_url` leads: the cashier in a phone's browser, and from there back to the shop (protocol sections 6.1, 13.2).
//!
//! A phone reaches it through the simulator as its proxy, under WeChat Pay's own name, or at the simulator's address.

use std::sync::Arc;

use bytes::Bytes;
use http::header::REFERER;
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use hyper::body::Incoming;

use super::super::body;
use super::super::control::{Problem, guard};
use super::super::desk::Desk;
use super::super::front::Front;
use super::cashier::{self, Stand};
use super::lang::Lang;
use super::link::Link;
use super::markup::{Element, Html, el};
use super::view::{Page, View, link};
use super::{form, frame, gone_to};
use crate::platform::Ordered;

/// WeChat Pay's host for it.
const HOST: &str = "wx.tenpay.com";

/// Where the page is.
const PATH: &str = "/cgi-bin/mmpayweb-bin/checkmweb";

/// The stylesheet, beside the page.
const STYLE: &str = "/cgi-bin/mmpayweb-bin/cashier.css";

/// What the address says once the user has left without paying.
const LEFT: &str = "left";

/// Whether a request is for this page.
pub(crate) fn is_asked(uri: &Uri, headers: &HeaderMap) -> bool {
    [PATH, STYLE].contains(&uri.path()) && guard::goes_to(HOST, uri, headers)
}

/// Answers it.
pub(crate) async fn answer(request: Request<Incoming>, front: &Arc<Front>) -> Response<Bytes> {
    let (parts, body) = request.into_parts();
    let desk = &*front.desk;
    if let Err(problem) = guard::check_cashier(&parts) {
        return failed(&view(desk, &parts), problem);
    }
    if parts.uri.path() == STYLE {
        return frame::style();
    }
    if parts.method == Method::GET {
        let page = shown(&view(desk, &parts), &parts);
        return match desk.told().await {
            Ok(()) => page,
            Err(unwritten) => failed(&view(desk, &parts), unwritten.into()),
        };
    }
    let read = match body::read(&parts, body, &front.limits, &front.room).await {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    let done = form::pairs(&String::from_utf8_lossy(&read.bytes)).find(|(name, _)| name == "do");
    let done = done.map(|(_, what)| what).unwrap_or_default();
    match act(desk, &parts, &done).await {
        Ok(to) => gone_to(&to),
        Err(problem) => failed(&view(desk, &parts), problem),
    }
}

fn view<'a>(desk: &'a Desk, parts: &'a Parts) -> View<'a> {
    View {
        desk,
        lang: Lang::of(&parts.headers),
        here: parts.uri.path_and_query().map_or("/", |here| here.as_str()),
    }
}

fn query(parts: &Parts) -> &str {
    parts.uri.query().unwrap_or_default()
}

fn shown(view: &View<'_>, parts: &Parts) -> Response<Bytes> {
    let Link { handle, back } = Link::h5(query(parts));
    let orders = cashier::behind(view, &handle);
    let Some(first) = orders.first() else {
        let gone = view.say(
            "This link has expired, or never was one: it can be opened for five minutes. Go back to the shop for another.",
            "链接已失效或不存在：有效期五分钟。请返回商家重新发起支付。",
        );
        let page = cashier::nothing(view, gone, Html::from(back.map(|url| to_shop(view, url))));
        let mut response = frame::bare(view, page, STYLE);
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let left = form::pairs(query(parts)).any(|(name, _)| name == LEFT);
    let stand = Stand::of(first);
    let over = left || stand != Stand::Waits;
    let what: Html = match stand {
        Stand::Waits if left => el("p").put(view.say("Not paid", "未支付")).into(),
        Stand::Waits => buttons(view, parts),
        Stand::Paid | Stand::Over => cashier::outcome(view, first).into(),
    };
    let back = back.filter(|_| over);
    let way = back.clone().map(|url| to_shop(view, url));
    let what: Html = [what, way.into()].into_iter().collect();
    let card = cashier::card(view, &orders, goods(&orders), what);
    let page = Page::new(view.say("Pay", "付款"), card).onward(back);
    frame::bare(view, page, STYLE)
}

fn goods(orders: &[Ordered]) -> Html {
    orders
        .iter()
        .map(|order| el("li").put(&order.description))
        .collect()
}

fn to_shop(view: &View<'_>, url: String) -> Element {
    el("p").put(link(url, view.say("Back to the shop", "返回商家")).class("button"))
}

/// To pay, to leave and to fail; what the form says is done to the order behind this very address.
fn buttons(view: &View<'_>, parts: &Parts) -> Html {
    let button = |what: &'static str, class: &'static str, label: &'static str| {
        let button = el("button").attr("name", "do").attr("value", what);
        button.attr("class", class).put(label)
    };
    let form = el("form")
        .attr("method", "post")
        .attr("action", view.here)
        .class("buttons")
        .put(button("pay", "pay", view.say("Pay", "支付")))
        .put(button("leave", "", view.say("Leave without paying", "放弃支付")))
        .put(button("fail", "", view.say("Payment fails", "支付失败")));
    let without = view.say(
        "This page was opened without a Referer. WeChat Pay takes the link from pages of the domain alone that is registered for H5 payment.",
        "本次打开没有 Referer。微信支付只接受从已登记的 H5 支付域名页面打开的链接。",
    );
    let hint = (!parts.headers.contains_key(REFERER)).then(|| el("p").class("hint").put(without));
    [form.into(), Html::from(hint)].into_iter().collect()
}

/// Does what the user wants, and gives where the browser goes.
async fn act(desk: &Desk, parts: &Parts, what: &str) -> Result<String, Problem> {
    let handle = Link::h5(query(parts)).handle;
    let order = desk.look(|platform, clocks| platform.order_behind(&handle, clocks));
    let order = order.ok_or_else(|| {
        let gone = "this link has expired, or never was one: it can be opened for five minutes";
        Problem(StatusCode::NOT_FOUND, gone.to_owned())
    })?;
    let done = match what {
        "pay" => desk.act(|platform, clocks| platform.pay(&order, clocks)).await?,
        "fail" => {
            desk.act(|platform, clocks| platform.fail_payment(&order, clocks))
                .await?
        }
        "leave" => {
            desk.act(|platform, clocks| platform.abandon(&order, clocks))
                .await?
        }
        _ => {
            let problem = format!("`do`: {what:?} is none of pay, fail, leave");
            return Err(Problem(StatusCode::BAD_REQUEST, problem));
        }
    };
    done.map_err(|error| Problem(StatusCode::CONFLICT, error.to_string()))?;
    let here = parts.uri.path_and_query().map_or("/", |here| here.as_str());
    Ok(match what {
        "leave" => format!("{here}&{LEFT}=1"),
        _ => here.to_owned(),
    })
}

/// A page that says why not.
fn failed(view: &View<'_>, Problem(status, problem): Problem) -> Response<Bytes> {
    let body = el("div")
        .class("cashier")
        .put(el("p").class("problem").put(problem));
    let mut response = frame::bare(view, Page::new(view.say("Not done", "未完成"), body), STYLE);
    *response.status_mut() = status;
    response
}
