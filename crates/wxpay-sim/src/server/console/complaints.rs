//! Complaints: all of them, one with what was said, and complaining as the user.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Response;

use super::markup::{Element, Html, el};
use super::orders;
use super::view::{Page, ROWS, View, facts, link, path, section};
use super::{frame, notifications, timeline, words};
use crate::complaint::{Complained, Trouble};
use crate::platform::{Grumble, Spoken};

/// All complaints, and a form to complain of an order.
pub(super) fn page(view: &View<'_>, mchid: &str, number: &str) -> Page {
    let mut all = view.desk.look(|platform, _| platform.complaints());
    all.reverse();
    all.truncate(ROWS);
    let list = if all.is_empty() {
        view.nothing().into()
    } else {
        table(view, &all)
    };
    let complain = section(
        view.say("Complain as the user", "以用户身份投诉"),
        form(view, mchid, number),
    );
    let body: Html = [
        Html::from(complain),
        section(view.say("Complaints", "投诉单"), list).into(),
    ]
    .into_iter()
    .collect();
    Page::new(view.say("Complaints", "投诉"), body)
}

fn table(view: &View<'_>, all: &[Complained]) -> Html {
    let row = |known: &Complained| {
        el("tr")
            .put(el("td").put(link(
                path(&["complaints", &known.complaint_id]),
                &known.complaint_id,
            )))
            .put(el("td").put(view.state(known.state)).put(waits(view, known)))
            .put(el("td").put(link(
                path(&["orders", &known.creator, &known.order]),
                &known.order,
            )))
            .put(el("td").class("wide").put(&known.detail))
            .put(el("td").put(words::time(&known.created)))
    };
    let heads = [
        view.say("Number", "投诉单号"),
        view.say("State", "状态"),
        view.say("Order", "订单"),
        view.say("Detail", "投诉详情"),
        view.say("Created", "投诉时间"),
    ];
    orders::list(heads, all.iter().map(row).collect())
}

fn waits(view: &View<'_>, known: &Complained) -> Option<Element> {
    let says = view.say("the user waits for a reply", "用户待回复");
    known.waits.then(|| el("div").class("hint").put(says))
}

fn form(view: &View<'_>, mchid: &str, number: &str) -> Element {
    let labelled = |label: &'static str, input: Element| el("label").put(label).put(input);
    let input = |name: &'static str, value: &str| el("input").attr("name", name).attr("value", value);
    let troubles = [Trouble::Others, Trouble::Refund, Trouble::ServiceNotWork];
    let options = troubles.map(|trouble| {
        el("option")
            .attr("value", trouble.as_str())
            .put(words::trouble(trouble.as_str(), view.lang))
    });
    view.form("complaints/create", &[("mchid", mchid)])
        .class("fields")
        .put(labelled(
            view.say("A paid order's number", "已支付订单的商户订单号"),
            input("number", number).attr("required", ""),
        ))
        .put(labelled(
            view.say("What is wrong", "投诉详情"),
            el("textarea")
                .attr("name", "detail")
                .attr("rows", "2")
                .attr("required", ""),
        ))
        .put(labelled(
            view.say("Kind of trouble", "问题类型"),
            el("select").attr("name", "problem_type").all(options),
        ))
        .put(labelled(
            view.say("Money wanted back, in fen", "申请退款金额（分）"),
            input("refund", "").attr("type", "number").attr("min", "1"),
        ))
        .put(labelled(
            view.say("Phone number", "手机号"),
            input("phone", "").attr("type", "tel"),
        ))
        .put(el("button").put(view.say("Complain", "提交投诉")))
}

/// One complaint.
pub(super) fn one(view: &View<'_>, id: &str) -> Option<Page> {
    let Grumble {
        complaint,
        said,
        past,
        notices,
    } = view.desk.look(|platform, _| platform.complaint(id))?;
    let wanted = complaint.refund.map(|fen| words::money(fen, "CNY"));
    let told = [
        (
            view.say("State", "状态"),
            [
                Html::from(view.state(complaint.state)),
                waits(view, &complaint).into(),
            ]
            .into_iter()
            .collect::<Html>(),
        ),
        (view.say("About", "被诉商户"), complaint.mchid.as_str().into()),
        (
            view.say("Order", "订单"),
            link(
                path(&["orders", &complaint.creator, &complaint.order]),
                &complaint.order,
            )
            .into(),
        ),
        (
            view.say("Kind of trouble", "问题类型"),
            words::trouble(&complaint.problem_type, view.lang).into(),
        ),
        (view.say("Money wanted back", "申请退款金额"), wanted.into()),
        (
            view.say("Complained", "投诉次数"),
            complaint.times.to_string().into(),
        ),
    ];
    let dialogue = el("ol")
        .class("talk")
        .all(said.iter().map(|said| spoken(view, said)));
    let mut body: Vec<Html> = vec![
        facts(told).into(),
        section(view.say("What was said", "协商历史"), dialogue).into(),
        section(view.say("The user", "用户"), buttons(view, &complaint)).into(),
        timeline::sections(view, &past),
    ];
    if !notices.is_empty() {
        let table = notifications::table(view, &notices);
        body.push(section(view.say("Notifications", "通知"), table).into());
    }
    let title = format!("{} {id}", view.say("Complaint", "投诉"));
    Some(Page::new(title, body.into_iter().collect::<Html>()))
}

fn spoken(view: &View<'_>, said: &Spoken) -> Element {
    let pictures = said.pictures.iter().map(|id| {
        el("img")
            .attr("src", path(&["pictures", id]))
            .attr("alt", view.say("picture", "图片"))
    });
    let who = words::speaker(&said.who, view.lang);
    el("li")
        .put(
            el("p")
                .class("hint")
                .put(format!("{} · {who} · ", words::time(&said.at)))
                .put(words::said(&said.kind, view.lang)),
        )
        .put((!said.words.is_empty()).then(|| el("p").class("words").put(&said.words)))
        .all(pictures)
}

/// What the user can say and do now.
fn buttons(view: &View<'_>, complaint: &Complained) -> Element {
    let id = complaint.complaint_id.as_str();
    let over = complaint.state == "PROCESSED";
    let say = |action: &'static str, label: &'static str| {
        let words = el("textarea")
            .attr("name", "text")
            .attr("rows", "2")
            .attr("required", "")
            .attr("aria-label", view.say("What the user says", "用户留言"));
        let form = view.form(action, &[("id", id)]).class("fields");
        form.put(words).put(el("button").put(label))
    };
    let go_on = say("complaints/continue", view.say("Go on complaining", "继续投诉"));
    if over {
        return go_on;
    }
    let withdraw = view.button(
        "complaints/withdraw",
        &[("id", id)],
        "danger",
        view.say("Take the complaint back", "撤诉"),
    );
    let reply = say("complaints/reply", view.say("Write to the merchant", "回复商户"));
    el("div").class("user").put(reply).put(go_on).put(withdraw)
}

/// A picture that belongs to a complaint.
pub(super) fn picture(view: &View<'_>, media_id: &str) -> Option<Response<Bytes>> {
    let content = view
        .desk
        .look(|platform, _| STANDARD.decode(platform.picture(media_id)?).ok())?;
    let media_type = match media_id.rsplit_once('.') {
        Some((_, "png")) => "image/png",
        Some((_, "bmp")) => "image/bmp",
        _ => "image/jpeg",
    };
    Some(frame::file(media_type, content.into()))
}
