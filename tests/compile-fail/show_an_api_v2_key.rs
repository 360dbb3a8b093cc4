//! An APIv2 key cannot be shown.

use wxpay_proto::ApiV2Key;

fn show(key: &ApiV2Key) -> String {
    key.to_string()
}

fn main() {
    let _ = show;
}
