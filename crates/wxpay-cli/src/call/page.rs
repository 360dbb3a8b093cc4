//! Addresses for a browser: printed, never sent.

use http::Uri;
use wxpay_proto::v2;

use super::operation::{META_V2, write_v2};
use super::preview::failed;
use super::request::Request;
use crate::ended::NotSent;
use crate::moment;
use crate::profile::Account;

/// The address to send the browser to, signed where the operation is.
pub(super) fn address(request: &Request, account: &Account) -> Result<Uri, NotSent> {
    const META: &wxpay_proto::Meta = &META_V2;
    if !request.info.signs_request {
        let found = v2::page::plain_url(META, |draft| request.write_head(draft));
        return found.map_err(|error| failed(&error));
    }
    let (credentials, key) = account.v2()?;
    let stamp = moment::stamp()?;
    let found = v2::page::signed_url(META, |draft| write_v2(request, draft), credentials, key, &stamp);
    found.map_err(|error| failed(&error))
}
