//! The console over real sockets, as a browser uses it.

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::bodies::{MERCHANT, native};
use super::browser::{Browser, english};
use super::client::{APPID, Table};
use super::https::send;
use super::steps::config;
use crate::{Fault, Simulator};

/// Makes an order as its merchant, and gives its `code_url`.
fn order(simulator: &Simulator, number: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut body = native(number);
    change(&mut body);
    let mut table = Table::merchant();
    table.clocks = simulator.clocks();
    let request = table.request(Method::POST, "/v3/pay/transactions/native", &body);
    let answer = simulator.control(|platform, clocks| platform.handle(&request, clocks));
    assert_eq!(answer.status(), 200, "{:?}", answer.body());
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    answer["code_url"].as_str().unwrap().to_owned()
}

/// The names of a page's elements in their order: what a text that breaks out of its place would change.
fn elements(html: &str) -> Vec<String> {
    html.split('<')
        .skip(1)
        .map(|rest| {
            let name = rest.split(|c: char| c.is_whitespace() || c == '>').next();
            name.unwrap_or_default().to_owned()
        })
        .collect()
}

const PAGES: [&str; 11] = [
    "/_sim/",
    "/_sim/orders",
    "/_sim/pay",
    "/_sim/refunds",
    "/_sim/transfers",
    "/_sim/complaints",
    "/_sim/contracts",
    "/_sim/notifications",
    "/_sim/exchanges",
    "/_sim/faults",
    "/_sim/clock",
];

#[test]
fn every_page_is_there_in_both_languages_and_lets_nothing_in() {
    let simulator = Simulator::start().unwrap();
    for (lang, code, word) in [("en", "en", "Orders"), ("zh-CN,zh;q=0.9", "zh-CN", "订单")] {
        let browser = Browser {
            simulator: &simulator,
            lang,
        };
        for path in PAGES {
            let seen = browser.get(path);
            assert_eq!(seen.status, 200, "{path}");
            assert!(seen.body.contains(&format!("<html lang=\"{code}\">")), "{path}");
            assert!(seen.body.contains(word), "{path}");
            for header in [
                "content-security-policy: default-src 'none'; style-src 'self'; form-action 'self'",
                "x-content-type-options: nosniff",
                "cache-control: no-store",
            ] {
                assert!(seen.head.contains(header), "{path}: {}", seen.head);
            }
            // Everything comes from here.
            assert!(
                !seen.body.contains("<script")
                    && !seen.body.contains("src=")
                    && !seen.body.contains("style=")
            );
        }
    }
    let style = english(&simulator).get("/_sim/console.css");
    assert!(style.head.contains("text/css") && !style.body.contains("url("));
    for path in [
        "/_sim/nothing",
        "/_sim/orders/1900007291/none",
        "/_sim/exchanges/9",
        "/_sim/notifications/x",
    ] {
        assert_eq!(english(&simulator).get(path).status, 404, "{path}");
    }
}

#[test]
fn a_language_is_chosen_and_remembered() {
    let simulator = Simulator::start().unwrap();
    let browser = english(&simulator);
    let chosen = browser.get("/_sim/pay?link=a&lang=zh");
    assert_eq!(chosen.status, 303);
    assert!(
        chosen.head.contains("location: /_sim/pay?link=a\r\n"),
        "{}",
        chosen.head
    );
    assert!(
        chosen
            .head
            .contains("set-cookie: wxpay-sim-lang=zh-CN; Path=/_sim/; SameSite=Lax")
    );
    let page = browser.ask("GET", "/_sim/", "Cookie: wxpay-sim-lang=zh-CN\r\n", "");
    assert!(page.body.contains("<html lang=\"zh-CN\">"));
}

#[test]
fn an_order_is_paid_through_the_page_that_its_code_leads_to() {
    let simulator = Simulator::start().unwrap();
    let browser = english(&simulator);
    let code_url = order(&simulator, "A00001", |body| body["amount"]["total"] = json!(4210));
    let page = browser.get("/_sim/orders/1900007291/A00001");
    assert!(page.body.contains("NOTPAY") && page.body.contains("¥42.10"));
    assert!(page.body.contains("<svg ") && page.body.contains(&code_url));
    let link = utf8_percent_encode(&code_url, NON_ALPHANUMERIC).to_string();
    let cashier = browser.get(&format!("/_sim/pay?link={link}"));
    assert!(
        cashier.body.contains("Test merchant 1900007291"),
        "{}",
        cashier.body
    );
    assert!(cashier.body.contains("¥42.10"));
    let failed = browser.post("orders/fail", "number=A00001&mchid=1900007291");
    assert_eq!(failed.status, 303);
    let paid = browser.post(
        "orders/pay",
        "number=A00001&mchid=1900007291&back=%2F_sim%2Forders",
    );
    assert_eq!(paid.status, 303);
    assert!(paid.head.contains("location: /_sim/orders\r\n"), "{}", paid.head);
    let page = browser.get("/_sim/orders/1900007291/A00001");
    assert!(page.body.contains("SUCCESS") && page.body.contains("payment failed"));
    assert!(!page.body.contains("<svg "), "nothing to scan any more");
    let again = browser.post("orders/pay", "number=A00001");
    assert_eq!(again.status, 409);
    assert!(again.body.contains("is paid already"), "{}", again.body);
}

