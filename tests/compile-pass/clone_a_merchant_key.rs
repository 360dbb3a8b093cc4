//! A private key has one place. Who needs it in several shares it.

use std::sync::Arc;

use wxpay_proto::crypto::MerchantKey;

fn twice(key: MerchantKey, shared: Arc<MerchantKey>) {
    let _ = (&key, &shared);
    let _ = shared.clone();
}

fn main() {
    let _ = twice;
}
