//! H5 payments in a phone's browser, over real sockets: through the simulator as its proxy, and at the simulator's port.

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::bodies::native;
use super::client::{APPID, Table};
use super::wire::{exchange, raw, tls, tunnel};
use crate::Simulator;

const PAGES: &str = "wx.tenpay.com";
const SHOP: &str = "&redirect_url=https%3A%2F%2Fshop.example%2Fpaid%3Forder%3DA00001";

fn table(simulator: &Simulator) -> Table {
    let mut table = Table::merchant();
    table.clocks = simulator.clocks();
    table
}

/// Makes an order as its merchant, and gives its `h5_url`.
fn h5_url(simulator: &Simulator, number: &str) -> String {
    let mut body = native(number);
    body["scene_info"]["h5_info"] = json!({ "type": "Wap" });
    let request = table(simulator).request(Method::POST, "/v3/pay/transactions/h5", &body);
    let answer = simulator.control(|platform, clocks| platform.handle(&request, clocks));
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    answer["h5_url"].as_str().unwrap().to_owned()
}

/// The same by v2, whose name for it is `mweb_url`.
fn mweb_url(simulator: &Simulator, number: &str) -> String {
    let fields = [
        ("appid", APPID),
        ("mch_id", "1900007291"),
        ("body", "tea"),
        ("out_trade_no", number),
        ("total_fee", "100"),
        ("spbill_create_ip", "123.12.12.123"),
        ("notify_url", "https://merchant.example/v2"),
        ("trade_type", "MWEB"),
    ];
    let request = table(simulator).v2_request("/pay/unifiedorder", &fields);
    let answer = simulator.control(|platform, clocks| platform.handle(&request, clocks));
    let fields = wxpay_proto::v2::xml::read(answer.body()).unwrap();
    fields["mweb_url"].clone()
}

fn state(simulator: &Simulator, number: &str) -> &'static str {
    let orders = simulator.control(|platform, clocks| platform.orders(clocks));
    orders.iter().find(|order| order.number == number).unwrap().state
}

/// Asks through a tunnel, as a phone does whose proxy the simulator is.
async fn ask(simulator: &Simulator, host: &str, request: Request<Bytes>) -> Response<Bytes> {
    let (stream, status) = tunnel(simulator, &format!("{host}:443")).await;
    assert_eq!(status, "HTTP/1.1 200 OK");
    let stream = tls(simulator, host, stream, b"http/1.1").await.unwrap();
    exchange(stream, request, b"http/1.1").await
}

async fn get(simulator: &Simulator, url: &str) -> (u16, String) {
    let request = Request::get(url).header("referer", "https://shop.example/");
    let seen = ask(simulator, PAGES, request.body(Bytes::new()).unwrap()).await;
    let text = String::from_utf8(seen.body().to_vec()).unwrap();
    (seen.status().as_u16(), text)
}

/// Presses one of the page's buttons. Gives the status and where the browser is sent.
async fn press(simulator: &Simulator, url: &str, origin: &str, what: &str) -> (u16, String) {
    let request = Request::post(url)
        .header("origin", origin)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(format!("do={what}")))
        .unwrap();
    let seen = ask(simulator, PAGES, request).await;
    let to = seen.headers().get("location");
    let to = to.map_or(String::new(), |to| to.to_str().unwrap().to_owned());
    (seen.status().as_u16(), to)
}

const OWN: &str = "https://wx.tenpay.com";

