//! A user who complains on the page, in Chinese, and is answered.

use crate::Tests;
use crate::driver::Browser;
use crate::shop::{MCHID, Shop};

pub(crate) fn tests() -> Tests {
    vec![("a_user_complains_is_answered_and_takes_it_back", complained)]
}

fn complained() {
    let shop = Shop::open();
    shop.order("A00001");
    shop.simulator.pay(&wxpay_sim::OrderRef::order("A00001")).unwrap();
    let browser = Browser::start("zh-CN");
    browser.phone(360);
    browser.go(&shop.page(&format!("orders/{MCHID}/A00001")));
    browser.click("a.button");
    browser.sees("以用户身份投诉");
    browser.enter("textarea[name=detail]", "茶是凉的 <b>cold</b>");
    browser.enter("input[name=refund]", "1000");
    browser.click("form.fields button");
    browser.sees("用户待回复");
    browser.click("td a");
    browser.sees("茶是凉的 <b>cold</b>");
    browser.sees("¥10.00");
    let place = browser.script("return location.pathname");
    let id = place.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    shop.answer(&id, "马上处理");
    browser.go(&shop.page(&format!("complaints/{id}")));
    browser.sees("马上处理");
    browser.sees("商户留言");
    browser.enter("textarea[name=text]", "谢谢");
    browser.click("form.fields button");
    browser.sees("用户留言");
    browser.sees("谢谢");
    let width = browser.script("return document.documentElement.scrollWidth");
    assert_eq!(width, 360);
    browser.click("button.danger");
    browser.sees("PROCESSED 处理完成");
    // And in the other language.
    browser.click("a.lang");
    browser.sees("the user takes it back");
}
