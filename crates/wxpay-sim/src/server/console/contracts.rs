//! Contracts for deductions: all of them, and one that its user signs or ends.

use super::markup::{Html, el};
use super::orders;
use super::view::{Page, ROWS, View, facts, link, path, section};
use super::{notifications, timeline, words};
use crate::contract::Contracted;
use crate::platform::Bond;

pub(super) fn page(view: &View<'_>) -> Page {
    let title = view.say("Contracts", "委托代扣");
    let mut all = view.desk.look(|platform, _| platform.contracts());
    if all.is_empty() {
        return Page::new(title, view.nothing());
    }
    all.reverse();
    all.truncate(ROWS);
    let row = |known: &Contracted| {
        el("tr")
            .put(el("td").put(link(
                path(&["contracts", &known.mchid, &known.plan_id, &known.code]),
                &known.code,
            )))
            .put(el("td").put(view.state(known.state)).put(broke(view, known)))
            .put(el("td").put(&known.mchid))
            .put(el("td").put(&known.plan_id))
            .put(el("td").class("wide").put(&known.display_account))
            .put(el("td").put(words::time(&known.created)))
    };
    let heads = [
        view.say("Number", "签约协议号"),
        view.say("State", "状态"),
        view.say("Merchant", "商户号"),
        view.say("Template", "模板"),
        view.say("Account shown", "展示账户"),
        view.say("Offered", "发起时间"),
    ];
    Page::new(title, orders::list(heads, all.iter().map(row).collect()))
}

fn broke(view: &View<'_>, known: &Contracted) -> Html {
    let says = view.say("deductions fail", "扣款将失败");
    known.broke.then(|| el("div").class("hint").put(says)).into()
}

/// One contract.
pub(super) fn one(view: &View<'_>, mchid: &str, plan_id: &str, code: &str) -> Option<Page> {
    let Bond {
        contract,
        deductions,
        past,
        notices,
    } = view
        .desk
        .look(|platform, clocks| platform.bond(mchid, plan_id, code, clocks))?;
    let time = |text: &Option<String>| Html::from(text.as_deref().map(words::time));
    let state = [Html::from(view.state(contract.state)), broke(view, &contract)];
    let told = [
        (view.say("State", "状态"), state.into_iter().collect::<Html>()),
        (view.say("Merchant", "商户号"), contract.mchid.as_str().into()),
        (view.say("Template", "模板"), contract.plan_id.as_str().into()),
        ("contract_id", contract.contract_id.as_str().into()),
        (view.say("User", "用户"), contract.openid.as_str().into()),
        (
            view.say("Account shown", "展示账户"),
            contract.display_account.as_str().into(),
        ),
        (view.say("Signed", "签约时间"), time(&contract.signed)),
        (view.say("Ends by itself", "到期时间"), time(&contract.expires)),
        (view.say("Terminated", "解约时间"), time(&contract.terminated)),
    ];
    let mut body: Vec<Html> = vec![facts(told).into()];
    let buttons = buttons(view, &contract);
    body.extend(buttons.map(|buttons| section(view.say("The user", "用户"), buttons).into()));
    if !deductions.is_empty() {
        let table = orders::table(view, &deductions);
        body.push(section(view.say("Deductions", "扣款"), table).into());
    }
    body.push(timeline::sections(view, &past));
    if !notices.is_empty() {
        let table = notifications::table(view, &notices);
        body.push(section(view.say("Notifications", "通知"), table).into());
    }
    let title = format!("{} {}", view.say("Contract", "代扣协议"), contract.code);
    Some(Page::new(title, body.into_iter().collect::<Html>()))
}

/// What the user can do; nothing when the contract has ended.
fn buttons(view: &View<'_>, contract: &Contracted) -> Option<Html> {
    let named = ("number", contract.contract_id.as_str());
    let mchid = ("mchid", contract.mchid.as_str());
    match contract.state {
        "OFFERED" => {
            let label = view.say("Sign", "签约");
            let openid = el("input")
                .attr("name", "openid")
                .attr("placeholder", &contract.openid)
                .attr(
                    "aria-label",
                    view.say("Who signs: another openid", "由其他用户签约（openid）"),
                );
            let form = view.form("contracts/sign", &[named, mchid]).class("inline");
            Some(form.put(openid).put(el("button").class("pay").put(label)).into())
        }
        "SIGNED" => {
            let end = view.button(
                "contracts/terminate",
                &[named, mchid],
                "danger",
                view.say("End the contract", "解约"),
            );
            let (broke, label) = if contract.broke {
                ("false", view.say("The user has money again", "用户余额恢复"))
            } else {
                ("true", view.say("The user has no money", "用户余额不足"))
            };
            let purse = view.button("contracts/break", &[named, mchid, ("broke", broke)], "", label);
            Some(el("div").class("buttons").put(end).put(purse).into())
        }
        _ => None,
    }
}
