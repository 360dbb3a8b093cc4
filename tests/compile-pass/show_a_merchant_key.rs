//! A private key cannot be shown.

use wxpay_proto::crypto::MerchantKey;

fn show(key: &MerchantKey) -> String {
    format!("{key:?}")
}

fn main() {
    let _ = show;
}
