//! A file is proven by its digest and by nothing else.

use wxpay_proto::crypto::FileDigest;
use wxpay_proto::v3::{Download, PlatformKeys};
use wxpay_proto::{UnixTime, Unverified};

fn open(answer: Unverified<Download>, digest: &FileDigest, keys: &PlatformKeys, now: UnixTime) {
    let _ = digest;
    let _ = answer.verify(keys, now);
}

fn main() {
    let _ = open;
}
