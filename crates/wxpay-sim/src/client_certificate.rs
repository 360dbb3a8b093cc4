//! Who a connection's client certificate belongs to.

/// The merchant whose API certificate the client showed in the TLS handshake.
///
/// A server puts it into a request's extensions; v2 operations that ask for a client certificate look for it when
/// [`Settings::v2_client_certificate`](crate::Settings) is on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ClientCertificate {
    /// The merchant number (商户号), the certificate's common name.
    pub merchant: String,
}

impl ClientCertificate {
    /// The certificate of a merchant.
    #[must_use]
    pub fn of(merchant: impl Into<String>) -> Self {
        let merchant = merchant.into();
        Self { merchant }
    }
}