#[tokio::test]
async fn a_link_leads_to_the_cashier_and_back_to_the_shop() {
    let simulator = Simulator::start().unwrap();
    for (number, link) in [
        ("A00001", h5_url(&simulator, "A00001")),
        ("A00002", mweb_url(&simulator, "A00002")),
    ] {
        assert!(
            link.contains("?prepay_id=wx") && link.contains("&package="),
            "{link}"
        );
        let url = format!("{link}{SHOP}");
        let (status, page) = get(&simulator, &url).await;
        assert_eq!(status, 200, "{page}");
        assert!(
            page.contains("Test merchant 1900007291") && page.contains("¥1.00"),
            "{page}"
        );
        assert!(!page.contains("https://shop.example"), "not yet: {page}");
        assert!(!page.contains("without a Referer"), "{page}");
        assert_eq!(state(&simulator, number), "NOTPAY");
        let (status, to) = press(&simulator, &url, OWN, "pay").await;
        assert_eq!((status, format!("{OWN}{to}")), (303, url.clone()));
        assert_eq!(state(&simulator, number), "SUCCESS");
        let (_, page) = get(&simulator, &url).await;
        assert!(page.contains("Paid"), "{page}");
        let back = "https://shop.example/paid?order=A00001";
        assert!(page.contains(&format!("content=\"1; url={back}\"")), "{page}");
        assert!(page.contains(&format!("href=\"{back}\"")), "{page}");
        assert_eq!(press(&simulator, &url, OWN, "pay").await.0, 409);
    }
    let style = Request::get("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/cashier.css");
    let style = ask(&simulator, PAGES, style.body(Bytes::new()).unwrap()).await;
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn who_leaves_without_paying_comes_back_to_the_shop_too() {
    let simulator = Simulator::start().unwrap();
    let url = format!("{}{SHOP}", h5_url(&simulator, "A00001"));
    assert_eq!(press(&simulator, &url, OWN, "fail").await.0, 303);
    let (_, page) = get(&simulator, &url).await;
    assert!(
        page.contains("value=\"pay\"") && !page.contains("https://shop.example"),
        "{page}"
    );
    let (status, to) = press(&simulator, &url, OWN, "leave").await;
    assert_eq!(status, 303);
    let (_, page) = get(&simulator, &format!("{OWN}{to}")).await;
    assert!(
        page.contains("Not paid") && !page.contains("value=\"pay\""),
        "{page}"
    );
    assert!(
        page.contains("content=\"1; url=https://shop.example/paid"),
        "{page}"
    );
    assert_eq!(state(&simulator, "A00001"), "NOTPAY");
    // The link still leads to the cashier.
    assert!(get(&simulator, &url).await.1.contains("value=\"pay\""));
}

#[tokio::test]
async fn a_link_is_over_after_five_minutes() {
    let simulator = Simulator::start().unwrap();
    let links = [h5_url(&simulator, "A00001"), mweb_url(&simulator, "A00002")];
    for link in &links {
        assert_eq!(get(&simulator, link).await.0, 200);
    }
    simulator.turn_business_clock(300);
    for link in &links {
        let (status, page) = get(&simulator, link).await;
        assert!(status == 404 && page.contains("This link has expired"), "{page}");
        assert_eq!(press(&simulator, link, OWN, "pay").await.0, 404);
    }
    assert_eq!(state(&simulator, "A00001"), "NOTPAY");
    assert_eq!(
        get(&simulator, "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb")
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn other_pages_pay_nothing_and_no_text_of_the_address_has_markup() {
    let simulator = Simulator::start().unwrap();
    let link = h5_url(&simulator, "A00001");
    for origin in [
        "https://evil.example",
        "null",
        "http://wx.tenpay.com.evil.example",
    ] {
        assert_eq!(press(&simulator, &link, origin, "pay").await.0, 403, "{origin}");
    }
    let silent = Request::post(&link).header("content-type", "application/x-www-form-urlencoded");
    let silent = ask(&simulator, PAGES, silent.body("do=pay".into()).unwrap()).await;
    assert_eq!(silent.status(), 403);
    assert_eq!(press(&simulator, &link, OWN, "refund").await.0, 400);
    assert_eq!(state(&simulator, "A00001"), "NOTPAY");
    let (_, page) = get(
        &simulator,
        &format!("{link}&x=%22%3E%3Cscript%3E&redirect_url=javascript%3Aalert(1)"),
    )
    .await;
    assert!(
        !page.contains("<script") && !page.contains("javascript:"),
        "{page}"
    );
    press(&simulator, &link, OWN, "pay").await;
    let (_, page) = get(&simulator, &format!("{link}&redirect_url=javascript%3Aalert(1)")).await;
    assert!(
        !page.contains("javascript:") && !page.contains("refresh"),
        "{page}"
    );
}

#[tokio::test]
async fn the_same_page_is_at_the_port_and_at_no_other_host() {
    let simulator = Simulator::start().unwrap();
    let link = h5_url(&simulator, "A00001");
    let target = link.strip_prefix(OWN).unwrap();
    let address = simulator.address();
    let plain = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let page = raw(&simulator, plain.as_bytes()).await;
    assert!(
        page.starts_with("HTTP/1.1 200 OK") && page.contains("¥1.00"),
        "{page}"
    );
    assert!(page.contains("without a Referer"), "{page}");
    let stream = TcpStream::connect(address).await.unwrap();
    let stream = tls(&simulator, "localhost", stream, b"http/1.1").await.unwrap();
    let request = Request::get(format!("https://localhost{target}"));
    let page = exchange(stream, request.body(Bytes::new()).unwrap(), b"http/1.1").await;
    assert_eq!(page.status(), 200);
    // Elsewhere it is an operation that nobody knows, unsigned at that; and no other name leads here in plain text.
    let host = "api.mch.weixin.qq.com";
    let request = Request::get(format!("https://{host}{target}"));
    let refused = ask(&simulator, host, request.body(Bytes::new()).unwrap()).await;
    assert!(!refused.status().is_success(), "{refused:?}");
    let plain = format!("GET {target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    let refused = raw(&simulator, plain.as_bytes()).await;
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
}
