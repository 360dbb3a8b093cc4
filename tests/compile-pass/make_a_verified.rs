//! Nobody but verification makes a `Verified`.

use wxpay_proto::Verified;

fn forge(value: u8, real: Verified<u8>) -> Verified<u8> {
    let _ = value;
    real
}

fn main() {
    let _ = forge;
}
