//! What a store sends with, without knowing the client.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use wxpay_proto::v3::FetchCertificates;
use wxpay_proto::{UnixTime, Unverified};

use super::error::KeysError;

pub(crate) type Fetching<'a> =
    Pin<Box<dyn Future<Output = Result<Unverified<FetchCertificates>, KeysError>> + Send + 'a>>;

/// A client as its key store sees it.
pub(crate) trait Fetch: Send + Sync {
    /// Sends the request. Nothing proves the answer yet.
    fn fetch<'a>(&'a self, request: &'a FetchCertificates) -> Fetching<'a>;

    /// The client's clock.
    fn now(&self) -> UnixTime;

    /// Whose client it is.
    fn merchant(&self) -> &str;
}

impl fmt::Debug for dyn Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fetch({})", self.merchant())
    }
}
