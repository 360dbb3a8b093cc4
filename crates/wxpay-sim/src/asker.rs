//! Who says that a request is his.

use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;
use wxpay_proto::v2::xml;
use wxpay_proto::v3::Authorization;

/// The merchant that a request names as its signer. Nothing about it has been verified.
pub(crate) fn merchant(request: &Request<Bytes>) -> Option<String> {
    if let Some(header) = request.headers().get(AUTHORIZATION) {
        return Some(Authorization::parse(header.to_str().ok()?).ok()?.identity);
    }
    let fields = xml::read(request.body()).ok()?;
    let named = ["mch_id", "combine_mch_id", "mchid"];
    named.iter().find_map(|name| fields.get(*name)).cloned()
}
