//! A small shop: order, Native QR code (扫码支付), notification, paid. And WeChat Pay's side of it, simulated.
//!
//! `cargo run -p wxpay-tests --example shop` opens it at <http://127.0.0.1:8080>; a button on the page plays the phone that
//! scans the code. Stop it whenever you like, also between the payment and its handling: it goes on where it was.
//! With `-- once` it buys, pays and waits by itself, and ends.
//!
//! Against the real WeChat Pay leave out the simulator: `Client::builder()` alone is how to connect, and the account is yours.

#![expect(clippy::print_stdout, reason = "an example tells what it does")]

mod orders;
mod pages;
mod shop;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::post;
use qrcode::QrCode;
use qrcode::render::unicode;
use tokio::net::TcpListener;
use wxpay_axum::{BoxError, Policy};
use wxpay_hyper::Client;
use wxpay_sim::{OrderRef, Setup, Simulator};

use crate::shop::{Account, Shop, handle};

#[tokio::main]
pub(crate) async fn main() -> Result<(), BoxError> {
    let once = std::env::args().nth(1).is_some_and(|argument| argument == "once");
    let folder = std::env::temp_dir().join("wxpay-shop");
    std::fs::create_dir_all(&folder)?;
    let simulator = Arc::new(Simulator::start_with(Setup::in_folder(
        &folder.join("wechatpay"),
    )?)?);

    let listener = TcpListener::bind(("127.0.0.1", if once { 0 } else { 8080 })).await?;
    let own_url = format!("http://{}", listener.local_addr()?);
    let merchant = simulator.profile().merchant();
    let account = Account {
        appid: "wxd678efh567hg6787".to_owned(),
        mchid: merchant.id().clone(),
        serial: merchant.serial().clone(),
        private_key: merchant.private_key_pem().to_owned(),
        api_v3_key: merchant.api_v3_key().to_owned(),
        public_key: simulator.profile().platform_public_key().key().clone(),
    };
    let connect = Client::builder()
        .base_url(simulator.base_url().clone())
        .extra_root_pem(simulator.ca_pem());
    let shop = Shop::open(&folder, &own_url, account, connect, Policy::default()).await?;

    let orders = shop.orders.clone();
    tokio::spawn(shop.inbox.work(
        4,
        move |delivery| handle(orders.clone(), delivery),
        std::future::pending(),
    ));
    let phone = Arc::clone(&simulator);
    let pay = async move |Path(number): Path<String>| match phone.pay(&OrderRef::order(&*number)) {
        Ok(()) => Ok(Redirect::to(&format!("/orders/{number}"))),
        Err(error) => Err((StatusCode::CONFLICT, error.to_string())),
    };
    let app = shop.router().route("/phone/{number}", post(pay));
    let serving = axum::serve(listener, app);
    if !once {
        println!(
            "the shop is open at {own_url}, and keeps its books in {}",
            folder.display()
        );
        return Ok(serving.await?);
    }
    tokio::select! {
        served = serving => Ok(served?),
        bought = buy(&shop, &simulator) => bought,
    }
}

/// A customer with a phone.
async fn buy(shop: &Shop, simulator: &Simulator) -> Result<(), BoxError> {
    let number = shop.order().await?;
    let order = shop.orders.find(&number).await?.ok_or("the order is gone")?;
    let code_url = shop.code_url(&order).await?;
    println!("order {number}, to be paid at {code_url}");
    println!("{}", code_for_terminal(&code_url)?);
    simulator.pay(&OrderRef::order(&*number))?;
    println!("the phone has paid");
    while !shop.orders.find(&number).await?.is_some_and(|order| order.paid) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!(
        "WeChat Pay has told so, and the order was shipped {} time",
        shop.orders.shipments(&number).await?
    );
    Ok(())
}

/// The QR code for a terminal.
fn code_for_terminal(text: &str) -> Result<String, BoxError> {
    let code = QrCode::new(text)?;
    // Terminals are dark more often than not.
    let (dark, light) = (unicode::Dense1x2::Light, unicode::Dense1x2::Dark);
    let mut picture = code.render::<unicode::Dense1x2>();
    Ok(picture.dark_color(dark).light_color(light).build())
}
