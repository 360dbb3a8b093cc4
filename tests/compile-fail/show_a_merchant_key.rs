//! A private key cannot be shown.

use wxpay_proto::crypto::MerchantKey;

fn show(key: &MerchantKey) -> String {
    key.to_string()
}

fn main() {
    let _ = show;
}
