//! The pages on a phone.

use crate::Tests;
use crate::driver::Browser;
use crate::shop::{MCHID, Shop};

pub(crate) fn tests() -> Tests {
    vec![("no_page_scrolls_sideways_on_a_phone", narrow)]
}

/// The width of a small phone, in CSS pixels.
const WIDTH: u32 = 360;

fn narrow() {
    let shop = Shop::open();
    let code_url = shop.order("A00001");
    shop.order("A-very-long-number_0000000000002");
    let paid = wxpay_sim::OrderRef::order("A00001");
    let link = format!(
        "pay?link={}",
        code_url
            .replace(':', "%3A")
            .replace('/', "%2F")
            .replace('?', "%3F")
    );
    for (lang, word) in [("en", "Overview"), ("zh-CN", "概览")] {
        let browser = Browser::start(lang);
        browser.phone(WIDTH);
        let pages = [
            "",
            "orders",
            "refunds",
            "transfers",
            "complaints",
            "contracts",
            "notifications",
            "exchanges",
            "exchanges/1",
            "faults",
            "clock",
            &link,
            &format!("orders/{MCHID}/A00001"),
            &format!("refunds/{MCHID}/R00001"),
            &format!("orders/{MCHID}/A-very-long-number_0000000000002"),
            "nothing",
        ];
        for path in pages {
            browser.go(&shop.page(path));
            browser.sees(word);
            let widths = browser.script("return [document.documentElement.scrollWidth, window.innerWidth]");
            assert_eq!(widths, serde_json::json!([WIDTH, WIDTH]), "{lang} {path}");
        }
        if lang == "en" {
            shop.simulator.pay(&paid).unwrap();
            shop.refund("A00001", "R00001");
            shop.receiver.next();
        }
    }
}
