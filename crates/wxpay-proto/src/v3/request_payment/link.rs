//! Orders that are paid by following a link: Native (a QR code) and H5 (a browser outside WeChat).

use percent_encoding::utf8_percent_encode;

use crate::draft::ESCAPED;
use crate::front_end::{ParameterError, text};

/// How long a Native order's `code_url` can be scanned, in seconds: two hours.
pub const CODE_URL_LIFETIME: u64 = 7200;

/// How long an H5 order's `h5_url` can be opened, in seconds: five minutes.
pub const H5_URL_LIFETIME: u64 = 300;

/// An `h5_url` that returns to `redirect_url` afterwards, paid or not: query the order there.
///
/// The browser must open it from a page of the domain that is registered for H5 payment: its `Referer` is checked.
///
/// # Errors
/// [`ParameterError`] when a text is empty or holds a control character, or when `h5_url` has a fragment or a
/// `redirect_url` already.
pub fn h5_redirect(h5_url: &str, redirect_url: &str) -> Result<String, ParameterError> {
    let mut url = text("h5_url", h5_url)?;
    let name = "h5_url";
    if url.contains('#') {
        let problem = "has a fragment, which ends the part that could be added to";
        return Err(ParameterError { name, problem });
    }
    if url.contains("redirect_url=") {
        let problem = "has a redirect_url already";
        return Err(ParameterError { name, problem });
    }
    let redirect_url = text("redirect_url", redirect_url)?;
    url.push(if url.contains('?') { '&' } else { '?' });
    url.push_str("redirect_url=");
    url.extend(utf8_percent_encode(&redirect_url, ESCAPED));
    Ok(url)
}
