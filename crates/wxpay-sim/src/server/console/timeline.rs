//! What happened to something, one line after the other: what was asked, what came of it, and who was told.

use std::sync::Arc;

use wxpay_proto::{TimeText, UnixTime};

use super::exchanges;
use super::markup::{Html, el};
use super::view::{View, link, path, section};
use super::words;
use crate::asker;
use crate::bills::{BillKind, Place};
use crate::handled::Handled;
use crate::mention;
use crate::outbox::Attempted;
use crate::platform::{Event, Past, What};

/// How many calls are shown, the newest ones.
const CALLS: usize = 100;

/// A line: when, in which order within that second, and what.
type Line = (UnixTime, u8, Html);

/// The history of something, and the bills that tell of it.
pub(super) fn sections(view: &View<'_>, past: &Past) -> Html {
    let calls = calls(view, past);
    let mut lines: Vec<Line> = calls.collect();
    lines.extend(past.events.iter().map(|event| line(view, event)));
    lines.sort_by_key(|(at, order, _)| (*at, *order));
    let lines = lines.into_iter().map(|(at, _, what)| {
        let time = words::time(TimeText::beijing(at).as_str());
        el("li").put(el("time").put(time)).put(" ").put(what)
    });
    let history = el("ol").class("history").all(lines);
    let kept = view.say(
        "Within a second calls stand first. They are links into the log of exchanges, which is kept in memory; everything else is stored.",
        "同一秒内接口调用排在前面。它们链接到报文日志，日志只在内存中；其余内容已落盘。",
    );
    let history = el("div").put(history).put(el("p").class("hint").put(kept));
    let history = section(view.say("History", "经过"), history);
    let bills = (!past.bills.is_empty())
        .then(|| section(view.say("In these bills", "所在账单"), bills(view, &past.bills)));
    [Html::from(history), bills.into()].into_iter().collect()
}

fn line(view: &View<'_>, event: &Event) -> Line {
    let (order, what) = match &event.what {
        What::Changed(what) => (1, Html::from(words::moment(what, view.lang))),
        What::Refund { mchid, number, what } => {
            let to = link(path(&["refunds", mchid, number]), number);
            let what = el("span").put(words::moment(what, view.lang));
            (1, what.put(" ").put(to).into())
        }
        What::Complaint { id, kind } => {
            let to = link(path(&["complaints", id]), view.say("complaint", "投诉"));
            (
                1,
                el("span")
                    .put(to)
                    .put(" ")
                    .put(words::said(kind, view.lang))
                    .into(),
            )
        }
        What::Attempt { id, event, attempt } => (2, sent(view, id, event, attempt)),
    };
    (event.at, order, what)
}

fn sent(view: &View<'_>, id: &str, event: &str, attempt: &Attempted) -> Html {
    let event = if event.is_empty() { "v2" } else { event };
    let class = if attempt.acknowledged {
        "badge good"
    } else {
        "badge bad"
    };
    let status = attempt
        .status
        .map(|status| el("span").class(class).put(status.to_string()));
    let probe = attempt.probe.then(|| view.say(" (probe)", "（探测）"));
    el("span")
        .put(view.say("notification ", "通知 "))
        .put(link(path(&["notifications", id]), event))
        .put(format!(" #{}", attempt.number))
        .put(probe)
        .put(" ")
        .put(status)
        .put(" ")
        .put(words::verdict(attempt.verdict(), view.lang))
        .into()
}

/// The calls that name it, by those whose it is.
fn calls(view: &View<'_>, past: &Past) -> impl Iterator<Item = Line> {
    let (first, log) = view.desk.log();
    let end = first + log.len() as u64;
    let numbered = (first..end).rev().zip(log.into_iter().rev());
    let is_theirs = |exchange: &Handled| {
        asker::merchant(&exchange.request).is_some_and(|asker| past.askers.contains(&asker))
    };
    let found =
        numbered.filter(|(_, exchange)| mention::names(exchange, &past.numbers) && is_theirs(exchange));
    let found: Vec<Line> = found
        .take(CALLS)
        .map(|(number, exchange)| call(number, &exchange))
        .collect();
    found.into_iter().rev()
}

fn call(number: u64, exchange: &Arc<Handled>) -> Line {
    let path_only = exchange.target().split('?').next().unwrap_or_default();
    let text = format!("{} {path_only}", exchange.request.method());
    let what = el("span")
        .put(link(path(&["exchanges", &number.to_string()]), text))
        .put(" ")
        .put(exchanges::status(exchange))
        .put(" ")
        .put(exchanges::code(exchange));
    (exchange.at, 0, what.into())
}

fn bills(view: &View<'_>, places: &[Place]) -> Html {
    let one = |place: &Place| {
        let kind = match place.kind {
            BillKind::Trade => view.say("trade bill", "交易账单"),
            BillKind::FundFlow => view.say("fund-flow bill", "资金账单"),
        };
        let made = words::time(TimeText::beijing(place.day.made()).as_str());
        let from = view.say("there from", "可下载时间");
        el("li").put(format!("{kind} {} ({from} {made})", place.day.text()))
    };
    el("ul").class("causes").all(places.iter().map(one)).into()
}
