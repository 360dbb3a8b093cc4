//! A signed request is sent once; a second attempt is signed afresh.

use wxpay_proto::v3::Call;
use wxpay_proto::Signed;

fn send(signed: Signed<Call>, fresh: Signed<Call>) {
    let _ = &fresh;
    let first = signed.into_parts();
    let second = fresh.into_parts();
    drop((first, second));
}

fn main() {
    let _ = send;
}
