//! The console: pages for a browser, made here and sent as they are, without scripts.
//!
//! A page looks, and a form changes: what forms ask for is the control API's to do.

mod cashier;
mod clock;
mod complaints;
mod contracts;
mod exchanges;
mod faults;
mod form;
mod frame;
pub(super) mod h5;
mod lang;
mod link;
mod markup;
mod notifications;
mod order;
mod orders;
mod overview;
mod qr;
mod refund;
mod refunds;
mod timeline;
mod transfer;
mod transfers;
mod view;
mod words;

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{LOCATION, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use percent_encoding::percent_decode_str;

use super::body;
use super::control::{self, Problem, guard};
use super::desk::Desk;
use super::front::Front;
use lang::Lang;
use view::{DO, HOME, Page, View, link};

/// Where the console is, on both protocols of the port.
pub const CONSOLE: &str = HOME;

/// Whether a path is the console's. What is behind [`CONTROL`](super::CONTROL) is for scripts.
pub(super) fn is_ours(path: &str) -> bool {
    path == "/_sim" || path.starts_with(HOME) && !path.starts_with(super::CONTROL)
}

/// Answers a request of the console's, or refuses it when it may come from another web page.
pub(super) async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    front: &Arc<Front>,
) -> Response<Bytes> {
    let (parts, body) = request.into_parts();
    if let Err(problem) = guard::check_page(&parts, peer, front.control_for_all) {
        return failed(&front.desk, &parts, problem);
    }
    if parts.method == Method::GET {
        let page = shown(&front.desk, &parts);
        return match front.desk.told().await {
            Ok(()) => page,
            Err(unwritten) => failed(&front.desk, &parts, unwritten.into()),
        };
    }
    let read = match body::read(&parts, body, &front.limits, &front.room).await {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    changed(&front.desk, &parts, &read.bytes).await
}

/// A page.
fn shown(desk: &Desk, parts: &Parts) -> Response<Bytes> {
    let path = parts.uri.path();
    if path == frame::STYLE_PATH {
        return frame::style();
    }
    let query: Vec<(String, String)> = form::pairs(parts.uri.query().unwrap_or_default()).collect();
    let given = |wanted: &str| {
        let mut found = query.iter().filter(|(name, _)| name == wanted);
        found.next_back().map(|(_, text)| text.as_str())
    };
    if let Some(lang) = given("lang").and_then(Lang::find) {
        return switched(parts, lang);
    }
    let view = view(desk, parts);
    let rest = path.strip_prefix(HOME).unwrap_or_default();
    let rest: Vec<String> = rest
        .split('/')
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    if let ["pictures", media_id] = rest.as_slice()
        && let Some(picture) = complaints::picture(&view, media_id)
    {
        return picture;
    }
    let page = match rest.as_slice() {
        [""] => Some(overview::page(&view)),
        ["orders"] => Some(orders::page(&view, given("find").unwrap_or_default())),
        ["orders", mchid, number] => order::page(&view, mchid, number),
        ["pay"] => Some(cashier::page(&view, given("link").unwrap_or_default())),
        ["refunds"] => Some(refunds::page(&view)),
        ["refunds", mchid, number] => refund::page(&view, mchid, number),
        ["transfers"] => Some(transfers::page(&view)),
        ["transfers", mchid, number] => transfer::page(&view, mchid, number),
        ["complaints"] => Some(complaints::page(
            &view,
            given("mchid").unwrap_or_default(),
            given("number").unwrap_or_default(),
        )),
        ["complaints", id] => complaints::one(&view, id),
        ["contracts"] => Some(contracts::page(&view)),
        ["contracts", mchid, plan_id, code] => contracts::one(&view, mchid, plan_id, code),
        ["notifications"] => Some(notifications::page(&view)),
        ["notifications", id] => notifications::one(&view, id),
        ["exchanges"] => Some(exchanges::page(&view)),
        ["exchanges", number] => exchanges::one(&view, number),
        ["faults"] => Some(faults::page(&view)),
        ["clock"] => Some(clock::page(&view)),
        _ => None,
    };
    match page {
        Some(page) => frame::page(&view, page),
        None => {
            let missing = view.say(
                "There is no such page, or nothing of that number.",
                "没有这个页面或单号。",
            );
            failed(desk, parts, Problem(StatusCode::NOT_FOUND, missing.to_owned()))
        }
    }
}

fn view<'a>(desk: &'a Desk, parts: &'a Parts) -> View<'a> {
    View {
        desk,
        lang: Lang::of(&parts.headers),
        here: parts.uri.path_and_query().map_or(HOME, |here| here.as_str()),
    }
}

/// Remembers a language, and goes back to the page.
fn switched(parts: &Parts, lang: Lang) -> Response<Bytes> {
    let query = parts.uri.query().unwrap_or_default();
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("lang="))
        .collect();
    let query = kept.join("&");
    let to = match query.as_str() {
        "" => parts.uri.path().to_owned(),
        query => format!("{}?{query}", parts.uri.path()),
    };
    let mut response = gone_to(&to);
    let cookie = format!(
        "{}={}; Path={HOME}; SameSite=Lax; Max-Age=31536000",
        lang::CHOICE,
        lang.code()
    );
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// Does what a form asks for, and goes back to the page.
async fn changed(desk: &Desk, parts: &Parts, body: &[u8]) -> Response<Bytes> {
    let action = parts.uri.path().strip_prefix(DO).unwrap_or_default();
    let (object, back) = form::read(body);
    match control::change(desk, action, object.to_string().as_bytes()).await {
        Ok(_) => gone_to(&back),
        Err(problem) => failed(desk, parts, problem),
    }
}

fn gone_to(path: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static(HOME));
    response.headers_mut().insert(LOCATION, location);
    response
}

/// A page that says why not.
fn failed(desk: &Desk, parts: &Parts, Problem(status, problem): Problem) -> Response<Bytes> {
    let view = View {
        here: HOME,
        ..view(desk, parts)
    };
    let body = markup::el("div")
        .put(markup::el("p").class("problem").put(problem))
        .put(link(HOME, view.say("Back to the overview", "返回概览")));
    let mut response = frame::page(&view, Page::new(view.say("Not done", "未完成"), body));
    *response.status_mut() = status;
    response
}
