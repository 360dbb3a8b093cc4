//! Notifications with every attempt at them.

use wxpay_proto::TimeText;

use super::markup::{Html, el};
use super::orders;
use super::view::{Page, ROWS, View, facts, link, path, section};
use super::words;
use crate::outbox::{Attempted, Notified};

pub(super) fn page(view: &View<'_>) -> Page {
    let all = view.desk.look(|platform, _| platform.newest_notifications(ROWS));
    let waits = all.iter().any(|known| !known.delivered && !known.given_up);
    Page::new(view.say("Notifications", "回调通知"), table(view, &all)).live(waits)
}

pub(super) fn table(view: &View<'_>, notices: &[Notified]) -> Html {
    if notices.is_empty() {
        return view.nothing().into();
    }
    let row = |known: &Notified| {
        el("tr")
            .put(el("td").put(link(path(&["notifications", &known.id]), event(known))))
            .put(el("td").put(about(view, known)))
            .put(el("td").put(progress(view, known)))
            .put(
                el("td")
                    .class("amount")
                    .put(format!("× {}", known.attempts.len())),
            )
            .put(el("td").class("wide").put(&known.url))
            .put(
                el("td").put(
                    known
                        .next
                        .map(|next| words::time(TimeText::beijing(next).as_str())),
                ),
            )
    };
    let heads = [
        view.say("Event", "事件"),
        view.say("About", "关于"),
        view.say("State", "状态"),
        view.say("Attempts", "次数"),
        view.say("To", "地址"),
        view.say("Next attempt", "下次发送"),
    ];
    orders::list(heads, notices.iter().map(row).collect())
}

/// What it is about, with a link where there is a page for it.
fn about(view: &View<'_>, known: &Notified) -> Html {
    let (kind, key) = known.about.split_once(' ').unwrap_or(("", &known.about));
    let last = key.rsplit('/').next().unwrap_or_default();
    let parts: Vec<&str> = key.split('/').collect();
    let to = match (kind, parts.as_slice()) {
        ("order", [mchid, number]) => path(&["orders", mchid, number]),
        ("refund", [mchid, number]) => path(&["refunds", mchid, number]),
        ("transfer", [mchid, number]) => path(&["transfers", mchid, number]),
        ("contract", [mchid, plan_id, code]) => path(&["contracts", mchid, plan_id, code]),
        ("complaint", [id]) => path(&["complaints", id]),
        _ => return format!("{} {last}", words::kind(kind, view.lang)).into(),
    };
    let kind = words::kind(kind, view.lang);
    el("span").put(kind).put(" ").put(link(to, last)).into()
}

fn event(known: &Notified) -> &str {
    match known.event_type.as_str() {
        "" => "v2",
        event => event,
    }
}

fn progress(view: &View<'_>, known: &Notified) -> Html {
    let (class, text) = match (known.delivered, known.given_up) {
        (true, _) => ("badge good", view.say("acknowledged", "已确认")),
        (_, true) => ("badge bad", view.say("given up", "已放弃")),
        _ => ("badge wait", view.say("not acknowledged yet", "未确认")),
    };
    el("span").class(class).put(text).into()
}

/// One notification.
pub(super) fn one(view: &View<'_>, id: &str) -> Option<Page> {
    let known = view.desk.look(|platform, _| platform.notification(id))?;
    let time = |at| words::time(TimeText::beijing(at).as_str());
    let mut told: Vec<(&'static str, Html)> = vec![
        (view.say("State", "状态"), progress(view, &known)),
        (view.say("Merchant", "商户号"), known.mchid.as_str().into()),
        (view.say("To", "地址"), known.url.as_str().into()),
        (view.say("About", "关于"), about(view, &known)),
        (view.say("Came about", "产生时间"), time(known.created).into()),
        ("id", el("code").put(&known.id).into()),
    ];
    if let Some(next) = known.next {
        told.push((view.say("Next attempt", "下次发送"), time(next).into()));
    }
    let id = known.id.as_str();
    let again = view.say("Send again", "重新发送");
    let probe = view.say("Send a probe", "发送探测流量");
    let hold = view.say("Hold back for a minute", "推迟一分钟");
    let buttons = el("div")
        .class("buttons")
        .put(view.button("notifications/resend", &[("id", id)], "pay", again))
        .put(view.button(
            "notifications/resend",
            &[("id", id), ("probe", "true")],
            "",
            probe,
        ))
        .put(
            known
                .next
                .map(|_| view.button("notifications/hold", &[("id", id), ("seconds", "60")], "", hold)),
        );
    let plain: String = serde_json::from_str::<serde_json::Value>(&known.resource)
        .map_or_else(|_| known.resource.clone(), |value| format!("{value:#}"));
    let attempts = known
        .attempts
        .iter()
        .rev()
        .map(|attempt| attempted(view, attempt, time(attempt.at)));
    let heads = [
        view.say("Attempt", "次数"),
        view.say("At", "时间"),
        view.say("Status", "状态码"),
        view.say("Counts?", "是否有效"),
        view.say("Reply", "应答"),
    ];
    let body: Html = [
        Html::from(facts(told)),
        buttons.into(),
        section(
            view.say("Attempts", "发送记录"),
            orders::list(heads, attempts.collect()),
        )
        .into(),
        section(view.say("What is in it", "内容"), el("pre").put(plain)).into(),
    ]
    .into_iter()
    .collect();
    Some(Page::new(event(&known), body).live(!known.delivered && !known.given_up))
}

fn attempted(view: &View<'_>, attempt: &Attempted, at: String) -> Html {
    let class = if attempt.acknowledged {
        "badge good"
    } else {
        "badge bad"
    };
    let reply = attempt.reply.as_deref().unwrap_or_default();
    let probe = attempt.probe.then(|| format!(" ({})", view.say("probe", "探测")));
    el("tr")
        .put(el("td").put(attempt.number.to_string()).put(probe))
        .put(el("td").put(at))
        .put(el("td").put(attempt.status.map(|status| status.to_string())))
        .put(
            el("td").put(
                el("span")
                    .class(class)
                    .put(words::verdict(attempt.verdict(), view.lang)),
            ),
        )
        .put(el("td").class("wide").put(el("code").put(reply)))
        .into()
}
