//! The journey of an order on the pages.

use wxpay_types::events::v3::{Event, Transaction};

use crate::Tests;
use crate::driver::Browser;
use crate::shop::{MCHID, Shop};

pub(crate) fn tests() -> Tests {
    vec![
        ("an_order_is_paid_on_the_page_and_a_refund_shows", journey),
        ("a_page_of_somebody_elses_changes_nothing", forged),
    ]
}

fn journey() {
    let shop = Shop::open();
    let code_url = shop.order("A00001");
    let browser = Browser::start("en");
    // As the user scans it.
    browser.go(&shop.page(""));
    browser.enter("input[name=link]", &code_url);
    browser.follow("form.scan button");
    browser.sees("¥42.00");
    let text = browser.text();
    assert!(text.contains("Test merchant 1900007291"), "{text}");
    assert!(
        text.contains("Tea <b>& cake</b>"),
        "what it is for is a text: {text}"
    );
    browser.click("button.pay");
    browser.sees("Paid");
    match shop.opened(shop.receiver.next()) {
        Event::TransactionSuccess(Transaction::Payment(payment)) => {
            assert_eq!(payment.out_trade_no.as_deref(), Some("A00001"));
            assert_eq!(payment.amount.unwrap().total, Some(4200));
        }
        other => panic!("{other:?}"),
    }
    browser.go(&shop.page(&format!("orders/{MCHID}/A00001")));
    // A cell of its own: `not acknowledged yet` is another.
    browser.sees("\tacknowledged");
    shop.refund("A00001", "R00001");
    browser.go(&shop.page(&format!("orders/{MCHID}/A00001")));
    browser.sees("R00001");
    browser.sees("¥17.00");
    // The bank takes its seconds; the page turns the clock, and the order's page shows what came of it.
    browser.go(&shop.page("clock"));
    browser.click("form:nth-of-type(1) button");
    // Whoever goes on before the form's answer is there may be taken back by it.
    browser.sees("Turned by\n15 s");
    browser.go(&shop.page(&format!("orders/{MCHID}/A00001")));
    browser.sees("refund succeeded");
    browser.go(&shop.page("refunds"));
    browser.sees("SUCCESS");
    // The same in the other language, by the switch.
    browser.click("a.lang");
    browser.sees("商户退款单号");
}

/// A form on a page from elsewhere, as somebody might lay it out for a user of this machine.
fn forged() {
    let shop = Shop::open();
    shop.order("A00002");
    let browser = Browser::start("en");
    let action = shop.page("do/orders/pay");
    browser.go(&format!(
        "data:text/html,<form method=post action='{action}'><input name=number value=A00002><button>win</button></form>"
    ));
    browser.click("button");
    browser.sees("Not done");
    browser.go(&shop.page("orders"));
    browser.sees("NOTPAY");
    // And the console lets no page put it into a frame.
    browser.go(&format!(
        "data:text/html,<iframe src='{}'></iframe>",
        shop.page("orders")
    ));
    let framed = browser.script("return document.querySelector('iframe').contentDocument === null");
    assert_eq!(framed, true);
}
