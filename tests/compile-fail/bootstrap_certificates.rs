//! A list of certificates is not verified like another answer: it takes the APIv3 key.

use wxpay_proto::Unverified;
use wxpay_proto::v3::FetchCertificates;

fn read(answer: Unverified<FetchCertificates>) {
    let _ = answer.verify(&wxpay_proto::v3::PlatformKeys::new(), wxpay_proto::UnixTime::from_secs(0));
}

fn main() {
    let _ = read;
}