#[test]
fn an_order_is_found_by_its_numbers() {
    let simulator = Simulator::start().unwrap();
    let browser = english(&simulator);
    for number in ["A00001", "A00002"] {
        order(&simulator, number, |_| ());
    }
    let all = browser.get("/_sim/orders").body;
    assert!(all.contains("A00001") && all.contains("A00002"));
    let orders = simulator.control(|platform, clocks| platform.orders(clocks));
    for number in ["A00001", &*orders[0].transaction_id, "+A00001+"] {
        let found = browser.get(&format!("/_sim/orders?find={number}")).body;
        assert!(
            found.contains(">A00001</a>") && !found.contains("A00002"),
            "{found}"
        );
    }
    assert!(browser.get("/_sim/orders?find=none").body.contains("Nothing yet"));
}

#[test]
fn other_pages_change_nothing() {
    let simulator = Simulator::start().unwrap();
    let browser = english(&simulator);
    order(&simulator, "A00001", |_| ());
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    for (headers, status) in [
        (format!("Origin: http://evil.example\r\n{form}"), 403),
        (format!("Origin: null\r\n{form}"), 403),
        (format!("Sec-Fetch-Site: cross-site\r\n{form}"), 403),
        (form.to_owned(), 403),
        (
            format!(
                "Origin: http://{}\r\nContent-Type: text/plain\r\n",
                simulator.address()
            ),
            415,
        ),
    ] {
        let seen = browser.ask("POST", "/_sim/do/orders/pay", &headers, "number=A00001");
        assert_eq!(seen.status, status, "{headers}");
    }
    assert!(browser.get("/_sim/orders").body.contains("NOTPAY"));
    assert_eq!(browser.post("nothing", "").status, 404);
    // Looking is no changing, whatever the path says.
    assert_eq!(browser.get("/_sim/do/reset").status, 404);
    assert_eq!(browser.get("/_sim/do/orders/pay?number=A00001").status, 404);
}

#[tokio::test]
async fn an_exchange_shows_who_signed_it_and_why_it_was_refused() {
    let simulator = Simulator::start().unwrap();
    let mut table = Table::merchant();
    table.clocks = simulator.clocks();
    let good = table.request(Method::POST, "/v3/pay/transactions/native", &native("A1000001"));
    let mut bad = good.clone();
    *bad.body_mut() = native("A1000002").to_string().into();
    for request in [good, bad] {
        let answered = send(&simulator, request, b"http/1.1").await.status();
        assert!([200, 401].contains(&answered.as_u16()), "{answered}");
    }
    let browser = english(&simulator);
    assert!(browser.get("/_sim/exchanges").body.contains("SIGN_ERROR"));
    let first = browser.get("/_sim/exchanges/1").body;
    assert!(
        first.contains("verified") && first.contains("PUB_KEY_ID_"),
        "{first}"
    );
    let second = browser.get("/_sim/exchanges/2").body;
    assert!(
        second.contains("does not fit") && second.contains("Why it was refused"),
        "{second}"
    );
}

#[tokio::test]
async fn an_exchange_shows_the_text_that_was_signed_and_no_key() {
    let simulator = Simulator::start().unwrap();
    let browser = english(&simulator);
    let mut table = Table::merchant();
    table.clocks = simulator.clocks();
    simulator.fail_next(Fault::WrongSignature);
    let v3 = table.request(Method::POST, "/v3/pay/transactions/native", &native("A1000001"));
    let fields = [
        ("appid", APPID),
        ("mch_id", MERCHANT),
        ("out_trade_no", "A1000001"),
    ];
    let v2 = table.v2_request("/pay/orderquery", &fields);
    let key = table.merchant.api_v2_key();
    for request in [v3, v2] {
        assert_eq!(send(&simulator, request, b"http/1.1").await.status(), 200);
    }
    let first = browser.get("/_sim/exchanges/1").body;
    assert!(
        first.contains("<pre>POST↵\n/v3/pay/transactions/native↵\n"),
        "{first}"
    );
    for part in [
        "What the answer&#39;s signature is over",
        "wrong-signature",
        "a signature over something else",
        "does not fit",
    ] {
        assert!(first.contains(part), "{part} is not in {first}");
    }
    let second = browser.get("/_sim/exchanges/2").body;
    let signed = format!("<pre>appid={APPID}&amp;mch_id={MERCHANT}&amp;nonce_str=");
    assert!(
        second.contains(&signed) && second.contains("&amp;key=…"),
        "{second}"
    );
    assert!(!second.contains(key), "the key is nobody's to see");
    assert!(browser.get("/_sim/exchanges").body.contains("wrong-signature"));
}

