//! H5 payments: the link in a phone's browser whose proxy the simulator is, and the way back to the shop.

use crate::Tests;
use crate::driver::Browser;
use crate::shop::{MCHID, Shop};

pub(crate) fn tests() -> Tests {
    vec![("a_link_is_opened_on_a_phone_left_paid_and_led_back", opened)]
}

fn opened() {
    let shop = Shop::open();
    let link = shop.h5_order("A00001");
    let browser = Browser::behind(&format!("http://{}", shop.simulator.address()), "zh-CN");
    browser.phone(360);
    // From a page of the shop's, as WeChat Pay wants it.
    browser.go(&shop.receiver.page());
    browser.go_by_link(&link);
    browser.sees("测试商户 1900007291");
    browser.sees("¥42.00");
    let place = browser.script("return [location.host, document.documentElement.scrollWidth]");
    assert_eq!(place, serde_json::json!(["wx.tenpay.com", 360]));
    assert!(!browser.text().contains("Referer"), "{}", browser.text());
    browser.follow("button[value=fail]");
    browser.sees("¥42.00");
    browser.click("button[value=leave]");
    browser.sees("未支付");
    browser.sees("Welcome back");
    browser.go(&link);
    browser.click("button[value=pay]");
    browser.sees("支付成功");
    browser.sees("Welcome back");
    let back = browser.script("return location.href");
    assert_eq!(back, shop.receiver.page());
    shop.opened(shop.receiver.next());
    // The merchant's side of it, where no proxy is wanted.
    let browser = Browser::start("en");
    browser.go(&shop.page(&format!("orders/{MCHID}/A00001")));
    for moment in ["payment failed", "abandoned", "paid"] {
        browser.sees(moment);
    }
    shop.simulator.turn_business_clock(300);
    let browser = Browser::behind(&format!("http://{}", shop.simulator.address()), "en");
    browser.go(&shop.h5_order("A00002"));
    browser.sees("without a Referer");
    shop.simulator.turn_business_clock(300);
    browser.click("button[value=pay]");
    browser.sees("this link has expired");
}
