//! What goes wrong on purpose: a fault that is switched on and off on the page, and a notification that is sent again.

use crate::Tests;
use crate::driver::Browser;
use crate::shop::{MCHID, Shop};

pub(crate) fn tests() -> Tests {
    vec![
        ("a_fault_is_switched_on_met_explained_and_switched_off", spoiled),
        ("a_notification_is_sent_again_and_as_a_probe", resent),
    ]
}

fn spoiled() {
    let shop = Shop::open();
    shop.order("A00001");
    assert_eq!(shop.state("A00001").as_deref(), Ok("NOTPAY"));
    let browser = Browser::start("en");
    browser.go(&shop.page("faults"));
    browser.click("form[action$='rules/add'] option[value=wrong-signature]");
    browser.enter("form[action$='rules/add'] input[name=path]", "/v3/pay/*");
    browser.click("form[action$='rules/add'] button");
    browser.sees("path /v3/pay/*");
    let error = shop.state("A00001").unwrap_err();
    assert!(error.contains("signature"), "{error}");
    browser.go(&shop.page("exchanges"));
    browser.click("td a");
    browser.sees("does not fit");
    browser.sees("a signature over something else");
    browser.sees("What the answer's signature is over");
    browser.go(&shop.page("faults"));
    browser.click("form[action$='rules/switch'] button");
    browser.sees("Switch on");
    assert_eq!(shop.state("A00001").as_deref(), Ok("NOTPAY"));
}

fn resent() {
    let shop = Shop::open();
    shop.order("A00001");
    shop.simulator.pay(&wxpay_sim::OrderRef::order("A00001")).unwrap();
    let first = shop.receiver.next();
    let browser = Browser::start("en");
    browser.go(&shop.page(&format!("orders/{MCHID}/A00001")));
    browser.sees("#1 204 acknowledged");
    browser.click("ol.history a[href*=notifications]");
    browser.sees("Send again");
    browser.follow("form[action$=resend] button");
    let again = shop.receiver.next();
    let id = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).unwrap()["id"].clone();
    assert_eq!(id(&again.body), id(&first.body), "the same notification");
    shop.opened(again);
    browser.click("form:nth-of-type(2) button");
    let probe = shop.receiver.next();
    let signature = probe.headers["wechatpay-signature"].to_str().unwrap();
    assert!(signature.starts_with("WECHATPAY/SIGNTEST/"), "{signature}");
    // The receiver took it without a look, and the page says what that means.
    browser.go(&shop.page(&format!("orders/{MCHID}/A00001")));
    browser.sees("#3 (probe) 204 a probe was acknowledged");
}
