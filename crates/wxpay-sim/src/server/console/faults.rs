//! Faults, by rule or for the next answers.

use serde_json::Value;

use super::markup::{Html, el};
use super::orders;
use super::view::{Page, View, section};
use crate::fault::Fault;
use crate::platform::Ruled;

pub(super) fn page(view: &View<'_>) -> Page {
    let rules = view.desk.look(|platform, _| platform.rules());
    let options = || Fault::ALL.iter().map(|fault| el("option").put(fault.name()));
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
        .put(pattern)
        .put(el("button").put(view.say("Spoil every one of them", "全部破坏")));
    let body: Html = [
        section(view.say("Once", "一次性"), next),
        section(view.say("By rule", "按规则"), rule),
        section(view.say("Rules", "规则"), table(view, &rules)),
    ]
    .into_iter()
    .collect();
    Page::new(view.say("Faults", "故障"), body)
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
            .put(el("td").class("wide").put(el("code").put(ruled.rule.to_string())))
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