#[test]
fn faults_wait_are_seen_and_forgotten_and_rules_are_switched() {
    let simulator = Simulator::start().unwrap();
    let browser = english(&simulator);
    let faults = || browser.get("/_sim/faults").body;
    assert_eq!(browser.post("faults", "fault=slow&times=2").status, 303);
    assert_eq!(faults().matches("<li>slow</li>").count(), 2);
    assert_eq!(browser.post("faults/clear", "").status, 303);
    assert!(!faults().contains("<li>slow</li>"));
    let rule = "fault=bad-gateway&path=%2Fv3%2Fpay%2F*&first=2";
    assert_eq!(browser.post("rules/add", rule).status, 303);
    let page = faults();
    assert!(
        page.contains("first 2, path /v3/pay/*") && page.contains("Switch off"),
        "{page}"
    );
    assert_eq!(browser.post("rules/switch", "name=rule+1&on=false").status, 303);
    assert!(faults().contains("Switch on"));
    assert_eq!(browser.post("rules/remove", "name=rule+1").status, 303);
    assert!(!faults().contains("rule 1"));
    assert_eq!(browser.post("clock", "seconds=7200").status, 303);
    assert!(browser.get("/_sim/clock").body.contains("7200 s"));
    assert_eq!(browser.post("clock", "to=tomorrow").status, 400);
}

#[test]
fn hostile_texts_change_no_page() {
    let simulator = Simulator::start().unwrap();
    let browser = english(&simulator);
    let hostile = [
        "</td><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "<!-- ]]> --><style>*{display:none}</style>",
        "&lt;script&gt;",
    ];
    order(&simulator, "PLAIN001", |_| ());
    let wanted = elements(&browser.get("/_sim/orders/1900007291/PLAIN001").body);
    for (index, text) in hostile.iter().enumerate() {
        let number = format!("HOSTILE{index}");
        order(&simulator, &number, |body| {
            body["description"] = json!(text);
            body["attach"] = json!(text);
        });
        let page = browser.get(&format!("/_sim/orders/1900007291/{number}")).body;
        assert_eq!(elements(&page), wanted, "{text}");
        let escaped = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let escaped = escaped.replace('"', "&quot;").replace('\'', "&#39;");
        assert!(page.contains(&escaped), "{text}");
    }
    for path in PAGES {
        let page = browser.get(path).body;
        assert!(
            !page.contains("<script") && !page.contains("<img") && !page.contains("<style"),
            "{path}"
        );
    }
    let link = browser
        .get("/_sim/pay?link=%3Cscript%3E&x=%22%3E%3Cscript%3E")
        .body;
    assert!(!link.contains("<script"));
    let here = browser.get("/_sim/%22%3E%3Cscript%3E?%22%3E%3Cscript%3E").body;
    assert!(!here.contains("<script"));
}

#[test]
fn no_text_of_an_order_has_markup() {
    let simulator = Simulator::start().unwrap();
    let browser = english(&simulator);
    order(&simulator, "PLAIN001", |_| ());
    let wanted = elements(&browser.get("/_sim/orders/1900007291/PLAIN001").body);
    let mut runner = TestRunner::new(config(2));
    let texts = (
        "[<>&\"'/a-z=;! -]{1,60}|[ -~\u{a1}-\u{d7ff}]{1,40}",
        "[ -~\u{a1}-\u{d7ff}]{1,40}",
    );
    let mut number = 0;
    let cases = std::cell::RefCell::new(&mut number);
    let ran = runner.run(&texts, |(description, attach)| {
        let number = {
            let mut cases = cases.borrow_mut();
            **cases += 1;
            format!("RANDOM{:04}", **cases)
        };
        order(&simulator, &number, |body| {
            body["description"] = json!(description);
            body["attach"] = json!(attach);
        });
        let page = browser.get(&format!("/_sim/orders/1900007291/{number}")).body;
        prop_assert_eq!(elements(&page), wanted.clone());
        Ok(())
    });
    ran.unwrap();
}
