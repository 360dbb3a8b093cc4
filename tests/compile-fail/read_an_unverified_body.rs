//! The body of an answer cannot be read before its proof was checked.

use wxpay_proto::Unverified;
use wxpay_proto::v3::Call;

fn read(answer: &Unverified<Call>) {
    let _ = answer.body();
}

fn main() {
    let _ = read;
}
