//! Who a connection's client certificate belongs to.

use bytes::Bytes;
use http::Request;
use wxpay_proto::MerchantId;

/// The merchant whose API certificate the client showed in the TLS handshake.
///
/// The server puts it into a request's extensions when the certificate is an account's; v2 operations that ask for a client certificate look for it when
/// [`Settings::v2_client_certificate`](crate::Settings) is on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ClientCertificate {
    /// The merchant number (商户号), the certificate's common name.
    pub merchant: String,
}

impl ClientCertificate {
    /// Whether a request came over a connection that showed this merchant's certificate.
    pub(crate) fn is_shown(request: &Request<Bytes>, merchant: &MerchantId) -> bool {
        let shown = request.extensions().get::<Self>();
        shown.is_some_and(|shown| shown.merchant == merchant.as_str())
    }

    /// The certificate of a merchant.
    #[must_use]
    pub fn of(merchant: impl Into<String>) -> Self {
        let merchant = merchant.into();
        Self { merchant }
    }
}
