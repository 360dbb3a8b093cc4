//! Code that matched on a text nobody knows yet would break on the day that it becomes known.

use wxpay_proto::ErrorCode;
use wxpay_proto::open_enum::Unknown;

fn is_new(code: &ErrorCode) -> bool {
    let _: Option<Unknown> = None;
    match code {
        ErrorCode::__Unknown(Unknown("BRAND_NEW")) => true,
        _ => false,
    }
}

fn main() {
    let _ = is_new;
}
