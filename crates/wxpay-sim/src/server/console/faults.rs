//! Faults, by rule or for the next answers.

use serde_json::Value;

use super::markup::{Html, el};
use super::orders;
use super::view::{Page, View, section};
use super::words;
use crate::fault::Fault;
use crate::platform::Ruled;

pub(super) fn page(view: &View<'_>) -> Page {
    let (rules, waiting) = view
        .desk
        .look(|platform, _| (platform.rules(), platform.waiting_faults()));
    let option = |fault: &Fault| {
        let told = format!("{} – {}", fault.name(), words::fault(*fault, view.lang));
        el("option").attr("value", fault.name()).put(told)
    };
    let options = || Fault::ALL.iter().map(option);
    let choose = || {
        el("select")
            .attr("name", "fault")
            .attr("aria-label", view.say("Fault", "故障"))
            .all(options())
    };
    let number = |name: &'static str, value: &str| {
        el("input")
            .attr("type", "number")
            .attr("name", name)
            .attr("min", "1")
            .attr("value", value)
            .attr("aria-label", view.say("How often", "次数"))
    };
    let next = view
        .form("faults", &[])
        .class("inline")
        .put(choose())
        .put(number("times", "1"))
        .put(el("button").put(view.say("Spoil the next answers", "破坏接下来的应答")));
    let pattern = el("input")
        .attr("name", "path")
        .attr("placeholder", "/v3/pay/transactions/*")
        .attr("aria-label", view.say("Paths", "路径"));
    let rule = view
        .form("rules/add", &[])
        .class("inline")
        .put(choose())
        .put(pattern);
    let first = el("input")
        .attr("type", "number")
        .attr("name", "first")
        .attr("min", "1")
        .attr("placeholder", view.say("all", "全部"))
        .attr("aria-label", view.say("Only the first so many", "只破坏前几次"));
    let rule = rule
        .put(first)
        .put(el("button").put(view.say("Spoil them", "添加规则")));
    let hint = view.say(
        "A path, * for any text, and how many of the first calls; without a number every one of them.",
        "路径（* 代表任意文本）与前几次；不填次数则每次都破坏。",
    );
    let rule = el("div").put(rule).put(el("p").class("hint").put(hint));
    let next = el("div").put(next).put(pending(view, &waiting));
    let body: Html = [
        section(view.say("Once", "一次性"), next),
        section(view.say("By rule", "按规则"), rule),
        section(view.say("Rules", "规则"), table(view, &rules)),
    ]
    .into_iter()
    .collect();
    Page::new(view.say("Faults", "故障"), body)
}

/// The faults that wait for the next answers.
fn pending(view: &View<'_>, waiting: &[Fault]) -> Html {
    if waiting.is_empty() {
        return Html::default();
    }
    let names = waiting.iter().map(|fault| el("li").put(fault.name()));
    let forget = view.button("faults/clear", &[], "small", view.say("Forget them", "取消"));
    let heading = view.say(
        "The next answers will be spoiled so:",
        "接下来的应答将被依次破坏：",
    );
    el("div")
        .put(el("p").put(heading))
        .put(el("ol").class("causes").all(names))
        .put(forget)
        .into()
}

/// What a rule wants, without its name and whether it is on.
fn wants(view: &View<'_>, ruled: &Ruled) -> String {
    let members = ruled.rule.as_object().into_iter().flatten();
    let wanted = members.filter(|(name, _)| !["name", "on", "fault"].contains(&name.as_str()));
    let told: Vec<String> = wanted
        .map(|(name, value)| match value {
            Value::String(text) => format!("{name} {text}"),
            other => format!("{name} {other}"),
        })
        .collect();
    match told.as_slice() {
        [] => view.say("every call", "所有调用").to_owned(),
        told => told.join(", "),
    }
}

fn table(view: &View<'_>, rules: &[Ruled]) -> Html {
    if rules.is_empty() {
        return view.nothing().into();
    }
    let heads = [
        view.say("Rule", "规则"),
        view.say("State", "状态"),
        view.say("Spoiled", "已破坏"),
        view.say("Switch", "开关"),
    ];
    let row = |ruled: &Ruled| {
        let name = ruled.rule["name"].as_str().unwrap_or_default();
        let on = ruled.rule["on"] != Value::Bool(false);
        let (class, state) = if on {
            ("badge bad", view.say("on", "开"))
        } else {
            ("badge over", view.say("off", "关"))
        };
        let (to, label) = if on {
            ("false", view.say("Switch off", "关闭"))
        } else {
            ("true", view.say("Switch on", "打开"))
        };
        el("tr")
            .put(
                el("td")
                    .class("wide")
                    .put(el("strong").put(name))
                    .put(" ")
                    .put(el("code").put(ruled.rule["fault"].as_str().unwrap_or_default()))
                    .put(el("div").class("hint").put(wants(view, ruled))),
            )
            .put(el("td").put(el("span").class(class).put(state)))
            .put(el("td").put(format!("{} / {}", ruled.spoiled, ruled.met)))
            .put(
                el("td")
                    .class("row")
                    .put(view.button("rules/switch", &[("name", name), ("on", to)], "small", label))
                    .put(view.button(
                        "rules/remove",
                        &[("name", name)],
                        "small",
                        view.say("Remove", "删除"),
                    )),
            )
    };
    orders::list(heads, rules.iter().map(row).collect())
}
