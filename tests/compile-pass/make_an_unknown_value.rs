//! An unknown value comes from a text that arrived.

use wxpay_proto::ErrorCode;
use wxpay_proto::open_enum::Unknown;

fn new() -> ErrorCode {
    let _: Option<Unknown> = None;
    ErrorCode::from("BRAND_NEW")
}

fn main() {
    let _ = new;
}
