//! The two clocks, and beginning anew.

use wxpay_proto::TimeText;

use super::markup::{Html, el};
use super::view::{Page, View, facts, section};
use super::words;

pub(super) fn page(view: &View<'_>) -> Page {
    let clocks = view.desk.clocks();
    let time = |at| Html::from(words::time(TimeText::beijing(at).as_str()));
    let turned = clocks.business.seconds_since(clocks.wire);
    let told = facts([
        (view.say("Business clock", "业务时钟"), time(clocks.business)),
        (view.say("Wire clock", "签名时钟"), time(clocks.wire)),
        (view.say("Turned by", "已拨动"), format!("{turned} s").into()),
    ]);
    let steps = [
        ("15", view.say("+15 s", "+15 秒")),
        ("60", view.say("+1 min", "+1 分钟")),
        ("300", view.say("+5 min", "+5 分钟")),
        ("7200", view.say("+2 h", "+2 小时")),
        ("86400", view.say("+1 day", "+1 天")),
        ("604800", view.say("+7 days", "+7 天")),
    ];
    let steps = steps.map(|(seconds, label)| view.button("clock", &[("seconds", seconds)], "small", label));
    let back = (-turned).to_string();
    let reset = view.button(
        "clock",
        &[("seconds", back.as_str())],
        "small",
        view.say("Back to now", "回到现在"),
    );
    let by = view
        .form("clock", &[])
        .class("inline")
        .put(
            el("input")
                .attr("type", "number")
                .attr("name", "seconds")
                .attr("required", "")
                .attr("aria-label", view.say("By so many seconds", "拨动秒数")),
        )
        .put(el("button").put(view.say("Turn by so many seconds", "按秒拨动")));
    let to = view
        .form("clock", &[])
        .class("inline")
        .put(
            el("input")
                .attr("name", "to")
                .class("long")
                .attr("required", "")
                .attr("value", TimeText::beijing(clocks.business).as_str())
                .attr("aria-label", view.say("To this time", "拨到此时刻")),
        )
        .put(el("button").put(view.say("Turn to this time", "拨到此时刻")));
    let hint = view.say(
        "Lifetimes, retries and bill days go by the business clock. Signatures always go by this machine's.",
        "有效期、重试和账单日按业务时钟；签名始终按本机时间。",
    );
    let anew = view.button(
        "reset",
        &[],
        "danger",
        view.say("Forget everything", "清空所有数据"),
    );
    let body: Html = [
        Html::from(told),
        el("p").class("hint").put(hint).into(),
        el("div").class("buttons").all(steps).put(reset).into(),
        el("div").class("buttons").put(by).put(to).into(),
        section(view.say("Begin anew", "重新开始"), anew).into(),
    ]
    .into_iter()
    .collect();
    Page::new(view.say("Clock", "时钟"), body)
}
