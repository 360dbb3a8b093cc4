//! What the shop shows.

use qrcode::QrCode;
use qrcode::render::svg;
use wxpay_axum::BoxError;
use wxpay_proto::yuan_from_fen;

use crate::orders::Order;

/// The shop's only product.
pub(crate) fn front() -> String {
    page(
        "",
        "<form method='post' action='/buy'><button>Buy a pot of tea for 8.88 yuan</button></form>",
    )
}

/// An order: the QR code to be scanned, until it is paid. It loads itself again meanwhile.
pub(crate) fn of(order: &Order, code_url: Option<&str>) -> Result<String, BoxError> {
    let (number, yuan) = (&order.number, yuan_from_fen(order.fen));
    if order.paid {
        return Ok(page(
            "",
            &format!("<h1>Paid</h1><p>Order {number}, {yuan} yuan: the tea is on its way.</p>"),
        ));
    }
    let code = match code_url {
        None => String::new(),
        Some(text) => QrCode::new(text)?
            .render::<svg::Color<'_>>()
            .min_dimensions(240, 240)
            .build(),
    };
    let again = "<meta http-equiv='refresh' content='1'>";
    let body = format!(
        "<h1>{yuan} yuan</h1><p>Order {number}: scan this with WeChat.</p>{code}\
         <form method='post' action='/phone/{number}'><button>Pay, as the phone would</button></form>"
    );
    Ok(page(again, &body))
}

fn page(head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html><head><meta charset='utf-8'><title>Tea</title>{head}</head><body>{body}</body></html>"
    )
}
